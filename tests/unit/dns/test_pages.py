"""Which records lead to web pages, and what is found when the world has others."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from mailrig.advice import of_domain
from mailrig.discovery.pacc import digest_record, pacc
from mailrig.dns.answer import Ask
from mailrig.dns.comparison import compare
from mailrig.dns.finding import Finding
from mailrig.dns.record import Wanted
from mailrig.dns.records import wanted
from mailrig.inventory.model import Inventory

Read = Callable[..., Inventory]
World = Callable[..., Ask]

PORTS = "{imaps: 993, submissions: 465, smtp: 25, https: 443, http: 80}"
ALL = "{source: demo-ca, names: [mta-sts.example.org, ua-auto-config.example.org]}"
ON_HOST = "{source: host, cert: /etc/tls/cert.pem, key: /etc/tls/key.pem}"
STS = "mta_sts: {mode: enforce}\n"


def of_pages(found: Wanted) -> list[str]:
    """Return the records that lead to pages, without those of mail."""
    words = ("autoconfig", "autodiscover", "mta-sts", "ua-auto-config")
    return [str(record) for record in found.records if any(word in record.name for word in words)]


def notes(found: Wanted) -> list[str]:
    """Return what is noted about pages."""
    return [note.text for note in found.notes if note.about == "web"]


def test_pages_are_found_by_these(read: Read) -> None:
    """By names of their own, which lead to the host, and by what says which policy and which settings there are."""
    inventory = read(STS, ports=PORTS, certificate=ALL)
    document = pacc(of_domain(inventory, "example.org"))
    assert document
    found = wanted(inventory, {})
    assert of_pages(found) == [
        "autoconfig.example.org. CNAME mail.example.org.",
        "autodiscover.example.org. CNAME mail.example.org.",
        "_autodiscover._tcp.example.org. SRV 0 1 443 mail.example.org.",
        "ua-auto-config.example.org. CNAME mail.example.org.",
        f'_ua-auto-config.example.org. TXT "{digest_record(document)}"',
        "mta-sts.example.org. CNAME mail.example.org.",
        '_mta-sts.example.org. TXT "v=STSv1; id=38aa75715f2d6d0071e1"',
    ]
    assert notes(found) == []


def test_policy_has_another_id_when_it_changes(read: Read) -> None:
    """And the same one otherwise, since senders ask again for each."""
    one, same, other = (
        of_pages(wanted(read(f"mta_sts: {{mode: {mode}}}\n", ports=PORTS, certificate=ALL), {}))[-1]
        for mode in ("testing", "testing", "enforce")
    )
    assert one == same != other


def test_names_that_nothing_answers_by_have_no_records(read: Read) -> None:
    """A certificate that is known not to hold them, and nobody who would answer in the clear."""
    found = wanted(read(ports=PORTS.replace(", http: 80", "")), {})
    assert of_pages(found) == ["_autodiscover._tcp.example.org. SRV 0 1 443 mail.example.org."]
    (note,) = notes(found)
    assert note.startswith("the certificate of `home` is not for autoconfig.example.org, autodiscover.example.org, and")


def test_certificate_on_the_docker_host_may_hold_every_name(read: Read) -> None:
    """It is not known, and so all is told."""
    found = wanted(read(ports=PORTS.replace(", http: 80", ""), certificate=ON_HOST), {})
    assert "ua-auto-config.example.org. CNAME mail.example.org." in of_pages(found)
    assert notes(found) == []


@pytest.mark.parametrize(
    ("values", "note"),
    [
        ({"ports": PORTS.replace("443", "8443")}, "port 443, which is not open to others"),
        ({"ports": PORTS, "listen": "[127.0.0.1]"}, "port 443, which is not open to others"),
        ({}, "publish `https`"),
    ],
)
def test_pages_that_programs_do_not_find_have_no_records(read: Read, values: dict[str, str], note: str) -> None:
    """And why is noted."""
    found = wanted(read(**values), {})
    assert of_pages(found) == []
    assert note in notes(found)[0]


def test_pages_of_a_gateway_are_those_that_are_told(read: Read) -> None:
    """It is in public, as whoever has not set anything up is."""
    gateway = """\
  mx:
    role: mx
    vpn_address: 100.64.0.20
    engine: ssh://root@192.0.2.21
    hostname: mx.example.org
    certificate: {source: demo-ca}
    listen: [192.0.2.21]
    ports: {smtp: 25, https: 443, http: 80}
"""
    ports = "{imaps: 993, submissions: 465, https: 443, lmtp: {port: 2525, addresses: [100.64.0.10]}}"
    found = wanted(read(gateway, ports=ports), {})
    assert "autoconfig.example.org. CNAME mx.example.org." in of_pages(found)


@pytest.fixture
def found(read: Read, world: World) -> Callable[..., list[Finding]]:
    """Return a function that says what is found when some answers are others."""
    needs = wanted(read(STS, ports=PORTS, certificate=ALL), {})

    def check(others: dict[str, Sequence[str] | str]) -> list[Finding]:
        answers: dict[str, Sequence[str] | str] = {}
        for record in needs.records:
            data = record.data.strip('"') if record.type == "TXT" else record.data
            answers[f"{record.name} {record.type}"] = [*answers.get(f"{record.name} {record.type}", ()), data]
        return list(compare(needs, world(answers | others)))

    return check


Found = Callable[..., list[Finding]]


def test_nothing_is_found_where_everything_is_there(found: Found) -> None:
    """Not even a note."""
    assert found({}) == []


def test_a_name_may_lead_to_the_host_by_its_address(found: Found) -> None:
    """A CNAME is one way among others."""
    assert found({"autoconfig.example.org CNAME": [], "autoconfig.example.org A": ["192.0.2.10"]}) == []


@pytest.mark.parametrize(
    ("others", "sort", "name"),
    [
        ({"autoconfig.example.org CNAME": []}, "missing", "autoconfig.example.org"),
        (
            {"autoconfig.example.org CNAME": [], "autoconfig.example.org A": ["192.0.2.99"]},
            "missing",
            "autoconfig.example.org",
        ),
        ({"mta-sts.example.org CNAME": ["other.example."]}, "different", "mta-sts.example.org"),
        ({"mta-sts.example.org CNAME": "SERVFAIL"}, "no answer", "mta-sts.example.org"),
        ({"ua-auto-config.example.org CNAME": []}, "note", "ua-auto-config.example.org"),
        ({"_mta-sts.example.org TXT": []}, "missing", "_mta-sts.example.org"),
        ({"_mta-sts.example.org TXT": ["v=STSv1; id=2020"]}, "different", "_mta-sts.example.org"),
        ({"_mta-sts.example.org TXT": ["v=STSv1; id=1", "v=STSv1; id=2"]}, "several", "_mta-sts.example.org"),
        ({"_ua-auto-config.example.org TXT": ["v=UAAC1; a=sha256; d=xx"]}, "different", "_ua-auto-config.example.org"),
        ({"_ua-auto-config.example.org TXT": []}, "note", "_ua-auto-config.example.org"),
    ],
)
def test_what_differs_is_found(found: Found, others: dict[str, Sequence[str] | str], sort: str, name: str) -> None:
    """What programs and senders insist on is missed, and what is only worth having is noted."""
    (finding,) = found(others)
    assert (finding.sort, finding.name) == (sort, name)
