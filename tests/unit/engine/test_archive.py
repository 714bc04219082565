"""A tar archive of a delivered configuration."""

from __future__ import annotations

import io
import json
import tarfile

import pytest

from mailrig.engine.archive import Delivered, unpack
from mailrig.plan.observed import PresentFile
from mailrig.render.release import File, Rung

MANIFEST = {"release": "abc", "files": {"maps/aliases": "1", "tls.key": "2"}}


def packed(files: dict[str, bytes], folder: str = ".") -> bytes:
    """Return an archive of files in one folder."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        directory = tarfile.TarInfo(folder)
        directory.type = tarfile.DIRTYPE
        archive.addfile(directory)
        for path, content in files.items():
            entry = tarfile.TarInfo(f"{folder}/{path}")
            entry.size, entry.mode, entry.gid = len(content), 0o640, 501
            archive.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


@pytest.mark.parametrize("folder", [".", "current"])
def test_files_and_manifest(folder: str) -> None:
    """Paths are relative to the configuration, as tar and as the engine name it, and the manifest is none of them."""
    binary = bytes(range(256))
    files = {".manifest": json.dumps(MANIFEST).encode(), "maps/aliases": b"a b\n", "tls.key": binary}
    found = unpack(packed(files, folder))
    assert found is not None
    assert (found.release, found.recorded) == ("abc", MANIFEST["files"])
    assert found.files == {
        "maps/aliases": PresentFile(b"a b\n", 0o640, 0, 501),
        "tls.key": PresentFile(binary, 0o640, 0, 501),
    }


def test_digest_is_that_of_the_release() -> None:
    """A file that lies there as it was rendered has the rendered one's digest."""
    found = unpack(packed({"users": b"alice\n"}))
    rendered = File("users", b"alice\n", "", mode=0o640, uid=0, gid=501, needs=Rung.NOTHING)
    assert found is not None
    assert found.files["users"].digest == rendered.digest


def test_type_in_the_mode_is_left_out() -> None:
    """The engine writes the file's type into its mode, as tar never does; the permissions are the same."""
    archive = packed({"users": b"alice\n"})
    mode = archive.index(b"0000640\0")
    checksum = mode + 48  # POSIX ustar: the mode at 100, the checksum at 148
    raised = b"%06o" % (int(archive[checksum : checksum + 6], 8) + 1)
    archive = archive[:mode] + b"0100640\0" + archive[mode + 8 : checksum] + raised + archive[checksum + 6 :]
    found = unpack(archive)
    assert found is not None
    assert found.files["users"].mode == 0o640


def test_archive_that_was_cut_off() -> None:
    """An archive without its end is no answer, even when it breaks off between two files."""
    whole = packed({"a": b"1", "b": b"2"})
    assert unpack(whole) is not None
    for length in (0, 512, 1536, 2048, 2560, len(whole.rstrip(b"\0"))):
        assert unpack(whole[:length]) is None


@pytest.mark.parametrize("manifest", [b"", b"{", b"[]", b"null", b'{"release": "abc"}', b'{"release": 1, "files": []}'])
def test_broken_manifest(manifest: bytes) -> None:
    """A manifest that somebody broke records nothing, and the files are there all the same."""
    assert unpack(packed({".manifest": manifest, "a": b"1"})) == Delivered(
        None, {}, {"a": PresentFile(b"1", 0o640, 0, 501)}
    )


def test_links_in_the_configuration() -> None:
    """A hard link is the file that it leads to; a symbolic link is none."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in (("./a", tarfile.REGTYPE), ("./b", tarfile.LNKTYPE), ("./c", tarfile.SYMTYPE)):
            entry = tarfile.TarInfo(name)
            entry.type, entry.linkname, entry.size = kind, "./a", 1 if kind == tarfile.REGTYPE else 0
            archive.addfile(entry, io.BytesIO(b"1"))
    found = unpack(buffer.getvalue())
    assert found is not None
    assert {path: file.content for path, file in found.files.items()} == {"a": b"1", "b": b"1"}
