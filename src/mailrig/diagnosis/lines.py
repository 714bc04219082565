"""A line of a log file → when, by which program, about which client; judges nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

FILES = {
    "dovecot": ("/var/log/dovecot.log", "/var/log/dovecot-info.log", "/var/log/dovecot-debug.log"),
    "postfix": ("/var/log/mail.log",),
}
"""Where each service writes; dovecot-debug.log alone tells why some handshakes failed (``verbose_ssl``)."""

# `2026-11-24 16:02:11 imap-login: Info: …`, as our dovecot.conf has it (log_timestamp); the container's clock is UTC.
_DOVECOT = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d) "
    r"(?P<program>[\w-]+)(?:\((?P<user>[^()]*)\))?(?:<\w*>)?(?:<(?P<session>[^<>]*)>)?: (?P<text>.*)"
)
# `2026-11-24T16:02:11.123456+00:00 mail postfix/submission/smtpd[77]: …`, as our rsyslog.conf has it.
_POSTFIX = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:[+-]\d\d:\d\d|Z)) \S+ "
    r"(?P<program>[\w/-]+)\[(?P<process>\d+)\]: (?P<text>.*)"
)

HANDSHAKE_REASON = "SSL error: SSL_accept() failed: "
"""What Dovecot writes in dovecot-debug.log alone, when its last word on a handshake is `syscall failed`."""

_ADDRESS = r"(?P<address>[0-9a-fA-F.:]+)"
_CLIENT = re.compile(
    rf"\brip={_ADDRESS}|(?:\bfrom |\bclient=|^warning: )[\w.-]+\[{_ADDRESS.replace('address', 'peer')}\]"
)
_USER = re.compile(r"\b(?:user=<|sasl_username=|not owned by user )([^<>,;\s]+)")
_SESSION = re.compile(r"\bsession=<([^<>]+)>")
# `auth: Info: passwd-file(alice@example.org,192.0.2.7,<session>): Password mismatch`
_ASKED = re.compile(rf"\w+: [\w-]+\((?P<user>[^,()]*),{_ADDRESS}(?:,<(?P<session>[^<>]*)>)?\)")
# Both of Postfix's forms (enable_long_queue_ids): hexadecimal, and digits with consonants.
_QUEUE = re.compile(r"([0-9A-F]{6,15}|[0-9B-DF-HJ-NP-TV-Zb-df-hj-np-tv-z]{10,20}): ")

_DOORS = {
    "imap-login": "IMAP",
    "pop3-login": "POP3",
    "managesieve-login": "ManageSieve",
    "postfix/smtpd": "SMTP (25)",
    "postfix/submission/smtpd": "submission (587)",
    "postfix/submissions/smtpd": "submissions (465)",
}


@dataclass(frozen=True)
class Line:
    """A line, and what of a client stands in it: empty where nothing does.

    ``process`` tells one program's processes apart (Postfix), ``session`` a client's connections (Dovecot), and
    ``queue`` messages.
    """

    service: str
    time: datetime
    program: str
    text: str
    raw: str = field(repr=False)
    process: str = ""
    session: str = ""
    queue: str = ""
    address: str = ""
    user: str = ""

    @property
    def door(self) -> str:
        """Where a client came in, as people call it; nothing for a program that has no clients."""
        return _DOORS.get(self.program, "")

    @property
    def is_login(self) -> bool:
        """Whether it says that somebody has logged in."""
        if self.service == "dovecot":
            return self.program.endswith("-login") and self.text.startswith("Info: Login: user=<")
        return self.text.startswith("disconnect from ") and re.search(r" auth=[1-9]\d*( |/|$)", self.text) is not None


def parsed(service: str, lines: Iterable[str]) -> Iterator[Line]:
    """Yield the lines that can be told apart into time and program; what continues another line is left out.

    Of Dovecot's debug lines, which are the most by far, only those are kept that say why a handshake failed.
    """
    parse = _dovecot if service == "dovecot" else _postfix
    return (line for raw in lines if (line := parse(raw)))


def _dovecot(raw: str) -> Line | None:
    found = None if ": Debug: " in raw and HANDSHAKE_REASON not in raw else _DOVECOT.match(raw)
    if not found:
        return None
    text, program = found["text"], found["program"]
    asked = _ASKED.match(text) if program == "auth" else None
    client, user, session = _CLIENT.search(text), _USER.search(text), _SESSION.search(text)
    return Line(
        "dovecot",
        datetime.fromisoformat(found["time"]).replace(tzinfo=UTC),
        program,
        text,
        raw,
        session=(asked and asked["session"]) or (session and session[1]) or found["session"] or "",
        address=(asked and asked["address"]) or (client and client["address"]) or "",
        user=(asked and asked["user"]) or (user and user[1]) or _owner(found["user"]),
    )


def _owner(word: str | None) -> str:
    """Return whose process it is: in the same place may stand a number."""
    return word if word and not word.isdigit() else ""


def _postfix(raw: str) -> Line | None:
    found = _POSTFIX.match(raw)
    if not found:
        return None
    text = found["text"]
    client, user, queue = _CLIENT.search(text), _USER.search(text), _QUEUE.match(text)
    return Line(
        "postfix",
        datetime.fromisoformat(found["time"]).astimezone(UTC),
        found["program"],
        text,
        raw,
        process=found["process"],
        queue=queue[1] if queue else "",
        address=(client and client["peer"]) or "",
        user=user[1] if user else "",
    )
