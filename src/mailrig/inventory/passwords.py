"""Passwords: made, hashed, and told apart from hashes; knows nothing of accounts."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets

from mailrig.secret import Secret

LENGTH = 24
SHORTEST = 8  # characters: NIST SP 800-63B, 5.1.1.1
ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without l, o, I, O, 0 and 1
# The least that OWASP's Password Storage Cheat Sheet asks for. Dovecot's own default (65536, 3) costs each log-in 0.2 s
# of a processor and 64 MiB, and adds nothing to a password of 139 random bits.
MEMORY_KIB, PASSES = 19456, 2
SCHEMES = ("ARGON2ID", "BLF-CRYPT", "SHA512-CRYPT")

_B64 = r"[A-Za-z0-9+/]"
_CRYPT64 = r"[A-Za-z0-9./]"
_HASHES = re.compile(
    rf"\{{ARGON2ID\}}\$argon2id\$v=19\$m=\d+,t=\d+,p=\d+\${_B64}{{11,}}\${_B64}{{16,}}"
    rf"|\{{BLF-CRYPT\}}\$2[abxy]\$\d\d\${_CRYPT64}{{53}}"
    rf"|\{{SHA512-CRYPT\}}\$6\$(rounds=\d+\$)?{_CRYPT64}{{1,16}}\${_CRYPT64}{{86}}"
)


def fault(password: Secret) -> str | None:
    """Say what speaks against a password that somebody chose; None when nothing does."""
    text = password.reveal()
    if not text.isprintable():
        return "it holds a control character"
    if text != text.strip():
        return "it begins or ends with a blank, which mail programs cut off"
    if len(text) < SHORTEST:
        return f"it is shorter than {SHORTEST} characters"
    return None


def generate() -> Secret:
    """Return a password of 139 random bits, of letters and digits that cannot be taken for one another."""
    return Secret("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))


def hash_of(password: Secret) -> Secret:
    """Return an ARGON2ID hash of ``password`` as Dovecot stores it."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=1)
    return Secret("{ARGON2ID}" + hasher.hash(password.reveal()))


def quick_hash_of(password: Secret) -> Secret:
    """Return an SSHA512 hash, always the same, of a password that we generated.

    A slow hash makes guessing slow, and nobody guesses 139 random bits. Dovecot checks one login at a time: a
    verification that logs in a dozen times would keep people waiting for each of its slow hashes.
    """
    salt = hashlib.sha256(password.reveal().encode()).digest()[:8]
    digest = hashlib.sha512(password.reveal().encode() + salt).digest()
    return Secret("{SSHA512}" + base64.b64encode(digest + salt).decode())


def is_hash(text: str) -> bool:
    """Whether ``text`` is a whole hash of one of SCHEMES."""
    return _HASHES.fullmatch(text) is not None


def masked(text: str) -> str:
    """Return a text in which every hash is only its fingerprint."""
    return _HASHES.sub(lambda found: str(Secret(found[0])), text)
