"""Names of images."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailrig.render.images import Context, context_hash, files_of, image_name
from mailrig.render.images import context as context_of


def context(root: Path, name: str, content: str = "x", mode: int = 0o644) -> Context:
    """Make a build context of one file."""
    folder = root / name
    folder.mkdir()
    (folder / "f").write_text(content)
    (folder / "f").chmod(mode)
    return files_of(folder)


def test_hash_is_of_the_content(tmp_path: Path) -> None:
    """The same files elsewhere give the same hash."""
    assert context_hash(context(tmp_path, "a")) == context_hash(context(tmp_path, "b"))


@pytest.mark.parametrize(("content", "mode"), [("y", 0o644), ("x", 0o755)], ids=["content", "executable"])
def test_hash_tells_changes_apart(tmp_path: Path, content: str, mode: int) -> None:
    """Another content is another image, and so is another executable bit."""
    assert context_hash(context(tmp_path, "a")) != context_hash(context(tmp_path, "b", content, mode))


def test_images_are_named_after_their_service() -> None:
    """The name tells what it is, and its tag which."""
    assert image_name("dovecot").startswith("mailrig/dovecot:")
    assert image_name("dovecot") != image_name("postfix")


@pytest.mark.parametrize("service", ["dovecot", "postfix", "web"])
def test_services_with_certificates_have_the_same_programs_for_them(service: str) -> None:
    """They are kept once, and lie in each context where its Dockerfile looks for them."""
    assert {"Dockerfile", "lib/certificate.sh", "sbin/mailrig-certificates", "sbin/mailrig-apply"} <= {
        *context_of(service)
    }


def test_compiled_python_is_in_no_context(tmp_path: Path) -> None:
    """What an import leaves behind does not make another image."""
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.cpython-311.pyc").write_bytes(b"x")
    (tmp_path / "a.py").write_text("")
    assert [*files_of(tmp_path)] == ["a.py"]
