"""What somebody asks after, and the words by which a log's lines are found; knows nothing of how they are searched."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailrig.errors import MailrigError
from mailrig.trace.events import NO_ID, Accepted, Attempt, Event, HandedOver, Handled, Named, Queued, Rejected
from mailrig.trace.lines import QUEUE_ID

LONGEST = 998
"""Characters of a line in a message (RFC 5322, 2.1.1), and so of what can be asked after."""

LONGEST_SESSION = timedelta(hours=2)
"""Between a client's connection and a message that it hands over: what was further apart had another process."""

_LONGEST_WORD = 150  # characters of a message id that are searched for: Dovecot cuts it off at 200
_ADDRESS = re.compile(r"[^@\s<>]+@[^@\s<>]+")


@dataclass(frozen=True)
class Needles:
    """Words to look for in each service's logs, as they are; with ``in_any_case``, small letters are as capitals.

    No line with one of them is before ``since`` or after ``until``; where that is not known, they are None.
    """

    postfix: tuple[str, ...] = ()
    dovecot: tuple[str, ...] = ()
    in_any_case: bool = False
    since: datetime | None = None
    until: datetime | None = None

    @property
    def words(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What is looked for, whenever that is."""
        return self.postfix, self.dovecot

    def of(self, service: str) -> tuple[str, ...]:
        """Return those of a service."""
        return self.dovecot if service == "dovecot" else self.postfix


@dataclass(frozen=True)
class Query:
    """What was asked after: what its word may mean, each of which may be empty.

    ``address`` is in small letters. Mail to an alias is found by it: Postfix logs it beside each of its targets.
    """

    text: str
    message_ids: tuple[str, ...] = ()
    queue_ids: tuple[str, ...] = ()
    address: str = ""

    @property
    def asked(self) -> tuple[Needles, ...]:
        """What its ids are found by, one by one."""
        return (*map(needles_of_message, self.message_ids), *map(needles_of_queue, self.queue_ids))

    @property
    def needles(self) -> Needles:
        """Where to begin."""
        ids = together(self.asked)
        if not self.address:
            return ids
        tagged = f"=<{self.address.rpartition('@')[0]}+"
        postfix = (*ids.postfix, f"=<{self.address}>", tagged, f" sasl_username={self.address}")
        return Needles(postfix, (*ids.dovecot, f"lmtp({self.address})<", f"lda({self.address})<"), in_any_case=True)

    def is_about(self, event: Event) -> bool:
        """Whether an event is of what was asked after."""
        if event.line.queue in self.queue_ids or (isinstance(event, HandedOver) and event.queue in self.queue_ids):
            return True
        if isinstance(event, Named | Handled) and is_among(event.message_id, self.message_ids):
            return True
        return any(self.is_asked(address) for address in _addresses(event))

    def is_asked(self, address: str) -> bool:
        """Whether an address, with or without a +extension, is the one that was asked after."""
        return bool(self.address) and self.address in (address.lower(), plain(address).lower())


def _addresses(event: Event) -> tuple[str, ...]:
    """Return whom an event names as sender, recipient, login or owner of a mailbox."""
    match event:
        case Queued():
            return (event.sender,)
        case Attempt():
            return event.recipient, event.original
        case Rejected():
            return event.sender, event.recipient
        case Accepted():
            return (event.login,)
        case Handled():
            return (event.line.user,)
    return ()


def understood(text: str) -> Query:
    """Return what a word may mean; raise MailrigError where it can mean nothing.

    Between angle brackets it is a message id. Without them, many people paste one that way.
    """
    text = text.strip()
    if not text or not text.isprintable() or len(text) > LONGEST or not text.strip("<>"):
        raise MailrigError(
            "there is nothing to trace: name a message id, a queue id or an address",
            hint="a message id is the header Message-ID, a queue id is what `postqueue -p` shows",
        )
    if text.startswith("<"):
        return Query(text, message_ids=(text if text.endswith(">") else f"{text}>",))
    message_ids = (f"<{text}>", text)
    if _ADDRESS.fullmatch(text):
        return Query(text, message_ids, address=text.lower())
    return Query(text, message_ids, queue_ids=(text,) if re.fullmatch(QUEUE_ID, text) else ())


def plain(address: str) -> str:
    """Take the +extension off an address (recipient_delimiter)."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def is_among(message_id: str, wanted: Collection[str]) -> bool:
    """Whether a message id is one of those wanted; Dovecot ends a long one with three dots."""
    if message_id in NO_ID:
        return False
    if message_id in wanted:
        return True
    return message_id.endswith("...") and any(one.startswith(message_id[:-3]) for one in wanted)


def needles_of_message(message_id: str, since: datetime | None = None) -> Needles:
    """Return the words that stand beside a message id, which may be too long to be searched for as a whole."""
    is_whole = len(message_id) <= _LONGEST_WORD
    word = message_id[:_LONGEST_WORD]
    return Needles((f"message-id={word}",), (f" msgid={word}: " if is_whole else f" msgid={word}",), since=since)


def needles_of_queue(queue_id: str, since: datetime | None = None) -> Needles:
    """Return the words of each line about a queue file: whose notice it is, and where it was handed over, too."""
    words = (f"]: {queue_id}: ", f" notification: {queue_id}")
    return Needles(words, (f": {queue_id}: client=",), since=since)


def needles_of_delivery(session: str, since: datetime | None = None) -> Needles:
    """Return the words of each line about a delivery: Dovecot's own, and its answer in Postfix's log."""
    return Needles((f" {session} Saved",), (f"<{session}>: ",), since=since)


def needles_of_client(accepted: Accepted) -> Needles:
    """Return the words by which it is found how a client came in: its TLS, and what postscreen said of it."""
    process = f"{accepted.line.program}[{accepted.line.process}]: "
    levels = ("Anonymous", "Trusted", "Untrusted", "Verified")
    words = [f"{process}{level} TLS connection established from {accepted.client}:" for level in levels]
    address = address_of(accepted.client)
    words += [f"{process}connect from {accepted.client}", f"PASS NEW [{address}]:", f"PASS OLD [{address}]:"]
    return Needles(tuple(words), since=accepted.line.time - LONGEST_SESSION, until=accepted.line.time)


def needles_of_refused(rejected: Rejected) -> Needles:
    """Return the words by which it is found why postscreen refused a client."""
    if not rejected.client.startswith("["):
        return Needles()
    time = rejected.line.time
    return Needles((f" from {rejected.client}: ",), since=time - LONGEST_SESSION, until=time + LONGEST_SESSION)


def address_of(client: str) -> str:
    """Return the IP address of ``name[address]``."""
    return client.rpartition("[")[2].partition("]")[0]


def together(parts: Sequence[Needles]) -> Needles:
    """Return all words, each once, and the time in which all of them are."""
    postfix = dict.fromkeys(word for part in parts for word in part.postfix)
    dovecot = dict.fromkeys(word for part in parts for word in part.dovecot)
    begins = [part.since for part in parts if part.since]
    ends = [part.until for part in parts if part.until]
    return Needles(
        tuple(postfix),
        tuple(dovecot),
        since=min(begins) if begins and len(begins) == len(parts) else None,
        until=max(ends) if ends and len(ends) == len(parts) else None,
    )
