"""Which commit an inventory is at, for the history; knows nothing of inventories."""

from __future__ import annotations

import subprocess
from pathlib import Path


def commit_of(directory: Path) -> str | None:
    """Return the short id of the commit that a directory is at, with a `+` when it differs; None outside of git."""
    commit = _git(directory, "rev-parse", "--short", "HEAD")
    if not commit:
        return None
    return f"{commit}+" if _git(directory, "status", "--porcelain", "--", ".") else commit


def _git(directory: Path, *words: str) -> str | None:
    try:
        done = subprocess.run(
            ["git", "-C", directory, *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None
