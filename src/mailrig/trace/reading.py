"""A line → what happened to a message then; knows nothing of what happened before."""

from __future__ import annotations

import re
from collections.abc import Callable

from mailrig.trace.events import (
    Accepted,
    Attempt,
    Connected,
    Ended,
    Event,
    HandedOver,
    Handled,
    Named,
    Noticed,
    Queued,
    Rejected,
    Screened,
    Secured,
)
from mailrig.trace.lines import QUEUE_ID, Line

DROPPED = "DEBUG: delivered again, and dropped"
"""What exactly-once.sieve logs of a message that is in the mailbox already."""

_PATH = r'(?:"(?:[^"\\]|\\.)*"|[^>"])*'
_CLIENT = r"(?P<client>\S+\[[^\]\s]*\](?::\d+)?)"
_ACCEPTED = re.compile(rf"client={_CLIENT}(?P<rest>(?:, .*)?)")
_ORIGIN = re.compile(r", orig_client=(\S+\[[^\]\s]*\])")
_LOGIN = re.compile(r", sasl_username=([^,\s]+)")
_METHOD = re.compile(r", sasl_method=([^,\s]+)")
_PICKED_UP = re.compile(r"uid=(\d+) from=<(.*)>")
_NAMED = re.compile(r"(?:resent-)?message-id=(.*)", re.DOTALL)
_QUEUED = re.compile(r"from=<(?P<sender>.*)>, size=(?P<size>\d+), nrcpt=(?P<recipients>\d+) \(queue \w+\)")
_ATTEMPT = re.compile(
    rf"to=<(?P<recipient>{_PATH})>, (?:orig_to=<(?P<original>{_PATH})>, )?"
    r"relay=(?P<relay>[^\s,]+), (?:conn_use=\d+, )?"
    r"delay=(?P<delay>[\d.]+), (?:delays=[\d./]+, )?(?:dsn=(?P<dsn>[\d.]+), )?status=(?P<status>[\w-]+) "
    r"\((?P<answer>.*)\)",
    re.DOTALL,
)
_EXPIRED = re.compile(r"from=<.*>, status=((?:force-)?expired), returned to sender")
_NOTICED = re.compile(rf"((?:sender|postmaster) [\w-]+(?: status)? notification): ({QUEUE_ID})")
_BY_HAND = {"removed": "deleted by hand", "expired": "expired by hand"}
_REJECTED = re.compile(
    r"(?P<action>(?:milter-)?(?:reject|discard|hold|filter|redirect|warn))(?:_warning)?: "
    r"(?:[A-Z-]+|end of \w+|(?:header|body|mime header|nested header) .*) from "
    r"(?P<client>\S*\[[^\]\s]*\](?::\d+)?)(?:[:;] )?(?P<rest>.*)",
    re.DOTALL,
)
_ENVELOPE = re.compile(
    rf"(?:^|; )(?=from=<|to=<|proto=)(?:from=<(?P<sender>{_PATH})>,? ?)?(?:to=<(?P<recipient>{_PATH})>,? ?)?"
    r"(?:proto=\w+,? ?)?(?:helo=<(?P<helo>[^>]*)>)?(?:: (?P<why>.*))?$",
    re.DOTALL,
)
_SECURED = re.compile(rf"\w+ TLS connection established from {_CLIENT}: (?P<protocol>\S+) with cipher (?P<cipher>\S+)")
_SCREENED = re.compile(
    r"(?P<verdict>PASS NEW|PASS OLD|(?:ALLOW|WHITE)LISTED|(?:DENY|BLACK)LISTED|PREGREET|HANGUP|DNSBL rank \d+"
    r"|BARE NEWLINE|COMMAND PIPELINING|NON-SMTP COMMAND|COMMAND \w+ LIMIT)"
    r"(?: \d+)?(?: after [\d.]+)?(?: from| for)? \[(?P<address>[^\]]+)\]:(?P<port>\d+)"
)
_HANDED_OVER = re.compile(rf"sieve: DEBUG: handed over by (\S+): ({QUEUE_ID}): client=(\S+\[[^\]\s]*\]), helo=<.*>")
_SIEVE = re.compile(r"sieve: msgid=(?P<id>.*?): (?P<rest>(?:\w+ action: .*)|(?:[a-z].*))", re.DOTALL)
_PLAIN = re.compile(r"msgid=(?P<id>.*?): (?P<rest>(?:saved mail to|save failed to) .*)", re.DOTALL)
_ACTIONS = (
    ("stored", re.compile(r"stored mail into mailbox '(?P<target>.*)'")),
    ("stored", re.compile(r"saved mail to (?P<target>.*)")),
    ("forwarded", re.compile(r"forwarded to <(?P<target>.*)>")),
    ("not forwarded", re.compile(r"discarded duplicate forward to <(?P<target>.*)>")),
    ("discarded", re.compile(r"[Mm]arked message to be discarded(?P<target>)")),
    ("refused by a script", re.compile(r"rejected message from <(?P<target>.*?)>")),
    ("answered", re.compile(r"sent (?:vacation response|notification) to <(?P<target>.*)>")),
    ("not stored", re.compile(r"failed to store into mailbox '(?P<target>.*?)'(?:: (?P<reason>.*))?")),
    ("not stored", re.compile(r"save failed to (?P<target>.*?)(?:: (?P<reason>.*))?")),
)


