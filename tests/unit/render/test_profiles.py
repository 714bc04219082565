"""What a TLS profile comes to."""

from __future__ import annotations

import subprocess
from typing import get_args

import pytest

from mailrig.errors import RenderError
from mailrig.inventory.model import DhGroup, Profile, Tls
from mailrig.render.profiles import CIPHERS, dh_parameters, negotiation


def test_mail_clients_is_the_reports_list() -> None:
    """The default offers the incident report's eight suites, in its order."""
    assert negotiation(Tls()).cipher_list == (
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
        "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
        "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
        "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384"
    )


def test_modern_leaves_tls_1_3_alone() -> None:
    """Mozilla's modern profile raises the minimum, whatever the inventory says of it."""
    assert negotiation(Tls(ciphers="mozilla-modern")).min_protocol == "TLSv1.3"


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
