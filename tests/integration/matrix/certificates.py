"""The certificates of the matrix, and who signs them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat


@dataclass
class Authority:
    """An issuer, and what it signs with."""

    key: Any
    digest: hashes.HashAlgorithm | None
    padding: Any = None
    name: x509.Name = field(default_factory=lambda: _name("an issuer"))


def make_certificates(directory: Path) -> None:
    """Write each certificate and its key: NAME.crt, NAME.key."""
    by_rsa = Authority(rsa.generate_private_key(65537, 2048), hashes.SHA256())
    keys = {
        "rsa1024": rsa.generate_private_key(65537, 1024),  # noqa: S505 - too weak, and meant to be
        "rsa2048": rsa.generate_private_key(65537, 2048),
        "rsa3072": rsa.generate_private_key(65537, 3072),
        "p256": ec.generate_private_key(ec.SECP256R1()),
        "p384": ec.generate_private_key(ec.SECP384R1()),
        "p521": ec.generate_private_key(ec.SECP521R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate(),
    }
    for name, key in keys.items():
        _write(directory / name, key, by_rsa)
    by_p384 = Authority(ec.generate_private_key(ec.SECP384R1()), hashes.SHA384())
    _write(directory / "p256-by-p384", keys["p256"], by_p384)
    _write(directory / "rsa-by-ed25519", keys["rsa2048"], Authority(ed25519.Ed25519PrivateKey.generate(), None))
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    _write(directory / "rsa-by-pss", keys["rsa2048"], replace(by_rsa, padding=pss))
    _write(directory / "p256-no-signature", keys["p256"], by_rsa, may_sign=False)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _write(path: Path, key: Any, authority: Authority, *, may_sign: bool = True) -> None:
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(path.name))
        .issuer_name(authority.name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    )
    if not may_sign:
        flags = ("content_commitment", "key_encipherment", "data_encipherment", "key_cert_sign", "crl_sign")
        others = dict.fromkeys((*flags, "encipher_only", "decipher_only"), False)
        usage = x509.KeyUsage(digital_signature=False, key_agreement=True, **others)
        builder = builder.add_extension(usage, critical=True)
    made = builder.sign(authority.key, authority.digest, rsa_padding=authority.padding)
    path.with_suffix(".crt").write_bytes(made.public_bytes(Encoding.PEM))
    path.with_suffix(".key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
