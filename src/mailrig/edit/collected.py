"""All that is wrong with several things, at once; knows nothing of what they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from mailrig.errors import InventoryError, Problem

S = TypeVar("S")
T = TypeVar("T")


def collected(things: Iterable[S], do: Callable[[S], T]) -> list[T]:
    """Return what is made of each thing; raise InventoryError with the problems of all."""
    made: list[T] = []
    problems: list[Problem] = []
    for thing in things:
        try:
            made.append(do(thing))
        except InventoryError as error:
            problems += error.problems
    if problems:
        raise InventoryError.of(problems)
    return made
