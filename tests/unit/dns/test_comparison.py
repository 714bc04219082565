"""What is found in a world that answers from a table; tests/integration/test_dns.py asks real name servers."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from mailrig.dns.answer import Ask, Signed
from mailrig.dns.comparison import compare
from mailrig.dns.finding import Finding
from mailrig.dns.record import Wanted
from mailrig.dns.records import Shown, wanted
from mailrig.inventory.model import Inventory

Read = Callable[..., Inventory]
World = Callable[..., Ask]
Records = dict[str, Sequence[str] | str]
SHOWN = {"home": [Shown(b"key", "O=Let's Encrypt")]}


def answered(needs: Wanted) -> Records:
    """Return a world that has everything."""
    found: dict[str, list[str]] = {}
    for record in needs.records:
        data = record.data.strip('"') if record.type == "TXT" else record.data
        found.setdefault(f"{record.name} {record.type}", []).append(data)
    return dict(found)


@pytest.fixture
def needs(read: Read) -> Wanted:
    """What a site needs whose certificate is from a public authority."""
    return wanted(read('aliases: {"postmaster@example.org": me@example.com}\n'), SHOWN)


@pytest.fixture
def found(needs: Wanted, world: World) -> Callable[..., list[Finding]]:
    """Return a function that says what is found when some answers are others."""

    def check(others: Records, signed: Signed = Signed.PROVEN) -> list[Finding]:
        return list(compare(needs, world(answered(needs) | others, signed)))

    return check


Found = Callable[..., list[Finding]]


def test_nothing_is_found_where_everything_is_there(found: Found) -> None:
    """Not even a note."""
    assert found({}) == []


@pytest.mark.parametrize(
    ("allowed", "sort"),
    [
        (['0 issue "letsencrypt.org; accounturi=https://acme.example/1"'], None),
        (['0 issue "digicert.com"', '0 issue "letsencrypt.org"'], None),
        (['0 issue "digicert.com"'], "different"),
        (['0 issue ";"'], "different"),
        (['0 iodef "mailto:x@example.org"'], "note"),
        ([], "note"),
    ],
)
def test_caa_must_let_the_certificate_be_renewed(found: Found, allowed: list[str], sort: str | None) -> None:
    """By the authority that issued it; without any record everybody may."""
    sorts = [finding.sort for finding in found({"mail.example.org CAA": allowed})]
    assert sorts == ([sort] if sort else [])


def test_caa_above_counts_where_the_name_has_none(found: Found) -> None:
    """The nearest decides (RFC 8659 section 3)."""
    (finding,) = found({"mail.example.org CAA": [], "example.org CAA": ['0 issue "pki.goog"']})
    assert (finding.sort, finding.seen) == ("different", ('0 issue "pki.goog"',))


def test_caa_above_the_zone_counts_too(read: Read, world: World) -> None:
    """A domain of the inventory may itself be below another, whose owner has a say."""
    needs = wanted(read(domains="[mail.example.org]", hostname="mx.mail.example.org"), SHOWN)
    there = {key: values for key, values in answered(needs).items() if not key.endswith(" CAA")}
    there["example.org CAA"] = ['0 issue "pki.goog"']
    assert [one.sort for one in compare(needs, world(there, Signed.PROVEN)) if one.type == "CAA"] == ["different"]


def test_caa_that_cannot_be_asked_is_found(found: Found) -> None:
    """Authorities issue nothing then."""
    (finding,) = found({"mail.example.org CAA": "SERVFAIL"})
    assert (finding.sort, finding.type) == ("no answer", "CAA")


def test_caa_of_the_name_itself_counts_before_those_above(found: Found) -> None:
    """Which may be about other names altogether."""
    assert found({"example.org CAA": ['0 issue "pki.goog"']}) == []


@pytest.mark.parametrize("question", ["example.org MX", "example.org TXT", "mail.example.org A"])
def test_server_that_fails_is_not_a_missing_record(found: Found, question: str) -> None:
    """What the resolver said is told."""
    findings = found({question: "SERVFAIL"})
    assert {finding.sort for finding in findings} == {"no answer"}
    assert "the resolver says SERVFAIL" in str(findings[0])


@pytest.mark.parametrize(
    ("signed", "sorts"),
    [
        (Signed.PROVEN, []),
        (Signed.OWN, ["note", "note"]),
        (Signed.UNPROVEN, ["unsigned", "unsigned"]),
        (Signed.NO, ["unsigned", "unsigned"]),
    ],
)
def test_dane_needs_proof(found: Found, signed: Signed, sorts: list[str]) -> None:
    """Of the TLSA records and of the MX that leads there."""
    assert [finding.sort for finding in found({}, signed)] == sorts


@pytest.mark.parametrize(("signed", "sort"), [(Signed.PROVEN, "missing"), (Signed.NO, "note")])
def test_tlsa_is_missed_where_it_would_work(found: Found, signed: Signed, sort: str) -> None:
    """In a zone that is not signed it would be of no use."""
    assert [finding.sort for finding in found({"_25._tcp.mail.example.org TLSA": []}, signed)] == [sort]


def test_other_kinds_of_tlsa_are_left_alone(found: Found) -> None:
    """They may fit: only the digest of the key is known here."""
    (finding,) = found({"_25._tcp.mail.example.org TLSA": [f"2 1 1 {'0' * 64}"]})
    assert finding.sort == "note"


def test_records_that_are_worth_having_are_not_missed(found: Found) -> None:
    """They are noted, or not said at all."""
    findings = found({"_smtp._tls.example.org TXT": [], "mail.example.org TXT": []})
    assert [(finding.sort, finding.name) for finding in findings] == [("note", "_smtp._tls.example.org")]


@pytest.mark.parametrize(
    "policy",
    [
        "v=spf1 a:elsewhere.example mx ~all",
        "v=spf1 ip4:192.0.2.0/24 -all",
        "v=spf1 a:mail.example.org -all",
        "v=spf1 include:spf.example -all",
        "v=spf1 redirect=spf.example",
        "v=spf1 exists:%{i}.spf.example -all",
    ],
)
def test_policy_of_ones_own_may_say_more(found: Found, policy: str) -> None:
    """As long as the hosts may send: by name, by address, or by a policy elsewhere."""
    elsewhere: Records = {"elsewhere.example A": ["198.51.100.1"], "spf.example TXT": ["v=spf1 ip4:192.0.2.10 -all"]}
    assert found({"example.org TXT": ["some-verification=1", policy], **elsewhere}) == []


@pytest.mark.parametrize("policy", ["v=spf1 ip4:192.0.2.11 -all", "v=spf1 -ip4:192.0.2.10 a -all", "v=spf1 -mx ~all"])
def test_policy_that_keeps_the_site_out_is_found(found: Found, policy: str) -> None:
    """Whatever else it allows."""
    (finding,) = found({"example.org TXT": [policy], "example.org A": ["198.51.100.1"]})
    assert "does not allow `mx`" in finding.text


def test_order_of_several_mail_servers_counts(read: Read, world: World) -> None:
    """Not the numbers that say it."""
    more = """\
  second:
    engine: ssh://root@192.0.2.20
    hostname: mx2.example.org
    certificate: {source: demo-ca}
    listen: [192.0.2.20]
    ports: {imaps: 993, submission: 587, smtp: 25}
