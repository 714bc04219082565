"""Lines out of log files that are too large to travel: searched where they are, by the tools of the service's image.

Whatever is looked for goes as an argument of its own to `grep -F`, and never through a shell's eyes. Knows nothing of
what the lines say.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from docker.errors import ImageNotFound

from mailrig.engine import labels
from mailrig.engine.connection import Engine, refusals
from mailrig.engine.containers import inspect
from mailrig.engine.observation import services_of
from mailrig.engine.shell import PROGRAM
from mailrig.engine.storage import our_volumes
from mailrig.engine.tether import Tether
from mailrig.engine.translation import container_body
from mailrig.errors import EngineError
from mailrig.render.release import Release, Service

DIRECTORY = "/var/log"

ATTEMPTS = 3
"""So often we begin anew when files are rotated while they are searched."""

PATIENCE = 3600  # seconds until a container that was made for a search ends in any case

_A_DAY = timedelta(days=1)
_ROTATED_MEANWHILE = 75  # EX_TEMPFAIL

# $1 is the directory, $2 how many of a file's last matches are wanted, $3 options of grep, $4 the names of log files,
# $5 the second and $6 the day between which lines are wanted; the rest are grep's patterns. Of each file, oldest first:
# a line with the time of its last change, its first line, and what matches, with its place. A file that ends before, or
# begins after, is only named. Of one that is there packed and unpacked, the first is not whole yet.
_SEARCH = r"""
export LC_ALL=C
cd "$1" || exit
limit=$2 options=$3 names=$4 since=$5 until=$6
shift 6
listed() {
    for name in $names; do
        find . -maxdepth 1 -type f \( -name "$name" -o -name "$name[.-][0-9]*" \) -printf '%T@ %i %p\n'
    done
}
content() {
    case $1 in *.gz) gzip -dc -- "$1" 2>/dev/null ;; *) cat -- "$1" ;; esac
}
before=$(listed | sort -n)
echo "$before" | while read -r time inode path; do
    [ -n "$path" ] || continue
    case $path in *.gz) [ -e "${path%.gz}" ] && continue ;; esac
    printf '\001%s %s\n' "$time" "${path#./}"
    [ "${time%.*}" -ge "$since" ] || continue
    first=$(content "$path" | head -n 1 | tr -d '\000-\010')
    printf '\002%s\n' "$first"
    case $first in [0-9]*) [ "${first%%[T ]*}" \> "$until" ] && continue ;; esac
    content "$path" | grep $options "$@" | tail -n "$limit"
done
[ "$(echo "$before" | cut -d ' ' -f 2- | sort)" = "$(listed | cut -d ' ' -f 2- | sort)" ] || exit 75
"""

_FILE = re.compile(r"\x01(?P<time>\d+(?:\.\d+)?) (?P<name>.*)")
_MATCH = re.compile(r"[0-9]+:")


@dataclass(frozen=True)
class File:
    """What matches in one file: places and lines, the last so many of them.

    ``written`` is when the file was last written, ``first`` its first line; ``is_cut`` when there may be more matches.
    """

    name: str
    written: datetime
    first: str
    lines: tuple[tuple[int, str], ...]
    is_cut: bool


@dataclass(frozen=True)
class Place:
    """Where a service's logs are searched: a container that has the files, empty where there are none.

    ``own`` is the service's own container, of whose output Docker keeps some; empty where it has none.
    """

    container: str
    own: str


@contextmanager
def place(engine: Engine, release: Release, service: Service) -> Iterator[Place]:
    """Find where a service's logs can be searched: in its container, or where none runs in one with its logs."""
    own = services_of(engine, release.project).get(service.name, "")
    state = inspect(engine, own) if own else {}
    if state.get("State", {}).get("Status") == "running":
        yield Place(own, own)
        return
    mounts = _mounts(engine, release, service)
    if not mounts:
        if not own:
            raise EngineError(f"{service.name} is not deployed, and has no logs", hint="deploy first")
        yield Place("", own)
        return
    with refusals(f"cannot look at the logs of {service.name}"):
        image = state.get("Image") or _image(engine, service)
        # Log files of the host may belong to anybody.
        host = {"Mounts": mounts, "CapAdd": ["DAC_READ_SEARCH"]}
        marks = labels.one_off_labels(release.project)
        tether = Tether.create(engine, image, ["timeout", str(PATIENCE), PROGRAM], host, Labels=marks)
    try:
        tether.start()
        yield Place(tether.id, own)
    finally:
        tether.close()


