"""Passwords and their hashes."""

from __future__ import annotations

import base64
import hashlib

import pytest
from argon2 import PasswordHasher

from mailrig.inventory.passwords import ALPHABET, generate, hash_of, is_hash, quick_hash_of
from mailrig.secret import Secret

BLOWFISH = "{BLF-CRYPT}$2y$05$" + "a" * 53
SHA512 = "{SHA512-CRYPT}$6$rounds=5000$saltsalt$" + "a" * 86


def test_a_generated_password_can_be_read_aloud() -> None:
    """It has 24 letters and digits that cannot be taken for one another, and never comes twice."""
    password = generate().reveal()

    assert len(password) == 24
    assert set(password) <= set(ALPHABET)
    assert not set("lIO01o") & set(ALPHABET)
    assert generate() != generate()


def test_a_hash_is_of_its_password() -> None:
    """What is made is a hash that we accept ourselves, and that verifies the password."""
    password = generate()
    text = hash_of(password).reveal()

    assert is_hash(text)
    assert PasswordHasher().verify(text.removeprefix("{ARGON2ID}"), password.reveal())


@pytest.mark.parametrize("text", [BLOWFISH, SHA512])
def test_known_hashes(text: str) -> None:
    """Dovecot's BLF-CRYPT and SHA512-CRYPT are taken, the latter with rounds too."""
    assert is_hash(text)


@pytest.mark.parametrize("text", [BLOWFISH[:-1], SHA512 + "a", SHA512 + "\n", "{PLAIN}" + "a" * 86, "hunter2", ""])
def test_what_is_no_hash(text: str) -> None:
    """A hash that is cut short, too long or of another scheme is none."""
    assert not is_hash(text)


def test_quick_hash_is_always_the_same_and_dovecots_own_form() -> None:
    """A generated password's quick hash needs not be kept: digest and salt follow from the password."""
    hashed = quick_hash_of(Secret("abc")).reveal()
    assert hashed == quick_hash_of(Secret("abc")).reveal()
    assert hashed != quick_hash_of(Secret("abd")).reveal()
    raw = base64.b64decode(hashed.removeprefix("{SSHA512}"))
    assert raw[:64] == hashlib.sha512(b"abc" + raw[64:]).digest()
