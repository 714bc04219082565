"""Suites that stand in a server's list and that it can never choose, whoever comes; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mailrig.clients import rules
from mailrig.clients.openssl import TLS12
from mailrig.clients.server import Server, Suite
from mailrig.clients.words import key_name, list_of


def dead_letters(server: Server) -> Mapping[str, str]:
    """Return the names of such suites, each with what it lacks; none where no version is spoken that has suites.

    What clients can be given that name the host, or those that name none, is not dead.
    """
    offered = dict.fromkeys(server.to(names_host=names_host) for names_host in (True, False))
    judged = [(one, dict(_dead(one))) for one in offered if any(version <= TLS12 for version in one.versions)]
    alive = {suite.name for one, dead in judged for suite in one.suites if suite.name not in dead}
    return {name: lack for _, dead in judged for name, lack in dead.items() if name not in alive}


def _dead(server: Server) -> Iterator[tuple[str, str]]:
    keys = list_of(map(key_name, server.certificates), "or")
    for suite in server.suites:
        if not _has_key(server, suite):
            yield suite.name, f"not for a certificate with {keys}"
        elif suite.key_exchange == "DHE" and not rules.has_parameters(server):
            lacking = "no Diffie-Hellman parameters that are strong enough"
            yield suite.name, f"{lacking}; who it is chosen for is refused" if server.promises_dhe else lacking
        elif suite.since > max(server.versions):
            yield suite.name, "for a version that is not spoken"


def _has_key(server: Server, suite: Suite) -> bool:
    kinds = {"RSA" if certificate.key == "RSA" else "ECDSA" for certificate in server.certificates}
    return suite.authentication in kinds and (suite.key_exchange != "RSA" or "RSA" in kinds)
