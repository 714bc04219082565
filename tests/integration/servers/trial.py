"""A server with its settings, what it answers a client, and what was foreseen; knows none of the servers."""

from __future__ import annotations

import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from matrix.setting import HOSTNAME, Setting

from mailrig.clients.answer import read_answer
from mailrig.clients.catalogue import Client
from mailrig.clients.hello import again, hello
from mailrig.clients.prediction import Prediction, predict
from mailrig.clients.server import Server

BATCH = 20  # servers at a time
PATIENCE = 30  # seconds for a server to start, or to answer


@dataclass(frozen=True)
class Outcome:
    """How a handshake ended: the agreed version and suite, or neither."""

    version: int | None = None
    suite: int | None = None


@dataclass(frozen=True)
class Trial:
    """A server with its settings, as it is read from them, and the port it listens on.

    Clients begin with TLS, or, where it ``is_upgraded``, ask for it in the clear.
    """

    program: str
    setting: Setting
    server: Server
    port: int
    is_upgraded: bool = False


@dataclass(frozen=True)
class Record:
    """What a real server answered a client."""

    trial: Trial
    client: Client
    seen: Outcome

    @property
    def predicted(self) -> Outcome:
        """What the prediction says now."""
        return outcome(predict(self.trial.server, self.client))

    @property
    def is_right(self) -> bool:
        """Whether the prediction says what was seen."""
        return self.predicted == self.seen

    def __str__(self) -> str:
        told = predict(self.trial.server, self.client)
        return f"{self.trial.program}, {self.trial.setting}, {self.client.id}: {self.seen}, not {told.outcome}"


def outcome(prediction: Prediction) -> Outcome:
    """Return a prediction as an outcome."""
    return Outcome(prediction.version, prediction.suite)


def ask(trial: Trial, clients: list[Client]) -> list[Record]:
    """Let each client shake hands with the server; who is sent away after it is not let in.

    Those who name no host come first: where a name is Dovecot's undoing, its process dies with whoever comes next.
    """
    is_in_vain = trial.setting.asks_for_certificates and _is_sent_away(trial)
    ordered = sorted(clients, key=lambda client: client.entry.sni)
    return [Record(trial, client, Outcome() if is_in_vain else _seen(trial, client)) for client in ordered]


def ask_all(trials: list[Trial], clients: list[Client], workers: int = 4) -> list[Record]:
    """Let each client shake hands with each server, some servers at a time."""
    with ThreadPoolExecutor(workers) as pool:
        return [record for found in pool.map(lambda trial: ask(trial, clients), trials) for record in found]


def _seen(trial: Trial, client: Client) -> Outcome:
    """Return what comes of the client's own hello; a server that does not speak TLS then lets nobody in."""
    with _connected(trial) as line:
        if trial.is_upgraded and not _upgrade(line):
            return Outcome()
        first = hello(client, HOSTNAME)
        line.sendall(first)
        if not _answers_with_tls(line):
            return Outcome()
        answer = read_answer(line)
        if answer.kind == "retry":
            line.sendall(again(first, answer.group, answer.cookie))
            answer = read_answer(line)
        return Outcome(answer.version, answer.suite) if answer.is_let_in else Outcome()


_RECORDS = (b"\x15", b"\x16")  # an alert, a handshake (RFC 8446 section 5.1)


def _answers_with_tls(line: socket.socket) -> bool:
    try:
        return line.recv(1, socket.MSG_PEEK) in _RECORDS
    except ConnectionError:  # its process has died
        return False


def _connected(trial: Trial) -> socket.socket:
    return socket.create_connection(("127.0.0.1", trial.port), timeout=PATIENCE)


def _upgrade(line: socket.socket) -> bool:
    """Ask for TLS as RFC 3207 has it; return whether the server goes along."""
    with line.makefile("rb", buffering=0) as lines:
        last = _reply(lines)
        for said in (b"EHLO localhost\r\n", b"STARTTLS\r\n"):
            if last:
                line.sendall(said)
                last = _reply(lines)
        return last.startswith(b"220")


def _reply(lines: Any) -> bytes:
    """Return the last line of a reply in SMTP, nothing when the server has hung up."""
    while (line := bytes(lines.readline()))[3:4] == b"-":
        pass
    return line


# What a client says when it is in, and how the answer begins where it may go on.
_FIRST_WORDS = {"Postfix": (b"EHLO localhost\r\n", b"250"), "Dovecot": (b"a LOGIN anna anna\r\n", b"a OK")}


def _is_sent_away(trial: Trial) -> bool:
    """Whether the server shakes hands with a client that has no certificate, and has no use for it then."""
    said, wanted = _FIRST_WORDS[trial.program]
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with _connected(trial) as line:
        if trial.is_upgraded and not _upgrade(line):
            return False
        with context.wrap_socket(line, server_hostname=HOSTNAME) as tls, tls.makefile("rb", buffering=0) as lines:
            is_greeted = trial.is_upgraded or bool(_reply(lines))
            tls.sendall(said if is_greeted else b"")
            while (answer := _reply(lines)).startswith(b"*"):
                pass
            return not answer.startswith(wanted)


def wait_for(port: int) -> None:
    """Wait until a port answers."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return
