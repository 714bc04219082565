"""Certificates to order, signed as a test wants them."""

from __future__ import annotations

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

HOSTNAME = "mail.example.test"
KEYS = {
    "P-256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "P-384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "RSA": lambda: rsa.generate_private_key(65537, 2048),
    "Ed25519": ed25519.Ed25519PrivateKey.generate,
}


@dataclass
class Issued:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: Any

    @property
    def der(self) -> bytes:
        """The certificate as it is sent."""
        return self.certificate.public_bytes(Encoding.DER)

    @property
    def pem(self) -> str:
        """The certificate as it lies in a file."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def private(self) -> str:
        """The key as it lies in a file."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    @property
    def public(self) -> str:
        """The key's public half."""
        return self.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    @property
    def fingerprint(self) -> str:
        """The certificate's SHA-256."""
        return self.certificate.fingerprint(hashes.SHA256()).hex()


def issue(
    subject: str,
    by: Issued | None = None,
    *,
    kind: str = "P-256",
    is_authority: bool = False,
    names: tuple[str, ...] = (HOSTNAME,),
    days: float = 30,
    digest: Any = None,
) -> Issued:
    """Issue a certificate, signed by itself or by another."""
    key = KEYS[kind]()
    signer = by.key if by else key
    issuer = by.certificate.subject if by else x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if names and not is_authority:
        builder = builder.add_extension(x509.SubjectAlternativeName(list(map(x509.DNSName, names))), critical=False)
    is_edwards = isinstance(signer, ed25519.Ed25519PrivateKey)
    return Issued(builder.sign(signer, None if is_edwards else digest or hashes.SHA256()), key)


@dataclass
class Public:
    """What a public CA has: a root that is trusted, and an intermediate that issues."""

    directory: Path
    root: Issued
    intermediate: Issued

    def leaf(self, kind: str = "P-256", **how: Any) -> Issued:
        """Issue a server's certificate."""
        return issue(HOSTNAME, self.intermediate, kind=kind, **how)

    def server(self, *leaves: Issued, chained: bool = True) -> ssl.SSLContext:
        """Return a server's settings with these certificates, each with its chain unless that is left out."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        for number, leaf in enumerate(leaves):
            path = self.directory / f"{number}.pem"
            path.write_text(leaf.private + leaf.pem + (self.intermediate.pem if chained else ""))
            made.load_cert_chain(path)
        return made


@pytest.fixture
def public(tmp_path: Path) -> Public:
    """A CA that issues through an intermediate."""
    root = issue("Test Root", is_authority=True, kind="P-384")
    return Public(tmp_path, root, issue("Test E1", root, is_authority=True, kind="P-384"))


@pytest.fixture
def issued() -> Callable[..., Issued]:
    """Issues certificates one by one."""
    return issue