def event_of(line: Line) -> Event | None:
    """Return what a line says; None where it says nothing of a message's way."""
    if line.service == "dovecot":
        return _delivery(line)
    for read in _READERS.get(_program(line), ()):
        if event := read(line):
            return event
    return None


def _program(line: Line) -> str:
    """Return the program without what stands before it: `postfix/submission/smtpd` is smtpd."""
    return line.program.rpartition("/")[2]


def _accepted(line: Line) -> Event | None:
    found = _ACCEPTED.fullmatch(line.text)
    if not found:
        return None
    words = [word[1] if (word := one.search(found["rest"])) else "" for one in (_LOGIN, _METHOD, _ORIGIN)]
    return Accepted(line, found["client"], *words)


def _picked_up(line: Line) -> Event | None:
    found = _PICKED_UP.fullmatch(line.text)
    return Accepted(line, f"a program of user {found[1]} on the host itself") if found else None


def _named(line: Line) -> Event | None:
    found = _NAMED.fullmatch(line.text)
    return Named(line, found[1]) if found else None


def _queued(line: Line) -> Event | None:
    found = _QUEUED.fullmatch(line.text)
    return Queued(line, found["sender"], int(found["size"]), int(found["recipients"])) if found else None


def _attempt(line: Line) -> Event | None:
    found = _ATTEMPT.fullmatch(line.text)
    if not found:
        return None
    words = {name: found[name] or "" for name in ("recipient", "original", "relay", "dsn", "status", "answer")}
    return Attempt(line, delay=float(found["delay"].strip(".") or 0), **words)


def _ended(line: Line) -> Event | None:
    if line.text == "removed":
        return Ended(line, "removed")
    found = _EXPIRED.fullmatch(line.text)
    return Ended(line, found[1]) if found else None


def _handled_by_operator(line: Line) -> Event | None:
    known = ("removed", "expired", "placed on hold", "released from hold", "requeued")
    return Ended(line, f"{_BY_HAND.get(line.text, line.text)}") if line.text in known else None


def _noticed(line: Line) -> Event | None:
    found = _NOTICED.fullmatch(line.text)
    return Noticed(line, found[1], found[2]) if found else None


def _rejected(line: Line) -> Event | None:
    found = _REJECTED.fullmatch(line.text) if line.queue else None
    if not found:
        return None
    envelope = _ENVELOPE.search(found["rest"])
    named = envelope.groupdict() if envelope else {}
    answer = found["rest"][: envelope.start()] if envelope else found["rest"]
    words = [named.get(name) or "" for name in ("sender", "recipient", "helo")]
    return Rejected(line, found["action"], found["client"], ": ".join(filter(None, (answer, named.get("why")))), *words)


def _secured(line: Line) -> Event | None:
    found = _SECURED.match(line.text)
    return Secured(line, found["client"], f"{found['protocol']} {found['cipher']}") if found else None


def _connected(line: Line) -> Event | None:
    client = line.text.removeprefix("connect from ")
    return Connected(line, client) if client != line.text else None


def _screened(line: Line) -> Event | None:
    found = _SCREENED.match(line.text)
    return Screened(line, found["verdict"], found["address"], found["port"]) if found else None


def _delivery(line: Line) -> Event | None:
    if line.text == f"sieve: {DROPPED}":
        return Handled(line, "dropped", "", "")
    if found := _HANDED_OVER.fullmatch(line.text):
        return HandedOver(line, *found.groups())
    found = _SIEVE.match(line.text) or _PLAIN.match(line.text)
    if not found:
        return None
    said = re.sub(r"^\w+ action: ", "", found["rest"])
    for action, form in _ACTIONS:
        if done := form.fullmatch(said) or form.match(said):
            return Handled(line, action, done["target"] or "", found["id"], done.groupdict().get("reason") or "")
    return None


_DELIVERS = (_attempt,)
_READERS: dict[str, tuple[Callable[[Line], Event | None], ...]] = {
    "smtpd": (_accepted, _rejected, _secured, _connected),
    "postscreen": (_screened, _rejected),
    "pickup": (_picked_up,),
    "cleanup": (_named, _rejected),
    "qmgr": (_queued, _ended),
    "bounce": (_noticed,),
    "postsuper": (_handled_by_operator,),
    **dict.fromkeys(("smtp", "lmtp", "local", "virtual", "pipe", "error", "retry", "discard"), _DELIVERS),
}
