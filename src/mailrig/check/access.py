"""Which mail clients get in on which ports, before a change and after it; pure, and asks no server."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from mailrig.clients.catalogue import Client
from mailrig.clients.dead import dead_letters
from mailrig.clients.offered import broken
from mailrig.clients.prediction import Prediction, predict
from mailrig.clients.server import FOR_SERVERS, Server

_TLS_PORTS = {
    "dovecot": ("imaps", "imap", "pop3s", "pop3", "managesieve"),
    "postfix": ("smtp", "submission", "submissions"),
}
_NOT_OFFERED = broken("the service does not offer TLS there")


@dataclass(frozen=True)
class Access:
    """What the mail clients find on ports that offer all of them the same.

    ``ports`` are the published numbers by the ports' names. ``required`` is how many clients must get in.
    ``locked_out`` is how those fare that will not; of these ``newly_out`` got in before. ``newly_in`` did not, and
    will. ``dead`` are the suites that can never be chosen, each with what it lacks; ``newly_dead`` were not
    so before. ``left_out`` are settings for some clients only, each with for whom, which are not reckoned with.
    ``gates`` is whether a lockout is a reason not to deploy: to start again what does not run lets more people in than
    before.
    """

    service: str
    ports: Mapping[str, int]
    required: int
    locked_out: tuple[Prediction, ...]
    newly_out: tuple[Client, ...] = ()
    newly_in: tuple[Client, ...] = ()
    dead: Mapping[str, str] = field(default_factory=dict)
    newly_dead: tuple[str, ...] = ()
    left_out: Mapping[str, str] = field(default_factory=dict)
    gates: bool = True

    @property
    def is_for_clients(self) -> bool:
        """Whether mail clients come to any of the ports."""
        return not self.ports.keys() <= FOR_SERVERS


@dataclass(frozen=True)
class Offers:
    """What a TLS port offers, by its name: before, where that is known, and after; the rest is as in Access."""

    before: Mapping[str, Server]
    after: Mapping[str, Server]
    left_out: Mapping[str, str] = field(default_factory=dict)
    gates: bool = True


def access(service: str, offers: Offers, ports: Mapping[str, int], clients: Collection[Client]) -> Iterator[Access]:
    """Yield how ``clients`` fare with one service, for each group of its published ``ports`` that are alike.

    Ignored clients are left out.
    """
    asking = [client for client in clients if client.entry.standing != "ignored"]
    for old, new, alike in _alike(service, offers, ports):
        outcomes = [predict(new, client) for client in asking]
        was_in = {client.id: old is None or predict(old, client).is_let_in for client in asking}
        dead = dead_letters(new)
        yield Access(
            service,
            alike,
            sum(client.entry.standing == "required" for client in asking),
            tuple(one for one in outcomes if not one.is_let_in),
            tuple(one.client for one in outcomes if not one.is_let_in and was_in[one.client.id]),
            tuple(one.client for one in outcomes if one.is_let_in and not was_in[one.client.id]),
            dead,
            tuple(suite for suite in dead if old is None or suite not in dead_letters(old)),
            offers.left_out,
            offers.gates,
        )


def _alike(
    service: str, offers: Offers, ports: Mapping[str, int]
) -> Iterator[tuple[Server | None, Server, dict[str, int]]]:
    """Group a service's published ports by what they offered and will offer; those for servers are by themselves.

    What could not be read of before is not known. A port that is not offered any more lets nobody in.
    """
    groups: dict[tuple[Server | None, Server, bool], dict[str, int]] = {}
    for port, number in ports.items():
        if port in _TLS_PORTS.get(service, ()):
            old, new = offers.before.get(port), offers.after.get(port, _NOT_OFFERED)
            known = old if old is not None and not old.fault else None
            groups.setdefault((known, new, port in FOR_SERVERS), {})[port] = number
    for (old, new, _), alike in groups.items():
        yield old, new, alike
