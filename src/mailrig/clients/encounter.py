"""A client meets a server: its ClientHello goes out, and the answer is read; knows no mail protocol."""

from __future__ import annotations

import contextlib
import os
import socket
from dataclasses import replace

from mailrig.clients import names, wire
from mailrig.clients.answer import Answer, read_answer
from mailrig.clients.catalogue import Client
from mailrig.clients.hello import again, hello
from mailrig.clients.shares import Entropy
from mailrig.errors import HandshakeError

USER_CANCELED = 90  # RFC 8446 section 6.1: the handshake is broken off for a reason that is not the protocol's


def meet(line: socket.socket, client: Client, server_name: str, entropy: Entropy = os.urandom) -> Answer:
    """Return how the server at the other end of a fresh connection answers the client.

    A server that asks for another ClientHello gets one. Raise TimeoutError and HandshakeError as ``read_answer`` does,
    and HandshakeError when the server chooses what the client has not offered: a real client would hang up on it.
    """
    first = hello(client, server_name, entropy)
    answer = _ask(line, first)
    if answer.kind == "retry":
        answer = _ask(line, again(first, answer.group, answer.cookie, entropy))
        if answer.kind == "retry":
            raise HandshakeError("the server asks for a second time to begin anew")
        answer = replace(answer, retried=True)
    _check(client, answer)
    return answer


def part(line: socket.socket, answer: Answer | None = None) -> None:
    """Break the handshake off as a client does that has changed its mind; whoever opened the line closes it."""
    version = (answer and answer.version) or names.VERSIONS["TLSv1.2"]
    with contextlib.suppress(OSError):
        line.sendall(wire.alert(USER_CANCELED, min(version, names.VERSIONS["TLSv1.2"])))


def _ask(line: socket.socket, said: bytes) -> Answer:
    with contextlib.suppress(ConnectionError):  # a server that has hung up already may have said why
        line.sendall(said)
    return read_answer(line)


def _check(client: Client, answer: Answer) -> None:
    """Make sure that what was chosen was offered (RFC 8446 section 4.1.3, RFC 8422 section 5.4)."""
    if answer.suite is not None and answer.suite not in client.suites:
        raise HandshakeError(
            f"the server chooses {names.name(answer.suite, names.SUITES)}, which the client does not offer"
        )
    if answer.group is not None and client.groups and answer.group not in client.groups:
        raise HandshakeError(
            f"the server chooses {names.name(answer.group, names.GROUPS)}, which the client does not offer"
        )
