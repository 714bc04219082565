"""The clients to ask for: those of the catalogue, and some that nobody has seen yet."""

from __future__ import annotations

from typing import Any

import msgspec

from mailrig.clients.catalogue import Client, client, shipped


def _variant(id_: str, name: str, **facts: Any) -> Client:
    entry = msgspec.structs.replace(shipped()[id_].entry, name=name, **facts)
    return client(name, entry)


def _without(id_: str, name: str, extension: int, **facts: Any) -> Client:
    kept = tuple(number for number in shipped()[id_].entry.extensions if number != extension)
    return _variant(id_, name, extensions=kept, **facts)


_OLD, _NEW = "apple-mail-16-macos", "openssl-3.0"

# No client of the catalogue is so, but each could be captured.
ODD = [
    _variant(_OLD, "comes a second time", suites=("0x5600", "ECDHE-RSA-AES128-GCM-SHA256", "AES128-SHA")),
    _without(_OLD, "names no group", 10, groups=()),
    _without(_OLD, "names no algorithm", 13, signature_algorithms=()),
    _variant(_OLD, "takes SHA-1 only", signature_algorithms=("rsa_pkcs1_sha1", "ecdsa_sha1")),
    _variant(_OLD, "takes PSS only", signature_algorithms=("rsa_pss_rsae_sha256",)),
    _variant(_OLD, "takes ECDSA only", signature_algorithms=("ecdsa_secp256r1_sha256",)),
    _variant(_OLD, "knows P-384 only", groups=("secp384r1",)),
    _variant(_OLD, "has a mind of its own", suites=("AES128-SHA", "DHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-SHA")),
    _variant(_NEW, "takes PKCS #1 only", signature_algorithms=("rsa_pkcs1_sha256",)),
    _variant(_NEW, "takes long PSS only", signature_algorithms=("rsa_pss_rsae_sha512",)),
    _variant(_NEW, "takes P-256 only", signature_algorithms=("ecdsa_secp256r1_sha256",)),
    _variant(_NEW, "knows ChaCha20 only", suites=("TLS_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-AES128-GCM-SHA256")),
    _variant(_NEW, "knows brainpool", groups=("brainpoolP256r1", "x25519")),
    _variant(_NEW, "is old and says so", versions=("TLSv1.1", "TLSv1.0")),
    _without(_OLD, "names no host", 0, sni=False),
    _without(_NEW, "names no host either", 0, sni=False),
    _variant("java-17", "wants ECDSA issuers", signature_algorithms_cert=("ecdsa_secp256r1_sha256",)),
    _variant("java-17", "wants PSS issuers", signature_algorithms_cert=("rsa_pss_pss_sha256",)),
]
CLIENTS = [*shipped().values(), *ODD]
