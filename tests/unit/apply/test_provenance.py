"""Which commit an inventory is at."""

from __future__ import annotations

import subprocess
from pathlib import Path

from mailrig.apply.provenance import commit_of


def git(directory: Path, *words: str) -> str:
    """Run git as somebody."""
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.test"]
    command = ["git", "-C", str(directory), *identity, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_commit_is_named_and_its_changes_are_marked(tmp_path: Path) -> None:
    """A clean directory has its commit's short id, a changed one the same with a plus."""
    git(tmp_path, "init", "--quiet")
    (tmp_path / "site.yaml").write_text("a")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "one")
    commit = git(tmp_path, "rev-parse", "--short", "HEAD")
    assert commit_of(tmp_path) == commit
    (tmp_path / "site.yaml").write_text("b")
    assert commit_of(tmp_path) == f"{commit}+"


def test_no_repository_is_no_commit(tmp_path: Path) -> None:
    """Outside of git there is nothing to name."""
    assert commit_of(tmp_path) is None
