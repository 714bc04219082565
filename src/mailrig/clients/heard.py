"""Reads a ClientHello's bytes into the facts that the catalogue keeps; believes the bytes alone, never a label."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, cast, get_args

from mailrig.clients import names, wire
from mailrig.clients.catalogue import Entry, Kind, Version
from mailrig.clients.wire import ClientHello, Cursor, numbers, vector
from mailrig.errors import HandshakeError


def heard(
    data: bytes,
    *,
    name: str = "captured client",
    kind: Kind = "mail-app",
    source: str = "own capture",
    confidence: str = "high: the client's own bytes",
) -> Entry:
    """Return the entry of the client that sent ``data``, the records of one ClientHello.

    What nobody can see in the bytes is said by the arguments. Raise HandshakeError when they are no ClientHello, or one
    that offers nothing.
    """
    hello = wire.parsed(data)
    suites = _named(hello.suites, names.SUITES)
    if not suites:
        raise HandshakeError("the ClientHello offers no suite")
    return Entry(
        name=name,
        kind=kind,
        source=source,
        confidence=confidence,
        versions=_versions(hello),
        suites=suites,
        groups=_named(_list(hello, wire.SUPPORTED_GROUPS), names.GROUPS),
        key_shares=_named(_shared(hello), names.GROUPS),
        signature_algorithms=_named(_list(hello, wire.SIGNATURE_ALGORITHMS), names.SIGNATURE_ALGORITHMS),
        signature_algorithms_cert=_named(_list(hello, wire.SIGNATURE_ALGORITHMS_CERT), names.SIGNATURE_ALGORITHMS),
        extensions=tuple(_extension(number) for number, _ in hello.extensions),
        ec_point_formats=_point_formats(hello),
        compression=hello.compression,
        session_id=len(hello.session_id),
        sni=hello.extension(wire.SERVER_NAME) is not None,
        alpn_seen=_protocols(hello),
        hello_bytes=len(data),
    )


def _named(sent: Iterable[int], table: dict[str, int]) -> tuple[str, ...]:
    return tuple(names.name(number, table) for number in sent if number not in names.GREASE)


def _extension(number: int) -> int | Literal["grease"]:
    return "grease" if number in names.GREASE else number


def _versions(hello: ClientHello) -> tuple[Version, ...]:
    """Return the versions that have a name, as offered; the highest only where the client is too old to list them."""
    body = _content(hello, wire.SUPPORTED_VERSIONS, vector(1, numbers(2, (hello.version,))))
    offered = body.inside(1, "list of versions").numbers(2)
    body.end()
    named = [name for name in _named(offered, names.VERSIONS) if name in get_args(Version)]
    if not named:
        raise HandshakeError("the ClientHello offers no version of TLS from 1.0 to 1.3")
    return cast(tuple[Version, ...], tuple(named))


def _content(hello: ClientHello, number: int, absent: bytes) -> Cursor:
    """Return an extension's content, or what it counts as when it is not there."""
    found = hello.extension(number)
    return Cursor(absent if found is None else found, f"extension {number}")


def _list(hello: ClientHello, number: int) -> tuple[int, ...]:
    """Return the numbers that an extension lists; none when it is not there."""
    body = _content(hello, number, b"\0\0")
    listed = body.inside(2, f"extension {number}").numbers(2)
    body.end()
    return listed


def _shared(hello: ClientHello) -> Iterable[int]:
    body = _content(hello, wire.KEY_SHARE, b"\0\0")
    shares = body.inside(2, "list of key shares")
    body.end()
    while not shares.is_done:
        yield shares.number(2)
        shares.vector(2)


def _point_formats(hello: ClientHello) -> tuple[int, ...]:
    body = _content(hello, wire.POINT_FORMATS, b"\1\0")  # uncompressed, as every client can (RFC 8422 section 5.1.2)
    listed = tuple(body.vector(1))
    body.end()
    return listed


def _protocols(hello: ClientHello) -> tuple[str, ...]:
    """Return the ALPN names; GREASE among them is two equal bytes (RFC 8701 section 2)."""
    body = _content(hello, wire.ALPN, b"\0\0")
    protocols = body.inside(2, "list of protocols")
    body.end()
    seen = []
    while not protocols.is_done:
        name = protocols.vector(1)
        if int.from_bytes(name, "big") not in names.GREASE:
            seen.append(name.decode("ascii", "backslashreplace"))
    return tuple(seen)
