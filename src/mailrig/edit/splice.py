"""Pieces of a text replaced by others, and where its lines begin and end; knows nothing of YAML."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Splice:
    """``text`` in the place of the characters from ``start`` up to ``end``."""

    start: int
    end: int
    text: str = ""


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """Return a text with all splices, which must not overlap."""
    parts, position = [], 0
    for splice in sorted(splices):
        parts += [text[position : splice.start], splice.text]
        position = splice.end
    return "".join([*parts, text[position:]])


def line_start(text: str, position: int) -> int:
    """Return where the line begins that ``position`` is in."""
    return text.rfind("\n", 0, position) + 1


def line_end(text: str, position: int) -> int:
    """Return where the line ends, its line break included, that has something before ``position``."""
    if position and text[position - 1] == "\n":
        return position
    found = text.find("\n", position)
    return len(text) if found < 0 else found + 1


def inserted_lines(text: str, position: int, lines: Iterable[str], newline: str) -> Splice:
    """Return the splice that puts lines at ``position``, where a line begins, or the last one ends without a break."""
    is_broken = position > 0 and text[position - 1] != "\n"
    return Splice(position, position, (newline if is_broken else "") + "".join(line + newline for line in lines))
