"""Where the files that ship with mailrig are; knows nothing of what is in them."""

from __future__ import annotations

from pathlib import Path

PACKAGED = Path(__file__).parent / "data"
CHECKOUT = Path(__file__).parents[2]


def resource(name: str) -> Path:
    """Return ``templates``, ``compose`` or ``inventory``: from the wheel, or the checkout it was installed from."""
    packaged = PACKAGED / name
    return packaged if packaged.is_dir() else CHECKOUT / name
