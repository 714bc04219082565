"""Where the files that ship with mailrig are; knows nothing of what is in them."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parent
DATA = PACKAGE / "data"


def resource(name: str) -> Path:
    """Return the directory ``templates``, ``compose`` or ``inventory``; in a checkout a link to the one at its top."""
    return DATA / name
