"""Why a client is locked out, in words that a mail administrator understands; pure, and decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from mailrig.clients import names, rules
from mailrig.clients.catalogue import Client
from mailrig.clients.names import GROUPS, SIGNATURE_ALGORITHMS
from mailrig.clients.rules import Cause, Refused
from mailrig.clients.server import Authentication, Certificate, Server, Suite

CURVES = {GROUPS["secp256r1"]: "P-256", GROUPS["secp384r1"]: "P-384", GROUPS["secp521r1"]: "P-521"}
_VERSIONS = {number: f"TLS {name.removeprefix('TLSv')}" for name, number in names.VERSIONS.items()}


def reason(server: Server, client: Client, refused: Refused) -> str:
    """Return why the server refuses the client."""
    return _REASONS[refused.cause](server, client, refused)


def version_name(version: int) -> str:
    """Return a version as people write it."""
    return _VERSIONS.get(version, f"version 0x{version:04x}")


def group_name(group: int | None) -> str:
    """Return a group as people write it."""
    return CURVES.get(group or 0) or names.name(group or 0, GROUPS)


def key_name(certificate: Certificate) -> str:
    """Return what key a certificate is for: ``RSA 2048``, ``ECDSA P-256``, ``Ed25519``."""
    if certificate.key == "RSA":
        return f"RSA {certificate.bits}"
    return f"ECDSA {group_name(certificate.curve)}" if certificate.key == "EC" else certificate.key


def list_of(words: Iterable[str], last: str = "and") -> str:
    """Return words as an enumeration."""
    *first, end = list(words) or ["none"]
    return f"{', '.join(first)} {last} {end}" if first else end


def _keys(server: Server) -> str:
    told = list_of(key_name(certificate) for certificate in server.certificates)
    return f"the certificate's key is {told}" if len(server.certificates) == 1 else f"the certificates' keys are {told}"


def _version(server: Server, client: Client, _: Refused) -> str:
    highest, lowest = max(client.versions), min(server.versions)
    if highest < lowest:
        return f"speaks {version_name(highest)} at most; the server asks for {version_name(lowest)} or newer"
    spoken = list_of(map(version_name, sorted(client.versions)))
    return f"speaks {spoken} only; the server speaks {list_of(map(version_name, sorted(server.versions)))}"


def _downgrade(server: Server, _: Client, refused: Refused) -> str:
    spoken = version_name(refused.version or 0)
    newest = version_name(max(server.versions))
    return f"says that {spoken} is its second try; the server speaks {newest}, and sees an attack"


def _suite13(server: Server, client: Client, _: Refused) -> str:
    theirs = [suite for suite in client.suites if suite >> 8 == 0x13]  # noqa: PLR2004 - those of TLS 1.3
    return (
        f"offers TLS 1.3, and for it {list_of(names.name(suite, names.SUITES) for suite in theirs)}; "
        f"the server has {list_of(names.name(suite, names.SUITES) for suite in server.suites13)}"
    )


def _groups(server: Server, client: Client) -> str:
    named = list_of(map(group_name, client.groups))
    return f"there is no common curve: the client names {named}, the server {list_of(map(group_name, server.groups))}"


def _group13(server: Server, client: Client, _: Refused) -> str:
    return f"offers TLS 1.3, and {_groups(server, client)}"


def _signature13(server: Server, _: Client, __: Refused) -> str:
    return f"offers TLS 1.3, and no signature algorithm that fits there; {_keys(server)}"


def _issuer(server: Server, _: Client, __: Refused) -> str:
    signed = [names.name(c.signature, SIGNATURE_ALGORITHMS) if c.signature else "unknown" for c in server.certificates]
    return f"takes certificates that are signed in certain ways; this one's issuer signed with {list_of(signed)}"


def _strength(server: Server, _: Client, refused: Refused) -> str:
    weak = list_of(key_name(one) for one in server.certificates if not rules.is_strong_enough(server, one))
    told = f"the certificate with the key {weak}, or its issuer's signature, is too weak for OpenSSL's security level"
    who = "is sent a certificate that will not do" if refused.version else "nobody gets in"
    return f"{who}: {told} {server.security_level}"


def _sha1(server: Server, client: Client, refused: Refused) -> str:
    level = server.security_level
    return f"{_highest(client, refused)}, which signs with SHA-1; OpenSSL's security level {level} forbids it"


def _signature(server: Server, client: Client, refused: Refused) -> str:
    suite = refused.suite.name if refused.suite else ""
    named = (
        f"names no signature algorithm for {suite}" if client.signature_algorithms else "knows SHA-1 signatures only"
    )
    return f"{named}, which the server chooses; {_keys(server)}, and its security level {server.security_level}"


def _parameters(_: Server, client: Client, refused: Refused) -> str:
    suite = refused.suite.name if refused.suite else ""
    return f"{_highest(client, refused)}; the server chooses {suite}, for which it has no Diffie-Hellman parameters"


def _highest(client: Client, refused: Refused) -> str:
    spoken = version_name(refused.version or 0)
    is_clients = refused.version == max(client.versions)
    return f"speaks {spoken} at most" if is_clients else f"shares {spoken} with the server"


def _suite(server: Server, client: Client, refused: Refused) -> str:
    return f"{_highest(client, refused)}; {_obstacle(server, client, refused.version or 0)}"


def _obstacle(server: Server, client: Client, version: int) -> str:
    """Say what is in the way of the suites, from the server's key to what only these two lack."""
    proofs = list(dict.fromkeys(map(_proof, server.certificates)))
    listed = [suite for suite in server.suites if suite.since <= version]
    ours = [suite for suite in listed if suite.authentication in proofs]
    common = [suite for suite in ours if suite.id in client.suites]
    if not ours:
        return f"{_keys(server)}, and no suite listed is for {list_of(proofs, 'or')}"
    if not common:
        return f"{_keys(server)}, and it knows no suite listed that is for {list_of(proofs, 'or')}"
    return " and ".join(dict.fromkeys(_lacking(server, client, version, common)))