@dataclass(frozen=True)
class Search:
    """What is looked for: lines with one of ``patterns``, of each file the last ``limit``.

    Outside of ``since`` and ``until`` there are none; a line's own day may be another, where its clock is elsewhere.
    """

    patterns: Sequence[str]
    limit: int
    in_any_case: bool = False
    since: datetime | None = None
    until: datetime | None = None

    @property
    def bounds(self) -> list[str]:
        """Return the seconds since the epoch, and the day, as the shell compares them."""
        since = str(int((self.since - _A_DAY).timestamp())) if self.since else "0"
        return [since, f"{self.until + _A_DAY:%Y-%m-%d}" if self.until else "9"]


def search(engine: Engine, where: Place, names: Sequence[str], wanted: Search) -> list[File]:
    """Return what matches, by file; the files are those of ``names``, rotated or not.

    Where there is no such file, the container's output stands in for it.
    """
    files = _of_files(engine, where.container, names, wanted)
    return files if files or not where.own else [_of_output(engine, where.own, wanted)]


def _of_files(engine: Engine, container: str, names: Sequence[str], wanted: Search) -> list[File]:
    """Search in a container, again when files were rotated meanwhile; nothing is found where there is none."""
    words = [word for pattern in wanted.patterns for word in ("-e", pattern)]
    options = "-aFbi" if wanted.in_any_case else "-aFb"
    settings = [DIRECTORY, str(wanted.limit), options, " ".join(names), *wanted.bounds]
    output = b""
    for _ in range(ATTEMPTS if container else 0):
        code, output = _run(engine, container, ["nice", "sh", "-c", _SEARCH, "sh", *settings, *words])
        if code != _ROTATED_MEANWHILE:
            break
    return list(_files(output.decode(errors="replace").split("\n"), wanted.limit))


def _mounts(engine: Engine, release: Release, service: Service) -> list[dict[str, object]]:
    """Return the mount of the service's log directory, for reading; none where the volume is not there."""
    entry = next((one for one in service.spec["volumes"] if one["target"] == DIRECTORY), None)
    if entry is None:
        return []
    if entry["type"] == "bind":
        return [{"Type": "bind", "Source": entry["source"], "Target": DIRECTORY, "ReadOnly": True}]
    own = container_body({"volumes": [entry]}, release.model, {})["HostConfig"]["Mounts"]
    present = set(our_volumes(engine, release.project).values())
    return [{**mount, "ReadOnly": True} for mount in own if mount["Source"] in present]


def _image(engine: Engine, service: Service) -> str:
    tag = str(service.spec["image"])
    try:
        return str(engine.api.inspect_image(tag)["Id"])
    except ImageNotFound as error:
        raise EngineError(f"{service.name} has logs, but no image to search them with", hint="deploy first") from error


def _run(engine: Engine, container: str, command: Sequence[str]) -> tuple[int, bytes]:
    """Run a command with its words as they are, and return its exit code and output."""
    with refusals("cannot search the logs"):
        ticket = engine.api.exec_create(container, list(command), stderr=False)["Id"]
        output = engine.api.exec_start(ticket)
        return int(engine.api.exec_inspect(ticket)["ExitCode"] or 0), bytes(output)


def _files(lines: Sequence[str], limit: int) -> Iterator[File]:
    """Read what the search wrote."""
    heads = [number for number, line in enumerate(lines) if _FILE.fullmatch(line)]
    for begin, end in pairwise([*heads, len(lines)]):
        head = _FILE.fullmatch(lines[begin])
        if head is None:
            continue
        first, *matches = lines[begin + 1 : end] or [""]
        found = tuple(_cut(match) for match in matches if _MATCH.match(match))
        written = datetime.fromtimestamp(float(head["time"]), UTC)
        yield File(posixpath.basename(head["name"]), written, first.removeprefix("\x02"), found, len(found) >= limit)


def _cut(match: str) -> tuple[int, str]:
    """Return the place and the line of a match."""
    offset, _, line = match.partition(":")
    return int(offset), line


def _of_output(engine: Engine, container: str, wanted: Search) -> File:
    """Return what matches in a container's output, which Docker keeps for a while."""
    with refusals("cannot read the container's output"):
        output = bytes(engine.api.logs(container, stdout=True, stderr=True)).decode(errors="replace").splitlines()
    patterns = [pattern.lower() for pattern in wanted.patterns] if wanted.in_any_case else wanted.patterns
    found = [
        (number, line)
        for number, line in enumerate(output)
        if any(pattern in (line.lower() if wanted.in_any_case else line) for pattern in patterns)
    ]
    first = output[0] if output else ""
    last = tuple(found[-wanted.limit :])
    return File("output", datetime.now(UTC), first, last, is_cut=len(found) > wanted.limit)
