"""Names of images."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailrig.render.images import context as context_of
from mailrig.render.images import context_hash, files, image_name


def context(root: Path, name: str, content: str = "x", mode: int = 0o644) -> Path:
    """Make a build context of one file."""
    folder = root / name
    folder.mkdir()
    (folder / "f").write_text(content)
    (folder / "f").chmod(mode)
    return folder


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


def test_context_holds_the_packages_that_it_names(tmp_path: Path) -> None:
    """As they stand in mailrig, in a checkout or where it is installed, without compiled files."""
    folder = context(tmp_path, "a")
    (folder / "packages").write_text("discovery\n")
    found = files(folder)
    assert {"f", "packages", "mailrig/discovery/__init__.py", "mailrig/discovery/settings.py"} <= set(found)
    assert not [name for name in found if "__pycache__" in name]
    assert found["mailrig/discovery/settings.py"].read_text().startswith('"""Which servers')


def test_another_package_is_another_image(tmp_path: Path) -> None:
    """What the image holds is in its name, wherever it is kept."""
    one, other = context(tmp_path, "a"), context(tmp_path, "b")
    (one / "packages").write_text("")
    (other / "packages").write_text("discovery")
    assert context_hash(one) != context_hash(other)


@pytest.mark.parametrize("service", ["dovecot", "postfix", "web"])
def test_services_with_certificates_have_the_same_programs_for_them(service: str) -> None:
    """They are kept once, and lie in each context where its Dockerfile looks for them."""
    found = set(files(context_of(service)))
    assert {"Dockerfile", "lib/certificate.sh", "sbin/mailrig-certificates", "sbin/mailrig-apply"} <= found
