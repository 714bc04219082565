"""Lines → one event a connection or message that went wrong, and who logged in; knows nothing of our own probes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mailrig.diagnosis.lines import HANDSHAKE_REASON, Line
from mailrig.diagnosis.signatures import Kind, Signature, signature_of

DELIVERY = "delivery"
"""The door of a message that is on its way."""

_PATIENCE = timedelta(seconds=15)  # Dovecot says why at once, and Postfix after the delay of a refusal (2 s and more)


@dataclass(frozen=True)
class Event:
    """A connection or a message that went wrong: when last, whose, by which line, and what the line is known for.

    ``address`` and ``user`` are empty where no line names them.
    """

    time: datetime
    signature: Signature
    evidence: Line
    address: str
    user: str
    door: str


@dataclass(frozen=True)
class Login:
    """Somebody got in."""

    time: datetime
    address: str
    user: str


def read(lines: Iterable[Line]) -> tuple[list[Event], list[Login]]:
    """Return what went wrong, and who logged in, each in the order of time."""
    ordered = sorted(lines, key=lambda line: line.time)
    groups = _grouped(ordered)
    owners = {line.queue: group for group in groups for line in group if line.queue and "client=" in line.text}
    found = [event for group in groups if (event := _event(group, owners))]
    reasons = [line for line in ordered if line.service == "dovecot" and _is_reason(line)]
    found = _with_reasons(found, reasons)
    refused: dict[str, list[Line]] = defaultdict(list)
    for line in ordered:
        if line.program == "auth" and not line.session:
            refused[line.address].append(line)
    told = [_with_refusal(event, refused.get(event.address, ())) for event in found]
    return sorted(told, key=lambda event: event.time), list(_logins(groups))


def _grouped(lines: Iterable[Line]) -> list[list[Line]]:
    """Put together what is about one connection or one message."""
    groups: dict[Hashable, list[Line]] = defaultdict(list)
    connections: dict[tuple[str, str], int] = {}
    for number, line in enumerate(lines):
        if line.program == "auth" and line.address and not line.session:
            continue  # Postfix's question, or that of a delivery: it is about no connection of Dovecot's
        key: Hashable = number
        if line.session:
            key = line.session
        elif line.program.endswith("/smtpd"):
            process = (line.program, line.process)
            if line.text.startswith("connect from "):
                connections[process] = number
            key = (*process, connections.get(process))
        elif line.queue:
            key = line.queue
        groups[key].append(line)
    return list(groups.values())


def _event(group: list[Line], owners: dict[str, list[Line]]) -> Event | None:
    """Return what a group comes to: by the line that says most."""
    known = [(signature, line) for line in group if (signature := _known(line))]
    if not known or group[-1].text.endswith(": removed"):  # a message that has left the queue
        return None
    signature, evidence = min(reversed(known), key=lambda pair: pair[0].rank)
    if signature.kind is Kind.HARMLESS and any(line.is_login for line in group):
        return None
    client = [*owners.get(evidence.queue, ()), *group]
    door = DELIVERY if evidence.queue else next((line.door for line in group if line.door), "")
    return Event(evidence.time, signature, evidence, _first(client, "address"), _first(client, "user"), door)


def _known(line: Line) -> Signature | None:
    """Return a line's signature; who asks for a user without being a client (the quota service) is nobody's trouble."""
    signature = signature_of(line.service, line.text)
    if signature and line.program == "auth" and not line.address and signature.kind is not Kind.SERVER:
        return None
    return None if HANDSHAKE_REASON in line.text else signature


def _first(lines: Iterable[Line], name: str) -> str:
    return next((value for line in lines if (value := str(getattr(line, name)))), "")


def _is_reason(line: Line) -> bool:
    """Whether it says why a handshake failed, and not whose."""
    return line.program.endswith("-login") and not line.address and signature_of("dovecot", line.text) is not None


def _with_reasons(events: list[Event], reasons: list[Line]) -> list[Event]:
    """Give handshakes that failed for a reason unknown the reason that the same program gave in the same second.

    Those that stand in a client's own line already are taken out first; what was given is no event of its own any more.
    """
    open_reasons: dict[tuple[str, datetime], list[Line]] = defaultdict(list)
    for line in reasons:
        open_reasons[line.program, line.time].append(line)
    used: set[Line] = set()
    told = list(events)
    handshakes = [number for number, event in enumerate(events) if "TLS handshaking" in event.evidence.text]
    for number in sorted(handshakes, key=lambda number: events[number].signature.is_vague):
        event = events[number]
        reason = next((line for line in _near(event, open_reasons) if _explains(line, event)), None)
        if reason is None:
            continue
        open_reasons[reason.program, reason.time].remove(reason)
        used.add(reason)
        signature = signature_of("dovecot", reason.text)
        if event.signature.is_vague and signature is not None:
            told[number] = replace(event, signature=signature)
    return [event for event in told if event.evidence not in used]


def _near(event: Event, reasons: dict[tuple[str, datetime], list[Line]]) -> Iterator[Line]:
    for seconds in (0, -1, 1):
        yield from reasons.get((event.evidence.program, event.time + timedelta(seconds=seconds)), ())


def _explains(reason: Line, event: Event) -> bool:
    said = reason.text.partition(HANDSHAKE_REASON)[2]
    return event.signature.is_vague or bool(said and said in event.evidence.text)


def _with_refusal(event: Event, refused: Iterable[Line]) -> Event:
    """Say why Postfix refused a login: it asks Dovecot, who alone knows."""
    if event.evidence.service != "postfix" or event.signature.name != "login-refused":
        return event
    for line in refused:
        is_then = timedelta(seconds=-1) <= event.time - line.time <= _PATIENCE
        signature = signature_of("dovecot", line.text) if is_then and event.user in ("", line.user) else None
        if signature:
            return replace(event, signature=signature, user=line.user)
    return event


def _logins(groups: Iterable[list[Line]]) -> Iterator[Login]:
    for group in groups:
        for line in group:
            if line.is_login:
                yield Login(line.time, line.address, _first(group, "user"))
