"""What a container answers about itself, in one stream."""

from __future__ import annotations

import io
import tarfile

import pytest

from mailrig.engine.interior import _understood


def packed(files: dict[str, bytes]) -> bytes:
    """Return an archive of a configuration, as tar makes it in the container."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path, content in files.items():
            member = tarfile.TarInfo(f"./{path}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def test_what_a_container_prints_is_taken_apart() -> None:
    """The notes, the connections and the archive come in one stream; a note that is not there is an empty line."""
    archive = packed({".manifest": b'{"release": "abc", "files": {}}', "users": b"a\n\nb\n"})
    found = _understood(b"abc\n\nno key\ttoo old\t\n  sl  local_address\n\n" + archive)
    assert found is not None
    assert (found.loaded, found.verified, found.sessions) == ("abc", None, {})
    assert found.refused == ("no key", "too old")
    assert found.delivered.release == "abc"
    assert found.delivered.files["users"].content == b"a\n\nb\n"


@pytest.mark.parametrize("output", [b"", b"\n", b"OCI runtime exec failed: exec failed\r\n", b"abc\nabc\n\n\n"])
def test_answer_without_an_archive_is_none(output: bytes) -> None:
    """A container that stopped while it answered, or that has no configuration, has said nothing."""
    assert _understood(output) is None
