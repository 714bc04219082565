"""Log lines that must be there: this login's and this message's; must not guess at causes."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from mailrig.errors import VerifyError
from mailrig.verify.delivery import Delivery
from mailrig.verify.evidence import LOGIN_LOG, MAIL_LOG, Evidence
from mailrig.verify.probe import Lane, Probe, Skip
from mailrig.verify.submission import Door
from mailrig.verify.target import Target


def login(target: Target, evidence: Evidence, delivery: Delivery) -> Lane:
    """Look for the line of the IMAP login that the lane before has made."""
    return Lane([Probe("log-line", "login", "dovecot", functools.partial(_login, target, evidence, delivery))])


def queue(evidence: Evidence, doors: Sequence[Door]) -> Lane:
    """Look for the line that says what became of each submitted message."""
    return Lane(
        [
            Probe("log-line", door.port, "postfix", functools.partial(_queue, evidence, door))
            for door in doors
            if door.port != "lmtp"
        ],
    )


def _login(target: Target, evidence: Evidence, delivery: Delivery) -> str:
    if not delivery.is_open:
        raise Skip("there was no login")
    line = evidence.await_line(LOGIN_LOG, f"imap-login: Info: Login: user=<{target.login}>", ", TLS")
    if line is None:
        raise VerifyError(f"no line with `Login: user=<{target.login}>` and `TLS` came into {LOGIN_LOG}")
    return line


def _queue(evidence: Evidence, door: Door) -> str:
    if door.message is None:
        raise Skip(f"no message was accepted over {door.port}")
    if door.queue_id is None:
        raise VerifyError(f"the receipt names no queue id: {door.receipt}")
    line = evidence.await_line(MAIL_LOG, f"{door.queue_id}: to=", "status=sent")
    if line is None:
        fates = evidence.lines("postfix", rf"\b{door.queue_id}: to=")
        said = f", but: {_after_prefix(fates[-1], door.queue_id)}" if fates else ""
        raise VerifyError(f"{MAIL_LOG} has no line with {door.queue_id} and status=sent{said}")
    return _after_prefix(line, door.queue_id)


def _after_prefix(line: str, queue_id: str) -> str:
    """Leave out what syslog puts before the queue id."""
    return line[line.index(f"{queue_id}:") :]
