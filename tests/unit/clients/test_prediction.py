"""The prediction on settings small enough to follow by hand; integration tests ask OpenSSL for the same."""

from __future__ import annotations

import itertools

import pytest
from msgspec.structs import replace

from mailrig.clients import names, offered, openssl
from mailrig.clients.catalogue import Client, client, shipped
from mailrig.clients.cures import NONE, suite
from mailrig.clients.prediction import Prediction, predict
from mailrig.clients.server import Certificate, Server

P256, P384, X25519, X448 = (names.GROUPS[name] for name in ("secp256r1", "secp384r1", "x25519", "x448"))
TLS10, TLS12, TLS13 = openssl.TLS10, openssl.TLS12, openssl.TLS13
SIGNED = names.SIGNATURE_ALGORITHMS["rsa_pkcs1_sha256"]

RSA = Certificate("RSA", 2048, None, SIGNED)
ECDSA = Certificate("EC", 256, P256, SIGNED)
ECDSA_384 = Certificate("EC", 384, P384, SIGNED)
ED25519 = Certificate("Ed25519", 256, None, SIGNED)

INCIDENT = ("ECDHE-RSA-AES256-GCM-SHA384", "ECDHE-RSA-AES128-GCM-SHA256")
APPLE_MAIL, JAVA_7, JAVA_11, JAVA_17 = "apple-mail-16-macos", "java-7u25", "java-11", "java-17"
THUNDERBIRD, WINDOWS_7, ANDROID_7, OPENSSL = "thunderbird-153esr", "schannel-win7", "android-7", "openssl-3.0"


def server(*certificates: Certificate, suites: tuple[str, ...] = INCIDENT, **settings: object) -> Server:
    """Return a server with Dovecot's defaults."""
    made = Server(
        versions=(TLS12, TLS13),
        suites=tuple(map(suite, suites)),
        suites13=openssl.SUITES13,
        groups=openssl.GROUPS_BY_DEFAULT,
        certificates=certificates or (RSA,),
    )
    return replace(made, **settings)


def variant(id_: str, **facts: object) -> Client:
    """Return a client of the catalogue with other facts."""
    return client(id_, replace(shipped()[id_].entry, **facts))


def without(id_: str, extension: int, **facts: object) -> Client:
    """Return a client that does not send an extension."""
    kept = tuple(number for number in shipped()[id_].entry.extensions if number != extension)
    return variant(id_, extensions=kept, **facts)


def ends(prediction: Prediction) -> tuple[int, str] | tuple[str, str]:
    """Return version and suite, or the rule and what it found."""
    outcome = prediction.outcome
    if prediction.is_let_in:
        return prediction.version or 0, prediction.suite_name or ""
    return outcome.rule, outcome.cause  # type: ignore[union-attr]


def known(id_: str) -> Client:
    """Return a client of the catalogue."""
    return shipped()[id_]


MODERN_ALONE = server(versions=(TLS13,))
OLD = server(suites=("ECDHE-RSA-AES128-SHA",), versions=(TLS10, TLS12), security_level=0)
ONLY_AES128 = (names.SUITES["TLS_AES_128_GCM_SHA256"],)
SHA1_ONLY = variant(APPLE_MAIL, signature_algorithms=("rsa_pkcs1_sha1",))
EC_ONLY = variant(APPLE_MAIL, signature_algorithms=("ecdsa_secp256r1_sha256",), suites=(INCIDENT[0], "AES128-SHA"))

DHE_FAILS = ("suite", "parameters")

