"""Which records an inventory needs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mailrig.dns.record import Wanted
from mailrig.dns.records import Shown, wanted, zones
from mailrig.inventory.model import Inventory

Read = Callable[..., Inventory]


def lines(found: Wanted, *kinds: str) -> list[str]:
    """Return the records of some types."""
    return [str(record) for record in found.records if record.type in kinds]


def notes(found: Wanted, about: str) -> list[str]:
    """Return what is noted about something."""
    return [note.text for note in found.notes if note.about == about]


def test_small_site_needs_these(read: Read) -> None:
    """One domain, one host with a public address, and somebody who reads what postmaster gets."""
    found = wanted(read('aliases: {"postmaster@example.org": me@example.com}\n'), {})
    assert [str(record) for record in found.records] == [
        "example.org. MX 10 mail.example.org.",
        'example.org. TXT "v=spf1 mx -all"',
        '_dmarc.example.org. TXT "v=DMARC1; p=none; rua=mailto:postmaster@example.org"',
        '_smtp._tls.example.org. TXT "v=TLSRPTv1; rua=mailto:postmaster@example.org"',
        "_imaps._tcp.example.org. SRV 0 1 993 mail.example.org.",
        "_submissions._tcp.example.org. SRV 0 1 465 mail.example.org.",
        "mail.example.org. A 192.0.2.10",
        "10.2.0.192.in-addr.arpa. PTR mail.example.org.",
        'mail.example.org. TXT "v=spf1 a -all"',
    ]


def test_starttls_and_pop3_come_after(read: Read) -> None:
    """By priority: programs that know both kinds take the lower number (RFC 6186 section 3.4)."""
    ports = "{imap: 143, imaps: 993, pop3: 110, pop3s: 995, submission: 587, submissions: 465, managesieve: 4190}"
    found = {line.split("._tcp")[0]: line.split(" ")[2] for line in lines(wanted(read(ports=ports), {}), "SRV")}
    assert found["_imaps"] < found["_imap"] < found["_pop3s"] < found["_pop3"]
    assert found["_submissions"] < found["_submission"]
    assert found["_sieve"] == "0"


@pytest.mark.parametrize("listen", ["[127.0.0.1]", '["::1"]'])
def test_what_only_the_host_reaches_is_not_told_to_the_world(read: Read, listen: str) -> None:
    """Neither as a mail server nor as a port for mail programs; both are noted."""
    found = wanted(read(listen=listen), {})
    assert lines(found, "MX", "SRV", "A", "AAAA", "PTR") == []
    assert notes(found, "MX") == [
        "no host takes mail from the world (no `smtp` that others can reach): the MX is somebody else's"
    ]
    assert notes(found, "mail.example.org") == [
        "its address is not in the inventory: add an A record, and AAAA if it has one",
        "no SRV record for imaps, submissions: open on the host itself alone",
    ]


@pytest.mark.parametrize(
    ("listen", "records"),
    [
        ('[192.0.2.10, "2001:DB8:0::10"]', ["A 192.0.2.10", "AAAA 2001:db8::10"]),
        ("[0.0.0.0]", []),
        ("[192.168.1.10]", []),
        ("[100.64.0.10]", ["A 100.64.0.10"]),
    ],
)
def test_address_is_told_where_the_inventory_knows_one(read: Read, listen: str, records: list[str]) -> None:
    """One that somebody else can reach the host by; behind a router, and with any, that is not known."""
    found = wanted(read(listen=listen), {})
    assert lines(found, "A", "AAAA") == [f"mail.example.org. {record}" for record in records]


def test_address_of_a_vpn_takes_no_mail_from_the_world(read: Read) -> None:
    """It is noted, and nobody can give it a reverse name."""
    found = wanted(read(listen="[100.64.0.10]"), {})
    assert "no server on the Internet reaches an address of a VPN: mail will not arrive" in notes(
        found, "mail.example.org"
    )
    assert lines(found, "PTR") == []


def test_relay_sends_from_addresses_that_only_its_operator_knows(read: Read) -> None:
    """So the policy ends softly, says what is missing, and the host itself sends to nobody."""
    found = wanted(read("relay: {host: smtp.example.com, tls: may}\n"), {})
    assert lines(found, "TXT")[0] == 'example.org. TXT "v=spf1 mx ~all"'
    assert "smtp.example.com" in notes(found, "SPF")[0]
    assert found.senders == ()


def test_home_that_is_no_mail_server_is_allowed_to_send(read: Read) -> None:
    """By its name."""
    found = wanted(read(ports="{imaps: 993, submissions: 465}"), {})
    assert lines(found, "TXT")[0] == 'example.org. TXT "v=spf1 a:mail.example.org -all"'


GATEWAYS = """\
  mx1: &gateway
    role: mx
    home: home
    vpn_address: 100.64.0.20
    engine: ssh://root@192.0.2.21
    hostname: mx1.example.org
    certificate: {source: demo-ca}
    listen: [192.0.2.21]
    ports: {smtp: 25}
  mx2:
    <<: *gateway
    engine: ssh://root@192.0.2.22
    vpn_address: 100.64.0.21
    hostname: mx2.example.org
    listen: [192.0.2.22]
