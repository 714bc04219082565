"""Fresh key shares for the groups of TLS 1.3, as a server checks them; keeps no private key, and so decrypts nothing.

A prober reads the server's answer and hangs up. For X25519 and X448 any bytes of the right length are a share
(RFC 7748 section 5); for the others this makes what a server's checks ask for, without what it would take to go on.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from mailrig.clients.names import GROUPS

Entropy = Callable[[int], bytes]
"""Returns so many random bytes."""


def share(group: int, entropy: Entropy) -> bytes | None:
    """Return a fresh key share for a group's number; None for a group that is not known here."""
    make = _SHARES.get(group)
    return make(entropy) if make else None


def _random(length: int, entropy: Entropy) -> bytes:
    return entropy(length)


def _point(curve: str, size: int, entropy: Entropy) -> bytes:
    """Return a point of a NIST curve, uncompressed (RFC 8446 section 4.2.8.2)."""
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    # One byte shorter than the curve's order, and not nought: a valid scalar without a second try.
    scalar = int.from_bytes(entropy(size - 1), "big") + 1
    key = ec.derive_private_key(scalar, getattr(ec, curve)()).public_key()
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _residue(bits: int, last: int, entropy: Entropy) -> bytes:
    """Return a number of a finite field's subgroup (RFC 7919): every square is one, as the prime is a safe one."""
    number = int.from_bytes(entropy(bits // 8 - 1), "big") + 2
    return pow(number, 2, _prime(bits, last)).to_bytes(bits // 8, "big")


@functools.cache
def _prime(bits: int, last: int) -> int:
    """Return the prime of a group from RFC 7919 appendix A: 2^b - 2^(b-64) + (⌊2^(b-130) e⌋ + last) 2^64 - 1."""
    guard = 64
    term = 1 << (bits - 130 + guard)
    euler, step = 0, 0
    while term:
        euler += term
        step += 1
        term //= step
    return (1 << bits) - (1 << (bits - 64)) + (((euler >> guard) + last) << 64) - 1


def _lattice(rank: int, entropy: Entropy) -> bytes:
    """Return an ML-KEM encapsulation key: ``rank`` polynomials of 256 coefficients in 12 bits each, and a seed.

    A coefficient must be below 3329 (FIPS 203 section 7.2): its highest bit is cleared.
    """
    length = rank * 384
    low = int.from_bytes(bytes((0xFF, 0xF7, 0x7F)) * (length // 3), "big")
    polynomials = int.from_bytes(entropy(length), "big") & low
    return polynomials.to_bytes(length, "big") + entropy(32)


_Make = Callable[[Entropy], bytes]


def _joined(*makes: _Make) -> _Make:
    return lambda entropy: b"".join(make(entropy) for make in makes)


_X25519: _Make = functools.partial(_random, 32)
_P256: _Make = functools.partial(_point, "SECP256R1", 32)
_P384: _Make = functools.partial(_point, "SECP384R1", 48)
_MLKEM768: _Make = functools.partial(_lattice, 3)
_MLKEM1024: _Make = functools.partial(_lattice, 4)

_SHARES: Mapping[int, _Make] = {
    GROUPS["secp256r1"]: _P256,
    GROUPS["secp384r1"]: _P384,
    GROUPS["secp521r1"]: functools.partial(_point, "SECP521R1", 66),
    GROUPS["x25519"]: _X25519,
    GROUPS["x448"]: functools.partial(_random, 56),
    GROUPS["ffdhe2048"]: functools.partial(_residue, 2048, 560316),
    GROUPS["ffdhe3072"]: functools.partial(_residue, 3072, 2625351),
    GROUPS["ffdhe4096"]: functools.partial(_residue, 4096, 5736041),
    GROUPS["ffdhe6144"]: functools.partial(_residue, 6144, 15705020),
    GROUPS["ffdhe8192"]: functools.partial(_residue, 8192, 10965728),
    # Of a hybrid's shares the one that FIPS approves comes first (draft-ietf-tls-ecdhe-mlkem); Kyber's draft did not.
    0x11EB: _joined(_P256, _MLKEM768),  # SecP256r1MLKEM768
    GROUPS["X25519MLKEM768"]: _joined(_MLKEM768, _X25519),
    0x11ED: _joined(_P384, _MLKEM1024),  # SecP384r1MLKEM1024
    0x6399: _joined(_X25519, _MLKEM768),  # X25519Kyber768Draft00
}
