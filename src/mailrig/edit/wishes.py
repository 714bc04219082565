"""What an edit is asked for, in the inventory's own terms; knows nothing of text.

A wish is fulfilled twice: on the text, and on plain data. What is read back from the text must be the latter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

Path = tuple[str, ...]
Plain = object  # None for nothing, text with its tag, a list, or a dict by key


class Tag(Enum):
    """A value that is a tag alone."""

    GENERATED = "!generated"


Value = str | bool | Tag | tuple[str, ...]
Values: TypeAlias = "Mapping[str, Value | Values]"


@dataclass(frozen=True)
class Put:
    """New keys, at the end of the mapping at ``path``, which is made where it is missing."""

    path: Path
    values: Values


@dataclass(frozen=True)
class Change:
    """Another value at ``path``, where there is one."""

    path: Path
    value: Value


@dataclass(frozen=True)
class Append:
    """More items, at the end of the list at ``path``; a single text there becomes a list."""

    path: Path
    items: tuple[str, ...]


@dataclass(frozen=True)
class Drop:
    """No more of these keys in the mapping at ``path``."""

    path: Path
    keys: tuple[str, ...]


@dataclass(frozen=True)
class DropItems:
    """No more of these items in the list at ``path``, of which others stay."""

    path: Path
    items: tuple[str, ...]


Wish = Put | Change | Append | Drop | DropItems


def plain(value: Value | Values) -> Plain:
    """Return a value as what would be read of it."""
    if isinstance(value, bool):
        return ("bool", "true" if value else "false")
    if isinstance(value, Tag):
        return (value.value, "")
    if isinstance(value, str):
        return ("str", value)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return {key: plain(item) for key, item in value.items()}


def fulfilled(data: Plain, wish: Wish) -> Plain:
    """Return the data of a file after a wish, which must fit it; ``data`` stays as it is."""
    return _at(data, wish.path, wish)


def _at(data: Plain, path: Path, wish: Wish) -> Plain:  # noqa: PLR0911 - one line for each kind
    if path:
        mapping = dict(data) if isinstance(data, dict) else {}
        mapping[path[0]] = _at(mapping.get(path[0]), path[1:], wish)
        return mapping
    match wish, data:
        case Put(values=values), _:
            return {**(data if isinstance(data, dict) else {}), **{key: plain(one) for key, one in values.items()}}
        case Change(value=value), _:
            return plain(value)
        case Append(items=items), _:
            before = data if isinstance(data, list) else [] if data is None else [data]
            return [*before, *(plain(item) for item in items)]
        case Drop(keys=keys), dict():
            return {key: one for key, one in data.items() if key not in keys} or None
        case DropItems(items=items), list():
            return [one for one in data if not (isinstance(one, tuple) and one[1] in items)]
    return data
