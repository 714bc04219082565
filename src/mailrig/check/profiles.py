"""Whom each profile locks out, by the keys of the certificate; pure, and asks no server."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args

from mailrig.clients import names
from mailrig.clients.catalogue import Client
from mailrig.clients.cures import suite
from mailrig.clients.names import GROUPS, SIGNATURE_ALGORITHMS, SUITES
from mailrig.clients.openssl import GROUPS_BY_DEFAULT, VERSIONS
from mailrig.clients.prediction import Prediction, predict
from mailrig.clients.server import Certificate, Server
from mailrig.inventory.model import DhGroup, Profile, Tls
from mailrig.render.profiles import negotiation

# Signed as Let's Encrypt signs: an RSA key by an RSA issuer (R12, …), an ECDSA key by one with P-384 (E7, …). For an
# Ed25519 key there is no public issuer.
_BY_RSA = SIGNATURE_ALGORITHMS["rsa_pkcs1_sha256"]
_BY_ECDSA = SIGNATURE_ALGORITHMS["ecdsa_secp384r1_sha384"]
_P256 = Certificate("EC", 256, GROUPS["secp256r1"], _BY_ECDSA)

CERTIFICATES: Mapping[str, tuple[Certificate, ...]] = {
    "RSA 2048": (Certificate("RSA", 2048, None, _BY_RSA),),
    "RSA 3072": (Certificate("RSA", 3072, None, _BY_RSA),),
    "ECDSA P-256": (_P256,),
    "ECDSA P-384": (Certificate("EC", 384, GROUPS["secp384r1"], _BY_ECDSA),),
    "Ed25519": (Certificate("Ed25519", 256, None, SIGNATURE_ALGORITHMS["ed25519"]),),
    "RSA + ECDSA": (Certificate("RSA", 3072, None, _BY_RSA), _P256),
}


@dataclass(frozen=True)
class Lockout:
    """How the clients fare that a profile locks out, with the certificates named ``keys``."""

    profile: Profile
    keys: str
    required: tuple[Prediction, ...]
    legacy: tuple[Prediction, ...]


def lockouts(clients: Collection[Client]) -> Iterator[Lockout]:
    """Yield whom each profile locks out where mail clients come, with each kind of certificate.

    Ignored clients are left out.
    """
    for profile in get_args(Profile):
        for keys, certificates in CERTIFICATES.items():
            offered = server(profile, certificates)
            outside = [one for client in clients if not (one := predict(offered, client)).is_let_in]
            required, legacy = (
                tuple(one for one in outside if one.client.entry.standing == standing)
                for standing in ("required", "legacy")
            )
            yield Lockout(profile, keys, required, legacy)


def server(profile: Profile, certificates: tuple[Certificate, ...]) -> Server:
    """Return what Dovecot offers with a profile, and all else left as it is without a word in the inventory."""
    tls = negotiation(Tls(ciphers=profile))
    return Server(
        versions=tuple(version for version in VERSIONS if version >= names.VERSIONS[tls.min_protocol]),
        suites=tuple(map(suite, tls.ciphers)),
        suites13=tuple(SUITES[name] for name in tls.ciphers13),
        groups=GROUPS_BY_DEFAULT,
        certificates=certificates,
        dh_bits=_bits(tls.dh),
        prefers_own_order=tls.prefer_server,
    )


def _bits(group: DhGroup) -> int | None:
    """Return the size of the parameters, which a group of RFC 7919 has in its name."""
    found = re.search(r"\d+", group)
    return int(found[0]) if found else None
