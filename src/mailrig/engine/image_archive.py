"""A tar archive of one image → the archive without the layers that its receiver has; asks no engine.

An archive as `GET /images/{name}/get` gives it has a manifest, a configuration, and a tar archive for each layer. The
manifest comes last, so that the whole must be at hand before anything can be left out.
Source: Docker Image Specification v1.2; OCI Image Layout, which newer engines add, has the same manifest.json.
"""

from __future__ import annotations

import hashlib
import json
import os
import posixpath
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from mailrig.errors import EngineError

_END = bytes(2 * tarfile.BLOCKSIZE)  # two empty blocks end every archive (POSIX, "ustar Interchange Format")
_CHUNK = 2**20  # bytes read at once


@dataclass(frozen=True)
class Part:
    """One entry of the archive: where its header and its content lie in the file, in bytes, padding included."""

    path: str
    start: int
    size: int
    link: str = ""


@dataclass(frozen=True)
class ImageArchive:
    """What is in an archive of one image.

    ``id`` is the digest of its configuration; ``layers`` are the digests of its layers, uncompressed and lowest first,
    and ``paths`` where these lie in the archive.
    """

    file: BinaryIO
    id: str
    parts: tuple[Part, ...]
    layers: tuple[str, ...]
    paths: tuple[str, ...]

    def without(self, held: int) -> tuple[Part, ...]:
        """Return what is left when the lowest ``held`` layers stay away; what another layer links to does not."""
        above = self.paths[held:]
        spared = {part.link for part in self.parts if part.link and part.path in above}
        left_out = {*self.paths[:held]} - {*above} - spared
        return tuple(part for part in self.parts if part.path not in left_out)

    def stream(self, parts: Sequence[Part]) -> Iterator[bytes]:
        """Yield an archive of these parts, as they are, in pieces; several threads may read at once."""
        for part in parts:
            for start in range(part.start, part.start + part.size, _CHUNK):
                yield os.pread(self.file.fileno(), min(_CHUNK, part.start + part.size - start), start)
        yield _END


def size(parts: Sequence[Part]) -> int:
    """Return the bytes that ``stream`` gives for these parts."""
    return sum(part.size for part in parts) + len(_END)


def read(file: BinaryIO) -> ImageArchive:
    """Look through an archive of one image; raise EngineError where it is none, or is cut short."""
    try:
        with tarfile.open(fileobj=file, mode="r:") as tar:
            entries = tar.getmembers()
            [image] = json.loads(_content(tar, "manifest.json"))
            configuration = _content(tar, image["Config"])
            layers = tuple(json.loads(configuration)["rootfs"]["diff_ids"])
    except (tarfile.TarError, KeyError, ValueError) as error:
        raise EngineError(f"what the engine gave is no archive of one image: {error}") from error
    if len(layers) != len(image["Layers"]):
        raise EngineError("what the engine gave is an archive in which layers are missing")
    id_ = f"sha256:{hashlib.sha256(configuration).hexdigest()}"
    return ImageArchive(file, id_, tuple(map(_part, entries)), layers, tuple(image["Layers"]))


def _content(tar: tarfile.TarFile, path: str) -> bytes:
    content = tar.extractfile(path)
    if content is None:
        raise ValueError(f"{path} is no file")
    return content.read()


def _part(entry: tarfile.TarInfo) -> Part:
    blocks = -(-entry.size // tarfile.BLOCKSIZE) if entry.isreg() else 0
    end = entry.offset_data + blocks * tarfile.BLOCKSIZE
    link = posixpath.normpath(posixpath.join(posixpath.dirname(entry.name), entry.linkname)) if entry.issym() else ""
    return Part(entry.name, entry.offset, end - entry.offset, link)
