"""Which host names the certificates are for that a server is given."""

from __future__ import annotations

import datetime as dt

import pytest

from mailrig.clients.certificate import covers, served_names
from mailrig.inventory import authority

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SIGNER = authority.found("test CA", NOW)
LEAF = authority.issue(SIGNER, ["mail.example.org", "www.example.org", "192.0.2.1"], NOW).cert
OTHER = authority.issue(SIGNER, ["*.example.net"], NOW).cert


def test_the_first_certificate_of_a_file_is_served() -> None:
    """Its host names count, and not those of what stands behind it; an address is no host name."""
    found = served_names({"/tls.crt": LEAF + OTHER, "/alt.crt": OTHER + SIGNER.cert})
    assert found == {"/tls.crt": ("mail.example.org", "www.example.org"), "/alt.crt": ("*.example.net",)}


def test_an_issuer_of_its_own_file_is_not_served() -> None:
    """Postfix takes a chain in parts; the part that holds the issuer alone is for no host name, and need not be."""
    assert list(served_names({"/tls.crt": LEAF, "/chain.crt": SIGNER.cert})) == ["/tls.crt"]


def test_a_certificate_that_signed_itself_is_served() -> None:
    """It is nobody else's issuer."""
    assert served_names({"/tls.crt": SIGNER.cert}) == {"/tls.crt": ()}


@pytest.mark.parametrize(
    "text",
    ["", "[default]\nx = y\n", "-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE-----\n"],
)
def test_what_is_no_certificate_has_no_names(text: str) -> None:
    """Parameters, settings and what is damaged are for others to complain of."""
    assert served_names({"/file": text}) == {}


@pytest.mark.parametrize(
    ("name", "is_covered"),
    [
        ("mail.example.org", True),
        ("MAIL.Example.org", True),
        ("*.example.org", True),
        ("*.org", False),
        ("*.mail.example.org", False),
        ("example.org", False),
        ("xmail.example.org", False),
    ],
)
def test_a_wildcard_stands_for_one_label(name: str, is_covered: bool) -> None:
    """RFC 9525 section 6.3; case does not count."""
    assert covers(name, "mail.example.org") == is_covered