"""
    needs = wanted(read(more), {})
    assert needs.mail_servers == ("mail.example.org", "mx2.example.org")
    there = answered(needs)
    same = {"example.org MX": ["5 mail.example.org.", "7 mx2.example.org."]}
    turned = {"example.org MX": ["7 mail.example.org.", "5 mx2.example.org."]}
    assert [one.sort for one in compare(needs, world(there | same))] == []
    assert [one.sort for one in compare(needs, world(there | turned))] == ["different"]


def test_mx_elsewhere_is_looked_at_all_the_same(read: Read, world: World) -> None:
    """Where the inventory knows no mail server: there must be one, and its name must have an address."""
    needs = wanted(read(ports="{imaps: 993, submissions: 465}"), {})
    there = answered(needs)
    for nobody in ({}, {"example.org MX": ["0 ."]}):
        assert [(one.sort, one.type) for one in compare(needs, world(there | nobody))] == [("missing", "MX")]
    led: Records = {"example.org MX": ["10 mx.example.net."]}
    assert [(one.sort, one.name) for one in compare(needs, world(there | led))] == [("no address", "mx.example.net")]
    has: Records = {"mx.example.net A": ["198.51.100.1"]}
    assert list(compare(needs, world(there | led | has))) == []


def test_two_policies_for_reports_are_one_too_many(found: Found) -> None:
    """As of SPF and DMARC (RFC 8460 section 3)."""
    policy = "v=TLSRPTv1; rua=mailto:x@example.org"
    (finding,) = found({"_smtp._tls.example.org TXT": [policy, policy + "m"]})
    assert (finding.sort, finding.name) == ("several", "_smtp._tls.example.org")


def test_host_greets_by_one_policy(found: Found) -> None:
    """Two at its name are as good as none."""
    (finding,) = found({"mail.example.org TXT": ["v=spf1 a -all", "v=spf1 mx -all"]})
    assert (finding.sort, finding.name) == ("several", "mail.example.org")


def test_dmarc_of_the_domain_above_is_enough(read: Read, world: World) -> None:
    """A domain of its own needs one."""
    needs = wanted(read(domains="[example.org, lists.example.org, example.net]"), {})
    there = answered(needs) | {"_dmarc.lists.example.org TXT": [], "_dmarc.example.net TXT": []}
    assert [(one.sort, one.name) for one in compare(needs, world(there))] == [("missing", "_dmarc.example.net")]


def test_host_in_a_zone_is_looked_at_with_each_domain_of_it(read: Read, world: World) -> None:
    """Whoever asks about one domain alone learns what hinders its mail."""
    needs = wanted(read(domains="[example.org, lists.example.org]"), SHOWN).only(("lists.example.org",))
    there = answered(needs) | {"mail.example.org CAA": ['0 issue "pki.goog"']}
    assert [one.type for one in compare(needs, world(there, Signed.PROVEN))] == ["CAA"]


@pytest.mark.parametrize(("data", "sorts"), [("0 1 110 mail.example.org.", ["superfluous"]), ("0 0 0 .", [])])
def test_port_that_is_not_open_is_offered_to_nobody(found: Found, data: str, sorts: list[str]) -> None:
    """A single dot says that it is not (RFC 2782)."""
    assert [finding.sort for finding in found({"_pop3._tcp.example.org SRV": [data]})] == sorts


def test_finding_reads_without_colour(found: Found) -> None:
    """What it is, where, and what is wanted beside what is there."""
    (finding,) = found({"_imaps._tcp.example.org SRV": ["0 1 143 mail.example.org."]})
    assert str(finding) == (
        "different   _imaps._tcp.example.org SRV\n"
        "    wanted 0 1 993 mail.example.org.\n"
        "    seen   0 1 143 mail.example.org."
    )
