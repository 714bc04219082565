"""The wheel, built and used as somebody who installs it would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PARTS = ("src", "templates", "compose", "inventory", "pyproject.toml", "README.md", "CHANGELOG.md", ".gitignore")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of a checkout in which somebody has deployed the demo, so that its secrets lie about."""
    checkout = tmp_path_factory.mktemp("checkout")
    for name in PARTS:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, checkout / name, symlinks=True, ignore=shutil.ignore_patterns(".state"))
        else:
            shutil.copy(source, checkout / name)
    state = checkout / "inventory" / "demo" / ".state"
    state.mkdir()
    (state / "passwords.yaml").write_text("passwords: {}\n")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(checkout / "dist")]
    subprocess.run(build, cwd=checkout, check=True, capture_output=True)
    return next((checkout / "dist").glob("*.whl"))


def test_wheel_carries_templates_contexts_and_inventories(wheel: Path) -> None:
    """Everything that a deploy reads is in the wheel, and no secret of whoever built it."""
    names = zipfile.ZipFile(wheel).namelist()
    for path in ("templates/compose.yaml.j2", "compose/dovecot/Dockerfile", "inventory/example/site.yaml"):
        assert f"mailrig/data/{path}" in names
    for path in ("clients/catalogue.yaml", "verify/page.html.j2", "verify/page.css"):
        assert f"mailrig/{path}" in names
    assert not [name for name in names if ".state" in name]


def test_wheel_works_in_an_empty_directory(wheel: Path, tmp_path: Path) -> None:
    """The installed program renders the demo anywhere, from a copy of it that it puts there and says so."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    work = tmp_path / "work"
    work.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", "from mailrig.cli import main; main()", "render"],
        cwd=work,
        env={**os.environ, "PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (work / "inventory" / "demo" / "site.yaml").exists()
    assert (work / "build" / "demo" / "home" / "compose.yaml").exists()
    assert "inventory/demo" in done.stderr
