"""An inventory as it was read, before the rules have judged it; knows nothing of YAML."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from mailrig.errors import Location, Problem
from mailrig.inventory.model import Site, innermost
from mailrig.inventory.place import KeyPath


@dataclass(frozen=True)
class Draft:
    """A whole Site, even when the reading met problems.

    ``broken`` are the paths whose value could not be used: what stands there in ``site`` is a stand-in,
    and a rule that looks at it would only repeat the problem in other words. ``generated`` are the
    paths where a secret is still to be generated.
    """

    directory: Path
    site: Site
    marks: dict[KeyPath, Location]
    broken: AbstractSet[KeyPath]
    generated: AbstractSet[KeyPath]
    _above_broken: AbstractSet[KeyPath] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        above = {path[:length] for path in self.broken for length in range(len(path))}
        object.__setattr__(self, "_above_broken", above)

    @cached_property
    def domains(self) -> AbstractSet[str]:
        """The domains, quick to ask: each of 10,000 accounts is in one."""
        return frozenset(self.site.domains)

    def at(self, *path: str | int) -> Location | None:
        """Return the place of the innermost key of ``path`` that is written in a file."""
        return innermost(self.marks, path)

    def problem(self, message: str, *path: str | int, hint: str | None = None) -> Problem:
        """Return a problem with what stands at ``path``."""
        return Problem(message, self.at(*path), hint)

    def is_sound(self, *path: str | int) -> bool:
        """Whether what stands at ``path``, and all that is in it, was read without a problem."""
        above = (path[:length] for length in range(len(path) + 1))
        return path not in self._above_broken and not any(one in self.broken for one in above)
