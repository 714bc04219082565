"""Values as YAML text; knows nothing of where it goes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import yaml

from mailrig.edit.wishes import Tag, Value, Values
from mailrig.inventory.document import Loader

_BARE = re.compile(r"[A-Za-z0-9_/][A-Za-z0-9_./@+=~-]*")
_TEXT = "tag:yaml.org,2002:str"


def scalar(value: str | bool | Tag) -> str:
    """Return a value on one line, in quotes where it would be read as something else."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Tag):
        return value.value
    if _BARE.fullmatch(value) and getattr(yaml.compose(value, Loader=Loader), "tag", None) == _TEXT:
        return value
    return "'" + value.replace("'", "''") + "'"


def flow(value: Value | Values) -> str:
    """Return a value on one line: ``{password: '…', quota: 1G}``, ``[a, b]``."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {_inside(item)}" for key, item in value.items()) + "}"
    if isinstance(value, tuple):
        return "[" + items(value) + "]"
    return scalar(value)


def items(values: Iterable[str]) -> str:
    """Return the items of a list, without its brackets."""
    return ", ".join(scalar(value) for value in values)


def entries(values: Values) -> str:
    """Return the entries of a mapping, without its braces."""
    return flow(values)[1:-1]


def _inside(value: Value | Values) -> str:
    """Write a value of a mapping in braces: a tag must end with a blank."""
    return flow(value) + (" " if isinstance(value, Tag) else "")


def block(key: str, value: Value | Values, indent: int, step: int) -> list[str]:
    """Return the lines of a key and its value, one key a line."""
    head = f"{' ' * indent}{scalar(key)}:"
    if isinstance(value, Mapping):
        return [head, *(line for name, one in value.items() for line in block(name, one, indent + step, step))]
    return [f"{head} {flow(value)}"]


def line(key: str, value: Value | Values, indent: int) -> str:
    """Return a key and its value on one line."""
    return f"{' ' * indent}{scalar(key)}: {flow(value)}"
