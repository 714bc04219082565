"""Nodes to the model, with every problem on the way; knows the model's types but not what its keys mean."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Sized
from typing import cast

import msgspec.inspect as mi
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from mailrig.errors import InventoryError, Location, Problem
from mailrig.inventory import scalar
from mailrig.inventory.cure import cure, found
from mailrig.inventory.document import Document, Entry, entries, kind, location
from mailrig.inventory.draft import Draft
from mailrig.inventory.kinds import STAND_IN, Key, Kinds, Notes, expectation, keys_of, options, stand_in
from mailrig.inventory.model import Site, innermost
from mailrig.inventory.place import KeyPath, place
from mailrig.inventory.sources import SOURCES, Unavailable, fetch
from mailrig.secret import Secret

TAGS = (*SOURCES, "!generated")
NULL = "tag:yaml.org,2002:null"
GROUPS = (("accounts",), ("aliases",), ("hosts",))
TEXT = (mi.StrType(),)
OWN_PREFIX = "x-"  # top-level keys of the user's own, to hang anchors on


def read(document: Document) -> tuple[Draft, tuple[Problem, ...]]:
    """Turn ``document`` into a Draft of a Site, and return it with every problem met."""
    reader = _Reader(document)
    site = reader.site()
    draft = Draft(document.directory, site, reader.marks, reader.broken, reader.generated)
    return draft, tuple(reader.problems)


class _Reader:
    """One pass over a document. A value that cannot be used gets a stand-in, and the reading goes on."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self.problems: list[Problem] = []
        self.marks: dict[KeyPath, Location] = {}
        self.broken: set[KeyPath] = set()
        self.generated: set[KeyPath] = set()
        self._within: set[int] = set()  # the nodes that are being read, by identity

    def site(self) -> Site:
        return cast(Site, self._struct(self._document.entries, Site, ()))

    def _value(self, node: Node, kinds: Kinds, notes: Notes, path: KeyPath) -> object:
        """Read ``node`` as the first of ``kinds`` that it fits."""
        if _is_secret(kinds):
            return self._secret(node, kinds, notes, path)
        if node.tag.startswith("!"):
            hint = "write the value itself; text that starts with ! must be in quotes"
            return self._refuse(path, kinds, f"{place(path)} is no secret: it takes no tag", hint)
        if isinstance(node, ScalarNode):
            return self._scalar(node, kinds, notes, path)
        if id(node) in self._within:
            return self._refuse(path, kinds, f"{place(path)} holds itself", "an anchor cannot be named below itself")
        self._within.add(id(node))
        try:
            return self._collection(node, kinds, notes, path)
        finally:
            self._within.discard(id(node))

    def _scalar(self, node: ScalarNode, kinds: Kinds, notes: Notes, path: KeyPath) -> object:
        try:
            value = scalar.fit(node, kinds, notes)
        except scalar.Misfit:
            return self._misfit(node, kinds, notes, path)
        if "lines" in notes and node.style == "|":
            self._mark_lines(node, path)
        return value

    def _collection(self, node: Node, kinds: Kinds, notes: Notes, path: KeyPath) -> object:
        for one in kinds:
            match one, node:
                case mi.StructType(), MappingNode():
                    return self._struct(self._entries(node, path), one.cls, path)
                case mi.DictType(), MappingNode():
                    return self._dict(node, one, path)
                case mi.VarTupleType(), SequenceNode():
                    return self._tuple(node, one, path)
        return self._misfit(node, kinds, notes, path)

    def _misfit(self, node: Node, kinds: Kinds, notes: Notes, path: KeyPath) -> object:
        message = f"{place(path)} must be {expectation(kinds, notes)}, not {found(node, kinds)}"
        return self._refuse(path, kinds, message, cure(node, kinds, notes))

    def _struct(self, items: Iterable[Entry], struct: type, path: KeyPath) -> object:
        keys = keys_of(struct)
        values: dict[str, object] = {}
        for name, node in self._keys(items, path):
            key = keys.get(name)
            if key is None:
                self._unknown(name, keys, path)
            elif key.is_required or node.tag != NULL:  # `relay:` with nothing after it means the default
                values[name] = self._value(node, key.kinds, key.notes, (*path, name))
        for key in keys.values():
            if key.is_required and key.name not in values:
                values[key.name] = self._missing(key, path)
        return struct(**values)

    def _dict(self, node: MappingNode, expected: mi.DictType, path: KeyPath) -> dict[str, object]:
        (key_kind, *_), key_notes = options(expected.key_type)
        kinds, notes = options(expected.value_type)
        values: dict[str, object] = {}
        for name, item in self._keys(self._entries(node, path), path):
            if isinstance(key_kind, mi.LiteralType) and name not in key_kind.values:
                self._unknown(name, key_kind.values, path)
                continue
            if isinstance(key_kind, mi.StrType) and not scalar.is_text(name, key_kind, key_notes):
                words = expectation((key_kind,), key_notes)
                hint = f"for example `{key_notes['example']}`"
                self._problem(f"the name of {place((*path, name))} must be {words}", (*path, name), hint)
            values[name] = self._value(item, kinds, notes, (*path, name))
        self._refuse_empty(values, expected.min_length, path)
        return values

    def _tuple(self, node: SequenceNode, expected: mi.VarTupleType, path: KeyPath) -> tuple[object, ...]:
        kinds, notes = options(expected.item_type)
        for index, item in enumerate(node.value):
            self.marks[*path, index] = location(item)
        values = tuple(self._value(item, kinds, notes, (*path, index)) for index, item in enumerate(node.value))
        self._refuse_empty(values, expected.min_length, path)
        return values

    def _mark_lines(self, node: ScalarNode, path: KeyPath) -> None:
        """Note where each line of a literal block is, as if it were a list: its text begins below the `|`."""
        start = location(node)
        for index in range(node.value.count("\n") + 1):
            self.marks[*path, index] = Location(start.file, start.line + 1 + index, 1)

    def _secret(self, node: Node, kinds: Kinds, notes: Notes, path: KeyPath) -> Secret | None:
        if node.tag == NULL and any(isinstance(one, mi.NoneType) for one in kinds):
            return None
        if node.tag == "!generated" and "generated" in notes:
            self.generated.add(path)
        elif not isinstance(node, ScalarNode) or node.tag == NULL:
            hint = "text that starts with { must be in quotes"
            self._problem(f"{place(path)} must be a secret, not {kind(node)}", path, hint)
        elif node.tag in SOURCES:
            return self._fetched(node, path)
        elif node.tag == "!generated":
            hint = "write `!env NAME`, `!file PATH` or `!command …`"
            self._problem(f"{place(path)} cannot be generated", path, hint)
        elif node.tag.startswith("!"):  # not named: it could be a password that starts with !
            self._problem(f"unknown tag in {place(path)}", path, f"known are {', '.join(TAGS)}")
        elif "hash" in notes:
            return Secret(node.value)
        else:
            self._problem(f"plaintext secret in {place(path)}", path, "write `!env NAME`, `!file PATH` or `!command …`")
        return STAND_IN

    def _fetched(self, node: ScalarNode, path: KeyPath) -> Secret:
        try:
            return fetch(node.tag, node.value, self._document.directory)
        except Unavailable as missing:
            self._problem(f"{place(path)}: {missing}", path, missing.hint)
            return STAND_IN

    def _entries(self, node: MappingNode, path: KeyPath) -> list[Entry]:
        try:
            return list(entries(node))
        except InventoryError as error:
            self.problems += error.problems
            self.broken.add(path)
            return []

    def _keys(self, items: Iterable[Entry], path: KeyPath) -> Iterator[tuple[str, Node]]:
        """Yield each key once, as text, and note where it is."""
        seen: dict[str, Location] = {}
        for key, node in items:
            if not isinstance(key, ScalarNode) or not key.value.isprintable():
                message = f"a key in {place(path)} must be text on one line, not {found(key, TEXT)}"
                self.problems.append(Problem(message, location(key), "text that starts with [ or { must be in quotes"))
                continue
            name, where = str(key.value), location(key)
            if name in seen:
                what = place((*path, name)) if path in GROUPS else f"key `{name}` in {place(path)}"
                self.problems.append(Problem(f"duplicate {what}", where, f"it is first said at {seen[name]}"))
            elif path or not name.startswith(OWN_PREFIX):
                seen[name] = self.marks[*path, name] = where
                yield name, node

    def _unknown(self, name: str, known: Iterable[object], path: KeyPath) -> None:
        names = [str(one) for one in known]
        close = difflib.get_close_matches(name, names, n=1)
        hint = f"did you mean `{close[0]}`?" if close else f"known keys are {', '.join(names)}"
        self._problem(f"unknown key `{name}` in {place(path)}", (*path, name), hint)
        self.broken |= {(*path, meant) for meant in close}

    def _missing(self, key: Key, path: KeyPath) -> object:
        own = (*path, key.name)
        is_elsewhere = not path and not self._document.is_complete
        if own not in self.broken and path not in self.broken and not is_elsewhere:
            hint = f"{key.name}: {key.notes.get('description', expectation(key.kinds, key.notes))}"
            self._problem(f"missing key `{key.name}` in {place(path)}", own, hint)
        self.broken.add(own)
        return stand_in(key.kinds)

    def _refuse(self, path: KeyPath, kinds: Kinds, message: str, hint: str | None = None) -> object:
        self._problem(message, path, hint)
        return stand_in(kinds)

    def _refuse_empty(self, values: Sized, least: int | None, path: KeyPath) -> None:
        if least and not values and path not in self.broken:
            self._problem(f"{place(path)} must not be empty", path, "name at least one")

    def _problem(self, message: str, path: KeyPath, hint: str | None = None) -> None:
        self.problems.append(Problem(message, innermost(self.marks, path) or self._document.start, hint))
        self.broken.add(path)


def _is_secret(kinds: Kinds) -> bool:
    for one in kinds:  # noqa: SIM110 - `any` takes three times as long, and it is asked of every value
        if isinstance(one, mi.CustomType):
            return True
    return False
