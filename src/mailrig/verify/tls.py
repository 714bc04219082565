"""Handshakes and certificates as a client meets them; must not know what is said after the handshake."""

from __future__ import annotations

import functools
import math
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mailrig.errors import VerifyError
from mailrig.verify.connection import DIRECT, UPGRADED, context, endpoint, secured, service_of
from mailrig.verify.fault import sentence
from mailrig.verify.probe import Lane, Probe
from mailrig.verify.target import Target

VERSIONS = {"tls-1.2": ssl.TLSVersion.TLSv1_2, "tls-1.3": ssl.TLSVersion.TLSv1_3}


def lanes(target: Target, ports: Sequence[str] = (*DIRECT, *UPGRADED)) -> list[Lane]:
    """Ask every TLS port for both versions and for its certificate; the ports side by side."""
    return [Lane(_probes(target, port)) for port in ports]


def _probes(target: Target, port: str) -> list[Probe]:
    service = service_of(port)
    shown = Shown()
    asked = [Probe(name, port, service, functools.partial(_version, target, port, name, shown)) for name in VERSIONS]
    return [*asked, Probe("certificate", port, service, functools.partial(_certificate, target, port, shown))]


@dataclass
class Shown:
    """The certificate that a port has shown, and that was found good; None as long as there was none."""

    certificate: Mapping[str, object] | None = None


def _version(target: Target, port: str, name: str, shown: Shown) -> str:
    """Force one TLS version: a default handshake would take 1.3, which no cipher list governs.

    Whether the certificate is good is another question; where it is, the answer is kept. Port 25 offers 1.2 whatever is
    asked for: a peer that finds nothing in common sends in the clear (RFC 7435).
    """
    if name == "tls-1.2" and target.min_protocol == "TLSv1.3" and port != "smtp":
        return _refusal(target, port)
    try:
        with secured(target, port, context(target, VERSIONS[name])) as (_, line):
            shown.certificate = line.getpeercert()
            return _agreed(line)
    except ssl.SSLCertVerificationError:
        return handshake(target, port, VERSIONS[name])


def handshake(target: Target, port: str, version: ssl.TLSVersion) -> str:
    """Shake hands in exactly ``version``, whoever the server is; return version and suite."""
    with secured(target, port, context(target, version, verified=False)) as (_, line):
        return _agreed(line)


def _agreed(line: ssl.SSLSocket) -> str:
    suite = line.cipher()
    return f"{line.version()} {suite[0] if suite else ''}"


def _refusal(target: Target, port: str) -> str:
    endpoint(target, port)
    try:
        seen = handshake(target, port, ssl.TLSVersion.TLSv1_2)
    except (ssl.SSLError, ConnectionResetError, EOFError) as refusal:
        return f"refused, as the inventory asks: {sentence(refusal)}"
    raise VerifyError(f"TLS 1.2 is accepted though the inventory asks for TLSv1.3: {seen}")


def _certificate(target: Target, port: str, shown: Shown) -> str:
    """Check chain and host name as a client does."""
    endpoint(target, port)
    found = shown.certificate
    if not found:
        with secured(target, port, context(target)) as (_, line):
            found = line.getpeercert()
    if not found:
        raise VerifyError("the server shows no certificate")
    return f"{target.hostname}, {days_left(found)} days left, issued by {issuer(found)}"


def days_left(certificate: Mapping[str, object]) -> int:
    """Return the whole days until the certificate expires."""
    return math.floor((ssl.cert_time_to_seconds(str(certificate["notAfter"])) - time.time()) / 86400)


def issuer(certificate: Mapping[str, object]) -> str:
    """Return the issuer's common name, else its organisation."""
    parts = {key: value for ((key, value),) in certificate.get("issuer", ())}  # type: ignore[attr-defined]
    return str(parts.get("commonName") or parts.get("organizationName") or "nobody")


def names(certificate: Mapping[str, object]) -> list[str]:
    """Return the host names and addresses that the certificate is for (RFC 9525 section 6.3)."""
    return [value for kind, value in certificate.get("subjectAltName", ())]  # type: ignore[attr-defined]


def leaf(target: Target, port: str, version: ssl.TLSVersion | None = None) -> bytes:
    """Fetch the certificate that the port shows, whatever it is (DER)."""
    with secured(target, port, context(target, version, verified=False)) as (_, line):
        return line.getpeercert(binary_form=True) or b""


def read(target: Target, port: str) -> Mapping[str, object]:
    """Read the certificate that the port shows, trusted or not.

    The standard library decodes verified certificates only; so the leaf itself is made the trust anchor.
    """
    trusting = context(target, verified=False)
    trusting.verify_mode = ssl.CERT_REQUIRED
    trusting.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    trusting.load_verify_locations(cadata=leaf(target, port))
    with secured(target, port, trusting) as (_, line):
        return dict(line.getpeercert() or {})


# id-ecPublicKey (RFC 5480 section 2.1.1); an ECDSA *signature* has another OID, and the issuer's key is not in a leaf.
_EC_PUBLIC_KEY = bytes.fromhex("06072a8648ce3d0201")


def key_type(certificate: bytes) -> str:
    """Say whether a DER certificate's key is ``ECDSA`` or ``RSA``."""
    return "ECDSA" if _EC_PUBLIC_KEY in certificate else "RSA"
