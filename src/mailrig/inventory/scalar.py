"""One YAML scalar as the value that a key expects; knows nothing of the key.

YAML 1.1 reads `0666` as octal and `12:30` as a number in base 60. Here a scalar is a number only
when it is written as a plain decimal, and text is what was typed.
"""

from __future__ import annotations

import re

import msgspec.inspect as mi
from yaml.nodes import ScalarNode

from mailrig.inventory.kinds import Kinds, Notes

Value = str | int | float | bool | None

_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+")


class Misfit(Exception):
    """A scalar that is not what its key expects."""


def value_of(node: ScalarNode) -> Value:
    """Return what is written: a number, true or false, nothing, or else text."""
    tag, text = node.tag.removeprefix(_TAG), str(node.value)
    if tag == "null":
        return None
    if tag == "bool":
        return text.lower() in ("true", "yes", "on")
    if tag == "int" and _INTEGER.fullmatch(text):
        return int(text)
    if tag == "float" and _DECIMAL.fullmatch(text):
        return float(text)
    return text


def fit(node: ScalarNode, kinds: Kinds, notes: Notes) -> Value:
    """Return the value of ``node`` as the first of ``kinds`` that it fits, or raise Misfit."""
    value = value_of(node)
    for one in kinds:
        if _fits(value, one):
            return float(value) if isinstance(one, mi.FloatType) and isinstance(value, int) else value
    # A number or a date where text is expected is that text: `quota: 500`, `auth_socket_mode: 0666`.
    text = str(node.value)
    if value is not None and not isinstance(value, bool):
        for one in kinds:
            if isinstance(one, mi.StrType) and is_text(text, one, notes):
                return text
    raise Misfit


def _fits(value: Value, kind: mi.Type) -> bool:
    match kind:
        case mi.NoneType():
            return value is None
        case mi.BoolType():
            return isinstance(value, bool)
        case mi.LiteralType():
            return isinstance(value, str) and value in kind.values
        case mi.IntType():
            return isinstance(value, int) and not isinstance(value, bool) and _is_within(value, kind)
        case mi.FloatType():
            return isinstance(value, int | float) and not isinstance(value, bool) and _is_within(value, kind)
    return False


def _is_within(value: float, kind: mi.IntType | mi.FloatType) -> bool:
    return (
        (kind.ge is None or value >= kind.ge)
        and (kind.gt is None or value > kind.gt)
        and (kind.le is None or value <= kind.le)
        and (kind.lt is None or value < kind.lt)
    )


def is_text(text: str, kind: mi.StrType, notes: Notes) -> bool:
    """Whether ``text`` has the right form; a line break would start a setting of its own in a rendered file."""
    if kind.pattern is not None and not re.fullmatch(kind.pattern, text):
        return False
    return "lines" in notes or text.isprintable()
