"""Where what was read ends in its text; knows nothing of edits."""

from __future__ import annotations

import re

from yaml.nodes import CollectionNode, MappingNode, Node

_REFERENCE = re.compile(r"\s*:\s+\*[^\s,\[\]{}]+")


def end(text: str, value: Node, key: Node | None = None) -> int:
    """Return where a value ends, its last line break not included.

    For the parser a collection in lines ends where the next thing begins, and a reference to an anchor is the very node
    that the anchor is at.
    """
    while True:
        if key is not None and value.start_mark.index < key.end_mark.index:
            found = _REFERENCE.match(text, key.end_mark.index)
            return found.end() if found else int(key.end_mark.index)
        if not isinstance(value, CollectionNode) or value.flow_style or not value.value:
            return int(value.end_mark.index)
        last = value.value[-1]
        key, value = last if isinstance(value, MappingNode) else (None, last)
