"""What can happen to a message, each as one line of a log says it; knows nothing of how lines are read."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mailrig.trace.lines import Line

NO_ID = frozenset(("", "<>", "unspecified"))
"""What stands in the place of a message id where a message has none."""

_SAVED = re.compile(r"250 2\.0\.0 <[^>]*> (\S+) Saved")


@dataclass(frozen=True)
class Event:
    """What a line says; ``line`` has the time, the host, and the queue file or delivery that it is about."""

    line: Line


@dataclass(frozen=True)
class Accepted(Event):
    """A queue file was begun for a client: ``client`` as ``name[address]``; ``origin`` for whom that one stands in."""

    client: str
    login: str = ""
    method: str = ""
    origin: str = ""


@dataclass(frozen=True)
class Named(Event):
    """The message in a queue file has this message id."""

    message_id: str


@dataclass(frozen=True)
class Queued(Event):
    """A queue file is about to be delivered; its sender is empty for a notice."""

    sender: str
    size: int
    recipients: int


@dataclass(frozen=True)
class Attempt(Event):
    """One attempt to deliver to one recipient, and what the other side answered.

    ``delay`` are seconds since the message came; ``status`` is Postfix's: sent, deferred, bounced, expired.
    """

    recipient: str
    original: str
    relay: str
    delay: float
    dsn: str
    status: str
    answer: str

    @property
    def session(self) -> str:
        """Dovecot's name for this delivery, out of its answer; empty where the other side is another."""
        # Only over LMTP, and so of a host that we chose: any other could name the delivery of another message.
        is_ours = self.status == "sent" and self.line.program.endswith("/lmtp")
        found = _SAVED.match(self.answer) if is_ours else None
        return found[1] if found else ""


@dataclass(frozen=True)
class Ended(Event):
    """A queue file is no more, or is given up: ``how`` is `removed`, `expired` or what an operator did."""

    how: str


@dataclass(frozen=True)
class Noticed(Event):
    """Somebody is told of a failure or a delay, by a message of its own in the queue file ``queue``."""

    kind: str
    queue: str


@dataclass(frozen=True)
class Rejected(Event):
    """A client was refused in the dialogue, before or after a queue file was begun."""

    action: str
    client: str
    answer: str
    sender: str
    recipient: str
    helo: str


@dataclass(frozen=True)
class Secured(Event):
    """A client's connection is encrypted."""

    client: str
    protocol: str


@dataclass(frozen=True)
class Connected(Event):
    """A client has connected, to a process that serves one at a time."""

    client: str


@dataclass(frozen=True)
class Screened(Event):
    """Postscreen's word on a client: ``verdict`` such as `PASS NEW` or `PREGREET`."""

    verdict: str
    address: str
    port: str


@dataclass(frozen=True)
class Handled(Event):
    """What Dovecot did with a message at a delivery: ``action`` to or into ``target``."""

    action: str
    target: str
    message_id: str
    reason: str = ""


@dataclass(frozen=True)
class HandedOver(Event):
    """A delivery is of a gateway's queue file ``queue``, and came to it from ``client``: both as its Received says."""

    gateway: str
    queue: str
    client: str
