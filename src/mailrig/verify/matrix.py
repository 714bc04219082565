"""Who gets in on which port, at a glance and with the reasons; pure, and knows neither terminal nor page."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from mailrig.clients import names
from mailrig.clients.catalogue import Client, Standing
from mailrig.clients.prediction import Prediction
from mailrig.clients.server import FOR_SERVERS
from mailrig.verify.clients import Meeting, Meetings, Verdict

STYLES = {"locked out": "bold red", "?": "yellow"}
STANDINGS: tuple[Standing, ...] = ("required", "legacy", "ignored")

ABREAST = 3  # columns of ports in one table, so that 100 columns of a terminal hold it with the clients' names
_WIDTH = 15  # columns of a terminal that a port's cell takes

Row = tuple[str, ...]
Predictions = Mapping[tuple[str, str], Prediction]
"""What was foreseen, by the client's id and the port's name; it need not be there for all."""


@dataclass(frozen=True)
class Table:
    """Columns and rows for a terminal."""

    columns: Row
    rows: Sequence[Row]


@dataclass(frozen=True)
class Outcome:
    """What came of clients on ports, where that is the same.

    ``seen`` is what the server did. ``reason`` and ``cure`` are those of the prediction, empty where there is none;
    ``foreseen`` is what it said, where it was something else than came.
    """

    clients: tuple[Client, ...]
    ports: tuple[str, ...]
    verdict: Verdict
    seen: str
    version: str = ""
    suite: str = ""
    reason: str = ""
    cure: str = ""
    foreseen: str = ""

    @property
    def why(self) -> str:
        """Say why, as well as it is known."""
        return self.reason or self.seen


@dataclass(frozen=True)
class Matrix:
    """Mail clients and ports, with what came of each on each, and what had been foreseen where that is known."""

    meetings: Meetings
    predictions: Predictions = field(default_factory=dict)

    @cached_property
    def clients(self) -> tuple[Client, ...]:
        """Return all clients, those that are required first."""
        distinct = {meeting.client.id: meeting.client for meeting in self.meetings.values()}
        return tuple(sorted(distinct.values(), key=lambda client: STANDINGS.index(client.entry.standing)))

    @cached_property
    def ports(self) -> tuple[str, ...]:
        """Return all ports."""
        return tuple(dict.fromkeys(port for _, port in self.meetings))

    @cached_property
    def columns(self) -> tuple[tuple[str, ...], ...]:
        """Return the ports; those on which every client fares alike share a column."""
        alike: dict[tuple[tuple[str, str, str], ...], list[str]] = {}
        for port in self.ports:
            alike.setdefault(tuple(_answered(self.outcome(client, port)) for client in self.clients), []).append(port)
        return tuple(map(tuple, alike.values()))

    def standing(self, standing: Standing) -> tuple[Client, ...]:
        """Return the clients of one standing."""
        return tuple(client for client in self.clients if client.entry.standing == standing)

    def outcome(self, client: Client, port: str) -> Outcome:
        """Return what came of one client on one port."""
        return self._all[client.id, port]

    def outcomes(self, client: Client) -> tuple[Outcome, ...]:
        """Return what came of one client, with the ports together on which it was the same."""
        alike: dict[Outcome, list[str]] = {}
        for port in self.ports:
            alike.setdefault(replace(self.outcome(client, port), ports=()), []).append(port)
        return tuple(replace(outcome, ports=tuple(ports)) for outcome, ports in alike.items())

    def verdict(self, client: Client) -> Verdict:
        """Tell how a client fares on all ports together, of those that are for mail clients."""
        verdicts = {outcome.verdict for outcome in self.outcomes(client) if not FOR_SERVERS.issuperset(outcome.ports)}
        if "locked out" in verdicts:
            return "locked out"
        return "unknown" if "unknown" in verdicts else "let in"

    def count(self, standing: Standing, verdict: Verdict) -> int:
        """Return how many clients of a standing fare so on all ports together."""
        return sum(self.verdict(client) == verdict for client in self.standing(standing))

    @cached_property
    def locked_out(self) -> tuple[Outcome, ...]:
        """Return who is locked out, with those together who are for the same reason and on the same ports."""
        return self._together("locked out")

    @cached_property
    def unknown(self) -> tuple[Outcome, ...]:
        """Return who could not be asked for, with those together of whom the same was seen on the same ports."""
        return self._together("unknown")

    @cached_property
    def unforeseen(self) -> tuple[Outcome, ...]:
        """Return what came otherwise than it was foreseen."""
        return tuple(outcome for client in self.clients for outcome in self.outcomes(client) if outcome.foreseen)

    @property
    def summary(self) -> str:
        """Say in one line how many get in."""
        if FOR_SERVERS.issuperset(self.ports):
            return "no port for mail clients was asked"
        told = [self._counted(standing) for standing in STANDINGS if self.standing(standing)]
        return "; ".join(told)

    def tables(self) -> list[Table]:
        """Return one row a client and one column a port, for a terminal: as many tables as it takes.

        What a client is known from comes last, where a table may cut it off: `clients show` has it in full.
        """
        return [self._table(self.columns[at : at + ABREAST]) for at in range(0, len(self.columns), ABREAST)]

    def reasons(self) -> Iterator[str]:
        """Yield the lines that tell of everybody who did not get in why, and what helps."""
        for outcome in self.locked_out:
            yield f"locked out on {', '.join(outcome.ports)}: {outcome.why}"
            if outcome.cure:
                yield f"  cure: {outcome.cure}"
            if not FOR_SERVERS.isdisjoint(outcome.ports):
                yield f"  {for_servers(outcome.ports)}"
            for client in outcome.clients:
                yield f"  {client.id}: {title(client)}; {client.entry.confidence}; {client.entry.source}"
        for outcome in self.unknown:
            yield f"? on {', '.join(outcome.ports)}: {outcome.seen}"
            is_all = len(outcome.clients) == len(self.clients)
            yield f"  {'all clients' if is_all else ', '.join(client.id for client in outcome.clients)}"

    @cached_property
    def _all(self) -> Mapping[tuple[str, str], Outcome]:
        return {key: _outcome(meeting, self.predictions.get(key)) for key, meeting in self.meetings.items()}

    def _together(self, verdict: Verdict) -> tuple[Outcome, ...]:
        alike: dict[tuple[tuple[str, ...], str, str], list[Outcome]] = {}
        for client in self.clients:
            alone = (self.outcome(client, port) for port in self.ports)
            for outcome in _by_reason(one for one in alone if one.verdict == verdict):
                alike.setdefault((outcome.ports, outcome.why, outcome.cure), []).append(outcome)
        return tuple(
            replace(group[0], clients=tuple(client for outcome in group for client in outcome.clients))
            for group in alike.values()
        )

    def _counted(self, standing: Standing) -> str:
        all_, out = len(self.standing(standing)), self.count(standing, "locked out")
        unknown = self.count(standing, "unknown")
        told = f"{all_ - out - unknown} of {all_} {standing} mail clients get in"
        told += f", {out} locked out" if out else ""
        return told + (f", {unknown} not known" if unknown else "")

    def _table(self, columns: Collection[tuple[str, ...]]) -> Table:
        heads = (textwrap.fill(", ".join(ports), _WIDTH, break_on_hyphens=False) for ports in columns)
        rows = [
            (
                title(client),
                *(cell(self.outcome(client, ports[0])) for ports in columns),
                f"{client.confidence}: {client.entry.source}",
            )
            for client in self.clients
        ]
        return Table(("client", *heads, "known from"), rows)


def title(client: Client) -> str:
    """Return a client's name, whether it is a stand-in, and its standing where it need not get in."""
    standing = client.entry.standing
    return client.title if standing == "required" else f"{client.title}, {standing}"


