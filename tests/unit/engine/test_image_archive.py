"""What is left out of an image's archive, and that the rest stays as it is."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import pytest

from mailrig.engine.image_archive import ImageArchive, read, size
from mailrig.errors import EngineError

BASE, MIDDLE, TOP = b"base" * 4000, b"middle", b"top" * 500
CONFIG = json.dumps({"rootfs": {"type": "layers", "diff_ids": ["sha256:b", "sha256:m", "sha256:t"]}}).encode()
LAYERS = {"a/layer.tar": BASE, "b/layer.tar": MIDDLE, f"{'c' * 120}/layer.tar": TOP}  # the last needs a PAX header
MANIFEST = [{"Config": "c.json", "RepoTags": ["mailrig/x:1"], "Layers": list(LAYERS)}]


@pytest.fixture
def file() -> Iterator[BinaryIO]:
    """A file to put an archive into."""
    with tempfile.TemporaryFile() as file:
        yield file


def packed(
    file: BinaryIO,
    content: Mapping[str, bytes] = LAYERS,
    links: Mapping[str, str] | None = None,
    manifest: object = MANIFEST,
) -> BinaryIO:
    """Put an archive as an engine gives it into the file, the manifest last."""
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
        directory = tarfile.TarInfo("a")
        directory.type = tarfile.DIRTYPE
        tar.addfile(directory)
        for path, there in (links or {}).items():
            link = tarfile.TarInfo(path)
            link.type, link.linkname = tarfile.SYMTYPE, there
            tar.addfile(link)
        for path, data in {**content, "c.json": CONFIG, "manifest.json": json.dumps(manifest).encode()}.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(data)
            tar.addfile(entry, io.BytesIO(data))
    file.seek(0)
    return file


def unpacked(archive: ImageArchive, held: int) -> dict[str, bytes]:
    """Return the files that arrive when the receiver has so many layers."""
    parts = archive.without(held)
    stream = b"".join(archive.stream(parts))
    assert len(stream) == size(parts)
    with tarfile.open(fileobj=io.BytesIO(stream)) as tar:
        files = {entry.name: tar.extractfile(entry) for entry in tar if entry.isfile()}
        return {name: content.read() for name, content in files.items() if content}


@pytest.mark.parametrize("held", range(4))
def test_only_the_layers_that_are_there_stay_away(file: BinaryIO, held: int) -> None:
    """The lowest layers are left out, and all else arrives byte for byte."""
    found = unpacked(read(packed(file)), held)
    assert {path: found.get(path) for path in LAYERS} == dict.fromkeys(list(LAYERS)[:held]) | dict(
        list(LAYERS.items())[held:]
    )
    assert found["c.json"] == CONFIG
    assert json.loads(found["manifest.json"]) == MANIFEST


def test_archive_says_what_its_image_is(file: BinaryIO) -> None:
    """The id is the digest of the configuration, which names the layers."""
    archive = read(packed(file))
    assert archive.id == f"sha256:{hashlib.sha256(CONFIG).hexdigest()}"
    assert archive.layers == ("sha256:b", "sha256:m", "sha256:t")
    assert archive.paths == tuple(LAYERS)


def test_layer_that_another_links_to_is_sent(file: BinaryIO) -> None:
    """An engine writes the same content once and links to it; the receiver has it as another layer's."""
    top = f"{'c' * 120}/layer.tar"
    content = {path: data for path, data in LAYERS.items() if path != top}
    archive = read(packed(file, content, links={top: "../a/layer.tar"}))
    assert set(unpacked(archive, 2)) == {"a/layer.tar", "c.json", "manifest.json"}


def test_layer_that_is_used_twice_is_sent(file: BinaryIO) -> None:
    """One file may be two layers, as in archives that name layers by their content."""
    paths = ["a/layer.tar", "b/layer.tar", "a/layer.tar"]
    archive = read(packed(file, manifest=[{**MANIFEST[0], "Layers": paths}]))
    assert "a/layer.tar" in unpacked(archive, 1)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ([], "no archive of one image"),
        ([MANIFEST[0], MANIFEST[0]], "no archive of one image"),
        ([{**MANIFEST[0], "Config": "nowhere.json"}], "no archive of one image"),
        ([{**MANIFEST[0], "Layers": ["a/layer.tar"]}], "layers are missing"),
    ],
)
def test_what_is_no_image_is_refused(file: BinaryIO, manifest: object, said: str) -> None:
    """What an engine gave is not taken for an image because it is an archive."""
    with pytest.raises(EngineError, match=said):
        read(packed(file, manifest=manifest))


def test_archive_that_is_cut_short_is_refused(file: BinaryIO) -> None:
    """An archive without its end has no manifest."""
    packed(file)
    file.truncate(8192)
    with pytest.raises(EngineError, match="no archive of one image"):
        read(file)
