"""What is wrong with a site's names, or worth knowing; pure."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Literal

from mailrig.dns.record import Kind

Sort = Literal[
    "missing",
    "different",
    "superfluous",
    "several",  # policies where one is allowed
    "look-ups",  # an SPF policy that costs too many
    "alias",  # a CNAME where none may be
    "no address",
    "reverse",  # the name of an address
    "unsigned",  # DANE without DNSSEC
    "no answer",
    "note",  # nothing is wrong
]


@dataclass(frozen=True)
class Finding:
    """One thing about one name and type: ``wanted`` and ``seen`` are data of records, where that says it best."""

    sort: Sort
    name: str
    type: Kind
    text: str = ""
    wanted: tuple[str, ...] = ()
    seen: tuple[str, ...] = ()

    @property
    def is_note(self) -> bool:
        """Whether nothing is wrong."""
        return self.sort == "note"

    def __str__(self) -> str:
        parts = [f"{self.sort:<11} {self.name} {self.type}"]
        if self.text:
            parts.append(f"    {self.text}")
        parts += [f"    {label} {value}" for label, values in self._sides() for value in values]
        return "\n".join(parts)

    def _sides(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        return ("wanted", self.wanted), ("seen  ", self.seen)

    def as_dict(self) -> dict[str, object]:
        """Return the finding as plain data."""
        return asdict(self)