"""


def test_gateways_take_the_mail(read: Read) -> None:
    """In the order of the inventory; mail programs go to the home, and both send."""
    ports = "{imaps: 993, submissions: 465, smtp: 25, lmtp: {port: 2525, addresses: [100.64.0.10]}}"
    found = wanted(read(GATEWAYS, listen="[100.64.0.10]", ports=ports), {})
    assert lines(found, "MX") == ["example.org. MX 10 mx1.example.org.", "example.org. MX 20 mx2.example.org."]
    assert {line.rsplit(" ", 1)[1] for line in lines(found, "SRV")} == {"mail.example.org."}
    assert lines(found, "TXT")[0] == 'example.org. TXT "v=spf1 mx a:mail.example.org -all"'
    assert [line.split(" ")[-1] for line in lines(found, "PTR")] == ["mx1.example.org.", "mx2.example.org."]


def test_reports_go_to_somebody_who_reads_them(read: Read) -> None:
    """Where nobody gets what postmaster gets, nobody is named."""
    assert lines(wanted(read(), {}), "TXT")[1] == '_dmarc.example.org. TXT "v=DMARC1; p=none"'


def test_hostname_that_is_a_domain_has_one_policy(read: Read) -> None:
    """Two SPF records at a name are as good as none."""
    found = wanted(read(hostname="example.org"), {})
    assert [line for line in lines(found, "TXT") if line.startswith("example.org.")] == [
        'example.org. TXT "v=spf1 mx -all"'
    ]


def test_domains_below_others_are_in_their_zones(read: Read) -> None:
    """And a name that only ends alike is not."""
    domains = ("lists.example.org", "example.org", "myexample.org")
    assert zones(domains) == ("example.org", "myexample.org")
    found = wanted(read(domains=f"[{', '.join(domains)}]"), {})
    assert {record.zone for record in found.records if "lists" in record.name} == {"example.org"}


def test_one_domain_of_a_zone_can_be_looked_at(read: Read) -> None:
    """With the hosts in its zone, and without the other domain's records."""
    found = wanted(read(domains="[example.org, lists.example.org]"), {}).only(("lists.example.org",))
    names = [record.name for record in found.records]
    assert "mail.example.org" in names
    assert "_imaps._tcp.lists.example.org" in names
    assert not {"example.org", "_dmarc.example.org", "_imaps._tcp.example.org"} & set(names)


def test_host_elsewhere_has_its_records_elsewhere(read: Read) -> None:
    """They belong in no zone of the inventory, and what only its owner can set is not asked for."""
    found = wanted(read(hostname="server.tail0123.ts.net"), {"home": [LETS_ENCRYPT]})
    assert {record.zone for record in found.records if record.name.endswith("ts.net")} == {None}
    assert lines(found, "TLSA", "CAA") == []
    assert notes(found, "server.tail0123.ts.net") == [
        "`home` is in none of the inventory's domains: its records are elsewhere"
    ]


LETS_ENCRYPT = Shown(b"key", "CN=E7,O=Let's Encrypt,C=US")


def test_certificate_gives_tlsa_and_caa(read: Read) -> None:
    """The digest of its key for those who send mail, and who may issue the next one."""
    found = wanted(read(), {"home": [LETS_ENCRYPT, Shown(b"other", "O=Let's Encrypt")]})
    assert lines(found, "TLSA", "CAA") == [
        "_25._tcp.mail.example.org. TLSA 3 1 1 2c70e12b7a0646f92279f427c7b38e7334d8e5389cff167a1dc30e73f826b683",
        'mail.example.org. CAA 0 issue "letsencrypt.org"',
        "_25._tcp.mail.example.org. TLSA 3 1 1 d9298a10d1b0735837dc4bd85dac641b0f3cef27a47e5d53a54f2f3f5b2fcffa",
    ]


def test_authority_of_ones_own_looks_at_no_caa(read: Read) -> None:
    """So that no record forbids what nobody asks about."""
    assert lines(wanted(read(), {"home": [Shown(b"key", "CN=mailrig demo CA")]}), "CAA") == []


def test_records_that_nothing_serves_are_left_out(read: Read) -> None:
    """No web server answers, and nothing signs: both are noted."""
    found = wanted(read(), {})
    text = "\n".join(map(str, found.records))
    assert not any(word in text for word in ("autoconfig", "autodiscover", "mta-sts", "_domainkey"))
    assert notes(found, "DKIM")
    assert notes(found, "web")