CASES = [
    # 1. the highest common version
    (server(), known(APPLE_MAIL), (TLS12, INCIDENT[0])),
    (server(), known(THUNDERBIRD), (TLS13, "TLS_AES_256_GCM_SHA384")),
    (server(versions=(TLS12,)), known(OPENSSL), (TLS12, INCIDENT[0])),
    (MODERN_ALONE, known(APPLE_MAIL), ("version", "version")),
    (server(), known(JAVA_7), ("version", "version")),
    (OLD, known(JAVA_7), (TLS10, "ECDHE-RSA-AES128-SHA")),
    (server(suites13=()), known(THUNDERBIRD), ("tls13", "suite13")),
    (server(), variant(APPLE_MAIL, suites=("0x5600", INCIDENT[0])), ("version", "downgrade")),
    (server(versions=(TLS12,)), variant(APPLE_MAIL, suites=("0x5600", INCIDENT[0])), (TLS12, INCIDENT[0])),
    # 2. TLS 1.3
    (server(suites=()), known(THUNDERBIRD), (TLS13, "TLS_AES_256_GCM_SHA384")),
    (server(prefers_own_order=False), known(THUNDERBIRD), (TLS13, "TLS_AES_128_GCM_SHA256")),
    (server(suites13=ONLY_AES128), known(THUNDERBIRD), (TLS13, "TLS_AES_128_GCM_SHA256")),
    (server(groups=(X448,)), known(THUNDERBIRD), ("tls13", "group13")),
    (server(groups=(P384,)), known(JAVA_11), (TLS13, "TLS_AES_256_GCM_SHA384")),
    (server(groups=(names.GROUPS["brainpoolP256r1"],)), known("java-8u442"), ("tls13", "group13")),
    (server(ED25519), known(THUNDERBIRD), ("tls13", "signature13")),
    (server(ED25519), known(JAVA_17), (TLS13, "TLS_AES_256_GCM_SHA384")),
    (server(), variant(OPENSSL, signature_algorithms=("rsa_pkcs1_sha256",)), ("tls13", "signature13")),
    (server(ECDSA_384), variant(OPENSSL, signature_algorithms=("ecdsa_secp256r1_sha256",)), ("tls13", "signature13")),
    # 3. TLS 1.2
    (server(ECDSA), known(APPLE_MAIL), ("suite", "suite")),
    (server(ECDSA), known(THUNDERBIRD), (TLS13, "TLS_AES_256_GCM_SHA384")),
    (server(groups=(X25519,)), known(APPLE_MAIL), ("suite", "suite")),
    (server(), without(APPLE_MAIL, 10, groups=()), ("suite", "suite")),
    (server(suites=("AES128-SHA",)), without(APPLE_MAIL, 10, groups=()), (TLS12, "AES128-SHA")),
    (server(suites=("DHE-RSA-AES128-GCM-SHA256",)), known(WINDOWS_7), ("suite", "suite")),
    (
        server(suites=("DHE-RSA-AES128-GCM-SHA256",), dh_bits=2048),
        known(WINDOWS_7),
        (TLS12, "DHE-RSA-AES128-GCM-SHA256"),
    ),
    (server(suites=("DHE-RSA-AES128-GCM-SHA256",), dh_bits=1024), known(WINDOWS_7), ("suite", "suite")),
    (server(ECDSA_384, suites=("ECDHE-ECDSA-AES128-GCM-SHA256",)), known(ANDROID_7), ("suite", "suite")),
    (
        server(ECDSA, suites=("ECDHE-ECDSA-AES128-GCM-SHA256",)),
        known(ANDROID_7),
        (TLS12, "ECDHE-ECDSA-AES128-GCM-SHA256"),
    ),
    (server(replace(ECDSA, may_sign=False), suites=("ECDHE-ECDSA-AES128-SHA",)), known(APPLE_MAIL), ("suite", "suite")),
    (
        server(ED25519, suites=("ECDHE-ECDSA-AES128-GCM-SHA256",), versions=(TLS12,)),
        known(JAVA_17),
        (TLS12, "ECDHE-ECDSA-AES128-GCM-SHA256"),
    ),
    (server(ED25519, suites=("ECDHE-ECDSA-AES128-GCM-SHA256",)), known(APPLE_MAIL), ("suite", "suite")),
    (server(), SHA1_ONLY, ("suite", "signature")),
    (server(security_level=0), SHA1_ONLY, (TLS12, INCIDENT[0])),
    (server(), without(APPLE_MAIL, 13, signature_algorithms=()), ("suite", "signature")),
    (server(security_level=0), without(APPLE_MAIL, 13, signature_algorithms=()), (TLS12, INCIDENT[0])),
    (server(), variant(APPLE_MAIL, signature_algorithms=("rsa_pss_rsae_sha256",)), (TLS12, INCIDENT[0])),
    (server(RSA, ECDSA, suites=(INCIDENT[0], "ECDHE-ECDSA-AES128-SHA")), EC_ONLY, ("suite", "signature")),
    (server(suites=("DHE-RSA-AES128-GCM-SHA256", *INCIDENT), promises_dhe=True), known("schannel-win7"), DHE_FAILS),
    (server(suites=("DHE-RSA-AES128-GCM-SHA256",)), known("schannel-win7"), ("suite", "suite")),
    # 4. the issuer's signature
    (server(replace(RSA, signature=names.SIGNATURE_ALGORITHMS["ed25519"])), known(JAVA_11), ("issuer", "issuer")),
    (server(replace(RSA, signature=names.SIGNATURE_ALGORITHMS["rsa_pss_pss_sha256"])), known(JAVA_11), TLS13),
    (server(replace(RSA, signature=None)), known(JAVA_17), ("issuer", "issuer")),
    (server(replace(RSA, signature=None)), known(THUNDERBIRD), TLS13),
    (
        server(replace(RSA, signature=names.SIGNATURE_ALGORITHMS["ed25519"]), versions=(TLS12,)),
        known(JAVA_11),
        ("issuer", "issuer"),
    ),
    # 5. several certificates, and strength
    (server(RSA, ECDSA), known(APPLE_MAIL), (TLS12, INCIDENT[0])),
    (server(RSA, ECDSA, suites=("ECDHE-ECDSA-AES128-SHA",)), known(APPLE_MAIL), (TLS12, "ECDHE-ECDSA-AES128-SHA")),
    (server(RSA, security_level=3), known(THUNDERBIRD), ("strength", "strength")),
    (server(replace(RSA, bits=3072), security_level=3), known(APPLE_MAIL), (TLS12, INCIDENT[0])),
    (server(security_level=3, judges_late=True), known(THUNDERBIRD), ("strength", "strength")),
    (server(RSA, ECDSA, security_level=3, judges_late=True), known(THUNDERBIRD), (TLS13, "TLS_AES_256_GCM_SHA384")),
    (offered.broken("it does not start"), known(THUNDERBIRD), ("settings", "fault")),
    (server(replace(RSA, signature=0x0201)), known(THUNDERBIRD), ("strength", "strength")),
    (replace(OLD, security_level=1), known(JAVA_7), ("strength", "sha1")),
    (
        server(replace(RSA, bits=1024), security_level=0),
        variant(OPENSSL, signature_algorithms=("rsa_pss_rsae_sha512",)),
        ("tls13", "signature13"),
    ),
]


