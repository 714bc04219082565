"""The wrapper `./mailrig`, with a Python and a pip that only take notes."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

FAKE_PYTHON = """#!/bin/sh
case "$*" in
*"-m venv"*)
    echo venv >>"$NOTES"
    mkdir -p "$4/bin"
    printf '#!/bin/sh\\necho pip >>"$NOTES"\\nexit ${PIP_FAILS:-0}\\n' >"$4/bin/pip"
    printf '#!/bin/sh\\nprintf "%%s\\\\n" "$@"\\n' >"$4/bin/invoke"
    chmod +x "$4/bin/pip" "$4/bin/invoke"
    ;;
*"-m compileall"*) echo compile >>"$NOTES" ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the wrapper, in a directory whose name has a space."""
    made = tmp_path / "a checkout"
    made.mkdir()
    shutil.copy(ROOT / "mailrig", made)
    (made / "pyproject.toml").touch()
    python = tmp_path / "python"
    python.write_text(FAKE_PYTHON)
    python.chmod(0o755)
    return made


def run(checkout: Path, program: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the wrapper from another directory."""
    added = {"PYTHON": str(checkout.parent / "python"), "NOTES": str(checkout.parent / "notes"), **environment}
    return subprocess.run(
        [str(program), *words],
        cwd="/",
        env={**os.environ, **added},
        capture_output=True,
        text=True,
        check=False,
    )


def notes(checkout: Path) -> list[str]:
    """Return what the fake Python and pip noted."""
    path = checkout.parent / "notes"
    return path.read_text().split() if path.exists() else []


def test_first_run_makes_the_environment(checkout: Path) -> None:
    """The first run installs, says so in one line on stderr, and hands its words over unchanged."""
    done = run(checkout, checkout / "mailrig", "render", "--inventory", "a b")
    assert done.stdout.splitlines() == ["--search-root", str(checkout), "render", "--inventory", "a b"]
    assert len(done.stderr.splitlines()) == 1
    assert notes(checkout) == ["venv", "pip", "compile"]


def test_second_run_installs_nothing(checkout: Path) -> None:
    """A finished environment is used as it is."""
    run(checkout, checkout / "mailrig")
    assert run(checkout, checkout / "mailrig", "status").stderr == ""
    assert notes(checkout) == ["venv", "pip", "compile"]


def test_newer_pyproject_installs_again(checkout: Path) -> None:
    """An environment older than pyproject.toml is made anew."""
    run(checkout, checkout / "mailrig")
    os.utime(checkout / ".venv" / ".mailrig-ready", (0, 0))
    run(checkout, checkout / "mailrig")
    assert notes(checkout) == ["venv", "pip", "compile"] * 2


def test_failed_install_is_tried_again(checkout: Path) -> None:
    """When pip fails the wrapper says so with exit code 1, and the next run does not take the half for the whole."""
    done = run(checkout, checkout / "mailrig", PIP_FAILS="1")
    assert done.returncode == 1
    assert "error: pip could not install" in done.stderr
    run(checkout, checkout / "mailrig")
    assert notes(checkout) == ["venv", "pip", "venv", "pip", "compile"]


def test_link_to_the_wrapper_finds_the_checkout(checkout: Path, tmp_path: Path) -> None:
    """A link from a directory on the PATH works."""
    link = tmp_path / "bin-mailrig"
    link.symlink_to(checkout / "mailrig")
    assert run(checkout, link, "status").stdout.splitlines()[1] == str(checkout)
