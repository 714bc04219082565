"""The walk through the rules ends where the prediction does, and names what is in the way."""

from __future__ import annotations

import itertools

import pytest
from msgspec.structs import replace

from mailrig.clients import catalogue
from mailrig.clients.catalogue import shipped
from mailrig.clients.explanation import Step, explain
from mailrig.clients.names import GROUPS, SUITES, VERSIONS
from mailrig.clients.openssl import GROUPS_BY_DEFAULT, SUITES13
from mailrig.clients.prediction import predict
from mailrig.clients.server import Certificate, Server, Suite

SERVER = Server(
    versions=(VERSIONS["TLSv1.2"], VERSIONS["TLSv1.3"]),
    suites=(
        Suite(SUITES["ECDHE-RSA-AES128-GCM-SHA256"], "ECDHE-RSA-AES128-GCM-SHA256", "ECDHE", "RSA"),
        Suite(SUITES["DHE-RSA-AES128-GCM-SHA256"], "DHE-RSA-AES128-GCM-SHA256", "DHE", "RSA"),
        Suite(SUITES["ECDHE-ECDSA-AES128-GCM-SHA256"], "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE", "ECDSA"),
    ),
    suites13=SUITES13,
    groups=GROUPS_BY_DEFAULT,
    certificates=(Certificate("EC", 256, GROUPS["secp256r1"], 0x0503),),
)
OLD = Suite(SUITES["ECDHE-RSA-AES128-SHA"], "ECDHE-RSA-AES128-SHA", "ECDHE", "RSA", since=VERSIONS["TLSv1.0"])
RSA = Certificate("RSA", 3072, None, 0x0401)
SERVERS = {
    "ecdsa": SERVER,
    "rsa without parameters": replace(SERVER, certificates=(RSA,)),
    "rsa": replace(SERVER, certificates=(RSA,), dh_bits=2048),
    "no suite that fits": replace(SERVER, suites=SERVER.suites[:1]),
    "one curve": replace(SERVER, groups=(GROUPS["x25519"],)),
    "another curve": replace(SERVER, groups=(GROUPS["secp384r1"],)),
    "1.3 only": replace(SERVER, versions=(VERSIONS["TLSv1.3"],)),
    "1.2 only": replace(SERVER, versions=(VERSIONS["TLSv1.2"],)),
    "weak": replace(SERVER, certificates=(Certificate("RSA", 1024, None, 0x0401),)),
    "weak, and found out late": replace(
        SERVER, certificates=(Certificate("RSA", 1024, None, 0x0401),), judges_late=True
    ),
    "promises DHE": replace(SERVER, certificates=(RSA,), suites=SERVER.suites[1:], promises_dhe=True),
    "1.0": replace(SERVER, certificates=(RSA,), suites=(OLD,), versions=(VERSIONS["TLSv1.0"],), security_level=0),
    "1.0 without SHA-1": replace(SERVER, certificates=(RSA,), suites=(OLD,), versions=(VERSIONS["TLSv1.0"],)),
    "broken": replace(SERVER, versions=(), suites=(), fault="it cannot be set up"),
    "ed25519": replace(SERVER, certificates=(Certificate("Ed25519", 256, None, 0x0807),)),
}


@pytest.mark.parametrize(("server", "client"), list(itertools.product(SERVERS, shipped())))
def test_it_ends_where_the_prediction_does(server: str, client: str) -> None:
    """The last word is the prediction's, and a refusal has a rule at which the handshake ends."""
    steps = list(explain(SERVERS[server], shipped()[client]))
    found = predict(SERVERS[server], shipped()[client])
    assert steps[-1].subject == ("let in" if found.is_let_in else "locked out")
    assert all(step.holds for step in steps[:-2])
    assert steps[-2].holds == found.is_let_in


def said(server: str, client: str) -> list[tuple[str, str]]:
    """Return subject and finding of each step."""
    return [(step.subject, step.finding) for step in explain(SERVERS[server], shipped()[client])]


def test_each_suite_in_common_is_accounted_for() -> None:
    """Why a suite is passed over is said, and which one is taken."""
    assert ("suite", "ECDHE-RSA-AES128-GCM-SHA256: RSA cannot be done with ECDSA P-256") in said("ecdsa", "android-7")
    assert ("suite", "ECDHE-ECDSA-AES128-GCM-SHA256: can be used") in said("ecdsa", "android-7")
    steps = said("rsa without parameters", "openssl-1.0.2")
    assert ("suite", "ECDHE-RSA-AES128-GCM-SHA256: can be used") in steps
    lacking = "DHE-RSA-AES128-GCM-SHA256: the server has no Diffie-Hellman parameters that are strong enough"
    assert ("suite", lacking) in steps


def test_who_names_the_host_and_who_does_not() -> None:
    """Where it matters, the name comes first, and what follows is what the server offers to such a client."""
    server = replace(SERVERS["no suite that fits"], without_name=SERVER)
    shy = catalogue.client("shy", replace(shipped()["android-7"].entry, sni=False))
    for asking, told, outcome in ((shipped()["android-7"], "names the host", "locked out"), (shy, "(SNI)", "let in")):
        first, *_, last = explain(server, asking)
        assert first.subject == "name"
        assert told in first.finding
        assert last.subject == outcome == ("let in" if predict(server, asking).is_let_in else "locked out")


def test_a_missing_share_costs_a_retry() -> None:
    """A client whose first share is for another group is asked again."""
    assert ("group", "P-384, after a retry") in said("another curve", "python-3.11")
    assert ("group", "x25519") in said("one curve", "python-3.11")


def test_a_fault_is_all_there_is_to_say() -> None:
    """A server that cannot be set up is no matter of rules."""
    first = next(iter(explain(SERVERS["broken"], shipped()["php-8.2"])))
    assert first == Step("server", "it cannot be set up", holds=False)