@pytest.mark.parametrize(("settings", "known_client", "expected"), CASES)
def test_rule(settings: Server, known_client: Client, expected: tuple[int, str] | tuple[str, str] | int) -> None:
    """Each rule lets in and locks out as OpenSSL 3.0 does."""
    found = predict(settings, known_client)
    assert (found.version if isinstance(expected, int) else ends(found)) == expected


def test_incident() -> None:
    """An ECDSA key and two RSA suites: the reason and the cure are told in the words of an administrator."""
    found = predict(server(ECDSA), known(APPLE_MAIL))
    assert (found.is_let_in, found.version, found.suite, found.rule) == (False, None, None, "suite")
    assert found.reason == (
        "speaks TLS 1.2 at most; the certificate's key is ECDSA P-256, and no suite listed is for ECDSA"
    )
    assert found.cure == "add ECDHE-ECDSA-AES128-GCM-SHA256"


def test_let_in() -> None:
    """Who is let in needs neither reason nor cure."""
    found = predict(server(), known(APPLE_MAIL))
    assert (found.is_let_in, found.suite, found.rule, found.reason, found.cure) == (True, 0xC030, "suite", "", "")
    assert predict(server(), known(THUNDERBIRD)).rule == "tls13"


WORDS = [
    (
        MODERN_ALONE,
        known(APPLE_MAIL),
        "speaks TLS 1.2 at most; the server asks for TLS 1.3 or newer",
        "allow TLS 1.2",
    ),
    (
        server(groups=(X25519,)),
        known(APPLE_MAIL),
        "speaks TLS 1.2 at most; there is no common curve: the client names P-256, P-384 and P-521, the server x25519",
        "add the curve prime256v1 (P-256)",
    ),
    (
        server(suites=("DHE-RSA-AES128-GCM-SHA256",)),
        known(WINDOWS_7),
        "speaks TLS 1.2 at most; the server has no Diffie-Hellman parameters for DHE-RSA-AES128-GCM-SHA256",
        "set Diffie-Hellman parameters of 2048 bits",
    ),
    (
        server(ED25519),
        known(THUNDERBIRD),
        "offers TLS 1.3, and no signature algorithm that fits there; the certificate's key is Ed25519",
        "add a certificate with an ECDSA P-256 key",
    ),
    (
        server(ECDSA_384, suites=("ECDHE-ECDSA-AES128-GCM-SHA256",)),
        known(ANDROID_7),
        "speaks TLS 1.2 at most; the certificate's key is ECDSA P-384, a curve that the client does not name",
        "use a certificate with an ECDSA P-256 key, signed with SHA-256 and RSA",
    ),
    (
        server(),
        known(JAVA_7),
        "speaks TLS 1.0 at most; the server asks for TLS 1.2 or newer",
        (
            "add ECDHE-RSA-AES128-SHA, allow TLS 1.0 and lower OpenSSL's security level "
            "(append @SECLEVEL=0 to the cipher list)"
        ),
    ),
    (
        server(suites=("ECDHE-RSA-AES256-SHA384",)),
        known("android-8.1"),
        "speaks TLS 1.2 at most; the certificate's key is RSA 2048, and it knows no suite listed that is for RSA",
        "add ECDHE-RSA-AES128-GCM-SHA256",
    ),
    (
        server(replace(RSA, signature=0x0807)),
        known(JAVA_11),
        "takes certificates that are signed in certain ways; this one's issuer signed with ed25519",
        "add a certificate with an ECDSA P-256 key",
    ),
    (
        server(security_level=3),
        known(OPENSSL),
        (
            "nobody gets in: the certificate with the key RSA 2048, or its issuer's signature, is too weak for "
            "OpenSSL's security level 3"
        ),
        "use a certificate with an ECDSA P-256 key, signed with SHA-256 and RSA",
    ),
    (
        server(),
        SHA1_ONLY,
        (
            "names no signature algorithm for ECDHE-RSA-AES256-GCM-SHA384, which the server chooses; the "
            "certificate's key is RSA 2048, and its security level 2"
        ),
        "lower OpenSSL's security level (append @SECLEVEL=0 to the cipher list)",
    ),
    (
        server(),
        variant(APPLE_MAIL, suites=("0x5600", INCIDENT[0])),
        "says that TLS 1.2 is its second try; the server speaks TLS 1.3, and sees an attack",
        NONE,
    ),
]


