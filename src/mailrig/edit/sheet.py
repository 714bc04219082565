"""One file of an inventory: its text, and the tree that was read from it; knows nothing of what its keys mean."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from mailrig.edit.wishes import Plain
from mailrig.errors import InventoryError, Location
from mailrig.inventory.document import compose, entries

_TAGS = "tag:yaml.org,2002:"


@dataclass(frozen=True)
class Sheet:
    """A file, ``file`` being its name as messages have it; nodes' marks count the characters of ``text``."""

    file: Path
    text: str
    root: Node | None
    mark: bytes = b""  # that it is UTF-8, which some editors put in front

    @classmethod
    def read(cls, file: Path, content: bytes) -> Sheet:
        """Return a sheet of what a file holds; raise InventoryError where that is no YAML."""
        mark = codecs.BOM_UTF8 if content.startswith(codecs.BOM_UTF8) else b""
        bare = content.removeprefix(mark)
        root = compose(file, bare)
        try:
            return cls(file, bare.decode(), root, mark)
        except UnicodeDecodeError:
            raise InventoryError(
                f"`{file}` is not UTF-8", location=Location(file, 1, 1), hint="save it as UTF-8 text"
            ) from None

    def with_text(self, text: str) -> Sheet:
        """Return the same file with other text, read again."""
        return Sheet.read(self.file, self.mark + text.encode())

    @property
    def content(self) -> bytes:
        """The bytes of the file."""
        return self.mark + self.text.encode()

    @cached_property
    def plain(self) -> Plain:
        """What the file says, as plain data."""
        return None if self.root is None else plain_of(self.root)

    def node(self, *path: str) -> Node | None:
        """Return what stands at a path of keys, merged in or not; None where there is nothing."""
        found = self.root
        for name in path:
            if not isinstance(found, MappingNode):
                return None
            found = next((value for key, value in entries(found) if key.value == name), None)
        return found

    @property
    def newline(self) -> str:
        """How lines end."""
        return "\r\n" if "\r\n" in self.text else "\n"


def plain_of(node: Node) -> Plain:
    """Return a node as plain data: what is merged in is there, and nothing is the same as an empty mapping or list."""
    if isinstance(node, ScalarNode):
        tag = node.tag.removeprefix(_TAGS)
        return None if tag == "null" else (tag, node.value.lower() if tag == "bool" else node.value)
    if isinstance(node, SequenceNode):
        return [plain_of(item) for item in node.value] or None
    if isinstance(node, MappingNode):
        return {
            key.value if isinstance(key, ScalarNode) else id(key): plain_of(value) for key, value in entries(node)
        } or None
    return None
