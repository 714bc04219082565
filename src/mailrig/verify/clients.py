"""Asks for every mail client on every TLS port, in the client's own words; must not judge whose answer matters."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from mailrig.clients import names
from mailrig.clients.answer import Answer
from mailrig.clients.catalogue import Client
from mailrig.clients.encounter import meet, part
from mailrig.verify.connection import DIRECT, UPGRADED, awaiting_tls
from mailrig.verify.fault import sentence
from mailrig.verify.target import Target

PORTS = (*DIRECT, *UPGRADED)
"""The ports that speak TLS, by the inventory's names."""

AT_ONCE = 6
"""Connections that are open side by side. Dovecot starts a process for each: more of them only wait for one another."""

Verdict = Literal["let in", "locked out", "unknown"]


@dataclass(frozen=True)
class Meeting:
    """What came of one client on one port: the server's answer, or why there is none; exactly one of them is set."""

    client: Client
    port: str
    answer: Answer | None = None
    error: str | None = None

    @property
    def verdict(self) -> Verdict:
        """Tell whether the client gets in; "unknown" when the server could not be asked, which is nobody's lockout."""
        if self.answer is None:
            return "unknown"
        return "let in" if self.answer.is_let_in else "locked out"

    @property
    def seen(self) -> str:
        """Say what the server did."""
        return str(self.answer) if self.answer else str(self.error)

    def as_dict(self) -> Mapping[str, Any]:
        """Return the meeting for JSON."""
        answer = self.answer or Answer("end")
        return {
            "client": self.client.id,
            "port": self.port,
            "verdict": self.verdict,
            "version": _name(answer.version, names.VERSIONS),
            "suite": _name(answer.suite, names.SUITES),
            "group": _name(answer.group, names.GROUPS),
            "signature_algorithm": _name(answer.signature_algorithm, names.SIGNATURE_ALGORITHMS),
            "alert": answer.alert,
            "retried": answer.retried,
            "seen": self.seen,
        }


def _name(number: int | None, table: Mapping[str, int]) -> str | None:
    return None if number is None else names.name(number, table)


Meetings = Mapping[tuple[str, str], Meeting]
"""All clients on all ports, by the client's id and the port's name, in that order."""


def probe(target: Target, client: Client, port: str) -> Answer:
    """Return how the server answers the client on ``port``, from the first byte or after STARTTLS.

    Raise what keeps the question from being asked: OSError, EOFError, VerifyError, HandshakeError; Skip when the port
    is not published.
    """
    with awaiting_tls(target, port) as line:
        answer = meet(line.socket, client, target.hostname)
        part(line.socket, answer)
        return answer


def ask_all(
    target: Target,
    clients: Iterable[Client],
    ports: Iterable[str] | None = None,
    progress: Callable[[Meeting], None] | None = None,
    at_once: int = AT_ONCE,
) -> Meetings:
    """Ask for every client on every port that is published (or on ``ports``); a failure is a meeting, no exception.

    ``progress`` is called with each meeting as it comes, from the calling thread. ``at_once`` connections are open side
    by side.
    """
    asked = [port for port in (PORTS if ports is None else ports) if port in target.endpoints]
    # Neighbours in the queue are of different ports, so that no one service gets all the load.
    wanted = list(itertools.product(clients, asked))
    met: dict[tuple[str, str], Meeting] = {}
    for meeting in _met(target, wanted, at_once):
        met[meeting.client.id, meeting.port] = meeting
        if progress is not None:
            progress(meeting)
    return {(client.id, port): met[client.id, port] for client, port in wanted}


def _met(target: Target, wanted: list[tuple[Client, str]], at_once: int) -> Iterable[Meeting]:
    """Let all meetings happen, so many at once; yield them as they come."""
    waiting: queue.SimpleQueue[tuple[Client, str]] = queue.SimpleQueue()
    for one in wanted:
        waiting.put(one)
    done: queue.SimpleQueue[Meeting] = queue.SimpleQueue()

    def work() -> None:
        while True:
            try:
                client, port = waiting.get_nowait()
            except queue.Empty:
                return
            done.put(_meeting(target, client, port))

    for _ in range(at_once):
        # Daemons: an interrupted verify ends at once, whatever a server keeps it waiting for.
        threading.Thread(target=work, daemon=True).start()
    for _ in wanted:
        yield done.get()


def _meeting(target: Target, client: Client, port: str) -> Meeting:
    try:
        answer = probe(target, client, port)
        if answer.kind == "end":
            # So Dovecot 2.3 refuses, and so does a server that is just reloading: what it does again is what it means.
            answer = probe(target, client, port)
        return Meeting(client, port, answer=answer)
    except Exception as error:  # noqa: BLE001 - whatever a server does to us is a finding, never a traceback
        return Meeting(client, port, error=sentence(error))
