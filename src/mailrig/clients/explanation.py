"""How a server's answer to a client comes about, rule by rule and in words; pure, and decides nothing itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mailrig.clients import names, rules
from mailrig.clients.catalogue import Client
from mailrig.clients.openssl import TLS12, TLS13
from mailrig.clients.prediction import predict
from mailrig.clients.server import Certificate, Server, Suite
from mailrig.clients.words import group_name, key_name, list_of, version_name


@dataclass(frozen=True)
class Step:
    """One rule: its subject, and what it finds; ``holds`` tells whether the handshake can go on."""

    subject: str
    finding: str
    holds: bool


def explain(server: Server, client: Client) -> Iterator[Step]:
    """Yield what each rule finds, in their order, up to the one that ends the handshake; then the outcome."""
    offered = server.to(names_host=client.entry.sni)
    if server.without_name is not None:
        told = "names the host" if client.entry.sni else "names no host (SNI)"
        yield Step("name", f"it {told}, and gets what is set for those who do so", holds=True)
    for step in _steps(offered, client):
        yield step
        if not step.holds:
            break
    yield _outcome(offered, client)


def _steps(server: Server, client: Client) -> Iterator[Step]:
    if server.fault:
        yield Step("server", server.fault, holds=False)
        return
    weak = [key_name(one) for one in server.certificates if not rules.is_strong_enough(server, one)]
    served = f"{list_of(map(key_name, server.certificates))}, security level {server.security_level}"
    said = f"{list_of(weak)} is too weak" if weak else served
    yield Step("certificate", said, holds=not weak or server.judges_late)
    yield _version(server, client)
    version = rules.common_versions(server, client)[0]
    yield from _of_tls13(server, client) if version == TLS13 else _of_tls12(server, client, version)


def _version(server: Server, client: Client) -> Step:
    common = rules.common_versions(server, client)
    theirs, ours = (list_of(map(version_name, sorted(one))) for one in (client.versions, server.versions))
    if not common:
        return Step("version", f"it speaks {theirs}, the server {ours}", holds=False)
    if rules.is_downgraded(server, client, common[0]):
        return Step("version", f"it says that {version_name(common[0])} is its second try", holds=False)
    return Step(
        "version", f"{version_name(common[0])}: the highest of its {theirs} and the server's {ours}", holds=True
    )


def _of_tls13(server: Server, client: Client) -> Iterator[Step]:
    suite = rules.suite13(server, client)
    yield Step("suite", "none in common" if suite is None else names.name(suite, names.SUITES), holds=suite is not None)
    groups = [group for group in client.groups if group in server.groups]
    has_group = rules.has_group13(server, client)
    shared = has_group and any(group in client.key_shares for group in groups)
    said = list_of(map(group_name, groups)) if has_group else "none in common"
    yield Step("group", f"{said}{'' if shared or not has_group else ', after a retry'}", holds=has_group)
    fitting = [key_name(certificate) for certificate in rules.signing13(server, client)]
    yield Step("signature", f"it takes one by {list_of(fitting)}" if fitting else "none that fits", holds=bool(fitting))
    yield from _sent(server, client, rules.signing13(server, client))


def _of_tls12(server: Server, client: Client, version: int) -> Iterator[Step]:
    chosen = rules.suite12(server, client, version)
    obstacles = {suite.name: _obstacle(server, client, version, suite) for suite in _common(server, client)}
    for name, obstacle in obstacles.items():
        if obstacle:
            yield Step("suite", f"{name}: {obstacle}", holds=True)
    if chosen is None:
        said = "none of those in common can be used" if obstacles else "none in common"
        yield Step("suite", said, holds=False)
        return
    yield Step("suite", f"{chosen.name}: can be used", holds=True)
    if chosen.key_exchange == "DHE" and not rules.has_parameters(server):
        yield Step("suite", f"{chosen.name}: the server has no Diffie-Hellman parameters for it", holds=False)
    if version < TLS12:
        is_strong = rules.is_sha1_strong_enough(server)
        said = "allowed" if is_strong else "too weak for the security level"
        yield Step("signature", f"with SHA-1, as always before TLS 1.2: {said}", holds=is_strong)
        return
    signing = rules.signing12(server, client, chosen)
    yield Step(
        "signature",
        f"by {list_of(map(key_name, signing))}" if signing else "the client names no algorithm for the server's key",
        holds=bool(signing),
    )
    yield from _sent(server, client, signing)


def _common(server: Server, client: Client) -> Iterable[Suite]:
    return (suite for suite in server.suites if suite.id in client.suites)


def _obstacle(server: Server, client: Client, version: int, suite: Suite) -> str:
    """Say what keeps a common suite from being used; nothing where it can be."""
    if suite.since > version:
        return f"came with a later version than {version_name(version)}"
    if suite.authentication not in rules.authentications(server, client, version):
        return f"{suite.authentication} cannot be done with {list_of(map(key_name, server.certificates))}"
    if suite.key_exchange not in rules.key_exchanges(server, client):
        lacking = {
            "ECDHE": "no common curve",
            "DHE": "the server has no Diffie-Hellman parameters that are strong enough",
        }
        return lacking.get(suite.key_exchange, f"no key exchange by {suite.key_exchange}")
    return ""


def _sent(server: Server, client: Client, fitting: list[Certificate]) -> Iterator[Step]:
    """Yield what the client makes of the issuers, and the server of the certificate that it is to send."""
    yield _issuer(client, fitting)
    sent = next((one for one in fitting if rules.is_issuer_accepted(client, one)), None)
    if sent is not None and not rules.is_strong_enough(server, sent):
        yield Step("certificate", f"{key_name(sent)} is too weak to be sent", holds=False)


def _issuer(client: Client, fitting: Iterable[Certificate]) -> Step:
    accepted = any(rules.is_issuer_accepted(client, one) for one in fitting)
    said = "it says nothing of how certificates are signed" if not client.signature_algorithms_cert else "accepted"
    return Step("issuer", said if accepted else "it does not take what the certificate is signed with", holds=accepted)


def _outcome(server: Server, client: Client) -> Step:
    found = predict(server, client)
    if found.is_let_in:
        return Step("let in", f"{version_name(found.version or 0)} with {found.suite_name}", holds=True)
    return Step("locked out", found.reason, holds=False)
