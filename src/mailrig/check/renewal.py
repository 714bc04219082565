"""Which certificates a service may take in by itself, since they lock nobody out; pure, and sees no certificate."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from msgspec.structs import replace

from mailrig.clients.catalogue import Client
from mailrig.clients.names import GROUPS, SIGNATURE_ALGORITHMS
from mailrig.clients.prediction import predict
from mailrig.clients.server import FOR_SERVERS, Certificate, Server

# OpenSSL's names, as `openssl x509 -text` prints them.
_CURVES = {"secp256r1": "prime256v1", "secp384r1": "secp384r1", "secp521r1": "secp521r1"}
_SIGNATURES = {
    "rsa_pkcs1_sha256": "sha256WithRSAEncryption",
    "rsa_pkcs1_sha384": "sha384WithRSAEncryption",
    "rsa_pkcs1_sha512": "sha512WithRSAEncryption",
    "rsa_pss_rsae_sha256": "rsassaPss-sha256",
    "ecdsa_secp256r1_sha256": "ecdsa-with-SHA256",
    "ecdsa_secp384r1_sha384": "ecdsa-with-SHA384",
    "ecdsa_secp521r1_sha512": "ecdsa-with-SHA512",
    "ed25519": "ED25519",
}

# What CAs sign.
_KEYS = (
    *(Certificate("RSA", bits) for bits in (2048, 3072, 4096)),
    *(Certificate("EC", int(curve[4:7]), GROUPS[curve]) for curve in _CURVES),
    Certificate("Ed25519", 256),
)
_CURVE_OF = {GROUPS[name]: name for name in _CURVES}
_SIGNATURE_OF = {SIGNATURE_ALGORITHMS[name]: name for name in _SIGNATURES}


def renewable(servers: Mapping[str, Server], clients: Collection[Client], allowed: Collection[str]) -> str:
    """Return, for each kind of certificate, whom it would lock out if it alone were served on a service's ports.

    One kind a line, then the names of the required clients, with tabs in between. Who is ``allowed`` to be locked out
    does not count. Two certificates lock out whom both of them do.
    """
    served = {server for port, server in servers.items() if port not in FOR_SERVERS}
    required = [one for one in clients if one.entry.standing == "required" and one.id not in allowed]
    present = (certificate for server in served for certificate in server.certificates)
    kinds = {name: one for one in (*_usual(), *present) if (name := kind(one)) is not None}
    return "".join(
        "\t".join([name, *(one.entry.name for one in required if _is_locked_out(one, served, certificate))]) + "\n"
        for name, certificate in kinds.items()
    )


def kind(certificate: Certificate) -> str | None:
    """Name a certificate's kind as mailrig-certificates does in the containers; None for one that has no name here."""
    signature = _SIGNATURES.get(_SIGNATURE_OF.get(certificate.signature or 0, ""))
    key = _key(certificate)
    if signature is None or key is None:
        return None
    return f"{key} {signature}{'' if certificate.may_sign else ' no-signatures'}"


def _key(certificate: Certificate) -> str | None:
    if certificate.key == "RSA":
        return f"RSA {certificate.bits}"
    if certificate.key == "EC":
        curve = _CURVES.get(_CURVE_OF.get(certificate.curve or 0, ""))
        return f"EC {curve}" if curve else None
    return certificate.key.upper()


def _usual() -> Iterator[Certificate]:
    """Yield a certificate of each kind that a CA may issue."""
    for signature in _SIGNATURE_OF:
        yield from (replace(key, signature=signature) for key in _KEYS)


def _is_locked_out(client: Client, servers: Collection[Server], certificate: Certificate) -> bool:
    return any(not predict(_with(server, certificate), client).is_let_in for server in servers)


def _with(server: Server, certificate: Certificate) -> Server:
    """Return the server with that certificate alone, whether or not a client names the host."""
    plain = server.without_name and _with(server.without_name, certificate)
    return replace(server, certificates=(certificate,), without_name=plain)
