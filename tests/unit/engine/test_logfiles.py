"""Log files out of an archive: in the order of their age, packed or not."""

from __future__ import annotations

import gzip
import io
import tarfile

from mailrig.engine.logfiles import _lines, _unpacked


def packed(files: dict[str, bytes], mode: str = "w:gz") -> bytes:
    """Return an archive as it comes out of a container."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def lines(files: dict[str, bytes], name: str = "mail.log") -> list[str]:
    """Return a log's lines out of a directory's files."""
    return list(_lines(files, name))


def test_the_oldest_comes_first() -> None:
    """The tenth rotation is older than the second, and the file in use is the youngest."""
    files = {
        "mail.log": b"now\n",
        "mail.log.1": b"one\n",
        "mail.log.2.gz": gzip.compress(b"two\n"),
        "mail.log.10.gz": gzip.compress(b"ten\n"),
    }
    assert lines(files) == ["ten", "two", "one", "now"]


def test_another_log_whose_name_begins_alike_is_left_alone() -> None:
    """`mail.log` is not `mail.log.bak`, nor is `dovecot.log` another's."""
    files = {"mail.log": b"mine\n", "mail.log.bak": b"not mine\n", "mail.logger": b"not mine\n", "mail.err": b"nor\n"}
    assert lines(files) == ["mine"]


def test_a_file_that_is_being_packed_counts_once() -> None:
    """While logrotate packs, both are there, and only the first is whole; a torn one alone is passed over."""
    torn = gzip.compress(b"once\n" * 1000)[:-20]
    assert lines({"mail.log.1": b"once\n", "mail.log.1.gz": torn}) == ["once"]
    assert lines({"mail.log": b"now\n", "mail.log.1.gz": torn}) == ["now"]


def test_archives_of_a_running_and_of_a_stopped_container_are_alike() -> None:
    """One is packed and has names from `.` on, the other is not and has them from the directory on."""
    assert dict(_unpacked(packed({"./mail.log": b"a\n"}))) == {"mail.log": b"a\n"}
    assert dict(_unpacked(packed({"log/mail.log": b"a\n"}, "w"))) == {"mail.log": b"a\n"}


def test_no_archive_holds_nothing() -> None:
    """No file, no answer, and an answer that was cut off."""
    assert dict(_unpacked(packed({}))) == {}
    assert dict(_unpacked(b"")) == {}
    whole = packed({"./mail.log": bytes(range(256)) * 400})
    assert dict(_unpacked(whole[: len(whole) // 2])) == {}


def test_bytes_that_are_no_text_are_kept_as_they_can_be() -> None:
    """A client may say in a log what it likes."""
    assert lines({"mail.log": b"a\xffb\n"}) == ["a\ufffdb"]