@pytest.mark.parametrize(("settings", "known_client", "reason", "cure"), WORDS)
def test_words(settings: Server, known_client: Client, reason: str, cure: str) -> None:
    """Each cause has a reason and a cure that name what is in the way."""
    found = predict(settings, known_client)
    assert (found.reason, found.cure) == (reason, cure)


LISTS = (
    INCIDENT,
    ("AES128-SHA",),
    ("DHE-RSA-AES128-GCM-SHA256",),
    ("ECDHE-ECDSA-AES128-SHA",),
    ("ECDHE-RSA-CHACHA20-POLY1305",),
)
SETS = ((RSA,), (ECDSA,), (ECDSA_384,), (ED25519,), (RSA, ECDSA))


@pytest.mark.parametrize(("suites", "certificates"), list(itertools.product(LISTS, SETS)))
def test_everyone_locked_out_is_told_why_and_what_to_do(
    suites: tuple[str, ...], certificates: tuple[Certificate, ...]
) -> None:
    """There is a reason and a cure for each client of the catalogue, whatever the settings."""
    for groups, versions in itertools.product(((X448,), (P256,)), ((TLS12,), (TLS12, TLS13))):
        settings = server(*certificates, suites=suites, groups=groups, versions=versions)
        for found in (predict(settings, one) for one in shipped().values()):
            assert found.is_let_in == (not found.reason) == (not found.cure)
            assert found.cure != NONE
