"""Certificates as far as they decide who gets in: read from PEM, never verified; pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from mailrig.clients.names import GROUPS, SIGNATURE_ALGORITHMS
from mailrig.clients.server import Certificate

if TYPE_CHECKING:
    from cryptography import x509

_OBJECT = re.compile(r"-----BEGIN ([A-Z0-9 ]+)-----.*?-----END \1-----", re.DOTALL)

# RFC 3279 section 2.2, RFC 4055 section 5, RFC 5758 section 3, RFC 8410 section 3. TLS ties ECDSA's digests to curves;
# OpenSSL compares the digest alone.
_SIGNATURES = {
    "1.2.840.113549.1.1.5": "rsa_pkcs1_sha1",
    "1.2.840.113549.1.1.14": "rsa_pkcs1_sha224",
    "1.2.840.113549.1.1.11": "rsa_pkcs1_sha256",
    "1.2.840.113549.1.1.12": "rsa_pkcs1_sha384",
    "1.2.840.113549.1.1.13": "rsa_pkcs1_sha512",
    "1.2.840.10045.4.1": "ecdsa_sha1",
    "1.2.840.10045.4.3.1": "ecdsa_sha224",
    "1.2.840.10045.4.3.2": "ecdsa_secp256r1_sha256",
    "1.2.840.10045.4.3.3": "ecdsa_secp384r1_sha384",
    "1.2.840.10045.4.3.4": "ecdsa_secp521r1_sha512",
    "1.3.101.112": "ed25519",
    "1.3.101.113": "ed448",
}
_SEQUENCE, _INTEGER = 0x30, 0x02
_PSS = "1.2.840.113549.1.1.10"  # tells its digest apart


def read(pem: str) -> Certificate:
    """Return the first certificate in a PEM text; raise ValueError where there is none, or none for TLS."""
    from cryptography import x509

    found = x509.load_pem_x509_certificate(next(_certificates(pem), "").encode())
    return _described(found)


def covers(name: str, hostname: str) -> bool:
    """Whether clients take a certificate's name for the host's; a wildcard is one label (RFC 9525 section 6.3)."""
    name, hostname = name.lower(), hostname.lower()
    return name == hostname or (name.startswith("*.") and name[2:] == hostname.partition(".")[2])


def leaves(texts: Iterable[str | None]) -> Iterator[Certificate]:
    """Yield the certificates that come first after a key, in files that hold keys and chains in turn; None is a key.

    Raise ValueError.
    """
    is_next = True
    for kind, pem in _objects(texts):
        if kind.endswith("PRIVATE KEY"):
            is_next = True
        elif kind == "CERTIFICATE" and is_next:
            is_next = False
            yield read(pem)


def by_key(certificates: Iterable[Certificate]) -> tuple[Certificate, ...]:
    """Keep one certificate of each type of key: OpenSSL has one place for each, and the last one takes it."""
    return tuple({certificate.key: certificate for certificate in certificates}.values())


def served_names(files: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return the host names of the certificate that comes first in each file, by path.

    Files without one are left out, and those that begin with the issuer of another: chains may be kept in parts.
    """
    found = {path: one for path, text in files.items() if (one := _first(text))}
    issuers = {one.issuer.public_bytes() for one in found.values() if one.issuer != one.subject}
    return {path: names(one) for path, one in found.items() if one.subject.public_bytes() not in issuers}


def _first(text: str) -> x509.Certificate | None:
    """Return the first certificate in a text; one that cannot be read is as good as none."""
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificate(next(_certificates(text), "").encode())
    except ValueError:
        return None


def names_of(pem: str) -> tuple[str, ...]:
    """Return the host names that the first certificate in a PEM text is for; raise ValueError where there is none."""
    from cryptography import x509

    return names(x509.load_pem_x509_certificate(next(_certificates(pem), "").encode()))


def names(found: x509.Certificate) -> tuple[str, ...]:
    """Return the host names that a certificate is for; its common name is none (RFC 9525 section 2)."""
    from cryptography import x509

    try:
        listed = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return ()
    return tuple(listed.get_values_for_type(x509.DNSName))


def parameter_bits(pem: str) -> int:
    """Return the size of Diffie-Hellman parameters; raise ValueError where there are none.

    The prime is the first of their numbers, in ASN.1 (RFC 2631 is not meant: PKCS #3 section 9).
    """
    found = next((body for kind, body in _objects([pem]) if kind == "DH PARAMETERS"), "")
    der = base64.b64decode("".join(found.splitlines()[1:-1]))
    sequence = _element(der, _SEQUENCE)
    return int.from_bytes(_element(sequence, _INTEGER), "big").bit_length()


def _element(der: bytes, tag: int) -> bytes:
    """Return the content of the first ASN.1 element; a length of more than 127 says how many bytes it takes itself."""
    if len(der) < 2 or der[0] != tag:  # noqa: PLR2004 - a tag and a length
        raise ValueError("no Diffie-Hellman parameters")
    size = der[1] - 0x80 if der[1] > 0x7F else 0  # noqa: PLR2004 - X.690 section 8.1.3 - X.690 section 8.1.3
    length = int.from_bytes(der[2 : 2 + size], "big") if size else der[1]
    return der[2 + size : 2 + size + length]


def _objects(texts: Iterable[str | None]) -> Iterator[tuple[str, str]]:
    for text in texts:
        if text is None:
            yield "PRIVATE KEY", ""
        else:
            yield from ((found[1], found[0]) for found in _OBJECT.finditer(text))


def _certificates(pem: str) -> Iterator[str]:
    return (found[0] for found in _OBJECT.finditer(pem) if found[1] == "CERTIFICATE")


def _described(found: x509.Certificate) -> Certificate:
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

    key: Any = found.public_key()
    signature, may_sign = _signature(found), _may_sign(found)
    if isinstance(key, rsa.RSAPublicKey):
        return Certificate("RSA", key.key_size, None, signature, may_sign)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return Certificate("EC", key.key_size, GROUPS.get(key.curve.name), signature, may_sign)
    if isinstance(key, ed25519.Ed25519PublicKey):
        return Certificate("Ed25519", 256, None, signature, may_sign)
    if isinstance(key, ed448.Ed448PublicKey):
        return Certificate("Ed448", 456, None, signature, may_sign)
    raise ValueError(f"no key for TLS: {type(key).__name__}")


def _signature(found: x509.Certificate) -> int | None:
    """Return by what its issuer signed it, as a number of TLS."""
    oid, digest = found.signature_algorithm_oid.dotted_string, found.signature_hash_algorithm
    name = f"rsa_pss_rsae_{digest.name}" if oid == _PSS and digest else _SIGNATURES.get(oid, "")
    return SIGNATURE_ALGORITHMS.get(name)


def _may_sign(found: x509.Certificate) -> bool:
    from cryptography import x509

    try:
        return bool(found.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature)
    except x509.ExtensionNotFound:
        return True
