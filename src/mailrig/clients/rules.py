"""The rules by which OpenSSL 3.0 answers a ClientHello, one function each; pure, and says nothing in words.

They were read in OpenSSL's ssl/statem/statem_srvr.c and ssl/t1_lib.c and tried on it: what is checked before a suite is
chosen leads to another suite, what is checked afterwards ends the handshake, though another suite might have done.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

from mailrig.clients import openssl
from mailrig.clients.catalogue import Client
from mailrig.clients.names import SUITES
from mailrig.clients.openssl import ALGORITHMS, LEVEL_BITS, TLS12, TLS13, Algorithm
from mailrig.clients.server import Authentication, Certificate, KeyExchange, Server, Suite

Rule = Literal["settings", "version", "tls13", "suite", "issuer", "strength"]
Cause = Literal[
    "fault",
    "version",
    "downgrade",
    "suite13",
    "group13",
    "signature13",
    "suite",
    "parameters",
    "signature",
    "sha1",
    "issuer",
    "strength",
]

SUPPORTED_VERSIONS = 43  # an extension
FALLBACK = 0x5600  # TLS_FALLBACK_SCSV (RFC 7507)
ECDSA_SHA1, RSA_SHA1 = 0x0203, 0x0201  # what a client takes that names no algorithm (RFC 5246 section 7.4.1.4.1)

_NAMES13 = {number: name for name, number in SUITES.items() if number >> 8 == 0x13}  # noqa: PLR2004 - TLS 1.3
_KEYS = {"RSA": frozenset({"RSA"}), "ECDSA": frozenset({"EC", "Ed25519", "Ed448"}), "other": frozenset[str]()}


class Agreed(Struct, frozen=True):
    """A handshake that succeeds."""

    version: int
    suite: int
    name: str


class Refused(Struct, frozen=True):
    """A handshake that fails: the rule that decides, what exactly it found, and how far it came."""

    rule: Rule
    cause: Cause
    version: int | None = None
    suite: Suite | None = None


def judge(server: Server, client: Client) -> Agreed | Refused:
    """Return how the handshake ends."""
    if server.fault:
        return Refused("settings", "fault")
    if not server.judges_late and not all(is_strong_enough(server, one) for one in server.certificates):
        return Refused("strength", "strength")
    refused = None
    for version in attempts(server, client):
        if is_downgraded(server, client, version):
            return Refused("version", "downgrade", version)
        outcome = _judge13(server, client) if version == TLS13 else _judge12(server, client, version)
        if isinstance(outcome, Agreed):
            return outcome
        refused = refused or outcome
    return refused or Refused("version", "version")


def _judge13(server: Server, client: Client) -> Agreed | Refused:
    suite = suite13(server, client)
    if suite is None:
        return Refused("tls13", "suite13", TLS13)
    if not has_group13(server, client):
        return Refused("tls13", "group13", TLS13)
    refused = _refusal_of(server, client, signing13(server, client), TLS13)
    return refused or Agreed(TLS13, suite, _NAMES13.get(suite, f"0x{suite:04x}"))


def _judge12(server: Server, client: Client, version: int) -> Agreed | Refused:
    suite = suite12(server, client, version)
    if suite is None:
        return Refused("suite", "suite", version)
    if suite.key_exchange == "DHE" and not has_parameters(server):
        return Refused("suite", "parameters", version, suite)
    return _refusal_to_sign(server, client, version, suite) or Agreed(version, suite.id, suite.name)


def _refusal_to_sign(server: Server, client: Client, version: int, suite: Suite) -> Refused | None:
    if version < TLS12:
        return None if is_sha1_strong_enough(server) else Refused("strength", "sha1", version, suite)
    return _refusal_of(server, client, signing12(server, client, suite), version, suite)


def _refusal_of(
    server: Server, client: Client, fitting: list[Certificate], version: int, suite: Suite | None = None
) -> Refused | None:
    """Return what is wrong with the certificates that could be sent, the preferred one first; None where one does."""
    if not fitting:
        return Refused("suite", "signature", version, suite) if suite else Refused("tls13", "signature13", version)
    sent = next((certificate for certificate in fitting if is_issuer_accepted(client, certificate)), None)
    if sent is None:
        return Refused("issuer", "issuer", version, suite)
    return None if is_strong_enough(server, sent) else Refused("strength", "strength", version, suite)


# 1. The highest common version, with no way back.


def attempts(server: Server, client: Client) -> tuple[int, ...]:
    """Return the versions that are tried: the highest common one, and no other."""
    return common_versions(server, client)[:1]


def common_versions(server: Server, client: Client) -> tuple[int, ...]:
    """Return what both speak, the highest first; a client without the extension for it means "and all below"."""
    if SUPPORTED_VERSIONS in client.entry.extensions:
        both = [version for version in server.versions if version in client.versions]
    else:
        highest = max(client.versions)
        both = [version for version in server.versions if version <= highest]
    return tuple(sorted(both, reverse=True))


def is_downgraded(server: Server, client: Client, version: int) -> bool:
    """Whether the client says that it comes again with less, though the server could do better (RFC 7507)."""
    return FALLBACK in client.suites and version < max(server.versions)


# 2. TLS 1.3: a suite, a group, and a certificate whose signature scheme is offered.


def suite13(server: Server, client: Client) -> int | None:
    """Return the suite that is chosen."""
    ours, theirs = server.suites13, client.suites
    first, second = (ours, theirs) if server.prefers_own_order else (theirs, ours)
    return next((suite for suite in first if suite in second), None)


def has_group13(server: Server, client: Client) -> bool:
    """Whether there is a common group; a missing key share only costs a retry."""
    return not _groups13(server.groups, server.security_level).isdisjoint(client.groups)


def signing13(server: Server, client: Client) -> list[Certificate]:
    """Return the certificates for whose key the client names a scheme of TLS 1.3, the preferred one first."""
    pairs = itertools.product(_shared(server, client), server.certificates)
    return _each_once(certificate for algorithm, certificate in pairs if _signs13(certificate, algorithm))


def _signs13(certificate: Certificate, algorithm: Algorithm) -> bool:
    """Whether a key signs so in TLS 1.3: no PKCS #1, and each curve has its one scheme (RFC 8446 section 4.2.3)."""
    return algorithm.is_in_tls13 and algorithm.curve == certificate.curve and _signs(certificate, algorithm)


