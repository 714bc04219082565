"""All files of an inventory as they are edited: what they say of accounts, aliases and domains, and where."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from mailrig.edit.fulfilment import fulfil
from mailrig.edit.sheet import Sheet
from mailrig.edit.wishes import Wish
from mailrig.errors import InventoryError, Location, Problem
from mailrig.inventory.document import Entry, content_of, entries, files_in, location
from mailrig.inventory.engine import LOCAL

_NEIGHBOUR = {"accounts": "aliases", "aliases": "accounts"}
_FILE = "accounts.yaml"
_PROBE = "mailrig-probe"


@dataclass(frozen=True)
class Book:
    """An inventory's files, in the order of their names."""

    directory: Path
    sheets: tuple[Sheet, ...]

    @classmethod
    def read(cls, directory: Path) -> Book:
        """Read every file; raise InventoryError with all that are no YAML."""
        sheets: list[Sheet] = []
        problems: list[Problem] = []
        for file in files_in(directory):
            try:
                sheets.append(Sheet.read(file, content_of(file)))
            except InventoryError as error:
                problems += error.problems
        if problems:
            raise InventoryError.of(problems)
        return cls(directory, tuple(sheets))

    def fulfilled(self, wishes: Iterable[Wish]) -> Book:
        """Return the book with all wishes fulfilled, one after the other; raise InventoryError where one cannot be."""
        book = self
        for wish in wishes:
            old = book._sheet_for(wish.path[0])
            new = fulfil(old, wish)
            book = replace(book, sheets=tuple(new if sheet is old else sheet for sheet in book.sheets))
        return book

    def changed_since(self, before: Book) -> list[tuple[Sheet, Sheet]]:
        """Return each file that differs: as it was, and as it is."""
        pairs = zip(before.sheets, self.sheets, strict=True)
        return [(old, new) for old, new in pairs if old.text != new.text]

    @property
    def roots(self) -> dict[Path, Node | None]:
        """What was read from each file."""
        return {sheet.file: sheet.root for sheet in self.sheets}

    @cached_property
    def accounts(self) -> Mapping[str, tuple[Node, Node]]:
        """Each account's key and value, by address."""
        return dict(self._named("accounts"))

    @cached_property
    def aliases(self) -> Mapping[str, tuple[Node, Node]]:
        """Each alias' key and value, by address."""
        return dict(self._named("aliases"))

    @cached_property
    def domains(self) -> tuple[str, ...]:
        """The domains, the first one first."""
        return tuple(texts(self._node("domains")))

    @property
    def site(self) -> str:
        """The site's name."""
        return next(iter(texts(self._node("site"))), "")

    @property
    def engines(self) -> dict[str, str | None]:
        """Each host's engine as it is written; None where that takes more than a line, as certificates do."""
        hosts = {key.value: value for key, value in _pairs(self._node("hosts"))}
        return {host: _engine({key.value: value for key, value in _pairs(node)}) for host, node in hosts.items()}

    @cached_property
    def probe(self) -> str:
        """The address of the probe."""
        node = self._node("probe")
        own = next((one for key, one in _pairs(node) if key.value == "address"), None)
        return own.value.lower() if isinstance(own, ScalarNode) else f"{_PROBE}@{next(iter(self.domains), '')}"

    def targets(self, alias: str) -> tuple[str, ...]:
        """Return where an alias goes, in lower case."""
        return tuple(target.lower() for target in self.written(alias))

    def written(self, alias: str) -> tuple[str, ...]:
        """Return the targets of an alias as they are written."""
        return tuple(texts(self.aliases[alias][1]))

    def at(self, group: str, name: str) -> Location | None:
        """Return where an account, an alias or a domain stands."""
        if group == "domains":
            node = self._node(group)
            items = node.value if isinstance(node, SequenceNode) else []
            return next((location(item) for item in items if item.value == name), None)
        found = (self.accounts if group == "accounts" else self.aliases).get(name)
        return location(found[0]) if found else None

    def _named(self, group: str) -> Iterator[tuple[str, tuple[Node, Node]]]:
        pairs = _pairs(self._node(group))
        yield from ((key.value, (key, value)) for key, value in pairs if isinstance(key, ScalarNode))

    def _node(self, group: str) -> Node | None:
        return next((node for sheet in self.sheets if (node := sheet.node(group)) is not None), None)

    def _sheet_for(self, group: str) -> Sheet:
        """Return the file that a group stands in; else where its neighbour does, or accounts.yaml, or site.yaml."""
        for name in (group, _NEIGHBOUR.get(group, "site"), "site"):
            for sheet in self.sheets:
                is_accounts = name == "site" and group in _NEIGHBOUR and sheet.file.name == _FILE
                if sheet.node(name) is not None or is_accounts:
                    return sheet
        return self.sheets[0]


def _pairs(node: Node | None) -> Iterable[Entry]:
    return entries(node) if isinstance(node, MappingNode) else ()


def _engine(host: Mapping[str, Node]) -> str | None:
    written = host.get("engine")
    if "engine_tls" in host or not (written is None or isinstance(written, ScalarNode)):
        return None
    return written.value if written else str(LOCAL)


def texts(node: Node | None) -> Iterator[str]:
    """Yield one text, or each of a list."""
    if isinstance(node, SequenceNode):
        yield from (item.value for item in node.value if isinstance(item, ScalarNode))
    elif isinstance(node, ScalarNode) and node.tag != "tag:yaml.org,2002:null":
        yield node.value
