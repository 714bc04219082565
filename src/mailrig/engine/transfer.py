"""One image from one engine to another, by way of this machine: only the layers that are missing there are sent."""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from docker.errors import APIError

from mailrig.engine import image_archive
from mailrig.engine.connection import Engine, refusals
from mailrig.engine.image_archive import ImageArchive, Part
from mailrig.engine.images import OWN, PUBLIC_BASE
from mailrig.errors import EngineError

Progress = Callable[[str], None]

_MEGABYTE = 10**6
_GZIP = 16 + zlib.MAX_WBITS
_ON_DISK = "/var/tmp"  # noqa: S108 - the file has no name there
_FULL = "no space left"
_STEP = 2**20  # bytes between two lines of progress

# Layers of this image store are content of their own, and an archive must hold all that it names.
_CONTAINERD = "io.containerd.snapshotter.v1"


def fetch(engine: Engine, tag: str) -> ImageArchive:
    """Return an image as an archive, in a file without a name: nothing is left of it however we end."""
    file: BinaryIO = tempfile.TemporaryFile(dir=_directory())  # noqa: SIM115 - whoever gets the archive closes it
    try:
        with refusals(f"cannot fetch {tag}"):
            file.writelines(engine.api.get_image(tag))
        file.flush()
        file.seek(0)
        return image_archive.read(file)
    except BaseException as error:
        file.close()
        if isinstance(error, OSError) and not isinstance(error, EngineError):
            hint = f"it needs room in {_directory()}; TMPDIR names another directory"
            raise EngineError(f"cannot keep the archive of {tag} here: {error}", hint=hint) from error
        raise


def _directory() -> str:
    """Return where to put an archive: /tmp is in memory on many machines."""
    return os.environ.get("TMPDIR") or (_ON_DISK if os.access(_ON_DISK, os.W_OK) else tempfile.gettempdir())


def send(archive: ImageArchive, tag: str, engine: Engine, name: str, progress: Progress) -> None:
    """Send an image to the engine of host ``name``; raise EngineError when it has not arrived whole.

    The engine unpacks an archive when it has all of it. One that is cut short leaves nothing.
    """
    held = 0 if _needs_every_layer(engine) else held_layers(engine, archive.layers)
    refusal = _load(archive, archive.without(held), tag, engine, name, progress)
    if refusal and held and _FULL not in refusal:
        progress(f"{name} does not take {tag} in part ({refusal}): sending all of it")
        held, refusal = 0, _load(archive, archive.without(0), tag, engine, name, progress)
    if refusal:
        hint = f"`mailrig host check {name}` says how much there is" if _FULL in refusal else None
        raise EngineError(f"{name} does not take the image {tag}: {refusal}", hint=hint)
    _require_arrived(archive, tag, engine, name)


def architecture(engine: Engine) -> str:
    """Return what the engine's machine is: images for another do not run there."""
    with refusals("cannot ask for the engine's architecture"):
        return str(engine.api.version()["Arch"])


def held_layers(engine: Engine, layers: Sequence[str]) -> int:
    """Return how many of an image's layers, from the lowest up, images of ours on the engine have as well."""
    with refusals("cannot list images"):
        found = engine.api.images()
        ours = {image["Id"] for image in found if any(map(_is_ours, image["RepoTags"] or []))}
        stacks = [engine.api.inspect_image(image)["RootFS"].get("Layers") or [] for image in ours]
    return max((_common(layers, stack) for stack in stacks), default=0)


def _is_ours(tag: str) -> bool:
    return tag.startswith((f"{OWN}/", f"{OWN}-", f"{PUBLIC_BASE[0]}:"))


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many of the first items are the same: a layer is another one on top of others."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _needs_every_layer(engine: Engine) -> bool:
    with refusals("cannot ask for the engine's image store"):
        status = engine.api.info().get("DriverStatus") or []
    return any(_CONTAINERD in pair for pair in status)


def _load(
    archive: ImageArchive, parts: Sequence[Part], tag: str, engine: Engine, name: str, progress: Progress
) -> str | None:
    """Send parts of an archive; return why the engine does not take them, None when it has."""
    total = image_archive.size(parts)
    whole = image_archive.size(archive.parts)
    meter = _Meter(lambda sent: progress(f"waiting for {name}: {tag}, {_mb(sent)} of {_mb(total)} MB sent"))
    stream = meter.passed(archive.stream(parts))
    if engine.address.is_remote:
        stream = meter.wired(_packed(stream))
    try:
        with refusals(f"{tag} did not reach {name}"):
            if refusal := _refusal(engine, stream):
                return refusal
    except EngineError as error:
        sent = f"{error.problems[0].message} ({_mb(meter.sent)} of {_mb(total)} MB were sent)"
        raise EngineError(sent, hint="deploy again: what has arrived whole is not sent twice") from error
    packed = f" as {_mb(meter.on_the_wire)} MB" if meter.on_the_wire else ""
    missing = f", the other {_mb(whole - total)} MB are there" if whole > total else ""
    progress(f"sent {tag} to {name}: {_mb(total)} MB{packed}{missing}")
    return None


def _refusal(engine: Engine, stream: Iterator[bytes]) -> str | None:
    try:
        answers: Iterable[dict[str, Any]] = engine.api.load_image(stream, quiet=False)
        for answer in answers:  # with progress, since an engine that is silent for long looks like a dead one
            if refusal := answer.get("error") or answer.get("message"):
                return str(refusal)
    except APIError as error:
        return str(error.explanation or error)
    return None


def _require_arrived(archive: ImageArchive, tag: str, engine: Engine, name: str) -> None:
    """Raise EngineError unless the tag names that very image on the engine.

    Image stores of another kind name it by the digest of something else; there, the layers tell.
    """
    with refusals(f"cannot look at the image {tag}"):
        there = engine.api.inspect_image(tag)
    is_same = there["Id"] == archive.id
    if not is_same and _needs_every_layer(engine):
        is_same = tuple(there["RootFS"]["Layers"]) == archive.layers
    if not is_same:
        raise EngineError(f"{tag} on {name} is not the image that was sent", hint="is somebody else at work there?")


class _Meter:
    """Counts what passes, before it is packed and after."""

    def __init__(self, told: Callable[[int], None]) -> None:
        self.sent = 0
        self.on_the_wire = 0
        self._told = told

    def passed(self, stream: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in stream:
            yield chunk
            before, self.sent = self.sent, self.sent + len(chunk)
            if before // _STEP != self.sent // _STEP:
                self._told(self.sent)

    def wired(self, stream: Iterator[bytes]) -> Iterator[bytes]:
        for chunk in stream:
            yield chunk
            self.on_the_wire += len(chunk)


def _packed(stream: Iterator[bytes]) -> Iterator[bytes]:
    """Compress what goes over a network, lightly: an uplink at home is slower than that, and engines unpack it."""
    packer = zlib.compressobj(1, zlib.DEFLATED, _GZIP)
    for chunk in stream:
        if packed := packer.compress(chunk):
            yield packed
    yield packer.flush()


def _mb(count: int) -> str:
    return f"{count / _MEGABYTE:.1f}"
