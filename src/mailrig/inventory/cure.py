"""What a user who wrote something that does not fit most likely meant; knows the model's types only."""

from __future__ import annotations

import difflib
import re

import msgspec.inspect as mi
from yaml.nodes import Node, ScalarNode

from mailrig.inventory.document import kind
from mailrig.inventory.kinds import Kinds, Notes, keys_of
from mailrig.inventory.scalar import value_of

QUOTED_LENGTH = 60
QUOTES = ("'", '"')

_BARE = re.compile(r"[0-9]+(\.[0-9]+)?|true|false|yes|no")


def found(node: Node, kinds: Kinds) -> str:
    """Say what stands where one of ``kinds`` should: the text itself, unless it could be a secret in a wrong place."""
    is_scalar_expected = any(not isinstance(one, mi.StructType | mi.DictType) for one in kinds)
    if not isinstance(node, ScalarNode) or value_of(node) is None or not is_scalar_expected:
        return kind(node)
    text = str(node.value)
    if not text.isprintable():
        return "text with line breaks"
    return f"`{text}`" if len(text) <= QUOTED_LENGTH else f"text of {len(text)} characters"


def cure(node: Node, kinds: Kinds, notes: Notes) -> str | None:
    """Return a hint for a ``node`` that is none of ``kinds``."""
    hint = _likely(node, value_of(node), kinds) if isinstance(node, ScalarNode) else None
    if hint is not None:
        return hint
    if "example" in notes:
        return f"for example `{notes['example']}`"
    for one in kinds:
        if isinstance(one, mi.StructType):
            return f"it takes the keys {', '.join(keys_of(one.cls))}"
    return str(notes["description"]) if "description" in notes else None


def _likely(node: ScalarNode, value: object, kinds: Kinds) -> str | None:
    text = str(node.value)
    words = [str(word) for one in kinds if isinstance(one, mi.LiteralType) for word in one.values]
    if close := difflib.get_close_matches(text, words, n=1):
        return f"did you mean `{close[0]}`?"
    if isinstance(value, bool) and any(isinstance(one, mi.StrType | mi.LiteralType) for one in kinds):
        return "YAML reads this word as true or false; put it in quotes"
    if node.style in QUOTES and _BARE.fullmatch(text):
        return "write it without quotes"
    if not text.isprintable():
        return "a line break would start a setting of its own; write one line"
    if value is not None and any(isinstance(one, mi.VarTupleType) for one in kinds):
        return f"a list goes in brackets: [{text}]"
    return None
