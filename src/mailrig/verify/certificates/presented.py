"""The certificates that a port shows to whoever calls, with their chains; must not know which are meant to be there."""

from __future__ import annotations

import ssl
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from mailrig.verify.certificates.certificate import Certificate, certificate
from mailrig.verify.connection import BROWSED, DIRECT, UPGRADED, ClientContext, context, secured, service_of
from mailrig.verify.fault import sentence
from mailrig.verify.target import Target

DEFAULT = "default"

KINDS = {"ECDSA": "aECDSA:!eNULL", "RSA": "aRSA:!eNULL"}
"""By the sort of key the suites that go with it, in OpenSSL's words: only TLS 1.2 lets a client choose so."""

_AT_ONCE = 4  # ports that are asked: each costs the server a process, which others wait for


@dataclass(frozen=True)
class Distrust:
    """Why a client that trusts the site's root does not trust a chain: OpenSSL's number (X509_V_ERR_…) and words."""

    code: int
    message: str


@dataclass(frozen=True)
class Presented:
    """One certificate that a port shows: its ``chain`` as it is sent, leaf first, and the ``hellos`` that got it.

    ``distrust`` is None when the chain, by itself, leads to a root that clients trust. The host name is not looked at.
    """

    chain: tuple[Certificate, ...]
    hellos: tuple[str, ...]
    distrust: Distrust | None

    @property
    def leaf(self) -> Certificate:
        """Return the certificate itself."""
        return self.chain[0]


@dataclass(frozen=True)
class Port:
    """A published TLS port, and every certificate it was seen to show; ``fault`` says why it shows none.

    ``is_whole`` tells that there are no others: who speaks TLS 1.2 can be asked for each kind, others only for one.
    """

    name: str
    address: str
    presented: tuple[Presented, ...] = ()
    is_whole: bool = False
    fault: str | None = None

    @property
    def title(self) -> str:
        """Return its name and the number under which it is published."""
        return f"{self.name} {self.address.rpartition(':')[2]}"

    @property
    def service(self) -> str:
        """Return the service that stands behind it."""
        return service_of(self.name)


def ports(target: Target) -> tuple[Port, ...]:
    """Ask every published TLS port of the target; what goes wrong is a port's fault, never an exception."""
    strict = replace(target, trust=None if target.trust is None else roots(target.trust))
    published = [name for name in (*DIRECT, *UPGRADED, *BROWSED) if name in target.endpoints]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return tuple(pool.map(lambda name: _port(strict, name), published))


def leaves(target: Target, name: str) -> tuple[bytes, ...]:
    """Return the certificates (DER) that one port shows, of those that a client trusts for the host name.

    Whatever else a server does, it shows none: somebody in between is not to be taken for it.
    """
    found: dict[bytes, None] = {}
    for kind in (None, *KINDS):
        with suppress(Exception):
            found |= dict.fromkeys(_handshake(target, name, kind, verified=True)[:1])
    return tuple(der for der in found if certificate(der).covers(target.hostname))


def roots(trust: str) -> str:
    """Return the roots of a PEM of trusted certificates: an intermediate in it would make up for one that is not sent.

    Where there is no root in it, it stays as it is.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives.serialization import Encoding

    found = [one for one in x509.load_pem_x509_certificates(trust.encode()) if one.issuer == one.subject]
    return "".join(one.public_bytes(Encoding.PEM).decode() for one in found) or trust


def _port(target: Target, name: str) -> Port:
    address = str(target.endpoints[name])
    try:
        first = _shown(target, name, None)
        if first is None:
            return Port(name, address, fault="the server shows no certificate")
        others = [found for kind in KINDS if (found := _of_kind(target, name, kind)) is not None]
    except Exception as error:  # noqa: BLE001 - whatever a server does to us is a finding, never a traceback
        return Port(name, address, fault=sentence(error))
    return Port(name, address, tuple(_distinct([first, *others])), is_whole=bool(others))


def _of_kind(target: Target, name: str, kind: str) -> Presented | None:
    """Ask for a certificate with a key of one kind; None when there is none, or nobody who lets a client choose."""
    try:
        return _shown(target, name, kind)
    except (ssl.SSLError, ConnectionResetError, EOFError):
        return None


def _shown(target: Target, name: str, kind: str | None) -> Presented | None:
    """Shake hands as a client that trusts the roots alone, and when it turns away, as one that takes everything."""
    distrust = None
    try:
        chain = _handshake(target, name, kind, verified=True)
    except ssl.SSLCertVerificationError as refusal:
        distrust = Distrust(refusal.verify_code, refusal.verify_message)
        chain = _handshake(target, name, kind, verified=False)
    return Presented(tuple(map(certificate, chain)), (kind or DEFAULT,), distrust) if chain else None


def _handshake(target: Target, name: str, kind: str | None, *, verified: bool) -> list[bytes]:
    with secured(target, name, _client(target, kind, verified=verified)) as (_, line):
        return _chain(line)


def _client(target: Target, kind: str | None, *, verified: bool) -> ClientContext:
    made = context(target, None if kind is None else ssl.TLSVersion.TLSv1_2, verified=verified)
    made.check_hostname = False
    if kind is not None:
        made.set_ciphers(KINDS[kind])
    return made


def _chain(line: ssl.SSLSocket) -> list[bytes]:
    """Return the certificates that the server sent, as it sent them (DER)."""
    if sys.version_info >= (3, 13):
        return line.get_unverified_chain()
    # Python 3.10 to 3.12 have it as well, without a public name (bpo-18233).
    inner: Any = line._sslobj  # type: ignore[attr-defined]  # noqa: SLF001
    return [ssl.PEM_cert_to_DER_cert(one.public_bytes()) for one in inner.get_unverified_chain() or ()]


def _distinct(shown: Sequence[Presented]) -> Iterator[Presented]:
    """Put together what several hellos got."""
    for chain in dict.fromkeys(one.chain for one in shown):
        same = [one for one in shown if one.chain == chain]
        yield replace(same[0], hellos=tuple(hello for one in same for hello in one.hellos))
