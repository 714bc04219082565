"""The search for lines in log files, as it runs in a container: here in a directory of the test's own."""

from __future__ import annotations

import gzip
import os
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from mailrig.engine.logsearch import _SEARCH, File, Search, _files


def search(
    directory: Path,
    *patterns: str,
    limit: int = 100,
    options: str = "-aFb",
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[File]:
    """Search as `search` has it done in a container."""
    words = [word for pattern in patterns for word in ("-e", pattern)]
    bounds = Search(patterns, limit, since=since, until=until).bounds
    command = ["sh", "-c", _SEARCH, "sh", str(directory), str(limit), options, "mail.log other.log", *bounds, *words]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    return list(_files(done.stdout.decode(errors="replace").split("\n"), limit))


def write(path: Path, content: bytes, age: int = 0) -> None:
    """Write a log file that is so many days old, packed when its name says so."""
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    os.utime(path, (1_800_000_000 - 86_400 * age,) * 2)


def found(files: list[File]) -> dict[str, list[str]]:
    """Return the lines by file."""
    return {file.name: [line for _, line in file.lines] for file in files}


def test_every_rotation_is_searched_oldest_first(tmp_path: Path) -> None:
    """Packed or not, by number or by date; another log whose name begins alike is left alone."""
    for age, name in enumerate(("mail.log", "mail.log.1", "mail.log.2.gz", "mail.log.10.gz", "mail.log-20261101.gz")):
        write(tmp_path / name, f"first of {name}\nmatch {name}\n".encode(), age)
    write(tmp_path / "mail.logger", b"match\n")
    write(tmp_path / "mail.log.bak", b"match\n")
    files = search(tmp_path, "match")
    assert [file.name for file in files] == [
        "mail.log-20261101.gz",
        "mail.log.10.gz",
        "mail.log.2.gz",
        "mail.log.1",
        "mail.log",
    ]
    assert [file.first for file in files] == [f"first of {file.name}" for file in files]
    assert found(files)["mail.log.2.gz"] == ["match mail.log.2.gz"]
    assert [file.written.timestamp() for file in files] == [1_800_000_000 - 86_400 * age for age in (4, 3, 2, 1, 0)]


def test_file_that_is_being_packed_counts_once(tmp_path: Path) -> None:
    """While both are there, only the first is whole."""
    write(tmp_path / "mail.log.1", b"match\n")
    write(tmp_path / "mail.log.1.gz", b"match\n")
    assert found(search(tmp_path, "match")) == {"mail.log.1": ["match"]}


def test_torn_file_gives_what_is_whole(tmp_path: Path) -> None:
    """What cannot be unpacked is no error."""
    write(tmp_path / "mail.log", b"match\n")
    (tmp_path / "mail.log.1.gz").write_bytes(gzip.compress(b"match once\n" * 100_000)[:-20])
    (tmp_path / "mail.log.2.gz").write_bytes(b"no gzip at all")
    assert found(search(tmp_path, "match"))["mail.log"] == ["match"]
    assert found(search(tmp_path, "match"))["mail.log.2.gz"] == []


def test_last_matches_are_kept_and_the_cut_is_known(tmp_path: Path) -> None:
    """The newest count, and whoever asked learns that there may be more."""
    write(tmp_path / "mail.log", "".join(f"match {number}\n" for number in range(10)).encode())
    [file] = search(tmp_path, "match", limit=3)
    assert [line for _, line in file.lines] == ["match 7", "match 8", "match 9"]
    assert file.is_cut
    assert not search(tmp_path, "match", limit=11)[0].is_cut


def test_patterns_are_words_and_nothing_else(tmp_path: Path) -> None:
    """No option, no expression, no shell: each is found as it is."""
    evil = ["-v", "--file=/etc/passwd", "$(touch owned)", "`touch owned`", "'; touch owned; '", "a.*b", "\\", "[x"]
    write(tmp_path / "mail.log", "\n".join([*evil, "axxb", "nothing"]).encode())
    for word in evil:
        assert found(search(tmp_path, word))["mail.log"] == [word]
    assert not (tmp_path / "owned").exists()


def test_case_is_ignored_when_asked(tmp_path: Path) -> None:
    """As an address is written, so it may stand in a log; ids are exact."""
    write(tmp_path / "mail.log", b"to=<Bob@Example.test>\n")
    assert found(search(tmp_path, "=<bob@example.test>")) == {"mail.log": []}
    assert found(search(tmp_path, "=<bob@example.test>", options="-aFbi"))["mail.log"] == ["to=<Bob@Example.test>"]


def test_place_is_where_the_line_begins(tmp_path: Path) -> None:
    """By it the lines of one second are put in order."""
    write(tmp_path / "mail.log", b"no\nmatch\nno\nmatch:1:2\n")
    assert search(tmp_path, "match")[0].lines == ((3, "match"), (12, "match:1:2"))


def test_line_cannot_pretend_to_be_a_file(tmp_path: Path) -> None:
    """Control characters in a line stay in the line; bytes that are no text and NUL do not end the search."""
    write(tmp_path / "mail.log", b"\x01 1 mail.log match\n\x011 forged match\nmatch \xff\x00 end\n")
    [file] = search(tmp_path, "match")
    assert [line for _, line in file.lines] == ["\x01 1 mail.log match", "\x011 forged match", "match \ufffd\x00 end"]
    assert file.first == " 1 mail.log match"


def test_rotation_meanwhile_is_noticed(tmp_path: Path) -> None:
    """What was searched was not all of one moment: whoever asked asks again."""
    write(tmp_path / "mail.log", b"match\n")
    fake = tmp_path / "bin"
    fake.mkdir()
    (fake / "tail").write_text(
        f'#!/bin/sh\nmv {tmp_path}/mail.log {tmp_path}/mail.log.1 2>/dev/null\nexec /usr/bin/tail "$@"\n'
    )
    (fake / "tail").chmod(0o755)
    command = ["sh", "-c", _SEARCH, "sh", str(tmp_path), "9", "-aFb", "mail.log", "0", "9", "-e", "match"]
    environment = {"PATH": f"{fake}:{os.environ['PATH']}"}
    assert subprocess.run(command, capture_output=True, check=False, env=environment).returncode == 75


def test_directory_without_logs_holds_nothing(tmp_path: Path) -> None:
    """No file is no error."""
    assert search(tmp_path, "match") == []


def test_file_outside_of_the_time_is_named_only(tmp_path: Path) -> None:
    """What ended before, and what began after, holds nothing that is asked for; a day more counts, for zones' sake."""
    for age, day in ((6, "09"), (4, "11"), (2, "13"), (0, "15")):
        write(tmp_path / f"mail.log.{age}", f"2027-01-{day}T08:00:00+00:00 match\n".encode(), age)
    asked = {"since": datetime(2027, 1, 12, 7, tzinfo=UTC), "until": datetime(2027, 1, 12, 10, tzinfo=UTC)}
    files = search(tmp_path, "match", **asked)
    assert {file.name: len(file.lines) for file in files} == {
        "mail.log.6": 0,
        "mail.log.4": 1,
        "mail.log.2": 1,
        "mail.log.0": 0,
    }
