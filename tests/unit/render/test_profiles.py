"""What a TLS profile comes to."""

from __future__ import annotations

import subprocess
from typing import get_args

import pytest

from mailrig.errors import RenderError
from mailrig.inventory.model import DhGroup, Profile, Tls
from mailrig.render.profiles import CIPHERS, EVERY_SUITE13, dh_parameters, negotiation


def test_mail_clients_is_the_reports_list() -> None:
    """The default offers the incident report's eight suites, in its order."""
    assert negotiation(Tls()).cipher_list == (
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
        "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
        "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384"
    )


@pytest.mark.parametrize("profile", ["mozilla-modern", "internet-nl-good"])
def test_some_profiles_leave_tls_1_3_alone(profile: Profile) -> None:
    """They raise the minimum, whatever the inventory says of it."""
    assert negotiation(Tls(ciphers=profile)).min_protocol == "TLSv1.3"


def test_internet_nl_good_has_two_suites_of_tls_1_3() -> None:
    """AES with 128 bits is sufficient, and not good; all other profiles and lists leave TLS 1.3 to OpenSSL."""
    assert negotiation(Tls(ciphers="internet-nl-good")).ciphers13 == (
        "TLS_AES_256_GCM_SHA384",
        "TLS_CHACHA20_POLY1305_SHA256",
    )
    others = [Tls(ciphers=profile) for profile in get_args(Profile) if profile != "internet-nl-good"]
    for tls in (*others, Tls(ciphers=("ECDHE-RSA-AES128-GCM-SHA256",))):
        assert negotiation(tls).has_every_suite13


def test_openssls_own_suites_of_tls_1_3_are_known() -> None:
    """To leave them to OpenSSL is to offer all of them, in the order that is written down."""
    assert subprocess.run(
        ["openssl", "ciphers", "-tls1_3", "-s"], capture_output=True, text=True, check=True
    ).stdout.strip() == ":".join(EVERY_SUITE13)


def test_without_a_group_no_dhe_suite_is_listed() -> None:
    """A suite that cannot be negotiated is not promised."""
    assert not [name for name in negotiation(Tls(dh="none")).ciphers if name.startswith("DHE-")]


def test_list_that_becomes_empty_is_refused() -> None:
    """DHE suites alone and no group would leave no suite at all."""
    with pytest.raises(RenderError, match="no cipher suite is left"):
        negotiation(Tls(ciphers=("DHE-RSA-AES128-GCM-SHA256",), dh="none"))


@pytest.mark.parametrize("profile", get_args(Profile))
def test_openssl_knows_every_suite(profile: Profile) -> None:
    """No name in a profile is misspelt: OpenSSL drops unknown ones silently."""
    asked = ":".join(CIPHERS[profile])
    told = subprocess.run(
        ["openssl", "ciphers", "-tls1_2", "-s", asked],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert told.strip() == asked


@pytest.mark.parametrize("group", [name for name in get_args(DhGroup) if name != "none"])
def test_group_is_that_of_rfc_7919(group: DhGroup) -> None:
    """OpenSSL recognises the group by its name."""
    told = subprocess.run(
        ["openssl", "pkeyparam", "-noout", "-text"],
        input=dh_parameters(group),
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert f"GROUP: {group}\n" in told
