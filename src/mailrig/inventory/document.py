"""The inventory's YAML files as one tree of nodes with positions; knows nothing of which keys mean what."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from mailrig.errors import InventoryError, Location, Problem

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml reads 10,000 accounts six times as fast

Entry = tuple[Node, Node]

_path = functools.cache(Path)
_MERGE = "tag:yaml.org,2002:merge"

_PLAIN_WORDS = {
    "mapping values are not allowed in this context": (
        "a second `key:` in one line, or a line that is indented too far",
        "text that holds `: ` must be in quotes",
    ),
    "did not find expected key": (
        "this does not continue the lines above",
        "check the indentation; text that starts with { or [ must be in quotes",
    ),
    "did not find expected '-' indicator": ("a list ends here without reason", "check the indentation"),
    "did not find expected ',' or ']'": ("a list that starts with [ has no end", "add the `]`"),
    "did not find expected ',' or '}'": ("what starts with { has no end", "add the `}`, or put the text in quotes"),
    "found character that cannot start any token": (
        "text cannot start with this character",
        "put the text in quotes; indent with spaces, never with tabs",
    ),
    "found unexpected end of stream": ("a quote is opened and never closed", "add the closing quote"),
    "found undefined alias": ("there is no anchor of this name", "text that starts with * must be in quotes"),
    "found unknown escape character": (
        "unknown escape after a backslash",
        "in single quotes a backslash is just a backslash",
    ),
    "did not find expected whitespace or line break": (
        "a tag must end with a space",
        "write `!generated }`; text that starts with ! must be in quotes",
    ),
    "could not find expected ':'": ("the line before this one has no `:`", "a key is followed by `: ` and its value"),
    "but found another document": ("a second document starts here", "remove the `---`, or use two files"),
}


@dataclass(frozen=True)
class Document:
    """What all files of a directory say together: the top-level keys of each, one after the other.

    ``problems`` are the files that could not be parsed; what they say is missing from ``entries``.
    """

    directory: Path
    start: Location
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]

    @property
    def is_complete(self) -> bool:
        """Whether every file was understood, so that a key which is not here is nowhere."""
        return not self.problems


def read(directory: Path, roots: Mapping[Path, Node | None] | None = None) -> Document:
    """Parse every ``*.yaml`` of ``directory``, in the order of their names.

    ``roots`` are of files, by the name that they are shown by, which were parsed already.
    """
    files = files_in(directory)
    found: list[Entry] = []
    problems: list[Problem] = []
    for file in files:
        try:
            root = roots[file] if roots and file in roots else _compose(file)
            found += _entries_of(file, root)
        except InventoryError as error:
            problems += error.problems
    start = next((file for file in files if file.stem == "site"), files[0])
    return Document(directory, Location(start, 1, 1), tuple(found), tuple(problems))


def files_in(directory: Path) -> list[Path]:
    """Return the YAML files of ``directory``, as messages name them, in the order of their names."""
    return [shown(file) for file in _files(directory)]


def location(node: Node) -> Location:
    """Return where ``node`` starts."""
    mark = node.start_mark
    return Location(_path(mark.name), mark.line + 1, mark.column + 1)


def kind(node: Node) -> str:
    """Say what ``node`` is, in the words of messages; never what is in it."""
    if isinstance(node, MappingNode):
        return "keys and values"
    if isinstance(node, SequenceNode):
        return "a list"
    return "nothing" if node.tag == "tag:yaml.org,2002:null" else "text"


def shown(path: Path) -> Path:
    """Return ``path`` as messages name it: relative to the current directory when it is below that."""
    absolute, here = path.absolute(), Path.cwd()
    return absolute.relative_to(here) if absolute.is_relative_to(here) else absolute


def entries(mapping: MappingNode, within: frozenset[int] = frozenset()) -> Iterator[Entry]:
    """Yield the keys and values of ``mapping``; those merged in with ``<<`` come last and never override.

    ``within`` holds the mappings that are being merged, so that one which merges itself is refused.
    """
    merged: dict[str, Entry] = {}
    for key, value in mapping.value:
        if key.tag == _MERGE:
            for name, item in _merged(key, value, within | {id(mapping)}):
                merged.setdefault(name.value, (name, item))
        else:
            yield key, value
    if merged:
        own = {key.value for key, _ in mapping.value if isinstance(key, ScalarNode)}
        yield from (entry for name, entry in merged.items() if name not in own)


def _merged(key: Node, value: Node, within: frozenset[int]) -> Iterator[Entry]:
    for source in value.value if isinstance(value, SequenceNode) else [value]:
        if not isinstance(source, MappingNode):
            hint = "the anchor after `<<: *` must stand on keys and values"
            raise InventoryError(f"`<<` cannot merge {kind(source)}", location=location(key), hint=hint)
        if id(source) in within:
            raise InventoryError("an anchor merges itself", location=location(key), hint="remove this line")
        yield from ((name, item) for name, item in entries(source, within) if isinstance(name, ScalarNode))


def _files(directory: Path) -> list[Path]:
    if not directory.is_dir():
        raise InventoryError(
            f"there is no inventory directory `{shown(directory)}`", hint="`mailrig init DIR` makes one"
        )
    files = sorted(file for file in directory.glob("*.yaml") if not file.name.startswith("."))
    if not files:
        raise InventoryError(
            f"no *.yaml file is in `{shown(directory)}`", hint="`mailrig init DIR` writes an inventory to start from"
        )
    return files


def _entries_of(file: Path, root: Node | None) -> list[Entry]:
    if root is None:
        return []
    if not isinstance(root, MappingNode):
        raise InventoryError(
            f"`{file}` must hold keys and values, not {kind(root)}",
            location=location(root),
            hint="begin with `site: NAME`",
        )
    return list(entries(root))


class _Named(io.BytesIO):
    """Bytes with the name of the file that they are in: a node's mark carries it then."""

    def __init__(self, content: bytes, name: str) -> None:
        super().__init__(content)
        self.name = name


def compose(file: Path, content: bytes) -> Node | None:
    """Parse what ``file`` holds, or is about to; None where that says nothing. Raise InventoryError."""
    start = Location(file, 1, 1)
    try:
        node: Node | None = yaml.compose(_Named(content, str(file)), Loader=Loader)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, start) from None
    except (yaml.YAMLError, UnicodeDecodeError):
        raise InventoryError(f"`{file}` is not a text file", location=start, hint="save it as UTF-8 text") from None
    return node


def content_of(file: Path) -> bytes:
    """Return what ``file`` holds."""
    try:
        return file.read_bytes()
    except OSError as error:
        start, hint = Location(file, 1, 1), "check its owner and mode"
        raise InventoryError(f"cannot read `{file}`: {error.strerror}", location=start, hint=hint) from None


def _compose(file: Path) -> Node | None:
    return compose(file, content_of(file))


def _syntax_error(error: yaml.MarkedYAMLError, start: Location) -> InventoryError:
    """Put the parser's message into plain words; text from the file could be a secret and is left out."""
    mark = error.problem_mark
    place = Location(start.file, mark.line + 1, mark.column + 1) if mark else start
    message, hint = _PLAIN_WORDS.get(
        error.problem or "",
        (
            "the YAML is not well-formed",
            "look for a quote, a bracket or an indentation that is wrong, here or in the line above",
        ),
    )
    return InventoryError(f"YAML syntax: {message}", location=place, hint=hint)
