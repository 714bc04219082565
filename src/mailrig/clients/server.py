"""What a server offers on one of its TLS ports, as far as it decides who gets in; pure, and knows no daemon."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

KeyExchange = Literal["ECDHE", "DHE", "RSA", "other"]
Authentication = Literal["RSA", "ECDSA", "other"]
KeyType = Literal["RSA", "EC", "Ed25519", "Ed448"]

FOR_SERVERS = frozenset({"smtp"})
"""Ports where other mail servers come, which go on in the clear when TLS fails: nobody is locked out there."""


class Suite(Struct, frozen=True, cache_hash=True):
    """A suite of TLS 1.2 or older, as the server's own OpenSSL describes it (``openssl ciphers -V``).

    ``since`` is the oldest version that has it.
    """

    id: int
    name: str
    key_exchange: KeyExchange
    authentication: Authentication
    since: int = 0x0303


class Certificate(Struct, frozen=True, cache_hash=True):
    """A certificate that is served with its key.

    ``bits`` is the key's size; ``curve`` is the group's number of an EC key; ``signature`` is the number of the
    signature algorithm by which its issuer signed it (as in TLS 1.3), None where that has no number. ``may_sign`` is
    whether its usage allows signatures (RFC 5280 section 4.2.1.3).
    """

    key: KeyType
    bits: int
    curve: int | None = None
    signature: int | None = None
    may_sign: bool = True


class Server(Struct, frozen=True, kw_only=True, cache_hash=True):
    """One port's TLS settings as they are in effect.

    ``versions``, ``suites`` (up to TLS 1.2), ``suites13`` and ``groups`` are in the server's order. ``dh_bits`` is the
    size of its DH parameters, None without; a server that ``promises_dhe`` chooses its suites even so, and then fails.
    Of several certificates each has another type of key. ``security_level`` is OpenSSL's
    (SSL_CTX_set_security_level(3)); Debian's default is 2. A server that ``judges_late`` finds out that a certificate
    is too weak for it only when it is to send it; others do not even start to serve. ``fault`` says why nobody gets in,
    where a daemon cannot set its TLS up at all: then the rest is empty. A server that ``refuses_late`` lets the
    handshake succeed, and turns the client away after it. ``without_name`` is what it offers to clients that do not say
    which host they mean (SNI), None where that is the same.
    """

    versions: tuple[int, ...]
    suites: tuple[Suite, ...]
    suites13: tuple[int, ...]
    groups: tuple[int, ...]
    certificates: tuple[Certificate, ...]
    dh_bits: int | None = None
    promises_dhe: bool = False
    prefers_own_order: bool = True
    security_level: int = 2
    judges_late: bool = False
    fault: str = ""
    refuses_late: bool = False
    without_name: Server | None = None

    def to(self, *, names_host: bool) -> Server:
        """Return what it offers to a client that says which host it means, or does not."""
        return self if names_host or self.without_name is None else self.without_name
