"""Where inventories are found by name; knows nothing of what is in one."""

from __future__ import annotations

import difflib
import shutil
from dataclasses import dataclass
from pathlib import Path

from mailrig.errors import InventoryError
from mailrig.inventory.document import shown
from mailrig.inventory.state import DIRECTORY as STATE
from mailrig.resources import resource

DEFAULT = "demo"
FOLDER = "inventory"


@dataclass(frozen=True)
class Found:
    """An inventory's directory, and a line to show when it was just put there."""

    directory: Path
    note: str | None = None


def find(name: str | None = None) -> Found:
    """Return the inventory called ``name``, or at that path; ``demo`` when there is no name.

    Looked at in turn: the path itself, ``inventory/NAME`` here, and those that ship with mailrig. From a
    wheel one is first copied to ``inventory/NAME`` here, since what is generated for it is kept beside it.
    """
    name = name or DEFAULT
    shipped = resource(FOLDER)
    for directory in (Path(name), Path(FOLDER, name)):
        if _is_inventory(directory):
            return Found(directory)
    if "/" in name or not _is_inventory(shipped / name):
        raise _unknown(name)
    if shipped.is_symlink():  # in a checkout they can be used where they are
        return Found(shipped.resolve() / name)
    copy = _copied(shipped / name, Path(FOLDER, name))
    return Found(copy, f"copied the inventory `{name}` that comes with mailrig to {copy}")


def names() -> list[str]:
    """Return the names that ``find`` knows here."""
    folders = (Path(FOLDER), resource(FOLDER))
    found = {one.name for folder in folders if folder.is_dir() for one in folder.iterdir() if _is_inventory(one)}
    return sorted(found)


def _is_inventory(directory: Path) -> bool:
    return directory.is_dir() and any(directory.glob("*.yaml"))


def _copied(source: Path, target: Path) -> Path:
    try:
        shutil.copytree(source, target, ignore=shutil.ignore_patterns(STATE))
    except OSError as error:
        raise InventoryError(
            f"cannot copy inventory `{source.name}` to `{shown(target)}`: {error}",
            hint="go to a directory of your own, or choose one with --inventory",
        ) from None
    return target


def _unknown(name: str) -> InventoryError:
    if Path(name).is_dir():
        return InventoryError(f"no *.yaml file is in `{name}`", hint=f"`mailrig init {name}` writes one to start from")
    known = names()
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else f"known are {', '.join(known)}; `mailrig init DIR` makes one"
    return InventoryError(f"there is no inventory `{name}`", hint=hint)
