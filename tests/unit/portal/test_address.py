"""What counts as an address of the site."""

from __future__ import annotations

import pytest

from mailrig.portal.address import Fault, read_address

DOMAINS = ("example.org", "xn--mller-kva.example")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("anna@example.org", "anna@example.org"),
        ("  Anna@Example.ORG\t", "anna@example.org"),
        ("".join(chr(ord(letter) + 0xFEE0) for letter in "anna@example.org"), "anna@example.org"),  # full-width
        ("o'neill+list=a@example.org", "o'neill+list=a@example.org"),
        ("anna@Müller.example", "anna@xn--mller-kva.example"),
        ("a" * 64 + "@example.org", "a" * 64 + "@example.org"),
    ],
)
def test_addresses_are_read_as_people_type_them(typed: str, read: str) -> None:
    """With blanks, capitals of a telephone, letters of a Japanese keyboard, and domains in their own script."""
    assert str(read_address(typed, DOMAINS)) == read


@pytest.mark.parametrize("typed", ["", "   ", "\t\n"])
def test_nothing_is_no_mistake(typed: str) -> None:
    """Whoever opens the page has typed nothing yet."""
    assert read_address(typed, DOMAINS) is Fault.MISSING


@pytest.mark.parametrize(
    "typed",
    [
        "anna",
        "@example.org",
        "anna@",
        "anna@example",
        "anna@@example.org",
        "an na@example.org",
        ".anna@example.org",
        "anna..b@example.org",
        '"anna b"@example.org',
        "anna@[192.0.2.1]",
        "anna@192.0.2.1:80",
        "<script>alert(1)</script>@example.org",
        "anna@<b>example.org</b>",
        "anna@example.org\r\nSet-Cookie: a=b",
        "anna\x00@example.org",
        "anna\x1b[31m@example.org",
        "анна@example.org",
        "a" * 65 + "@example.org",
        "anna@" + "a" * 64 + ".org",
        "anna@" + "a." * 200 + "org",
        "a" * 1_000_000,
        "anna@../../etc/passwd",
        "anna@example.org/../..",
    ],
)
def test_what_is_no_address_is_told_apart(typed: str) -> None:
    """Whatever somebody sends: nothing of it is taken for an address."""
    assert read_address(typed, DOMAINS) is Fault.INVALID


@pytest.mark.parametrize("typed", ["anna@example.com", "x@sub.example.org", "anna@xn--nothing.example"])
def test_other_domains_are_foreign(typed: str) -> None:
    """Also one below a domain of the site."""
    assert read_address(typed, DOMAINS) is Fault.FOREIGN
