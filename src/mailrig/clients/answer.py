"""Reads what a server answers to a ClientHello; knows nothing of the client, and decrypts nothing."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from mailrig.clients import names, wire
from mailrig.clients.wire import Cursor
from mailrig.errors import HandshakeError

Kind = Literal["hello", "retry", "alert", "end"]

CERTIFICATE, SERVER_KEY_EXCHANGE, SERVER_HELLO_DONE = 11, 12, 14
CLOSE_NOTIFY, UNRECOGNIZED_NAME = 0, 112
WARNING = 1
TLS12, TLS13 = names.VERSIONS["TLSv1.2"], names.VERSIONS["TLSv1.3"]

ALERTS: Mapping[int, str] = {
    10: "unexpected_message",
    20: "bad_record_mac",
    22: "record_overflow",
    40: "handshake_failure",
    42: "bad_certificate",
    43: "unsupported_certificate",
    46: "certificate_unknown",
    47: "illegal_parameter",
    50: "decode_error",
    51: "decrypt_error",
    70: "protocol_version",
    71: "insufficient_security",
    80: "internal_error",
    86: "inappropriate_fallback",
    109: "missing_extension",
    110: "unsupported_extension",
    112: "unrecognized_name",
    116: "certificate_required",
    120: "no_application_protocol",
}
"""What a server says when it breaks off (RFC 8446 section 6), by number."""

# What a ServerHello has in place of a random when it is a HelloRetryRequest: SHA-256 of that word (RFC 8446 4.1.3).
_RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")

_LONGEST = 1 << 18  # bytes of a whole flight: who says more is cut short
_LONGEST_RECORD = wire.LONGEST_FRAGMENT + 2048  # RFC 5246 section 6.2.3
_ALERT_INSIDE = 3  # bytes of an alert and of the type behind it, before the tag is added (RFC 8446 section 5.2)
_NAMED_CURVE = 3
_WITH_CERTIFICATE = 256  # bytes: no certificate with its signature takes less, and no EncryptedExtensions take more
_TAG, _SHORT_TAG = 16, {0x1305: 8}  # only TLS_AES_128_CCM_8_SHA256 has a short one


@dataclass(frozen=True)
class Answer:
    """A server's first flight, as far as it came.

    ``kind`` is "hello" when the server lets the client in: in TLS 1.3 a ServerHello with something after it that is no
    alert, else everything up to ServerHelloDone. "retry" asks for another ClientHello, with a share of ``group``, with
    ``cookie``, or with both. "alert" is a refusal that says so, "end" one that does not: the stream ended, or was
    reset. A refusal can come after a ServerHello: ``version`` and ``suite`` are then what it would have been.

    ``group`` is that of the key exchange, None in RSA and DHE. ``signature_algorithm`` is what the server signed with,
    None where the version does not tell it, or encrypts it. ``alert`` is a number, None when it came encrypted; beside
    "hello" and "end" it is that of a warning. ``certificate`` is the leaf (DER), which TLS 1.3 encrypts. ``retried``
    tells that it took a second ClientHello.
    """

    kind: Kind
    version: int | None = None
    suite: int | None = None
    group: int | None = None
    signature_algorithm: int | None = None
    alert: int | None = None
    certificate: bytes | None = None
    cookie: bytes | None = None
    retried: bool = False

    @property
    def is_let_in(self) -> bool:
        """Whether the client could go on to log in."""
        return self.kind == "hello"

    def __str__(self) -> str:
        if self.kind == "end":
            return "the server closed the connection without an alert"
        if self.kind == "alert":
            return f"the server refused the handshake ({_alert(self.alert)})"
        version = names.name(self.version or 0, names.VERSIONS)
        suite = names.name(self.suite or 0, names.SUITES)
        return f"{version} {suite}" if self.is_let_in else f"{version} {suite}, after another ClientHello"


def _alert(number: int | None) -> str:
    if number is None:
        return "an encrypted alert"
    return f"alert {number}, {ALERTS[number]}" if number in ALERTS else f"alert {number}"


def read_answer(line: socket.socket) -> Answer:
    """Read from a connection, on which a ClientHello has been sent, until it is clear what the answer is.

    Raise TimeoutError when nothing comes within the socket's own limit, HandshakeError when what comes is not TLS:
    neither says anything about the client.
    """
    seen = Answer("end")
    messages, encrypted = b"", 0
    try:
        for type_, content in _records(line):
            if type_ == wire.HANDSHAKE:
                seen, messages = _told(seen, messages + content)
            elif type_ == wire.ALERT:
                seen = _alerted(seen, content)
            elif type_ == wire.APPLICATION_DATA:
                encrypted += len(content)
                seen = _encrypted(seen, content, encrypted)
            if seen.kind != "end":
                break
    except (EOFError, ConnectionError):
        return seen
    return seen


def _records(line: socket.socket) -> Iterator[tuple[int, bytes]]:
    """Yield the records that come, each with its type; raise EOFError at the end."""
    total = 0
    while total < _LONGEST:
        head = _exactly(line, wire.RECORD_HEADER)
        type_, major, length = head[0], head[1], int.from_bytes(head[3:], "big")
        known = wire.CHANGE_CIPHER_SPEC <= type_ <= wire.APPLICATION_DATA
        if not known or major != wire.MAJOR or length > _LONGEST_RECORD:
            raise HandshakeError(f"the answer is not TLS: it begins with {head!r}")
        yield type_, _exactly(line, length)
        total += wire.RECORD_HEADER + length
    raise HandshakeError(f"the server says more than {_LONGEST} bytes and comes to no end")


def _exactly(line: socket.socket, length: int) -> bytes:
    parts = b""
    while len(parts) < length:
        part = line.recv(length - len(parts))
        if not part:
            raise EOFError
        parts += part
    return parts


def _alerted(seen: Answer, content: bytes) -> Answer:
    """Take in an alert: a warning that the name is not known is no refusal (RFC 6066 section 3)."""
    level, number = Cursor(content, "alert").numbers(1)[:2] if len(content) > 1 else (0, None)
    if number is None:
        raise HandshakeError("the alert ends too early")
    if number == CLOSE_NOTIFY:
        raise EOFError
    is_refusal = level != WARNING or number != UNRECOGNIZED_NAME
    return replace(seen, kind="alert" if is_refusal else seen.kind, alert=number)


def _encrypted(seen: Answer, content: bytes, total: int) -> Answer:
    """Take in a record that nobody here can decrypt; the length alone tells an alert from what belongs to a hello.

    A server may find out after its EncryptedExtensions that its own certificate will not do, so those alone say
    nothing: it is over when there has been more than they take, and a certificate can be among it.
    """
    if seen.version != TLS13 or seen.suite is None:
        raise HandshakeError("the server encrypts before it has said how")
    if len(content) == _ALERT_INSIDE + _SHORT_TAG.get(seen.suite, _TAG):
        return replace(seen, kind="alert", alert=None)
    return replace(seen, kind="hello") if total >= _WITH_CERTIFICATE else seen


def _told(seen: Answer, messages: bytes) -> tuple[Answer, bytes]:
    """Take in the handshake messages that are whole; return what is left for the next record."""
    while seen.kind == "end" and len(messages) >= wire.MESSAGE_HEADER:
        end = wire.MESSAGE_HEADER + int.from_bytes(messages[1 : wire.MESSAGE_HEADER], "big")
        if len(messages) < end:
            break
        type_, body, messages = messages[0], messages[wire.MESSAGE_HEADER : end], messages[end:]
        if (seen.version is None) != (type_ == wire.SERVER_HELLO):
            raise HandshakeError(f"handshake message {type_} comes out of turn")
        read = _MESSAGES.get(type_)
        seen = read(seen, body) if read else seen
    return seen, messages


def _server_hello(seen: Answer, body: bytes) -> Answer:
    message = Cursor(body, "ServerHello")
    version, random, _ = message.number(2), message.take(32), message.vector(1)
    suite, _ = message.number(2), message.number(1)
    extensions = {} if message.is_done else dict(wire.extensions(message.inside(2, "ServerHello")))
    message.end()
    is_retry = random == _RETRY
    share = extensions.get(wire.KEY_SHARE)
    cookie = extensions.get(wire.COOKIE)
    chosen = extensions.get(wire.SUPPORTED_VERSIONS)
    return replace(
        seen,
        kind="retry" if is_retry else seen.kind,
        version=version if chosen is None else Cursor(chosen, "chosen version").number(2),
        suite=suite,
        group=None if share is None else Cursor(share, "key share").number(2),
        cookie=None if cookie is None else Cursor(cookie, "cookie").vector(2),
    )


def _certificate(seen: Answer, body: bytes) -> Answer:
    chain = Cursor(body, "Certificate").inside(3, "list of certificates")
    return seen if chain.is_done else replace(seen, certificate=chain.vector(3))


def _server_key_exchange(seen: Answer, body: bytes) -> Answer:
    """Read the group and what it is signed with (RFC 8422 section 5.4, RFC 5246 section 7.4.3)."""
    message = Cursor(body, "ServerKeyExchange")
    exchange = names.name(seen.suite or 0, names.SUITES).partition("-")[0]
    group = None
    if exchange == "ECDHE":
        if message.number(1) != _NAMED_CURVE:
            raise HandshakeError("the server's curve has no name")
        group = message.number(2)
        message.vector(1)
    elif exchange == "DHE":
        for _ in ("prime", "generator", "public value"):
            message.vector(2)
    else:
        return seen
    signed = message.number(2) if seen.version == TLS12 else None
    message.vector(2)
    message.end()
    return replace(seen, group=group, signature_algorithm=signed)


def _done(seen: Answer, _body: bytes) -> Answer:
    return replace(seen, kind="hello")


_MESSAGES: Mapping[int, Callable[[Answer, bytes], Answer]] = {
    wire.SERVER_HELLO: _server_hello,
    CERTIFICATE: _certificate,
    SERVER_KEY_EXCHANGE: _server_key_exchange,
    SERVER_HELLO_DONE: _done,
}
