"""The bytes of TLS: records, vectors, and a ClientHello as its parts; pure, and judges nothing.

Source: RFC 8446 sections 3.4, 4.1.2, 4.2 and 5.1; RFC 5246 where a peer speaks TLS 1.2 or older.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from mailrig.errors import HandshakeError

CHANGE_CIPHER_SPEC, ALERT, HANDSHAKE, APPLICATION_DATA = 20, 21, 22, 23  # types of records
CLIENT_HELLO, SERVER_HELLO = 1, 2  # types of handshake messages; answer.py has those that only a server sends

SERVER_NAME, SUPPORTED_GROUPS, POINT_FORMATS, SIGNATURE_ALGORITHMS, ALPN, PADDING = 0, 10, 11, 13, 16, 21
SUPPORTED_VERSIONS, COOKIE, SIGNATURE_ALGORITHMS_CERT, KEY_SHARE = 43, 44, 50, 51

MAJOR = 3  # the major version of SSL 3.0 and of all TLS, in each record
RECORD_HEADER, MESSAGE_HEADER = 5, 4  # bytes
LONGEST_FRAGMENT = 1 << 14

_EXTENSION_HEADER = 4  # bytes
_LONGEST_SESSION_ID = 32  # bytes
_PADDED = range(256, 512)  # lengths of a ClientHello that a client pads


class Cursor:
    """Reads bytes from the front; whoever asks for more than is there gets a HandshakeError that names ``what``."""

    def __init__(self, data: bytes, what: str) -> None:
        self._data = data
        self._at = 0
        self._what = what

    @property
    def is_done(self) -> bool:
        """Whether everything has been read."""
        return self._at == len(self._data)

    def take(self, length: int) -> bytes:
        """Read ``length`` bytes."""
        taken = self._data[self._at : self._at + length]
        if len(taken) < length:
            raise HandshakeError(f"the {self._what} ends too early")
        self._at += length
        return taken

    def number(self, width: int) -> int:
        """Read a number of ``width`` bytes."""
        return int.from_bytes(self.take(width), "big")

    def vector(self, width: int) -> bytes:
        """Read a vector whose length stands before it in ``width`` bytes."""
        return self.take(self.number(width))

    def inside(self, width: int, what: str) -> Cursor:
        """Read a vector as something of its own."""
        return Cursor(self.vector(width), what)

    def numbers(self, width: int) -> tuple[int, ...]:
        """Read all that is left as numbers of ``width`` bytes."""
        read = []
        while not self.is_done:
            read.append(self.number(width))
        return tuple(read)

    def end(self) -> None:
        """Make sure that nothing is left."""
        if not self.is_done:
            raise HandshakeError(f"the {self._what} goes on after its end")


def vector(width: int, body: bytes) -> bytes:
    """Write a vector, its length before it in ``width`` bytes."""
    return len(body).to_bytes(width, "big") + body


def numbers(width: int, values: Iterable[int]) -> bytes:
    """Write numbers of ``width`` bytes, one after the other."""
    return b"".join(value.to_bytes(width, "big") for value in values)


def records(type_: int, version: int, body: bytes) -> bytes:
    """Write ``body`` as a record, or as several when it is too long for one."""
    head = bytes((type_,)) + version.to_bytes(2, "big")
    parts = (body[at : at + LONGEST_FRAGMENT] for at in range(0, len(body), LONGEST_FRAGMENT))
    return b"".join(head + vector(2, part) for part in parts)


def alert(number: int, version: int, *, fatal: bool = True) -> bytes:
    """Write an alert as a record (RFC 8446 section 6)."""
    return records(ALERT, version, bytes((2 if fatal else 1, number)))


Extension = tuple[int, bytes]
"""An extension: its number, and its content."""


@dataclass(frozen=True)
class ClientHello:
    """A ClientHello as its parts, GREASE and all; the content of an extension is left as it is."""

    version: int
    random: bytes
    session_id: bytes
    suites: tuple[int, ...]
    compression: tuple[int, ...]
    extensions: tuple[Extension, ...]

    def extension(self, number: int) -> bytes | None:
        """Return the content of an extension, None when it is not there."""
        return next((content for found, content in self.extensions if found == number), None)

    def record(self, version: int) -> bytes:
        """Write it as it goes over the wire, in records of ``version``."""
        return records(HANDSHAKE, version, self.message())

    def message(self) -> bytes:
        """Write it as a handshake message."""
        body = (
            self.version.to_bytes(2, "big")
            + self.random
            + vector(1, self.session_id)
            + vector(2, numbers(2, self.suites))
            + vector(1, bytes(self.compression))
        )
        if self.extensions:
            body += vector(2, b"".join(number.to_bytes(2, "big") + vector(2, body) for number, body in self.extensions))
        return bytes((CLIENT_HELLO,)) + vector(3, body)

    def padded(self) -> ClientHello:
        """Fill its padding extension, or leave it out, as the length asks for.

        A hello between 256 and 511 bytes is padded to 512, for a load balancer that takes it for SSL 2.0 else (RFC 7685
        section 4). An extension that is there for it has at least one byte of content.
        """
        if self.extension(PADDING) is None:
            return self
        bare = self._with_padding(None)
        length = len(bare.message())
        if length not in _PADDED:
            return bare
        return self._with_padding(bytes(max(_PADDED.stop - length - _EXTENSION_HEADER, 1)))

    def _with_padding(self, content: bytes | None) -> ClientHello:
        filled = [(number, content if number == PADDING else body) for number, body in self.extensions]
        return replace(self, extensions=tuple((number, body) for number, body in filled if body is not None))


def parsed(data: bytes) -> ClientHello:
    """Read a ClientHello from its records; raise HandshakeError when it is none, or not a whole one."""
    message = Cursor(_message(data), "ClientHello")
    if message.number(1) != CLIENT_HELLO:
        raise HandshakeError("the first message is not a ClientHello")
    body = message.inside(3, "ClientHello")
    message.end()
    hello = ClientHello(
        version=body.number(2),
        random=body.take(32),
        session_id=body.vector(1),
        suites=body.inside(2, "list of suites").numbers(2),
        compression=tuple(body.vector(1)),
        extensions=() if body.is_done else extensions(body.inside(2, "list of extensions")),
    )
    body.end()
    if len(hello.session_id) > _LONGEST_SESSION_ID:
        raise HandshakeError(f"the session id is longer than {_LONGEST_SESSION_ID} bytes")
    return hello


def _message(data: bytes) -> bytes:
    left = Cursor(data, "record")
    message = b""
    while not left.is_done:
        if (left.number(1), left.number(2) >> 8) != (HANDSHAKE, MAJOR):
            raise HandshakeError(f"this is not a TLS ClientHello: it begins with {data[:16]!r}")
        message += left.vector(2)
    return message


def extensions(block: Cursor) -> tuple[Extension, ...]:
    """Read a list of extensions; raise HandshakeError when one stands there twice."""
    found: list[Extension] = []
    while not block.is_done:
        found.append((block.number(2), block.vector(2)))
    if len({number for number, _ in found}) < len(found):
        raise HandshakeError("an extension stands twice in one message")
    return tuple(found)
