"""What would let a locked-out client in: each cure is tried on the rules before it is told; pure."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from mailrig.clients import openssl, rules
from mailrig.clients.catalogue import Client
from mailrig.clients.names import GROUPS, SIGNATURE_ALGORITHMS, SUITES
from mailrig.clients.openssl import TLS12
from mailrig.clients.rules import Agreed
from mailrig.clients.server import Authentication, Certificate, KeyExchange, Server, Suite
from mailrig.clients.words import CURVES, group_name, list_of, version_name

NONE = "no setting of the server lets it in: update or replace the client"

_GOOD = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
)
_FAIR = ("DHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-SHA256", "ECDHE-RSA-AES128-SHA256")
_POOR = ("ECDHE-ECDSA-AES128-SHA", "ECDHE-RSA-AES128-SHA", "DHE-RSA-AES128-SHA", "AES128-GCM-SHA256", "AES128-SHA")
_GOOD13 = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256")
_OLD = "-SHA"  # the suites that end so are of TLS 1.0 and older; all the others came with TLS 1.2

# As a list of curves has them: Postfix looks up OpenSSL's short names.
_SPELLED = {GROUPS["secp256r1"]: "prime256v1", GROUPS["x25519"]: "X25519", GROUPS["x448"]: "X448"}

_SIGNED = SIGNATURE_ALGORITHMS["rsa_pkcs1_sha256"]
_FEW = 2  # changes at once that are tried in every combination


@dataclass(frozen=True)
class Change:
    """A change of one of a server's settings, in words and as it is; ``adds`` to the list that is there, or sets it."""

    words: str
    field: str
    value: object
    adds: bool = True

    def made(self, server: Server) -> Server:
        """Return the server with this change."""
        value = (*getattr(server, self.field), self.value) if self.adds else self.value
        return replace(server, **{self.field: value})


def cure(server: Server, client: Client) -> str:
    """Return a small change of the server that lets the client in."""
    if server.fault:
        return "put that setting right: nobody gets in"
    changes = tuple(_changes(server, client))
    found = _smallest(server, client, changes) or _reduced(server, client, changes)
    return list_of(change.words for change in found) if found else NONE


def _smallest(server: Server, client: Client, changes: tuple[Change, ...]) -> tuple[Change, ...] | None:
    for count in range(1, _FEW + 1):
        for chosen in itertools.combinations(changes, count):
            if _helps(server, client, chosen):
                return chosen
    return None


def _reduced(server: Server, client: Client, changes: tuple[Change, ...]) -> tuple[Change, ...] | None:
    """Make all changes, and take back one after the other, the worst first, as long as the client gets in."""
    if not _helps(server, client, changes):
        return None
    for change in reversed(changes):
        fewer = tuple(kept for kept in changes if kept is not change)
        changes = fewer if _helps(server, client, fewer) else changes
    return changes


def _helps(server: Server, client: Client, changes: tuple[Change, ...]) -> bool:
    return isinstance(rules.judge(_changed(server, changes), client), Agreed)


def _changed(server: Server, changes: tuple[Change, ...]) -> Server:
    for change in sorted(
        changes, key=lambda change: change.adds
    ):  # what is replaced comes first: nothing added is lost
        server = change.made(server)
    return server


def suite(name: str) -> Suite:
    """Return a suite by its name in OpenSSL, which tells what it is for."""
    exchange: KeyExchange = "ECDHE" if name.startswith("ECDHE") else "DHE" if name.startswith("DHE") else "RSA"
    proof: Authentication = "ECDSA" if name.startswith("ECDHE-ECDSA") else "RSA"
    since = openssl.TLS10 if name.endswith(_OLD) else TLS12
    return Suite(SUITES[name], name, exchange, proof, since)


def _changes(server: Server, client: Client) -> Iterator[Change]:
    """Yield what could help, what weakens the server the least first."""
    yield from _suites(server, client, _GOOD)
    yield from _curves(server, client)
    yield from _suites13(server, client)
    yield from _parameters(server)
    yield from _suites(server, client, _FAIR)
    yield from _suites(server, client, _POOR)
    yield from _certificates(server)
    yield from _versions(server, client)
    if server.security_level:
        words = "lower OpenSSL's security level (append @SECLEVEL=0 to the cipher list)"
        yield Change(words, "security_level", 0, adds=False)


def _suites(server: Server, client: Client, names: tuple[str, ...]) -> Iterator[Change]:
    listed = {one.id for one in server.suites}
    for one in map(suite, names):
        if one.id in client.suites and one.id not in listed:
            yield Change(f"add {one.name}", "suites", one)


def _suites13(server: Server, client: Client) -> Iterator[Change]:
    for name in _GOOD13:
        if SUITES[name] in client.suites and SUITES[name] not in server.suites13:
            yield Change(f"add {name}", "suites13", SUITES[name])


def _parameters(server: Server) -> Iterator[Change]:
    if not rules.has_parameters(server):
        bits = _rsa_bits(server)
        yield Change(f"set Diffie-Hellman parameters of {bits} bits", "dh_bits", bits, adds=False)


def _curves(server: Server, client: Client) -> Iterator[Change]:
    for group in openssl.GROUPS_BY_DEFAULT:
        if group in client.groups and group not in server.groups:
            spelled = _SPELLED.get(group, group_name(group))
            told = f"add the curve {spelled}" if group not in CURVES else f"add the curve {spelled} ({CURVES[group]})"
            yield Change(told, "groups", group)


def _certificates(server: Server) -> Iterator[Change]:
    bits = _rsa_bits(server)
    new = {
        "an ECDSA P-256 key": Certificate("EC", 256, GROUPS["secp256r1"], _SIGNED),
        f"an RSA {bits} key": Certificate("RSA", bits, None, _SIGNED),
    }
    keys = {certificate.key for certificate in server.certificates}
    for told, certificate in new.items():
        if certificate.key not in keys:
            yield Change(f"add a certificate with {told}", "certificates", certificate)
    for told, certificate in new.items():
        words = f"use a certificate with {told}, signed with SHA-256 and RSA"
        yield Change(words, "certificates", (certificate,), adds=False)


def _rsa_bits(server: Server) -> int:
    return next(b for b in (2048, 3072, 7680, 15360) if openssl.rsa_strength(b) >= _needed(server))


def _needed(server: Server) -> int:
    return openssl.LEVEL_BITS[server.security_level]


def _versions(server: Server, client: Client) -> Iterator[Change]:
    for version in sorted(client.versions, reverse=True):
        if version not in server.versions:
            yield Change(f"allow {version_name(version)}", "versions", version)