def _proof(certificate: Certificate) -> Authentication:
    return "RSA" if certificate.key == "RSA" else "ECDSA"


def _lacking(server: Server, client: Client, version: int, common: list[Suite]) -> Iterable[str]:
    exchanges = rules.key_exchanges(server, client)
    proofs = rules.authentications(server, client, version)
    for suite in common:
        if suite.authentication not in proofs:
            yield _no_proof(server, client)
        elif suite.key_exchange == "ECDHE" and "ECDHE" not in exchanges:
            yield _groups(server, client)
        elif suite.key_exchange == "DHE" and "DHE" not in exchanges:
            yield f"the server has no Diffie-Hellman parameters for {suite.name}"
        else:
            yield f"{suite.name} cannot be done with {list_of(map(key_name, server.certificates))}"


def _no_proof(server: Server, client: Client) -> str:
    keys = [certificate for certificate in server.certificates if certificate.key != "RSA"]
    if any(certificate.key == "EC" and not certificate.may_sign for certificate in keys):
        return "the certificate's usage does not allow its ECDSA key to sign"
    if any(certificate.key == "EC" and not rules.is_curve_named(client, certificate) for certificate in keys):
        return f"{_keys(server)}, a curve that the client does not name"
    return f"{_keys(server)}, for which the client names no signature algorithm"


_REASONS: Mapping[Cause, Callable[[Server, Client, Refused], str]] = {
    "fault": lambda server, _, __: server.fault,
    "version": _version,
    "downgrade": _downgrade,
    "suite13": _suite13,
    "group13": _group13,
    "signature13": _signature13,
    "suite": _suite,
    "parameters": _parameters,
    "signature": _signature,
    "sha1": _sha1,
    "issuer": _issuer,
    "strength": _strength,
}