# 3. Up to TLS 1.2: a suite in both lists whose key exchange and authentication both can do.


def suite12(server: Server, client: Client, version: int) -> Suite | None:
    """Return the suite that is chosen."""
    exchanges, proofs = key_exchanges(server, client), authentications(server, client, version)
    for suite in _in_order(server, client):
        if suite.key_exchange in exchanges and suite.authentication in proofs and suite.since <= version:
            return suite
    return None


def _in_order(server: Server, client: Client) -> Iterable[Suite]:
    """Return the common suites, in the order of the one who decides."""
    if server.prefers_own_order:
        theirs = _unordered(client.suites)
        return (suite for suite in server.suites if suite.id in theirs)
    ours = _by_id(server.suites)
    return (ours[suite] for suite in client.suites if suite in ours)


def key_exchanges(server: Server, client: Client) -> set[KeyExchange]:
    """Return the key exchanges that these two can do."""
    able: dict[KeyExchange, bool] = {
        "ECDHE": has_group12(server, client),
        "DHE": server.promises_dhe or has_parameters(server),
        "RSA": has_rsa_key(server),
    }
    return {exchange for exchange, is_able in able.items() if is_able}


def authentications(server: Server, client: Client, version: int) -> set[Authentication]:
    """Return the ways in which this server can prove to this client who it is."""
    able: dict[Authentication, bool] = {
        "RSA": has_rsa_key(server),
        "ECDSA": has_ecdsa_key(server, client, version),
    }
    return {proof for proof, is_able in able.items() if is_able}


def has_group12(server: Server, client: Client) -> bool:
    """ECDHE needs a common curve; OpenSSL takes none for granted when the client names none."""
    return not _groups12(server.groups, server.security_level).isdisjoint(client.groups)


def has_parameters(server: Server) -> bool:
    """DHE needs Diffie-Hellman parameters on the server, strong enough for its security level."""
    return server.dh_bits is not None and openssl.rsa_strength(server.dh_bits) >= LEVEL_BITS[server.security_level]


def has_rsa_key(server: Server) -> bool:
    """Tell whether RSA suites can be done: they need an RSA key; who issued the certificate does not matter."""
    return any(certificate.key == "RSA" for certificate in server.certificates)


def has_ecdsa_key(server: Server, client: Client, version: int) -> bool:
    """Tell whether ECDSA suites can be done: they need a key on a curve that the client names, and an algorithm."""
    return any(_is_for_ecdsa(server, client, certificate, version) for certificate in server.certificates)


def _is_for_ecdsa(server: Server, client: Client, certificate: Certificate, version: int) -> bool:
    if certificate.key == "RSA":
        return False
    if certificate.key == "EC":
        able = certificate.may_sign and is_curve_named(client, certificate)
        return able and (version < TLS12 or has_algorithm12(server, client, certificate))
    return version == TLS12 and has_algorithm12(server, client, certificate)  # RFC 8422 section 5.1.1


