"""Listens until a mail client sends its ClientHello, and hangs up; speaks just enough IMAP or SMTP for STARTTLS."""

from __future__ import annotations

import contextlib
import queue
import re
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, Literal

from mailrig.clients import wire
from mailrig.clients.catalogue import Entry
from mailrig.clients.heard import heard
from mailrig.errors import HandshakeError, MailrigError

StartTls = Literal["imap", "smtp"]

PATIENCE = 30.0
"""Seconds that a client may be silent."""

_HANDSHAKE_FAILURE = 40
_LONGEST_LINE = 8192
_LONGEST_HELLO = 1 << 17


@dataclass(frozen=True)
class Capture:
    """What was caught: the client's entry, without a name of its own yet, the bytes, and where they came from."""

    entry: Entry
    data: bytes
    peer: str


def capture(
    port: int, starttls: StartTls | None, tell: Callable[[str], None], *, address: str = "127.0.0.1"
) -> Capture:
    """Listen for a mail client, and return what its ClientHello tells.

    ``port`` 0 takes one that is free. ``tell`` is called, from this thread, with what a person should know: first where
    it listens, then of whoever came without a ClientHello. Clients are heard side by side, as many open more than one
    connection; it ends with the first ClientHello. Raise MailrigError when the port cannot be had.
    """
    with _listening(address, port) as listener, contextlib.ExitStack() as at_end:
        at_end.callback(_wake, listener)
        tell(f"listening on {_place(listener.getsockname())}{_manner(starttls)}")
        events: queue.SimpleQueue[str | Capture] = queue.SimpleQueue()
        threading.Thread(target=_accept, args=(listener, starttls, events), daemon=True).start()
        while not isinstance(event := events.get(), Capture):
            tell(event)
        return event


def _manner(starttls: StartTls | None) -> str:
    return f", {starttls.upper()} with STARTTLS" if starttls else ", TLS from the first byte"


def _place(address: tuple[object, ...]) -> str:
    host, port = address[:2]
    return f"[{host}]:{port}" if ":" in str(host) else f"{host}:{port}"


def _listening(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = "name another port, or an address of this machine"
        raise MailrigError(f"cannot listen on {_place((address, port))}: {reason}", hint=hint) from None


def _wake(listener: socket.socket) -> None:
    """End the wait for the next client; to close the socket is not enough."""
    with contextlib.suppress(OSError):
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, starttls: StartTls | None, events: queue.SimpleQueue[str | Capture]) -> None:
    """Hear whoever comes, until the listener is closed."""
    with contextlib.suppress(OSError):
        while True:
            line, address = listener.accept()
            heard_by = threading.Thread(target=_hear, args=(line, _place(address), starttls, events), daemon=True)
            heard_by.start()


def _hear(line: socket.socket, peer: str, starttls: StartTls | None, events: queue.SimpleQueue[str | Capture]) -> None:
    line.settimeout(PATIENCE)
    with line, line.makefile("rb") as file:
        try:
            if starttls:
                _upgrade(line, file, _PROTOCOLS[starttls])
            data = _client_hello(file)
            caught = Capture(heard(data), data, peer)
        except HandshakeError as error:
            events.put(f"{peer}: {error.problems[0].message}")
        except TimeoutError:
            waiting = "" if starttls else "; it may wait for a greeting, and want STARTTLS"
            events.put(f"{peer}: the client says nothing{waiting}")
        except (EOFError, OSError):
            events.put(f"{peer}: the client hung up without a ClientHello")
        else:
            with contextlib.suppress(OSError):
                line.sendall(wire.alert(_HANDSHAKE_FAILURE, wire.parsed(data).version))
            events.put(caught)


def _client_hello(file: BinaryIO) -> bytes:
    """Read records until they hold the whole of the first message."""
    data, message = b"", b""
    while len(message) < wire.MESSAGE_HEADER or len(message) < _end(message):
        head = _exactly(file, wire.RECORD_HEADER)
        if head[0] != wire.HANDSHAKE or head[1] != wire.MAJOR:
            raise HandshakeError(f"the client does not begin with a ClientHello of TLS, but with {head!r}")
        part = _exactly(file, int.from_bytes(head[3:], "big"))
        data, message = data + head + part, message + part
        if len(data) > _LONGEST_HELLO:
            raise HandshakeError(f"the ClientHello is longer than {_LONGEST_HELLO} bytes")
    return data


def _end(message: bytes) -> int:
    return wire.MESSAGE_HEADER + int.from_bytes(message[1 : wire.MESSAGE_HEADER], "big")


def _exactly(file: BinaryIO, length: int) -> bytes:
    read = file.read(length)
    if len(read) < length:
        raise EOFError
    return read


@dataclass(frozen=True)
class _Protocol:
    """A mail protocol before TLS: the greeting, and the answer to each command; the first pattern that fits counts.

    What a pattern's group ``tag`` holds goes into the answer.
    """

    greeting: str
    answers: tuple[tuple[str, str], ...]


_IMAP = _Protocol(
    "* OK [CAPABILITY IMAP4rev1 ID STARTTLS LOGINDISABLED] waiting for STARTTLS",
    (
        (r"(?P<tag>\S+) STARTTLS$", "{tag} OK begin TLS now"),
        (r"(?P<tag>\S+) CAPABILITY$", "* CAPABILITY IMAP4rev1 ID STARTTLS LOGINDISABLED\r\n{tag} OK done"),
        (r"(?P<tag>\S+) ID\b", "* ID NIL\r\n{tag} OK done"),
        (r"(?P<tag>\S+) NOOP$", "{tag} OK done"),
        (r"(?P<tag>\S+) LOGOUT$", "* BYE come again\r\n{tag} OK done"),
        (r"(?P<tag>\S*)", "{tag} NO [PRIVACYREQUIRED] STARTTLS comes first"),  # RFC 5530 section 3
    ),
)
_SMTP = _Protocol(
    "220 localhost ESMTP waiting for STARTTLS",
    (
        (r"STARTTLS$", "220 2.0.0 begin TLS now"),
        (r"EHLO\b", "250-localhost\r\n250-8BITMIME\r\n250-ENHANCEDSTATUSCODES\r\n250 STARTTLS"),
        (r"HELO\b", "250 localhost"),
        (r"(NOOP|RSET)\b", "250 2.0.0 done"),
        (r"QUIT$", "221 2.0.0 come again"),
        (r"", "530 5.7.0 STARTTLS comes first"),  # RFC 3207 section 4
    ),
)
_PROTOCOLS = {"imap": _IMAP, "smtp": _SMTP}


def _upgrade(line: socket.socket, file: BinaryIO, protocol: _Protocol) -> None:
    """Talk with the client until it has asked for TLS, and may begin."""
    line.sendall(f"{protocol.greeting}\r\n".encode())
    while raw := file.readline(_LONGEST_LINE):
        command = raw.decode("utf-8", "replace").strip()
        line.sendall(f"{_answer(protocol, command)}\r\n".encode())
        if re.search(r"\bSTARTTLS$", command, re.IGNORECASE):
            return
    raise EOFError


def _answer(protocol: _Protocol, command: str) -> str:
    matches = ((re.match(pattern, command, re.IGNORECASE), answer) for pattern, answer in protocol.answers)
    return next(answer.format(**match.groupdict()) for match, answer in matches if match)
