"""A certificate in the words in which people compare it; judges nothing, and knows no server."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from mailrig.clients.certificate import covers
from mailrig.errors import VerifyError

if TYPE_CHECKING:
    from cryptography import x509

Kind = Literal["RSA", "ECDSA", "other"]

SHORT = 16  # digits of a fingerprint that are shown where two certificates are told apart


@dataclass(frozen=True)
class Certificate:
    """What a certificate says.

    ``fingerprint`` is the SHA-256 of its bytes, in hexadecimal digits. ``kind`` is the sort of suite of TLS 1.2 that
    its key is for: the Edwards curves go with those for ECDSA (RFC 8422 section 5.10). ``key`` says more: ``RSA 2048``,
    ``ECDSA P-256``. ``public_key`` is the key's public half (DER), None when it cannot be read. ``names`` are those
    that clients compare with (RFC 9525 section 6.3); ``signature`` is how its issuer signed it.
    """

    fingerprint: str
    subject: str
    issuer: str
    names: tuple[str, ...]
    kind: Kind
    key: str
    public_key: bytes | None
    signature: str
    not_before: datetime
    not_after: datetime
    is_self_issued: bool

    @property
    def title(self) -> str:
        """Return what tells it from others in a sentence."""
        return f"{self.fingerprint[:SHORT]} ({self.key})"

    def days_left(self, now: datetime) -> int:
        """Return the whole days until it ends, negative when it has ended."""
        return (self.not_after - now) // timedelta(days=1)

    def covers(self, hostname: str) -> bool:
        """Tell whether clients accept it for ``hostname``: a wildcard stands for one label (RFC 9525 section 6.3)."""
        return any(covers(name, hostname) for name in self.names)


def certificate(der: bytes) -> Certificate:
    """Read a certificate; raise VerifyError when it is none."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives import hashes

    try:
        found = x509.load_der_x509_certificate(der)
        key: Any = None
        with contextlib.suppress(ValueError, UnsupportedAlgorithm):
            key = found.public_key()
        return Certificate(
            fingerprint=found.fingerprint(hashes.SHA256()).hex(),
            subject=_named(found.subject),
            issuer=_named(found.issuer),
            names=_names(found),
            kind=_kind(key),
            key=_key(key),
            public_key=None if key is None else public_half(key),
            signature=_signature(found),
            not_before=found.not_valid_before_utc,
            not_after=found.not_valid_after_utc,
            is_self_issued=found.issuer == found.subject,
        )
    except ValueError:
        raise VerifyError("the certificate cannot be read: it is damaged, or something else") from None


def public_half(key: Any) -> bytes:
    """Return a public key in the one form in which keys are compared (DER)."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return bytes(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


def _named(name: x509.Name) -> str:
    """Return the common name, else the whole."""
    from cryptography.x509.oid import NameOID

    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(common[0].value) if common else name.rfc4514_string() or "nobody"


def _names(found: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        names = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses = names.get_values_for_type(x509.IPAddress)
    return (*names.get_values_for_type(x509.DNSName), *(str(address) for address in addresses))


def _kind(key: Any) -> Kind:
    from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

    if isinstance(key, rsa.RSAPublicKey):
        return "RSA"
    if isinstance(key, (ec.EllipticCurvePublicKey, ed25519.Ed25519PublicKey, ed448.Ed448PublicKey)):
        return "ECDSA"
    return "other"


_CURVES = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}  # FIPS 186-5's names, by RFC 8422's


def _key(key: Any) -> str:
    """Say what a key is: its size, or its curve."""
    from cryptography.hazmat.primitives.asymmetric import ec, rsa

    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"ECDSA {_CURVES.get(key.curve.name, key.curve.name)}"
    return "unknown" if key is None else type(key).__name__.removesuffix("PublicKey")


def _signature(found: x509.Certificate) -> str:
    """Say how the issuer signed; what has no name here is told by its number."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ec, padding
    from cryptography.x509.oid import SignatureAlgorithmOID

    alone = {SignatureAlgorithmOID.ED25519: "Ed25519", SignatureAlgorithmOID.ED448: "Ed448"}
    number = found.signature_algorithm_oid
    parameters: object = None
    with contextlib.suppress(ValueError, UnsupportedAlgorithm):
        parameters = found.signature_algorithm_parameters
    schemes: Sequence[tuple[type, str]] = (
        (ec.ECDSA, "ECDSA"),
        (padding.PKCS1v15, "RSA"),
        (padding.PSS, "RSA-PSS"),
    )
    scheme = next((name for kind, name in schemes if isinstance(parameters, kind)), None)
    if scheme is None or found.signature_hash_algorithm is None:
        return alone.get(number, number.dotted_string)
    return f"{scheme} {re.sub(r'^sha', 'SHA-', found.signature_hash_algorithm.name)}"
