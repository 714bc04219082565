"""What a certificate says, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes

from mailrig.errors import VerifyError
from mailrig.verify.certificates.certificate import certificate


@pytest.mark.parametrize(
    ("kind", "key", "sort"),
    [
        ("P-256", "ECDSA P-256", "ECDSA"),
        ("P-384", "ECDSA P-384", "ECDSA"),
        ("RSA", "RSA 2048", "RSA"),
        ("Ed25519", "Ed25519", "ECDSA"),
    ],
)
def test_keys(public: Any, kind: str, key: str, sort: str) -> None:
    """A key is told by its size or curve, and by the suites that go with it."""
    leaf = public.leaf(kind, digest=hashes.SHA384())
    found = certificate(leaf.der)
    assert (found.key, found.kind, found.signature) == (key, sort, "ECDSA SHA-384")
    assert found.fingerprint == leaf.fingerprint


@pytest.mark.parametrize(("kind", "signature"), [("RSA", "RSA SHA-256"), ("Ed25519", "Ed25519")])
def test_signatures(issued: Any, kind: str, signature: str) -> None:
    """How the issuer signed is told by its key and its digest."""
    assert certificate(issued("Self", kind=kind).der).signature == signature


def test_names_and_days(public: Any) -> None:
    """Names are those of the extension, in their order; days are whole ones."""
    found = certificate(public.leaf(names=("b.test", "*.a.test")).der)
    assert found.names == ("b.test", "*.a.test")
    assert (found.subject, found.issuer) == ("mail.example.test", "Test E1")
    assert found.days_left(datetime.now(UTC)) == 29
    assert found.days_left(datetime.now(UTC) + timedelta(days=31)) == -2


def test_one_without_names(public: Any) -> None:
    """A name in the subject alone is none: clients do not look there (RFC 9525 section 6.3)."""
    assert certificate(public.leaf(names=()).der).names == ()


def test_what_is_no_certificate() -> None:
    """Nonsense is an error that says so."""
    with pytest.raises(VerifyError, match="the certificate cannot be read"):
        certificate(b"nonsense")
