"""Who gets in before and after a change, and the refusal when somebody who must get in does not."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from mailrig.check.access import Access, Offers, access
from mailrig.check.lockout import problems
from mailrig.clients.catalogue import chosen, shipped
from mailrig.clients.dead import dead_letters
from mailrig.clients.names import GROUPS, SUITES, VERSIONS
from mailrig.clients.offered import broken
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

OF_TLS_1_3 = replace(INCIDENT, versions=(VERSIONS["TLSv1.3"],))
WEAK = server("ECDHE-RSA-AES128-GCM-SHA256", certificate=Certificate("RSA", 1024, None, 0x0401))


def accesses(before: dict[str, Server], after: dict[str, Server], **choice: list[str]) -> list[Access]:
    """Return what the catalogue makes of a change."""
    clients = chosen(choice.get("require", []), choice.get("ignore", []), {})
    services = {"dovecot": ("imaps", "pop3s"), "postfix": ("submission", "smtp")}
    return [
        one
        for service, ports in services.items()
        for one in access(
            service,
            Offers(*({port: side[port] for port in ports if port in side} for side in (before, after))),
            {port: PORTS[port] for port in ports if port in after},
            clients.values(),
        )
    ]


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


@pytest.mark.parametrize(
    ("service", "port"),
    [
        *(("dovecot", port) for port in ("imaps", "imap", "pop3s", "pop3", "managesieve")),
        *(("postfix", port) for port in ("smtp", "submission", "submissions")),
    ],
)
def test_every_tls_port_is_looked_at(service: str, port: str) -> None:
    """Whoever comes to any of them may be locked out."""
    [found] = access(service, Offers({}, {port: INCIDENT}), {port: 1}, shipped().values())
    assert (found.ports, bool(found.locked_out)) == ({port: 1}, True)


def test_ports_of_another_service_are_not_looked_at() -> None:
    """LMTP is no port for mail clients, and Postfix's are not Dovecot's to lose."""
    assert list(access("dovecot", Offers({}, {}), {"lmtp": 24, "submission": 587}, shipped().values())) == []


def test_port_25_is_by_itself() -> None:
    """It offers the same as submission, and other mail servers come to it."""
    after = dict.fromkeys(("submission", "smtp"), INCIDENT)
    found = list(access("postfix", Offers({}, after), {"submission": 587, "smtp": 25}, shipped().values()))
    assert [(one.ports, one.is_for_clients) for one in found] == [({"submission": 587}, True), ({"smtp": 25}, False)]
    assert replace_ports(found[0], {"smtp": 25, "submission": 587}).is_for_clients, "one such port is enough"


def replace_ports(one: Access, ports: dict[str, int]) -> Access:
    """Return the same on other ports."""
    return dataclasses.replace(one, ports=ports)


def test_settings_for_some_clients_are_passed_on() -> None:
    """They are not reckoned with, and are to be named."""
    offers = Offers({}, {"imaps": GOOD}, ("local_name x/ssl_cert",))
    [found] = access("dovecot", offers, {"imaps": 993}, shipped().values())
    assert found.left_out == ("local_name x/ssl_cert",)


def test_a_port_that_loses_tls_locks_out_everybody() -> None:
    """What is published and offers no TLS any more lets nobody in."""
    [found] = access("postfix", Offers({"submission": GOOD}, {}), {"submission": 587}, shipped().values())
    assert len(found.newly_out) >= found.required
    assert "does not offer TLS" in found.locked_out[0].reason


def test_what_could_not_be_read_of_before_is_not_known() -> None:
    """Nobody is let in by a change from a certificate that lies where it cannot be looked at."""
    [found] = accesses({"imaps": broken("the certificate cannot be read")}, {"imaps": GOOD})
    assert not found.newly_in
    assert {one.entry.standing for one in found.newly_out} == {"legacy"}


def test_what_does_not_run_is_started_all_the_same(tmp_path: Path) -> None:
    """A lockout is shown, and no reason to let nobody in at all."""
    offers = Offers({}, {"imaps": INCIDENT}, gates=False)
    [found] = access("dovecot", offers, {"imaps": 993}, shipped().values())
    assert found.newly_out
    assert problems([found], [], inventory(tmp_path, ""), "home") == []


@pytest.mark.parametrize(
    ("extra", "what"),
    [
        ("  postfix: {smtpd_tls_loglevel: 1}\n", "tls.ciphers"),
        ("  dovecot: ssl = required\n", "tls.ciphers"),
        ("  dovecot: ssl_cipher_list = ECDHE-RSA-AES128-GCM-SHA256\n", "extra.dovecot"),
    ],
)
def test_only_what_matters_is_blamed(tmp_path: Path, extra: str, what: str) -> None:
    """A setting about TLS that has nothing to do with it is not to blame, and what wins over the profile is."""
    site = inventory(tmp_path, f"tls:\n  ciphers: [ECDHE-RSA-AES128-GCM-SHA256]\nextra:\n{extra}")
    [problem] = problems(accesses({}, {"imaps": INCIDENT}), [], site, "home")
    assert problem.what == what
    assert problem.hint is not None
    assert ("take it out of `extra.dovecot`" in problem.hint) == (what == "extra.dovecot")


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


def test_what_some_can_be_given_is_not_dead() -> None:
    """Who names the host, and who names none, may find other certificates; a suite is alive that one of them gets."""
    both = replace(server("ECDHE-RSA-AES128-GCM-SHA256", "AES128-GCM-SHA256", certificate=ECDSA), without_name=GOOD)
    assert GOOD.certificates == (ECDSA,)
    assert "ECDHE-RSA-AES128-GCM-SHA256" in dead_letters(both)
    rsa = server("ECDHE-RSA-AES128-GCM-SHA256", certificate=RSA)
    assert list(dead_letters(replace(both, without_name=rsa))) == ["AES128-GCM-SHA256"]


def test_only_what_is_newly_dead_is_told() -> None:
    """What nobody could be given before either is no news."""
    ports = {"imaps": GOOD}
    [same] = accesses(ports, ports)
    assert same.dead
    assert same.newly_dead == ()
    [there] = accesses(ports, {"imaps": INCIDENT})
    assert there.newly_dead == ("ECDHE-RSA-AES256-GCM-SHA384",)
    [first] = accesses({}, {"imaps": INCIDENT})
    assert first.newly_dead == tuple(first.dead), "nothing is known of before"


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


def test_port_25_refuses_nothing(tmp_path: Path) -> None:
    """Mail servers that find nothing in common go on in the clear."""
    found = accesses({}, {"smtp": INCIDENT})
    assert found[0].newly_out
    assert problems(found, [], inventory(tmp_path, ""), "home") == []


def test_the_same_clients_for_other_reasons_are_told_apart(tmp_path: Path) -> None:
    """One port has no suite for them, the other no version."""
    after = {"imaps": INCIDENT, "pop3s": OF_TLS_1_3}
    found = problems(accesses({}, after), [], inventory(tmp_path, ""), "home")
    assert [problem.message[-4:] for problem in found] == [" 993", " 995"]
    assert "no suite listed is for ECDSA" in found[0].details
    assert "the server asks for TLS 1.3 or newer" in found[1].details


def test_each_reason_has_its_clients(tmp_path: Path) -> None:
    """Who fails for another reason than the others is named with it, and most of them decide what is to blame."""
    site = inventory(tmp_path, "tls:\n  min_protocol: TLSv1.2\n  ciphers: [ECDHE-RSA-AES128-GCM-SHA256]\n")
    [problem] = problems(accesses({}, {"imaps": INCIDENT}, require=["java-7u25"]), [], site, "home")
    most, other = problem.details.split("\n\n")
    assert most.endswith("no suite listed is for ECDSA")
    assert other.startswith("Java 7u25:\nspeaks TLS 1.0 at most; ")
    assert problem.what == "tls.ciphers"


@pytest.mark.parametrize(
    ("text", "after", "what"),
    [
        ("tls:\n  min_protocol: TLSv1.3\n", "version", "tls.min_protocol"),
        ("tls:\n  ciphers: mozilla-modern\n", "version", "tls.ciphers"),
        ("tls:\n  dh: ffdhe2048\n", "suite", "tls.dh"),
        ("tls:\n  prefer_server_ciphers: false\n", "suite", "tls"),
        ("", "suite", "hosts.home.certificate"),
        ("", "strength", "hosts.home.certificate"),
        ("tls:\n  dh: ffdhe2048\n", "strength", "hosts.home.certificate"),
        ("extra:\n  postfix:\n    tls_high_cipherlist: AES\n", "suite", "extra.postfix.tls_high_cipherlist"),
        (
            "extra:\n  postfix_master:\n    submission/inet/tls_high_cipherlist: AES\n",
            "suite",
            "extra.postfix_master.submission/inet/tls_high_cipherlist",
        ),
    ],
)
def test_the_place_is_where_the_inventory_speaks_of_it(tmp_path: Path, text: str, after: str, what: str) -> None:
    """The first key that is written there and that the rule goes by; what is set in `extra` for either service wins."""
    offered = {"version": OF_TLS_1_3, "suite": INCIDENT, "strength": WEAK}[after]
    found = accesses({}, {"imaps": offered, "submission": offered})
    [problem] = problems(found, [], inventory(tmp_path, text), "home")
    assert problem.what == what
    assert problem.location is not None


@pytest.mark.parametrize(
    ("text", "after", "is_advised"),
    [
        ("tls:\n  ciphers: [ECDHE-RSA-AES128-GCM-SHA256]\n", "suite", True),
        ("tls:\n  ciphers: [ECDHE-RSA-AES128-GCM-SHA256]\n", "strength", False),
        ("tls:\n  ciphers: mail-clients\n", "suite", False),
    ],
)
def test_the_profile_is_advised_where_it_helps(tmp_path: Path, text: str, after: str, is_advised: bool) -> None:
    """Where a list is to blame, and it is another one."""
    offered = {"suite": INCIDENT, "strength": WEAK}[after]
    [problem] = problems(accesses({}, {"imaps": offered}), [], inventory(tmp_path, text), "home")
    assert problem.hint is not None
    assert ("use the profile `mail-clients`" in problem.hint) == is_advised
    assert problem.hint.endswith("`--allow-lockout CLIENT` lets it pass, and is kept in the audit log")


def test_broken_tls_locks_out_everybody(tmp_path: Path) -> None:
    """A daemon that cannot set its TLS up says why."""
    broken = Server(
        versions=(), suites=(), suites13=(), groups=(), certificates=(), fault="Dovecot refuses all: because"
    )
    [problem] = problems(accesses({}, {"imaps": broken}), [], inventory(tmp_path, ""), "home")
    assert "35 of 35" in problem.message
    assert problem.details == "all of them:\nDovecot refuses all: because"
