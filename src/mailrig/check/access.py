"""Which mail clients get in on which ports, before a change and after it; pure, and asks no server."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from mailrig.clients.catalogue import Client
from mailrig.clients.dead import dead_letters
from mailrig.clients.prediction import Prediction, predict
from mailrig.clients.server import FOR_SERVERS, Server


@dataclass(frozen=True)
class Access:
    """What the mail clients find on ports that offer all of them the same.

    ``ports`` are the published numbers by the ports' names. ``required`` is how many clients must get in.
    ``locked_out`` is how those fare that will not; of these ``newly_out`` got in before. ``newly_in`` did not, and
    will. ``dead`` are the suites that can never be chosen, each with what it lacks; ``newly_dead`` is whether that is
    otherwise than before.
    """

    service: str
    ports: Mapping[str, int]
    required: int
    locked_out: tuple[Prediction, ...]
    newly_out: tuple[Client, ...] = ()
    newly_in: tuple[Client, ...] = ()
    dead: Mapping[str, str] | None = None
    newly_dead: bool = False

    @property
    def is_for_clients(self) -> bool:
        """Whether mail clients come to any of the ports."""
        return not self.ports.keys() <= FOR_SERVERS


def access(
    service: str,
    before: Mapping[str, Server],
    after: Mapping[str, Server],
    ports: Mapping[str, int],
    clients: Collection[Client],
) -> Iterator[Access]:
    """Yield how ``clients`` fare with one service, for each group of published ``ports`` that are alike.

    ``before`` is empty where nothing was in force, or nothing is known of it. Ignored clients are left out.
    """
    asking = [client for client in clients if client.entry.standing != "ignored"]
    for old, new, alike in _alike(before, after, ports):
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
            old is None or dead_letters(old) != dead,
        )


def _alike(
    before: Mapping[str, Server], after: Mapping[str, Server], ports: Mapping[str, int]
) -> Iterator[tuple[Server | None, Server, dict[str, int]]]:
    """Group the published ports by what they offered and will offer; those for servers are by themselves."""
    groups: dict[tuple[Server | None, Server, bool], dict[str, int]] = {}
    for port, number in ports.items():
        if port in after:
            groups.setdefault((before.get(port), after[port], port in FOR_SERVERS), {})[port] = number
    for (old, new, _), alike in groups.items():
        yield old, new, alike
