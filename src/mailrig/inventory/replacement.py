"""An inventory's files replaced by new ones, each whole or not at all; knows nothing of what is in them."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from mailrig.errors import InventoryError, Location


@dataclass(frozen=True)
class Replacement:
    """A file, what was read of it, and what it is to hold."""

    file: Path
    before: bytes
    after: bytes


def replace(directory: Path, replacements: Sequence[Replacement]) -> None:
    """Replace files of ``directory`` in this order; raise InventoryError, and leave all, when one was changed since.

    A file keeps its owner and mode, and a link to it stays one. Whoever else edits with mailrig waits meanwhile.
    """
    with _locked(directory):
        for one in replacements:
            _refuse_changed(one)
        written: list[tuple[Path, Path]] = []
        try:
            for one in replacements:
                written += [_beside(one)]  # what is written so far has to be taken away again, should the next fail
            for temporary, target in written:
                temporary.replace(target)
        finally:
            for temporary, _ in written:
                temporary.unlink(missing_ok=True)
    for folder in {target.parent for _, target in written}:
        _sync(folder)


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    handle = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _refuse_changed(one: Replacement) -> None:
    try:
        now = one.file.read_bytes()
    except OSError:
        now = None
    if now != one.before:
        raise InventoryError(
            f"`{one.file}` was changed by somebody else in between; nothing was written",
            location=Location(one.file, 1, 1),
            hint="do it again",
        )
    if not os.access(one.file, os.W_OK):
        raise InventoryError(
            f"`{one.file}` may not be written", location=Location(one.file, 1, 1), hint="check its owner and mode"
        )


def _beside(one: Replacement) -> tuple[Path, Path]:
    """Write the new content beside the file; return where, and the file itself, of which ours may be a link."""
    target = one.file.resolve()
    kept = target.stat()
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise _unwritable(one, error) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(one.after)
            stream.flush()
            if (kept.st_uid, kept.st_gid) != (os.geteuid(), os.getegid()):
                os.fchown(stream.fileno(), kept.st_uid, kept.st_gid)
            os.fchmod(stream.fileno(), kept.st_mode & 0o7777)
            os.fsync(stream.fileno())
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise _unwritable(one, error) from None
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name), target


def _unwritable(one: Replacement, error: OSError) -> InventoryError:
    return InventoryError(
        f"cannot write `{one.file}`: {error.strerror}; it is as it was",
        location=Location(one.file, 1, 1),
        hint="check the disk, and the owner and mode of the file and of its directory",
    )


def _sync(folder: Path) -> None:
    """Have the new names on the disk, where the file system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
