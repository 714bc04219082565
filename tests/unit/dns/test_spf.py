"""What an SPF policy costs, and what breaks it (RFC 7208)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mailrig.dns import spf
from mailrig.dns.answer import Ask

World = Callable[..., Ask]


def records(**policies: str) -> dict[str, list[str]]:
    """Return TXT records: one policy a name."""
    return {f"{name}.example TXT": [f"v=spf1 {policy}"] for name, policy in policies.items()}


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (("v=spf1 -all",), 1),
        (("V=SPF1 -all", "v=spf1"), 2),
        (("v=spf10 -all", "spf1 -all", "google-site-verification=v=spf1 "), 0),
    ],
)
def test_policies_are_told_from_other_texts(texts: tuple[str, ...], found: int) -> None:
    """By their first word, in any case of letters."""
    assert len(spf.policies(texts)) == found


@pytest.mark.parametrize(
    ("policy", "lookups"),
    [
        ("ip4:192.0.2.1 ip6:2001:db8::1 -all", 0),
        ("a mx -all", 2),
        ("a:b.example/24 mx:c.example//64 ptr exists:%{i}.x.example -all", 4),
        ("include:one.example -all", 2),
        ("redirect=one.example", 2),
        ("-all redirect=one.example", 0),
    ],
)
def test_terms_that_ask_are_counted(world: World, policy: str, lookups: int) -> None:
    """Those of included policies too; a redirect after `all` is not followed (section 6.1)."""
    ask = world(records(one="a:b.example -all") | {"b.example A": ["192.0.2.1"]})
    assert spf.cost(ask, "x.example", f"v=spf1 {policy}").lookups == lookups


def test_evaluation_ends_at_the_eleventh(world: World) -> None:
    """As everybody's does: a policy that leads on for ever ends."""
    ask = world(records(**{f"n{number}": f"include:n{number + 1}.example" for number in range(100)}))
    assert spf.cost(ask, "x.example", "v=spf1 include:n0.example -all").lookups == spf.MOST_LOOKUPS + 1


def test_lookups_that_find_nothing_are_counted(world: World) -> None:
    """A name with one kind of address is not one of them, nor one whose server fails."""
    ask = world({"v6.example AAAA": ["2001:db8::1"], "down.example A": "SERVFAIL"})
    cost = spf.cost(ask, "x.example", "v=spf1 a:v6.example a:down.example a:none.example mx:none.example -all")
    assert cost.void == 2


@pytest.mark.parametrize(
    ("policy", "fault"),
    [
        ("include:x.example -all", "lead in a circle"),
        ("include:none.example -all", "none.example has no policy"),
        ("include:two.example -all", "two.example has several policies"),
        ("ip:192.0.2.1 -all", "`ip:192.0.2.1` in the policy of x.example is no term"),
        ("mx:many.example -all", "`mx` of many.example leads to more than 10 names"),
    ],
)
def test_what_breaks_a_policy_is_found(world: World, policy: str, fault: str) -> None:
    """In words, with the name of the domain that has it."""
    there = {
        "x.example TXT": ["v=spf1 -all"],
        "two.example TXT": ["v=spf1 -all", "v=spf1 +all"],
        "many.example MX": [f"10 m{number}." for number in range(11)],
    }
    assert fault in " ".join(spf.cost(world(there), "x.example", f"v=spf1 {policy}").faults)


def test_modifiers_that_nobody_knows_are_passed_over(world: World) -> None:
    """Others have more of them, as those of RFC 6652 for reports."""
    assert spf.cost(world({}), "x.example", "v=spf1 ra=postmaster rp=100 x-y.z=%{i}/a:b -all").faults == []


ALLOWED = {
    "x.example A": ["192.0.2.1"],
    "x.example AAAA": ["2001:db8::1"],
    "x.example MX": ["10 mx.example."],
    "mx.example A": ["198.51.100.1"],
    "one.example TXT": ["v=spf1 ip4:203.0.113.0/24 -all"],
    "soft.example TXT": ["v=spf1 ~ip4:192.0.2.1 ?all"],
    "round.example TXT": ["v=spf1 include:round.example -all"],
}


@pytest.mark.parametrize(
    ("policy", "address", "is_allowed"),
    [
        ("a -all", "192.0.2.1", True),
        ("a -all", "192.0.2.2", False),
        ("a/24 -all", "192.0.2.2", True),
        ("a/24//64 -all", "2001:db8::2", True),
        ("a//64 -all", "2001:db8::2", True),
        ("a//64 -all", "192.0.2.2", False),
        ("mx -all", "198.51.100.1", True),
        ("a:mx.example -all", "198.51.100.1", True),
        ("ip4:192.0.2.0/28 -all", "192.0.2.15", True),
        ("ip6:2001:db8::/32 -all", "2001:db8:ffff::", True),
        ("ip4:nonsense -all", "192.0.2.1", False),
        ("-a mx:x.example +all", "192.0.2.1", False),
        ("?a +all", "192.0.2.1", False),
        ("include:one.example -all", "203.0.113.9", True),
        ("include:one.example -all", "192.0.2.1", False),
        ("include:soft.example -all", "192.0.2.1", False),
        ("include:round.example a -all", "192.0.2.1", True),
        ("include:none.example -all", "192.0.2.1", False),
        ("redirect=one.example", "203.0.113.9", True),
        ("redirect=one.example", "192.0.2.1", False),
        ("-all redirect=one.example", "203.0.113.9", False),
        ("exists:%{ir}.list.example -all", "192.0.2.1", True),
        ("-exists:%{ir}.list.example a -all", "192.0.2.1", True),
        ("a:%{d}.example -all", "192.0.2.1", True),
        ("-a:%{d}.example -all", "192.0.2.1", False),
        ("+all", "192.0.2.1", True),
        ("", "192.0.2.1", False),
    ],
)
def test_whom_a_policy_allows(world: World, policy: str, address: str, is_allowed: bool) -> None:
    """The first term that fits decides, as section 4.6.2 has it."""
    assert spf.allows(world(ALLOWED), "x.example", f"v=spf1 {policy}", address) is is_allowed
