"""Edits of mappings and lists that are written in braces and brackets; knows nothing of what they mean."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from yaml.nodes import CollectionNode, MappingNode

from mailrig.edit.extent import end
from mailrig.edit.sheet import Sheet
from mailrig.edit.splice import Splice


def put(sheet: Sheet, collection: CollectionNode, text: str) -> Splice:
    """Add entries, written as ``text``, after the last one."""
    entries = spans(sheet, collection)
    if entries:
        return Splice(entries[-1][1], entries[-1][1], ", " + text)
    inside = collection.end_mark.index - 1
    return Splice(inside, inside, text)


def dropped(sheet: Sheet, collection: CollectionNode, gone: Collection[int]) -> list[Splice] | None:
    """Take the entries of these numbers out, with their commas; None where a comment would go with them."""
    entries = spans(sheet, collection)
    splices = list(_dropped(entries, gone))
    return None if any("#" in sheet.text[splice.start : splice.end] for splice in splices) else splices


def _dropped(entries: list[tuple[int, int]], gone: Collection[int]) -> Iterator[Splice]:
    kept = [number for number in range(len(entries)) if number not in gone]
    last = kept[-1] if kept else -1
    for number in sorted(gone):
        if number < last:
            yield Splice(entries[number][0], entries[number + 1][0])
    if last + 1 < len(entries):
        start = entries[last][1] if kept else entries[0][0]
        yield Splice(start, entries[-1][1])


def spans(sheet: Sheet, collection: CollectionNode) -> list[tuple[int, int]]:
    """Return where each entry begins and ends."""
    if isinstance(collection, MappingNode):
        return [(key.start_mark.index, end(sheet.text, value, key)) for key, value in collection.value]
    return [(item.start_mark.index, item.end_mark.index) for item in collection.value]
