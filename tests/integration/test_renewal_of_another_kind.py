"""Certificates that are renewed as another kind: whoever that would lock out is waited for, or given up by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from renewed import Renewed, kept
from sites import Site

RSA_ALONE = ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"]
PAIR = {"cert": "crt", "key": "key"}


@pytest.fixture
def rsa_alone(new_site: Callable[..., Site]) -> Renewed:
    """A deployed site with an RSA certificate and suites for such alone, whose certificate is ECDSA from now on."""
    made = kept(new_site(), rsa.generate_private_key(65537, 3072))
    made.site.settings["tls"] = {"ciphers": RSA_ALONE}
    made.site.write()
    made.site.ok("deploy")
    return made


def test_the_second_of_two_is_judged_by_what_became_of_the_first(new_site: Callable[..., Site]) -> None:
    """Renewed at once, only one of two may become of a kind that needs the other; that one is served beside it."""
    made = kept(new_site())
    made.authority.issue(made.directory, "alt", key=rsa.generate_private_key(65537, 2048))
    made.site.host["certificate"] |= {f"alt_{key}": f"{made.directory}/alt.{end}" for key, end in PAIR.items()}
    made.site.write()
    made.site.ok("deploy")
    before = made.served()
    assert all(len(shown) == 2 for shown in before.values())
    for name in ("tls", "alt"):
        made.authority.issue(made.directory, name, key=ed25519.Ed25519PrivateKey.generate())
    made.look()
    said = made.site.run("status").stderr
    assert f"{made.directory}/alt.crt would lock out 18 required mail clients (" in said
    assert f"{made.directory}/tls.crt would" not in said
    assert all(len(shown & before[port]) == 1 for port, shown in made.served().items())


def is_refused(renewed: Renewed, key: Any, clients: int, why: str) -> set[str]:
    """Have a certificate of another kind looked at, see it refused, and return what is served instead."""
    before = renewed.served()["imaps"]
    renewed.issue(key=key)
    renewed.look()
    assert renewed.serves(*before)
    said = renewed.site.run("status").stderr
    assert f"would lock out {clients} required mail clients (" in said
    assert "Android 7.0 native" in said
    assert f"for it is not of the kind that it was {why}" in said
    return before


def test_another_kind_waits_for_its_suites(rsa_alone: Renewed) -> None:
    """RSA that turns into ECDSA is served once a deploy has brought the suites, and not any more when they go again."""
    site = rsa_alone.site
    why = "(RSA 3072 ecdsa-with-SHA384), but EC prime256v1 ecdsa-with-SHA384"
    before = is_refused(rsa_alone, None, 6, why)
    site.settings["tls"] = {"ciphers": "mail-clients"}
    site.write()
    site.ok("deploy")
    after = rsa_alone.served()["imaps"]
    assert after != before
    assert rsa_alone.serves(*after)
    site.ok("status")
    site.run("rollback")
    assert rsa_alone.serves(*before), "the release before has no suite for it"
    site.ok("deploy")
    assert rsa_alone.serves(*after)


@pytest.fixture
def p256(new_site: Callable[..., Site]) -> Renewed:
    """A deployed site with a certificate that every required client can work with."""
    made = kept(new_site())
    made.site.ok("deploy")
    return made


P384 = "(EC prime256v1 ecdsa-with-SHA384), but EC secp384r1 ecdsa-with-SHA384"


def test_another_kind_waits_until_nobody_is_required(p256: Renewed) -> None:
    """A client that the inventory does not require any more is a change in a plan, and then the renewal is served."""
    site = p256.site
    before = is_refused(p256, ec.generate_private_key(ec.SECP384R1()), 1, P384)
    site.settings["clients"] = {"ignore": ["android-7"]}
    site.write()
    planned = site.run("plan")
    assert planned.returncode == 2
    assert "clients in required-clients: -1 (android-7)" in planned.stdout
    assert "a renewed certificate is refused" in planned.stdout
    site.ok("deploy")
    after = p256.served()["imaps"]
    assert after != before
    assert p256.serves(*after)
    site.ok("status")


def test_another_kind_waits_for_permission(p256: Renewed) -> None:
    """A deploy that changes nothing else says whom the renewal locks out, and with permission has it served."""
    site = p256.site
    before = is_refused(p256, ec.generate_private_key(ec.SECP384R1()), 1, P384)
    refused = site.run("deploy")
    assert refused.returncode == 1
    assert "would lock out 1 of 35 required mail clients" in refused.stderr
    assert p256.serves(*before)
    site.ok("deploy", "--allow-lockout", "android-7")
    after = p256.served()["imaps"]
    assert after != before
    assert p256.serves(*after)
    site.ok("status")
    assert "nothing changed" in site.ok("deploy")
