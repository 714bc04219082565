"""Where a resolver is, and what of its answers may reach a terminal."""

from __future__ import annotations

import pytest

from mailrig.dns.world import printable, where
from mailrig.errors import MailrigError


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("192.0.2.53", "192.0.2.53"),
        ("192.0.2.53:5353", "192.0.2.53 port 5353"),
        ("2001:db8::53", "2001:db8::53"),
        ("[2001:db8::53]", "2001:db8::53"),
        ("[2001:DB8::53]:5353", "2001:db8::53 port 5353"),
    ],
)
def test_resolver_is_named_by_address_and_port(text: str, shown: str) -> None:
    """With brackets where an IPv6 address has a port."""
    assert str(where(text)) == shown


@pytest.mark.parametrize(
    "text", ["", "dns.example.org", "192.0.2.53:", "192.0.2.53:0", "192.0.2.53:70000", "[::1", "[::1]:x"]
)
def test_anything_else_is_refused(text: str) -> None:
    """A name would have to be looked up by another resolver first."""
    with pytest.raises(MailrigError, match="is no address of a resolver"):
        where(text)


def test_what_a_terminal_would_act_on_is_escaped() -> None:
    """Control characters and whatever is not ASCII, as zone files write them."""
    assert printable(b"v=spf1 \x1b]0;x\x07 \xc3\xa9\x7f\n") == "v=spf1 \\027]0;x\\007 \\195\\169\\127\\010"
    assert printable("caf\u202e") == "caf\\226\\128\\174"