def is_curve_named(client: Client, certificate: Certificate) -> bool:
    """Whether the client takes a key on this curve; who names none takes all (RFC 8422 section 4).

    Point formats are left out: all keys are written uncompressed, which everybody has to read (section 5.1.2), and
    OpenSSL 3.0.22 does not look, as 3.0.19 still did.
    """
    return not client.groups or certificate.curve in client.groups


def has_algorithm12(server: Server, client: Client, certificate: Certificate) -> bool:
    """Whether the client names an algorithm for this key."""
    return any(algorithm.key == certificate.key for algorithm in _shared(server, client))


def signing12(server: Server, client: Client, suite: Suite) -> list[Certificate]:
    """Return the certificates that can prove the chosen suite, the preferred one first.

    It is too late for another suite when there is none.
    """
    meant = [
        certificate
        for certificate in server.certificates
        if certificate.key in _KEYS[suite.authentication]
        and (certificate.key != "EC" or is_curve_named(client, certificate))
    ]
    pairs = itertools.product(_shared(server, client), meant)
    return _each_once(certificate for algorithm, certificate in pairs if _signs(certificate, algorithm))


def _each_once(certificates: Iterable[Certificate]) -> list[Certificate]:
    return list(dict.fromkeys(certificates))


# 4. What the client says about the signatures in certificates.


def is_issuer_accepted(client: Client, certificate: Certificate) -> bool:
    """Whether the client's signature_algorithms_cert, where it sends it, names what the leaf was signed with.

    Without that extension OpenSSL takes any issuer, whatever signature_algorithms says; RFC 8446 section 4.2.3 differs.
    """
    if not client.signature_algorithms_cert:
        return True
    return certificate.signature is not None and openssl.issuer_algorithm(certificate.signature) in _issuers(client)


# 5. Several certificates are a union: above, any of them will do. Security levels and sizes.


def is_strong_enough(server: Server, certificate: Certificate) -> bool:
    """Whether OpenSSL takes the certificate at all: a daemon that cannot load it serves nobody."""
    needed = LEVEL_BITS[server.security_level]
    signed = ALGORITHMS.get(certificate.signature or 0)
    is_key_strong = openssl.key_strength(certificate.key, certificate.bits) >= needed
    return is_key_strong and (signed is None or signed.bits >= needed)


def is_sha1_strong_enough(server: Server) -> bool:
    """Whether TLS 1.0 and 1.1 can be spoken: they sign with SHA-1, or with MD5 and SHA-1."""
    return LEVEL_BITS[server.security_level] <= openssl.SHA1_BITS


def is_long_enough(certificate: Certificate, algorithm: Algorithm) -> bool:
    """Whether an RSA key has room for an RSA-PSS signature (RFC 8017 section 9.1.1)."""
    return not algorithm.is_pss or certificate.bits // 8 >= 2 * algorithm.digest_bytes + 2


def _signs(certificate: Certificate, algorithm: Algorithm) -> bool:
    return algorithm.key == certificate.key and is_long_enough(certificate, algorithm)


# What is worked out once for each list.


def _shared(server: Server, client: Client) -> tuple[Algorithm, ...]:
    """Return the algorithms of both, in the order of the one who decides; who names none means those with SHA-1."""
    named = client.signature_algorithms or (ECDSA_SHA1, RSA_SHA1)
    return _algorithms(named, server.security_level, by_own_order=server.prefers_own_order)


@functools.cache
def _algorithms(named: tuple[int, ...], level: int, *, by_own_order: bool) -> tuple[Algorithm, ...]:
    known = [ALGORITHMS[number] for number in named if number in ALGORITHMS]
    ordered = [one for one in ALGORITHMS.values() if one in known] if by_own_order else known
    return tuple(algorithm for algorithm in ordered if algorithm.bits >= LEVEL_BITS[level])


@functools.cache
def _groups13(groups: tuple[int, ...], level: int) -> frozenset[int]:
    for_tls13 = openssl.ALSO_TLS13 | openssl.ONLY_TLS13
    return frozenset(group for group in _strong(groups, level) if group in for_tls13)


@functools.cache
def _groups12(groups: tuple[int, ...], level: int) -> frozenset[int]:
    return frozenset(_strong(groups, level)) - openssl.ONLY_TLS13


def _strong(groups: tuple[int, ...], level: int) -> list[int]:
    return [group for group in groups if openssl.GROUP_BITS.get(group, 0) >= LEVEL_BITS[level]]


@functools.cache
def _issuers(client: Client) -> frozenset[int]:
    return frozenset(map(openssl.issuer_algorithm, client.signature_algorithms_cert))


@functools.cache
def _unordered(suites: tuple[int, ...]) -> frozenset[int]:
    return frozenset(suites)


@functools.cache
def _by_id(suites: tuple[Suite, ...]) -> dict[int, Suite]:
    return {suite.id: suite for suite in suites}
