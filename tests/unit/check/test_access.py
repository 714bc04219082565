"""Who gets in before and after a change, and the refusal when somebody who must get in does not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from mailrig.check.access import Access, access
from mailrig.check.lockout import problems
from mailrig.clients.catalogue import chosen, shipped
from mailrig.clients.dead import dead_letters
from mailrig.clients.names import GROUPS, SUITES, VERSIONS
from mailrig.clients.openssl import GROUPS_BY_DEFAULT, SUITES13
from mailrig.clients.server import Authentication, Certificate, KeyExchange, Server, Suite
from mailrig.inventory import State, load
from mailrig.inventory.model import Inventory

ON_TLS_1_2 = {
    "apple-mail-16-macos",
    "android-7",
    "android-8.1",
    "schannel-win10",
    "schannel-win11-tls12-doc",
    "java-8u161",
}  # fmt: skip
PORTS = {"imaps": 993, "pop3s": 995, "submission": 587, "smtp": 25}
ECDSA = Certificate("EC", 256, GROUPS["secp256r1"], 0x0403)
RSA = Certificate("RSA", 3072, None, 0x0401)


def suite(name: str) -> Suite:
    """Return a suite by its name."""
    exchange: KeyExchange = "ECDHE" if name.startswith("ECDHE") else "DHE" if name.startswith("DHE") else "RSA"
    proof: Authentication = "ECDSA" if "ECDSA" in name else "RSA"
    return Suite(SUITES[name], name, exchange, proof)


def server(*names: str, certificate: Certificate = ECDSA, dh_bits: int | None = 3072) -> Server:
    """Return a server with these suites."""
    return Server(
        versions=(VERSIONS["TLSv1.2"], VERSIONS["TLSv1.3"]),
        suites=tuple(map(suite, names)),
        suites13=SUITES13,
        groups=GROUPS_BY_DEFAULT,
        certificates=(certificate,),
        dh_bits=dh_bits,
    )


GOOD = server("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-RSA-AES128-GCM-SHA256")
INCIDENT = server("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384")


def accesses(before: dict[str, Server], after: dict[str, Server], **choice: list[str]) -> list[Access]:
    """Return what the catalogue makes of a change."""
    clients = chosen(choice.get("require", []), choice.get("ignore", []), {})
    return list(access("dovecot", before, after, PORTS, clients.values()))


def inventory(directory: Path, text: str) -> Inventory:
    """Return an inventory that says this beside the least."""
    (directory / "site.yaml").write_text(
        "site: x\ndomains: [example.org]\nhosts:\n  home:\n    hostname: mail.example.org\n"
        f"    certificate: {{source: demo-ca}}\n    ports: {{imaps: 993}}\n{text}"
    )
    return load(directory, State(directory), datetime.now(UTC))


def test_a_change_locks_out_and_lets_in() -> None:
    """Ports that offer the same are told together; whom a change locks out, the way back lets in."""
    ports = dict.fromkeys(("imaps", "pop3s"), GOOD)
    [there] = accesses(ports, dict.fromkeys(ports, INCIDENT))
    assert there.ports == {"imaps": 993, "pop3s": 995}
    assert {one.id for one in there.newly_out if one.entry.standing == "required"} == ON_TLS_1_2
    assert not there.newly_in
    [back] = accesses(dict.fromkeys(ports, INCIDENT), ports)
    assert back.newly_in == there.newly_out
    assert not back.newly_out


def test_what_is_not_published_does_not_count() -> None:
    """Nobody comes to a port that is not open, and mail servers go on in the clear."""
    found = accesses({}, {"managesieve": INCIDENT, "smtp": INCIDENT, "imaps": INCIDENT})
    assert [(one.ports, one.is_for_clients) for one in found] == [({"imaps": 993}, True), ({"smtp": 25}, False)]


def test_ignored_clients_are_left_out_and_legacy_ones_can_be_required() -> None:
    """An inventory decides who counts."""
    [found] = accesses({}, {"imaps": INCIDENT}, ignore=["java-8u161"], require=["java-7u25"])
    out = {one.client.id: one.client.entry.standing for one in found.locked_out}
    assert "java-8u161" not in out
    assert out["java-7u25"] == "required"
    assert found.required == sum(one.entry.standing == "required" for one in shipped().values())


@pytest.mark.parametrize(
    ("names", "certificate", "dh_bits", "dead"),
    [
        (
            ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"],
            ECDSA,
            3072,
            ["ECDHE-RSA-AES128-GCM-SHA256"],
        ),
        (
            ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"],
            RSA,
            3072,
            ["ECDHE-ECDSA-AES128-GCM-SHA256"],
        ),
        (["DHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"], RSA, None, ["DHE-RSA-AES128-GCM-SHA256"]),
        (["DHE-RSA-AES128-GCM-SHA256"], RSA, 1024, ["DHE-RSA-AES128-GCM-SHA256"]),
        (["DHE-RSA-AES128-GCM-SHA256", "AES128-GCM-SHA256"], RSA, 2048, []),
        (["AES128-GCM-SHA256"], ECDSA, 2048, ["AES128-GCM-SHA256"]),
    ],
)
def test_dead_letters(names: list[str], certificate: Certificate, dh_bits: int | None, dead: list[str]) -> None:
    """A suite that needs what the server has not is never chosen."""
    assert list(dead_letters(server(*names, certificate=certificate, dh_bits=dh_bits))) == dead


def test_only_what_is_newly_dead_is_told() -> None:
    """What nobody could be given before either is no news."""
    ports = {"imaps": GOOD}
    [same] = accesses(ports, ports)
    assert same.dead
    assert same.newly_dead == ()
    [there] = accesses(ports, {"imaps": INCIDENT})
    assert there.newly_dead == ("ECDHE-RSA-AES256-GCM-SHA384",)


def test_no_list_is_dead_where_none_is_read() -> None:
    """TLS 1.3 has suites of its own."""
    assert dead_letters(replace(INCIDENT, versions=(VERSIONS["TLSv1.3"],))) == {}


def test_refusal_names_clients_reason_place_and_cure(tmp_path: Path) -> None:
    """What an administrator needs to know to let everybody in again."""
    site = inventory(tmp_path, "tls:\n  ciphers: [ECDHE-RSA-AES128-GCM-SHA256]\n")
    [problem] = problems(accesses({}, {"imaps": INCIDENT, "submission": INCIDENT}), [], site, "home")
    assert problem.message == "this release would lock out 6 of 35 required mail clients on 993, 587"
    assert str(problem.location) == f"{tmp_path}/site.yaml:9:3"
    assert problem.what == "tls.ciphers"
    assert "Apple Mail 16.0 (macOS), Android 7.0 native" in problem.details
    assert "the certificate's key is ECDSA P-256, and no suite listed is for ECDSA" in problem.details
    assert problem.hint is not None
    assert "`mail-clients` or add ECDHE-ECDSA-AES128-GCM-SHA256" in problem.hint


def test_refusal_points_at_an_override(tmp_path: Path) -> None:
    """A setting of the daemon's own wins over the inventory's, and is to blame."""
    lines = ["mail_max_userip_connections = 20", "ssl_cipher_list = ECDHE-RSA-AES128-GCM-SHA256"]
    text = "".join(["extra:\n  dovecot: |\n", *(f"    {line}\n" for line in lines)])
    [problem] = problems(accesses({}, {"imaps": INCIDENT}), [], inventory(tmp_path, text), "home")
    assert str(problem.location) == f"{tmp_path}/site.yaml:11:1"
    assert problem.what == "extra.dovecot"


def test_clients_that_may_be_locked_out(tmp_path: Path) -> None:
    """Whom somebody has named does not count; each of the others still does."""
    site = inventory(tmp_path, "")
    found = accesses({}, {"imaps": INCIDENT})
    assert problems(found, ON_TLS_1_2, site, "home") == []
    [problem] = problems(found, ON_TLS_1_2 - {"android-7"}, site, "home")
    assert problem.message.startswith("this release would lock out 1 of 35")


def test_broken_tls_locks_out_everybody(tmp_path: Path) -> None:
    """A daemon that cannot set its TLS up says why."""
    broken = Server(
        versions=(), suites=(), suites13=(), groups=(), certificates=(), fault="Dovecot refuses all: because"
    )
    [problem] = problems(accesses({}, {"imaps": broken}), [], inventory(tmp_path, ""), "home")
    assert "35 of 35" in problem.message
    assert "Dovecot refuses all: because" in problem.details
