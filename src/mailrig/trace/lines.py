"""A line of a mail log → when, by which program, about which queue file or delivery; judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

FILES = {"dovecot": ("dovecot-info.log", "dovecot.log"), "postfix": ("mail.log",)}
"""Where each service writes about messages, in its log directory; rotated files have the same beginning."""

QUEUE_ID = r"(?:[0-9A-F]{5,16}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,24})"
"""Both of Postfix's forms (enable_long_queue_ids): hexadecimal, and digits with consonants."""

_ISO = r"(?P<iso>\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)"
_TRADITIONAL = r"(?P<traditional>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)"  # RFC 3164, 4.1.2: no year, no zone
_STAMP = re.compile(rf"(?:{_ISO}|{_TRADITIONAL}) (?P<rest>.*)", re.DOTALL)
# `mail postfix/submission/smtpd[77]: …`; the host's name is missing on the container's standard output.
_POSTFIX = re.compile(r"(?:\S+ )?(?P<program>[\w./-]+)\[(?P<process>\d+)\]: (?P<text>.*)", re.DOTALL)
_QUEUE = re.compile(rf"({QUEUE_ID}|NOQUEUE): ")
# `lmtp(alice@example.org)<380><UDlKNuetCmt8AQAAUi6ngw:T2>: Info: …`; through syslog with `mail dovecot: ` in front.
_DOVECOT = re.compile(
    r"(?:(?:\S+ )?dovecot(?:\[\d+\])?: )?"
    r"(?P<program>lmtp|lda)\((?P<user>[^()]*)\)(?:<(?P<process>\d+)>)?(?:<(?P<session>[^<>]*)>)?: "
    r"(?:(?P<level>Info|Warning|Error|Fatal|Panic|Debug): )?(?P<text>.*)",
    re.DOTALL,
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_NOWHERE = (datetime.min.replace(tzinfo=UTC), 0)
_A_DAY = timedelta(days=1)  # by which a stamp without a zone may be ahead of its file


@dataclass(frozen=True)
class Line:
    """A line; what does not stand in it is empty.

    ``time`` is UTC, and ``is_exact`` where it has a fraction of a second. ``queue`` is the queue file that Postfix
    speaks of, ``session`` the delivery that Dovecot does. ``place`` orders the lines of one moment, and is no part of
    what a line is: its file may be rotated while we read.
    """

    host: str
    service: str
    time: datetime
    is_exact: bool
    program: str
    process: str
    text: str
    queue: str = ""
    user: str = ""
    session: str = ""
    place: tuple[datetime, int] = field(default=_NOWHERE, compare=False, repr=False)


def parsed(host: str, service: str, found: Iterable[tuple[int, str]], written: datetime) -> Iterator[Line]:
    """Yield the lines of a file that tell of a message or a client; others, and what is no line of a log, are left out.

    ``found`` are places in the file and lines; ``written`` is when its last line was: a traditional stamp has no year,
    and cannot be later.
    """
    parse = _dovecot if service == "dovecot" else _postfix
    for offset, raw in found:
        stamp = _STAMP.match(raw)
        time = stamp and _moment(stamp, written)
        if stamp and time and (line := parse(host, time, stamp["rest"])):
            yield replace(line, place=(written, offset))


def time_of(raw: str, written: datetime) -> datetime | None:
    """Return when a line was written, in UTC; None where it has no stamp."""
    stamp = _STAMP.match(raw)
    return _moment(stamp, written) if stamp else None


def _moment(stamp: re.Match[str], written: datetime) -> datetime | None:
    """Return the time of a stamp in UTC; one without a zone is UTC, as the containers' clocks are."""
    try:
        if iso := stamp["iso"]:
            time = datetime.fromisoformat(iso.replace(",", "."))
            return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
        return _in_year(stamp["traditional"], written)
    except (ValueError, OverflowError):
        return None


def _in_year(text: str, written: datetime) -> datetime | None:
    """Return the last time that a stamp without a year can mean: the 29th of February is not in each."""
    month, day, clock = text[:3], int(text[4:6]), text[7:]
    if month not in _MONTHS:
        return None
    for year in range(written.year + 1, written.year - 8, -1):
        try:
            time = datetime.fromisoformat(f"{year}-{_MONTHS.index(month) + 1:02}-{day:02} {clock}").replace(tzinfo=UTC)
        except ValueError:
            continue
        if time <= written + _A_DAY:
            return time
    return None


def _postfix(host: str, time: datetime, rest: str) -> Line | None:
    found = _POSTFIX.fullmatch(rest)
    if not found:
        return None
    text = found["text"]
    queue = _QUEUE.match(text)
    name = queue[1] if queue else ""
    text = text[queue.end() :] if queue else text
    is_exact = time.microsecond > 0
    return Line(host, "postfix", time, is_exact, found["program"], found["process"], text, queue=name)


def _dovecot(host: str, time: datetime, rest: str) -> Line | None:
    found = _DOVECOT.fullmatch(rest)
    if not found:
        return None
    return Line(
        host,
        "dovecot",
        time,
        time.microsecond > 0,
        found["program"],
        found["process"] or "",
        found["text"],
        user=found["user"],
        session=found["session"] or "",
    )
