"""Whether every mail client that must get in does, on every port; what a lockout costs, others decide."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mailrig.clients.catalogue import Client
from mailrig.clients.prediction import Prediction, predict
from mailrig.clients.server import FOR_SERVERS, Server
from mailrig.errors import VerifyError
from mailrig.verify.clients import PORTS, Meeting, Meetings, ask_all
from mailrig.verify.connection import endpoint, service_of
from mailrig.verify.probe import Lane, Probe, Skip
from mailrig.verify.target import Target

ALONGSIDE = 2
"""Connections at once while people log in: each costs the server a process, which they wait for."""

CLIENTS = "clients"
"""The probe that fails when a required client is locked out."""

PREDICTION = "prediction"
"""The probe that compares what was foreseen with what is; that it fails says nothing against a release."""


@dataclass(frozen=True)
class Crowd:
    """The mail clients to ask for, and which of the required ones may be ``allowed`` to stay outside, by id.

    ``offered`` is what the ports are thought to offer, by their names: what follows from it is compared with what is.
    ``at_once`` connections are open side by side; ``seen`` gets all answers. Ignored clients are left out.
    """

    clients: tuple[Client, ...]
    allowed: frozenset[str] = frozenset()
    offered: Mapping[str, Server] = field(default_factory=dict)
    at_once: int = ALONGSIDE
    seen: Callable[[Meetings], None] = lambda _: None

    @property
    def asking(self) -> tuple[Client, ...]:
        """Those who are asked for."""
        return tuple(client for client in self.clients if client.entry.standing != "ignored")


def lane(target: Target, crowd: Crowd) -> Lane:
    """Ask for everybody, then say of each port how they fared; it takes seconds."""

    @functools.cache
    def met() -> Meetings:
        meetings = ask_all(target, crowd.asking, at_once=crowd.at_once)
        crowd.seen(meetings)
        return meetings

    def probe(name: str, port: str, ask: Callable[[Target, str, Crowd, Callable[[], Meetings]], str]) -> Probe:
        return Probe(name, port, service_of(port), functools.partial(ask, target, port, crowd, met))

    asked = [probe(CLIENTS, port, _let_in) for port in PORTS]
    return Lane([*asked, *(probe(PREDICTION, port, _as_foreseen) for port in PORTS)], is_gating=False)


def _let_in(target: Target, port: str, crowd: Crowd, met: Callable[[], Meetings]) -> str:
    endpoint(target, port)
    meetings = [met()[client.id, port] for client in crowd.asking]
    out = [one for one in meetings if one.verdict == "locked out"]
    required = [one for one in meetings if one.client.entry.standing == "required"]
    if unknown := [one for one in required if one.verdict == "unknown"]:
        raise VerifyError(f"{len(unknown)} clients could not be asked for, as {_named(unknown[:1])}: {unknown[0].seen}")
    missing = [one for one in out if one in required and one.client.id not in crowd.allowed]
    if missing and port not in FOR_SERVERS:
        raise VerifyError(f"{len(missing)} of {len(required)} required clients are locked out: {_named(missing)}")
    said = f"{sum(one.verdict == 'let in' for one in meetings)} of {len(meetings)} clients let in"
    return f"{said}; not {_named(out)}" if out else said


def _as_foreseen(target: Target, port: str, crowd: Crowd, met: Callable[[], Meetings]) -> str:
    endpoint(target, port)
    if port not in crowd.offered:
        raise Skip("it is not known what the port should offer")
    server = crowd.offered[port]
    if server.refuses_late:
        raise Skip("mail clients are turned away after the handshake, which is not asked for here")
    pairs = [(met()[client.id, port], predict(server, client)) for client in crowd.asking]
    foreseen = [(one, expected) for one, expected in pairs if one.answer]
    if wrong := [_difference(one, expected) for one, expected in foreseen if not _agree(one, expected)]:
        raise VerifyError(f"the prediction was wrong, please report it: {'; '.join(wrong)}")
    return f"{len(foreseen)} answers as foreseen"


def _agree(one: Meeting, expected: Prediction) -> bool:
    if one.answer is None or not (one.answer.is_let_in and expected.is_let_in):
        return (one.verdict == "let in") == expected.is_let_in
    return (one.answer.version, one.answer.suite) == (expected.version, expected.suite)


def _difference(one: Meeting, expected: Prediction) -> str:
    foreseen = f"{expected.suite_name}" if expected.is_let_in else f"locked out ({expected.rule}: {expected.reason})"
    return f"{one.client.id} was to be {foreseen}, and saw: {one.seen}"


def _named(meetings: Iterable[Meeting]) -> str:
    return ", ".join(
        one.client.title if one.client.entry.standing == "required" else f"{one.client.title} (legacy)"
        for one in meetings
    )
