"""The demo CA and what it signs; knows nothing of files.

Profiles follow RFC 5280 and what Apple and Python's strict verification ask of a server
certificate: SAN, EKU serverAuth, key identifiers, SHA-256, at most 398 days.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Sequence
from typing import cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from mailrig.inventory.model import KeyPair, KeyType
from mailrig.secret import Secret

AUTHORITY_LIFE = dt.timedelta(days=3653)
LEAF_LIFE = dt.timedelta(days=365)
LEAF_LEFT = dt.timedelta(days=30)
DEFAULT_KEY: KeyType = "ECDSA"
RSA_BITS = 2048
SKEW = dt.timedelta(hours=1)  # a client's clock may be a little behind

_CURVE = ec.SECP256R1()
_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

_NO_USAGE = {
    "digital_signature": False,
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "key_cert_sign": False,
    "crl_sign": False,
    "encipher_only": False,
    "decipher_only": False,
}


def found(name: str, now: dt.datetime) -> KeyPair:
    """Make a new CA called ``name``, and its key."""
    key = ec.generate_private_key(_CURVE)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        _builder(subject, subject, key.public_key(), now, AUTHORITY_LIFE)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**{**_NO_USAGE, "key_cert_sign": True, "crl_sign": True}), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return _pair(certificate, key)


def issue(authority: KeyPair, names: Sequence[str], now: dt.datetime, key_type: KeyType = DEFAULT_KEY) -> KeyPair:
    """Sign a new certificate for ``names``, host names or IP addresses, the first of which is its subject."""
    issuer = x509.load_pem_x509_certificate(authority.cert.encode())
    issuer_key = cast(
        ec.EllipticCurvePrivateKey, serialization.load_pem_private_key(authority.key.reveal().encode(), None)
    )
    key: _Key = rsa.generate_private_key(65537, RSA_BITS) if key_type == "RSA" else ec.generate_private_key(_CURVE)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])  # X.520: at most 64
    certificate = (
        _builder(subject, issuer.subject, key.public_key(), now, LEAF_LIFE)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{**_NO_USAGE, "digital_signature": True}), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    return _pair(certificate, key)


def is_whole(pair: KeyPair) -> bool:
    """Whether certificate and key can be read, and belong together."""
    try:
        certificate = x509.load_pem_x509_certificate(pair.cert.encode())
        key = serialization.load_pem_private_key(pair.key.reveal().encode(), None)
    except (ValueError, TypeError):
        return False
    return certificate.public_key() == key.public_key()


def is_lasting(authority: KeyPair, now: dt.datetime) -> bool:
    """Whether a certificate issued today would end before the CA does."""
    return x509.load_pem_x509_certificate(authority.cert.encode()).not_valid_after_utc >= now + LEAF_LIFE


def is_current(pair: KeyPair, authority: KeyPair, names: Sequence[str], now: dt.datetime) -> bool:
    """Whether ``pair`` is signed by ``authority``, for exactly ``names``, and lasts for another 30 days."""
    leaf = x509.load_pem_x509_certificate(pair.cert.encode())
    try:
        leaf.verify_directly_issued_by(x509.load_pem_x509_certificate(authority.cert.encode()))
    except (ValueError, TypeError, InvalidSignature):
        return False
    held = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return list(held) == [_general_name(name) for name in names] and leaf.not_valid_after_utc >= now + LEAF_LEFT


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey,
    now: dt.datetime,
    life: dt.timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _pair(certificate: x509.Certificate, key: _Key) -> KeyPair:
    pem = certificate.public_bytes(serialization.Encoding.PEM).decode()
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return KeyPair(cert=pem, key=Secret(private.decode()))
