"""A certificate authority of the tests' own, with an intermediate, as public ones have."""

from __future__ import annotations

import datetime as dt
import ipaddress
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

HOSTNAME = "mail.example.test"
NOW = dt.datetime.now(dt.UTC)


class Authority:
    """A root, an intermediate below it, and the leaves that this one issues."""

    def __init__(self) -> None:
        self.root_key = ec.generate_private_key(ec.SECP384R1())
        self.root = _signed("Test Root", self.root_key, "Test Root", self.root_key)
        self.key = ec.generate_private_key(ec.SECP384R1())
        self.intermediate = _signed("Test E1", self.key, "Test Root", self.root_key)

    def issue(self, directory: Path, name: str, **how: Any) -> str:
        """Write a new certificate with its chain and its key, and return its fingerprint."""
        key = how.pop("key", None) or ec.generate_private_key(ec.SECP256R1())
        chained = how.pop("chained", True)
        names = how.pop("names", (HOSTNAME, "localhost"))
        leaf = _signed(HOSTNAME, key, "Test E1", self.key, names=names, **how)
        chain = pem(leaf) + (pem(self.intermediate) if chained else "")
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        for suffix, text in ((".crt", chain), (".key", private)):
            replaced(directory / f"{name}{suffix}", text)
        return leaf.fingerprint(hashes.SHA256()).hex()


def _signed(
    subject: str,
    key: Any,
    issuer: str,
    issuer_key: Any,
    *,
    names: tuple[str, ...] = (),
    days: float = 90,
    age: int = 0,
) -> x509.Certificate:
    """Sign a certificate that began ``age`` hours ago; the more, the older. One for no host name is an authority's."""
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(hours=1 + age))
        .not_valid_after(NOW + dt.timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=not names, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
            critical=False,
        )
    )
    if names:
        listed = x509.SubjectAlternativeName([_general_name(name) for name in names])
        builder = builder.add_extension(listed, critical=False)
    return builder.sign(issuer_key, hashes.SHA384())


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def on_host(directory: Path) -> dict[str, str]:
    """Return the inventory's certificate `tls` that is kept in a directory of the Docker host, its root above it."""
    cert, key = f"{directory}/tls.crt", f"{directory}/tls.key"
    return {"source": "host", "cert": cert, "key": key, "trust": str(directory.parent / "root.pem")}


def pem(certificate: x509.Certificate) -> str:
    """Return a certificate as PEM."""
    return certificate.public_bytes(Encoding.PEM).decode()


def replaced(path: Path, text: str) -> None:
    """Write a file as renewers do: a new one beside, then a rename, so that it has another inode."""
    beside = path.with_suffix(".new")
    beside.write_text(text)
    beside.rename(path)
