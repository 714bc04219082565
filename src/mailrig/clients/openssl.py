"""What OpenSSL 3.0 does of its own accord as a TLS server: strengths, defaults, algorithms; pure, and knows no daemon.

Source: the tables of ssl/t1_lib.c, ssl/ssl_cert.c and providers/common/capabilities.c of OpenSSL 3.0, and its manual
pages SSL_CTX_set_security_level(3) and SSL_CTX_set1_groups_list(3); each was seen with `openssl s_server`.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from mailrig.clients import names
from mailrig.clients.names import GROUPS, SIGNATURE_ALGORITHMS

VERSIONS = tuple(names.VERSIONS.values())
TLS10, TLS11, TLS12, TLS13 = VERSIONS

SUITES13 = (0x1302, 0x1303, 0x1301)
GROUPS_BY_DEFAULT = tuple(
    GROUPS[name]
    for name in (
        "x25519",
        "secp256r1",
        "x448",
        "secp521r1",
        "secp384r1",
        "ffdhe2048",
        "ffdhe3072",
        "ffdhe4096",
        "ffdhe6144",
        "ffdhe8192",
    )
)

LEVEL_BITS = (0, 80, 112, 128, 192, 256)

_GROUP_BITS = {
    "secp192r1": 80,
    "secp224r1": 112,
    "secp256k1": 128,
    "secp256r1": 128,
    "secp384r1": 192,
    "secp521r1": 256,
    "brainpoolP256r1": 128,
    "brainpoolP384r1": 192,
    "brainpoolP512r1": 256,
    "x25519": 128,
    "x448": 224,
    "ffdhe2048": 112,
    "ffdhe3072": 128,
    "ffdhe4096": 128,
    "ffdhe6144": 128,
    "ffdhe8192": 192,
}
GROUP_BITS = {GROUPS[name]: bits for name, bits in _GROUP_BITS.items()}
ONLY_TLS13 = frozenset(number for name, number in GROUPS.items() if name.startswith("ffdhe"))
ALSO_TLS13 = frozenset(GROUPS[name] for name in ("x25519", "secp256r1", "secp384r1", "secp521r1", "x448"))


class Algorithm(Struct, frozen=True):
    """A signature algorithm: for which keys, how strong it is, and where TLS 1.3 ties or forbids it.

    ``digest_bytes`` matters to RSA-PSS, whose key has to be twice as long and two bytes more. ``curve`` is the one
    that TLS 1.3 asks for.
    """

    id: int
    key: Literal["RSA", "EC", "Ed25519", "Ed448"]
    bits: int
    is_in_tls13: bool
    digest_bytes: int = 0
    curve: int | None = None
    is_pss: bool = False


_DIGESTS = {"sha1": (64, 20), "sha224": (112, 28), "sha256": (128, 32), "sha384": (192, 48), "sha512": (256, 64)}


def _algorithms() -> Iterator[Algorithm]:
    """Read the algorithms off their names: those that OpenSSL 3.0 knows, and that a key of ours could be for."""
    for name, number in SIGNATURE_ALGORITHMS.items():
        *words, digest = name.split("_")
        bits, size = _DIGESTS.get(digest, (0, 0))
        match words:
            case ["rsa", "pkcs1"]:
                yield Algorithm(number, "RSA", bits, is_in_tls13=False, digest_bytes=size)
            case ["rsa", "pss", "rsae"]:
                yield Algorithm(number, "RSA", bits, is_in_tls13=True, digest_bytes=size, is_pss=True)
            case ["ecdsa"]:
                yield Algorithm(number, "EC", bits, is_in_tls13=False, digest_bytes=size)
            case ["ecdsa", "secp256r1" | "secp384r1" | "secp521r1" as curve]:
                yield Algorithm(number, "EC", bits, is_in_tls13=True, digest_bytes=size, curve=GROUPS[curve])
    yield Algorithm(SIGNATURE_ALGORITHMS["ed25519"], "Ed25519", 128, is_in_tls13=True)
    yield Algorithm(SIGNATURE_ALGORITHMS["ed448"], "Ed448", 224, is_in_tls13=True)


# In OpenSSL's own order: those of EC and Edwards curves, RSA's with PSS, and without, and what is weak at the end.
_WEAK = 128
ALGORITHMS = {
    made.id: made
    for made in sorted(_algorithms(), key=lambda one: (one.bits < _WEAK, one.key == "RSA", not one.is_pss))
}
SHA1_BITS = 64  # a chosen prefix makes a collision cheaper than its 160 bits promise

_RSA_STEPS = ((1024, 80), (2048, 112), (3072, 128), (7680, 192), (15360, 256))


def rsa_strength(bits: int) -> int:
    """Return the security in bits of an RSA key or of Diffie-Hellman parameters (NIST SP 800-57, part 1, table 2)."""
    step = bisect.bisect_right([size for size, _ in _RSA_STEPS], bits)
    return _RSA_STEPS[step - 1][1] if step else 0


def key_strength(key: str, bits: int) -> int:
    """Return the security in bits of a key."""
    return rsa_strength(bits) if key == "RSA" else {"Ed25519": 128, "Ed448": 224}.get(key, bits // 2)


def issuer_algorithm(number: int) -> int:
    """Return what an issuer's signature algorithm is compared by: OpenSSL does not tell the two kinds of PSS apart."""
    return number - 5 if 0x0809 <= number <= 0x080B else number  # noqa: PLR2004 - rsa_pss_pss_* to rsa_pss_rsae_*
