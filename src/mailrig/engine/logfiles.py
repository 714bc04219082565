"""The log files in a container, the rotated ones too, whether it runs or not; knows nothing of what they say."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import PurePosixPath

from docker.errors import APIError

from mailrig.engine.connection import Engine, refusals
from mailrig.engine.containers import inspect
from mailrig.errors import EngineError

# Packs the files in directory $1 that were written since $2 and have one of the names that follow, as such or with the
# endings of logrotate. A file that grows meanwhile is cut off where it ended, as `docker cp` would not do.
_PACK = r"""
cd "$1" || exit
since=$2
shift 2
for name; do find . -maxdepth 1 -type f -name "$name*" -newermt "$since" -print0; done |
    tar --create --gzip --null --files-from=- --warning=no-file-changed --warning=no-file-removed --ignore-failed-read
"""

_ROTATED = re.compile(r"(?:\.(\d+))?(?:\.gz)?")  # logrotate's: the number grows with the age


def read(engine: Engine, container: str, paths: Sequence[str], since: datetime) -> dict[str, list[str]]:
    """Return the lines of log files by their path, oldest first, with what was rotated away after ``since``.

    The files are all in one directory; one that is not there has no lines.
    """
    directory = str(PurePosixPath(paths[0]).parent)
    names = [PurePosixPath(path).name for path in paths]
    with refusals(f"cannot read the log files of {container}"):
        if inspect(engine, container).get("State", {}).get("Running"):
            stamp = since.isoformat(timespec="seconds")
            packed = engine.shells.run(container, ["sh", "-c", _PACK, "sh", directory, stamp, *names]).stdout
        else:
            packed = _of_stopped(engine, container, directory)
    contents = dict(_unpacked(packed))
    return {path: list(_lines(contents, name)) for path, name in zip(paths, names, strict=True)}


def _of_stopped(engine: Engine, container: str, directory: str) -> bytes:
    """Return an archive of all that lies there; nobody writes to it any more."""
    try:
        stream, _ = engine.api.get_archive(container, directory)
    except APIError as error:
        raise EngineError(f"cannot read {directory} of {container}: {error.explanation or error}") from error
    return b"".join(stream)


def _unpacked(packed: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file; none of an archive that holds nothing or was cut off."""
    try:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            for member in archive:
                if member.isreg() and (reader := archive.extractfile(member)):
                    yield PurePosixPath(member.name).name, reader.read()
    except (tarfile.ReadError, EOFError, zlib.error):
        return


def _lines(contents: dict[str, bytes], name: str) -> Iterator[str]:
    for found in _oldest_first(contents, name):
        content = contents[found]
        if found.endswith(".gz"):
            try:
                content = gzip.decompress(content)
            except (OSError, EOFError, zlib.error):  # it is being written at this moment
                continue
        yield from content.decode(errors="replace").splitlines()


def _oldest_first(contents: Iterable[str], name: str) -> list[str]:
    """Return the names of a log file and of what was rotated away from it; of a number only one, packed or not."""
    ages: dict[int, str] = {}
    for found in sorted(contents, reverse=True):  # `x.1` after `x.1.gz`: while both are there, only the first is whole
        ending = _ROTATED.fullmatch(found.removeprefix(name)) if found.startswith(name) else None
        if ending:
            ages[int(ending[1] or 0)] = found
    return [ages[age] for age in sorted(ages, reverse=True)]
