"""Which events are our own doing: the probes of `verify` and the health checks; judges nobody else's."""

from __future__ import annotations

import ipaddress
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailrig.diagnosis.events import Event
from mailrig.diagnosis.lines import Line
from mailrig.diagnosis.signatures import Kind

MARGIN = timedelta(seconds=10)
"""As long as a probe waits for an answer: so far from what `verify` does with a name lies what it does without."""


@dataclass
class Run:
    """One run of `verify`: from its first line with a name of ours to its last, and from where."""

    start: datetime
    end: datetime
    addresses: set[str] = field(default_factory=set)

    def holds(self, event: Event) -> bool:
        """Whether an event that has no name may be this run's."""
        is_then = self.start - MARGIN <= event.time <= self.end + MARGIN
        return is_then and event.address in self.addresses


def runs(lines: Iterable[Line], names: Collection[str]) -> list[Run]:
    """Find the runs of `verify` by the names that only it uses, in small letters."""
    found: list[Run] = []
    for line in sorted(
        (line for line in lines if line.user.lower() in names and line.address), key=lambda line: line.time
    ):
        if not found or line.time - found[-1].end > 2 * MARGIN:
            found.append(Run(line.time, line.time))
        found[-1].end = line.time
        found[-1].addresses.add(line.address)
    return found


def is_own(event: Event, found: Sequence[Run], names: Collection[str]) -> bool:
    """Whether an event is of `verify` or of a health check, and so nobody's trouble.

    A health check that fails for a reason is: it stands for everybody.
    """
    if event.user:
        return event.user.lower() in names
    if event.signature.kind is Kind.HARMLESS and _is_loopback(event.address):
        return True
    return any(run.holds(event) for run in found)


def _is_loopback(address: str) -> bool:
    return bool(address) and ipaddress.ip_address(address).is_loopback
