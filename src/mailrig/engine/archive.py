"""A tar archive of a delivered configuration → its files, and what was recorded of them; asks no engine."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from mailrig.plan.observed import PresentFile

MANIFEST = ".manifest"
_END = bytes(2 * tarfile.BLOCKSIZE)  # two empty blocks end every archive (POSIX, "ustar Interchange Format")
_PERMISSIONS = 0o7777  # the engine writes the file's type into its mode as well


@dataclass(frozen=True)
class Delivered:
    """A configuration as it lies in a volume; all empty where there is none.

    ``release`` and ``recorded`` (path to digest) are what its manifest says, ``files`` what is there.
    """

    release: str | None = None
    recorded: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, PresentFile] = field(default_factory=dict)


def unpack(content: bytes) -> Delivered | None:
    """Read an archive of one directory, whatever that is called in it; None when it was cut off."""
    if not content.endswith(_END):
        return None
    with tarfile.open(fileobj=io.BytesIO(content)) as archive:
        files = dict(_files(archive))
    manifest = files.pop(MANIFEST, None)
    release, recorded = _recorded(manifest.content) if manifest else (None, {})
    return Delivered(release, recorded, files)


def _files(archive: tarfile.TarFile) -> Iterator[tuple[str, PresentFile]]:
    for member in archive:
        reader = archive.extractfile(member) if member.isreg() or member.islnk() else None
        if reader is not None:
            path = member.name.partition("/")[2]
            yield path, PresentFile(reader.read(), member.mode & _PERMISSIONS, member.uid, member.gid)


def _recorded(manifest: bytes) -> tuple[str | None, dict[str, str]]:
    """Return a manifest's release and digests; a manifest that somebody broke records nothing."""
    try:
        said: Any = json.loads(manifest)
        return str(said["release"]), {str(path): str(digest) for path, digest in said["files"].items()}
    except (ValueError, LookupError, TypeError, AttributeError):
        return None, {}
