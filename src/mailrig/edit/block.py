"""Edits of mappings and lists that are written one entry a line; knows nothing of what they mean."""

from __future__ import annotations

from collections.abc import Collection

from yaml.nodes import MappingNode, Node, SequenceNode

from mailrig.edit import written
from mailrig.edit.extent import end
from mailrig.edit.sheet import Sheet
from mailrig.edit.splice import Splice, inserted_lines, line_end, line_start
from mailrig.edit.wishes import Values

STEP = 2  # columns, where the file shows no other


def put(sheet: Sheet, mapping: MappingNode, values: Values) -> Splice:
    """Add entries after the last one, and in its way."""
    (first, _), (key, last) = mapping.value[0], mapping.value[-1]
    indent = first.start_mark.column
    if isinstance(last, MappingNode) and last.flow_style:
        lines = [written.line(key, value, indent) for key, value in values.items()]
    else:
        lines = _lines(values, indent, _step(last, indent))
    return inserted_lines(sheet.text, line_end(sheet.text, end(sheet.text, last, key)), lines, sheet.newline)


def begin(sheet: Sheet, key: Node, empty: Node | None, values: Values) -> list[Splice]:
    """Add the first entries below a key, in the place of what says that there are none: ``{}``, ``null``."""
    position = key.end_mark.index if empty is None else empty.end_mark.index
    indent = key.start_mark.column + STEP
    splices = [inserted_lines(sheet.text, line_end(sheet.text, position), _lines(values, indent, STEP), sheet.newline)]
    if empty is not None and empty.end_mark.index > empty.start_mark.index:
        before = len(sheet.text[: empty.start_mark.index].rstrip(" "))
        splices.append(Splice(before, empty.end_mark.index))
    return splices


def append(sheet: Sheet, sequence: SequenceNode, items: Collection[str]) -> Splice:
    """Add items after the last one, each with a dash like it."""
    last = sequence.value[-1]
    start = line_start(sheet.text, last.start_mark.index)
    dash = sheet.text[start : last.start_mark.index]
    lines = [dash + written.scalar(item) for item in items]
    return inserted_lines(sheet.text, line_end(sheet.text, end(sheet.text, last)), lines, sheet.newline)


def dropped(sheet: Sheet, first: Node, last: Node) -> Splice:
    """Take an entry out, from the line where its ``first`` node begins to the one where its ``last`` ends."""
    return Splice(line_start(sheet.text, first.start_mark.index), line_end(sheet.text, end(sheet.text, last, first)))


def _lines(values: Values, indent: int, step: int) -> list[str]:
    return [line for key, value in values.items() for line in written.block(key, value, indent, step)]


def _step(value: Node, indent: int) -> int:
    """Return by how much what is in an entry is indented, as its last neighbour has it."""
    if isinstance(value, MappingNode) and value.value:
        column: int = value.value[0][0].start_mark.column
        return max(column - indent, 1)
    return STEP
