"""What the world answers to one question, as plain data; knows nothing of how it was asked.

What stands in a record is somebody else's text: everything here is printable ASCII, the rest escaped as zone files do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from mailrig.dns.record import Kind

Question = tuple[str, Kind]
"""A name without its last dot, and the type of record."""


class Signed(Enum):
    """Whether an answer is proven by DNSSEC."""

    NO = "not signed"
    PROVEN = "proven"
    """The resolver has followed the signatures down from the root, and says so (the AD bit)."""
    OWN = "signed"
    """It comes from the zone's own server, and fits the zone's keys; who vouches for those is not seen."""
    UNPROVEN = "signed, but not proven"


@dataclass(frozen=True)
class Answer:
    """The records of one name and type. ``values`` are their data as a zone file has them, names with the last dot.

    ``texts`` are those of TXT records, their strings joined. ``alias`` is where a CNAME at the name leads. ``failure``
    says why there is no answer at all: SERVFAIL, REFUSED.
    """

    question: Question
    values: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    alias: str | None = None
    signed: Signed = Signed.NO
    failure: str | None = None

    @property
    def is_void(self) -> bool:
        """Whether there is nothing of the kind (RFC 7208 section 4.6.4 counts those)."""
        return not self.values and self.failure is None


Ask = Callable[[Sequence[Question]], Sequence[Answer]]
"""Asks several questions at the same time, and returns the answers in their order."""


def target(value: str) -> str:
    """Return the name at the end of an MX, SRV, PTR or CNAME record, without its last dot and in lower case."""
    return value.rsplit(" ", maxsplit=1)[-1].rstrip(".").lower()