def cell(outcome: Outcome) -> str:
    """Return the verdict for a narrow column: ``1.3 AES256-GCM``, ``locked out``, or ``?`` for what is not known."""
    if outcome.verdict == "let in":
        *first, last = re.split(r"(?<=-RSA)-|(?<=-DSS)-|(?<=-ECDSA)-", short(outcome.suite))
        version = outcome.version.removeprefix("TLSv")
        return "\n".join((f"{version} {first[0]}", last)) if first else f"{version} {last}"
    return "locked out" if outcome.verdict == "locked out" else "?"


def short(suite: str) -> str:
    """Return a suite's name without what goes without saying: the digest of GCM, Poly1305 with ChaCha20."""
    name = re.sub(r"^TLS_(AES|CHACHA20)_", r"\1", suite).replace("_", "-")
    return re.sub(r"(?<=GCM)-SHA\d+$|-?POLY1305(-SHA256)?$", "", name)


def for_servers(ports: Sequence[str]) -> str:
    """Say why a refusal on a port for mail servers locks nobody out."""
    told = ", ".join(port for port in ports if port in FOR_SERVERS)
    return f"{told} is for mail servers, which go on in the clear when TLS fails: it locks nobody out"


def _outcome(meeting: Meeting, prediction: Prediction | None) -> Outcome:
    told = meeting.as_dict() if meeting.verdict == "let in" else {}
    explaining = prediction if meeting.verdict == "locked out" else None
    return Outcome(
        (meeting.client,),
        (meeting.port,),
        meeting.verdict,
        meeting.seen,
        version=told.get("version") or "",
        suite=told.get("suite") or "",
        reason=explaining.reason if explaining else "",
        cure=explaining.cure if explaining else "",
        foreseen=_foreseen(meeting, prediction) if prediction else "",
    )


def _by_reason(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Put a client's ports together that have one reason, though one server hangs up and the other sends an alert."""
    alike: dict[tuple[str, str], list[Outcome]] = {}
    for outcome in outcomes:
        alike.setdefault((outcome.why, outcome.cure), []).append(outcome)
    return [replace(group[0], ports=tuple(port for one in group for port in one.ports)) for group in alike.values()]


def _answered(outcome: Outcome) -> tuple[str, str, str]:
    return outcome.verdict, outcome.version, outcome.suite


def _foreseen(meeting: Meeting, prediction: Prediction) -> str:
    """Say what was foreseen, where it differs from what came; of who could not be asked for, nothing is known."""
    if meeting.answer is None or not prediction.is_seen_at_once:
        return ""
    got = meeting.answer
    if got.is_let_in and prediction.is_let_in:
        is_so = (got.version, got.suite) == (prediction.version, prediction.suite)
    else:
        is_so = got.is_let_in == prediction.is_let_in
    if is_so:
        return ""
    version = names.name(prediction.version or 0, names.VERSIONS)
    return f"let in, {version} {prediction.suite_name}" if prediction.is_let_in else f"locked out: {prediction.reason}"
