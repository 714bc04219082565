"""The model's types, as msgspec describes them and as messages name them; knows nothing of YAML.

What a value may be is a tuple of *kinds*, the branches of a union; the *notes* are what the model
adds to them: a description, a form in words, what a secret may hold.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import msgspec.inspect as mi

from mailrig.secret import Secret

Kinds = tuple[mi.Type, ...]
Notes = Mapping[str, object]

STAND_IN = Secret("")


@dataclass(frozen=True)
class Key:
    """A key of a struct: what may stand there."""

    name: str
    kinds: Kinds
    notes: Notes
    is_required: bool


@functools.cache
def keys_of(struct: type) -> dict[str, Key]:
    """Return the keys of one of the model's structs, by name."""
    fields = cast(mi.StructType, mi.type_info(struct)).fields
    return {field.name: Key(field.name, *options(field.type), field.required) for field in fields}


def options(expected: mi.Type) -> tuple[Kinds, Notes]:
    """Return the branches of a type, and the notes on it and on them."""
    if isinstance(expected, mi.Metadata):
        kinds, notes = options(expected.type)
        return kinds, {**notes, **(expected.extra_json_schema or {}), **(expected.extra or {})}
    if isinstance(expected, mi.UnionType):
        branches = [options(one) for one in expected.types]
        return sum((kinds for kinds, _ in branches), ()), {k: v for _, notes in branches for k, v in notes.items()}
    return (expected,), {}


def stand_in(kinds: Kinds) -> object:  # noqa: PLR0911 - one line for each kind
    """Return a value of the right type, for a place whose own cannot be used."""
    first = kinds[0]
    match first:
        case _ if any(isinstance(one, mi.NoneType) for one in kinds):
            return None
        case mi.StructType():
            return first.cls(
                **{key.name: stand_in(key.kinds) for key in keys_of(first.cls).values() if key.is_required}
            )
        case mi.CustomType():
            return STAND_IN
        case mi.LiteralType():
            return first.values[0]
        case mi.VarTupleType():
            return ()
        case mi.DictType():
            return {}
    return {mi.IntType: 0, mi.FloatType: 0.0, mi.BoolType: False}.get(type(first), "")


def expectation(kinds: Kinds, notes: Notes) -> str:
    """Say in words what fits."""
    return " or ".join(_words(one, notes) for one in kinds if not isinstance(one, mi.NoneType))


def _words(kind: mi.Type, notes: Notes) -> str:  # noqa: PLR0911 - one line for each kind
    match kind:
        case mi.StrType():
            return str(notes.get("form", "text" if "lines" in notes else "text on one line"))
        case mi.BoolType():
            return "true or false"
        case mi.LiteralType():
            return "one of " + ", ".join(f"`{value}`" for value in kind.values)
        case mi.IntType():
            return "a whole number" + _range(kind)
        case mi.FloatType():
            return "a number" + _range(kind)
        case mi.VarTupleType():
            return "a list"
        case mi.CustomType():
            return "a secret"
    return "keys and values"


def _range(kind: mi.IntType | mi.FloatType) -> str:
    if kind.gt is not None:
        return f" above {kind.gt}"
    if kind.ge is None:
        return ""
    return f" of at least {kind.ge}" if kind.le is None else f" from {kind.ge} to {kind.le}"
