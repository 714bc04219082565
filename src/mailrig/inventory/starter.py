"""A commented inventory to start from: the demo's values under the example's comments.

What the example says beyond the demo stands there too, commented out. So there is one text that explains
the keys, and what is written here can be deployed as it is. Knows nothing of what a key means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile
from pathlib import Path
from typing import cast

import yaml
from yaml.nodes import CollectionNode, MappingNode, Node

from mailrig.errors import InventoryError
from mailrig.inventory.document import Loader, shown
from mailrig.resources import resource

FILES = ("site.yaml", "accounts.yaml")
BY_NAME = ("hosts", "accounts", "aliases")  # under these the user chooses the keys

_HOW_TO = "# To set a key that is commented out, take the # away."
_GITIGNORE = """\
# Generated passwords, keys and the demo CA.
.state/
"""


def init(directory: Path) -> list[Path]:
    """Write a commented inventory into ``directory``, new or empty, and return its files."""
    if directory.exists() and not (directory.is_dir() and not any(directory.iterdir())):
        raise InventoryError(f"`{shown(directory)}` is not an empty directory", hint="name a new directory")
    texts = {file: starter(file, _site_name(directory)) for file in FILES} | {".gitignore": _GITIGNORE}
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (directory / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise InventoryError(f"cannot write in `{shown(directory)}`: {error.strerror}") from None
    return [directory / name for name in texts]


def starter(file: str, site: str) -> str:
    """Return the text of ``file`` for a new inventory whose site is called ``site``."""
    demo, example = (_Source.read(resource("inventory") / name / file) for name in ("demo", "example"))
    header = [*demo.header(), _HOW_TO, *dropwhile("#".__ne__, example.header())]
    lines = [*header, *_keys(demo, demo.root, example, example.root)]
    return "\n".join(lines).replace("\nsite: demo\n", f"\nsite: {site}\n") + "\n"


def _site_name(directory: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", directory.absolute().name.lower()).strip("-")[:40] or "home"


def _keys(demo: _Source, values: MappingNode, example: _Source, keys: MappingNode) -> Iterator[str]:
    """Yield every key of ``keys`` under its comment: set as in ``values``, or else commented out."""
    wanted = {key.value: (key, value) for key, value in values.value}
    for key, value in keys.value:
        yield from example.comment(key)
        if key.value in wanted:
            yield from _value(demo, *wanted[key.value], example, value)
        else:
            indent = key.start_mark.column
            yield from (f"{line[:indent]}# {line[indent:]}" for line in example.block(key, value))


def _value(demo: _Source, key: Node, value: Node, example: _Source, shown_value: Node) -> Iterator[str]:
    if not isinstance(value, MappingNode) or not isinstance(shown_value, MappingNode) or value.flow_style:
        yield from demo.block(key, value)
        return
    yield demo.lines[key.start_mark.line]
    inner = _entries if key.value in BY_NAME else _keys
    yield from inner(demo, value, example, shown_value)


def _entries(demo: _Source, values: MappingNode, example: _Source, shown_values: MappingNode) -> Iterator[str]:
    """Yield the demo's entries, the first of them with all the comments on the example's first."""
    (_, shown_value), *_ = shown_values.value
    for index, (key, value) in enumerate(values.value):
        yield from _value(demo, key, value, example, shown_value) if index == 0 else demo.block(key, value)


@dataclass(frozen=True)
class _Source:
    """One of the shipped files: its tree, and its lines for the comments that the tree does not hold."""

    text: str
    lines: list[str]
    root: MappingNode

    @classmethod
    def read(cls, file: Path) -> _Source:
        text = file.read_text(encoding="utf-8")
        return cls(text, text.splitlines(), cast(MappingNode, yaml.compose(text, Loader=Loader)))

    def header(self) -> list[str]:
        """Return the comment at the top, up to the first empty line."""
        return self.lines[: self.lines.index("")]

    def comment(self, key: Node) -> list[str]:
        """Return the comment lines right above ``key``, and the empty line above those."""
        first = key.start_mark.line
        while first > 0 and self.lines[first - 1].lstrip().startswith("#"):
            first -= 1
        return self.lines[max(first - (first > 0 and not self.lines[first - 1]), 0) : key.start_mark.line]

    def block(self, key: Node, value: Node) -> list[str]:
        """Return the lines of ``key`` and ``value``, without the comments that follow them."""
        while isinstance(value, CollectionNode) and not value.flow_style and value.value:
            last = value.value[-1]  # a block collection ends where the next thing starts, its last item where it ends
            value = last[1] if isinstance(value, MappingNode) else last
        end = value.end_mark
        whole = self.lines[key.start_mark.line : end.line]
        return [*whole, self.lines[end.line][: end.column]] if end.column else whole
