"""Whom each profile locks out, with each kind of certificate."""

from __future__ import annotations

import subprocess
from typing import get_args

import pytest
from msgspec.structs import replace

from mailrig.check.profiles import CERTIFICATES, Lockout, lockouts, server
from mailrig.clients import offered
from mailrig.clients.catalogue import chosen, shipped
from mailrig.clients.cures import suite
from mailrig.clients.names import GROUPS
from mailrig.clients.prediction import predict
from mailrig.clients.server import Server
from mailrig.inventory.model import Profile

TLS_1_2_AT_MOST = {
    "apple-mail-16-macos",
    "android-7",
    "android-8.1",
    "schannel-win10",
    "schannel-win11-tls12-doc",
    "java-8u161",
}  # fmt: skip

# How many required clients, in the order of CERTIFICATES: RSA 2048 and 3072, P-256, P-384, Ed25519, RSA and ECDSA.
REQUIRED: dict[Profile, tuple[int, ...]] = {
    "mail-clients": (0, 0, 0, 1, 18, 0),
    "mozilla-intermediate": (0, 0, 0, 1, 18, 0),
    "mozilla-modern": (6, 6, 6, 6, 18, 6),
    "internet-nl-good": (6, 6, 6, 6, 18, 6),
}
LEGACY: dict[Profile, tuple[int, ...]] = {
    "mail-clients": (2, 2, 2, 2, 10, 2),
    "mozilla-intermediate": (4, 4, 2, 2, 10, 2),
    "mozilla-modern": (7, 7, 7, 7, 10, 7),
    "internet-nl-good": (7, 7, 7, 7, 10, 7),
}


@pytest.fixture(scope="module")
def found() -> list[Lockout]:
    """Whom the profiles lock out of the catalogue."""
    return list(lockouts(shipped().values()))


def ids(found: list[Lockout], profile: str, keys: str) -> set[str]:
    """Return the required clients that one profile locks out with one kind of certificate."""
    return {
        outcome.client.id for one in found if (one.profile, one.keys) == (profile, keys) for outcome in one.required
    }


@pytest.mark.parametrize("profile", get_args(Profile))
def test_numbers(profile: Profile, found: list[Lockout]) -> None:
    """Each profile locks out so many required and so many legacy clients."""
    of_profile = {one.keys: one for one in found if one.profile == profile}
    assert tuple(of_profile) == tuple(CERTIFICATES)
    assert tuple(len(one.required) for one in of_profile.values()) == REQUIRED[profile]
    assert tuple(len(one.legacy) for one in of_profile.values()) == LEGACY[profile]


def test_tls_1_3_alone_locks_out_who_speaks_1_2(found: list[Lockout]) -> None:
    """It does so whatever the certificate, and two suites of TLS 1.3 are enough for all that speak it."""
    for profile in ("mozilla-modern", "internet-nl-good"):
        for keys in ("RSA 2048", "ECDSA P-256", "RSA + ECDSA"):
            assert ids(found, profile, keys) == TLS_1_2_AT_MOST


def test_p_384_is_not_for_android_7(found: list[Lockout]) -> None:
    """Android 7.0 names one curve, P-256."""
    assert ids(found, "mail-clients", "ECDSA P-384") == {"android-7"}


def test_ed25519_is_not_for_apple_and_android(found: list[Lockout]) -> None:
    """No Apple and no Android client names Ed25519 among its signature algorithms."""
    out = ids(found, "mail-clients", "Ed25519")
    families = ("apple-", "android-")
    required = {id_ for id_, one in shipped().items() if one.entry.standing == "required"}
    assert {id_ for id_ in required if id_.startswith(families)} <= out


def test_ignored_clients_are_left_out() -> None:
    """What an inventory says of its clients counts."""
    clients = chosen([], sorted(TLS_1_2_AT_MOST), {})
    assert not ids(list(lockouts(clients.values())), "mozilla-modern", "ECDSA P-256")


@pytest.mark.parametrize("profile", get_args(Profile))
def test_postfix_lets_the_same_required_clients_in(profile: Profile) -> None:
    """What Dovecot offers stands for Postfix too, whose security level is 0 and whose curves are five."""
    curves = [GROUPS[name] for name in ("x25519", "x448", "secp256r1", "secp521r1", "secp384r1")]
    for certificates in CERTIFICATES.values():
        ours = server(profile, certificates)
        theirs = replace(ours, security_level=0, groups=tuple(curves))
        for client in shipped().values():
            if client.entry.standing == "required":
                assert predict(ours, client).is_let_in == predict(theirs, client).is_let_in, client.id


@pytest.mark.parametrize("profile", get_args(Profile))
def test_suites_are_as_openssl_tells_them(profile: Profile) -> None:
    """What is read off a suite's name is what OpenSSL says of it."""
    suites = server(profile, CERTIFICATES["RSA 3072"]).suites
    list_ = ":".join(one.name for one in suites)
    told = subprocess.run(
        ["openssl", "ciphers", "-s", "-V", "-tls1_2", list_], capture_output=True, text=True, check=True
    ).stdout
    assert offered.suites(told) == suites


def outside(server: Server) -> int:
    """Return how many clients of the catalogue do not get in."""
    return sum(not predict(server, client).is_let_in for client in shipped().values())


def test_the_incidents_list_and_a_single_curve() -> None:
    """With an ECDSA certificate the two RSA suites lock out 13 of 45, and X25519 alone 11."""
    eight = server("mail-clients", CERTIFICATES["ECDSA P-256"])
    two = (suite("ECDHE-RSA-AES128-GCM-SHA256"), suite("ECDHE-RSA-AES256-GCM-SHA384"))
    assert outside(replace(eight, suites=two)) == 13
    assert outside(replace(eight, groups=(GROUPS["x25519"],))) == 11
