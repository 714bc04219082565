"""PEM files that an inventory names: what is in them, or why that cannot be had; knows nothing of what they are for."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from mailrig.errors import Problem
from mailrig.inventory.document import shown
from mailrig.inventory.draft import Draft
from mailrig.inventory.place import KeyPath


@dataclass(frozen=True)
class PemFile:
    """The file that a key of the inventory names; ``missing`` says what helps when it is not there."""

    draft: Draft
    path: KeyPath
    name: str
    missing: str = "the path starts at the inventory's directory"

    def certificate(self) -> x509.Certificate | Problem:
        """Return the first certificate in it."""
        pem = self._read()
        if isinstance(pem, Problem):
            return pem
        try:
            return x509.load_pem_x509_certificates(pem)[0]
        except ValueError:
            return self._problem(
                f"`{self._key}` holds no PEM certificate", "it begins with -----BEGIN CERTIFICATE-----"
            )

    def private_key(self) -> PrivateKeyTypes | Problem:
        """Return the private key in it."""
        pem = self._read()
        if isinstance(pem, Problem):
            return pem
        try:
            return serialization.load_pem_private_key(pem, None)
        except TypeError:
            hint = "a program reads it with nobody there to type it: `openssl pkey -in OLD -out NEW` takes it off"
            return self._problem(f"`{self._key}` is protected by a passphrase", hint)
        except (ValueError, UnsupportedAlgorithm):
            return self._problem(
                f"`{self._key}` holds no PEM private key", "it begins with -----BEGIN PRIVATE KEY-----"
            )

    @property
    def _key(self) -> str | int:
        return self.path[-1]

    def _read(self) -> bytes | Problem:
        file = self.draft.directory / self.name
        try:
            return file.read_bytes()
        except FileNotFoundError:
            return self._problem(f"certificate path `{shown(file)}` does not exist", self.missing)
        except OSError as error:
            message = f"cannot read certificate path `{shown(file)}`: {error.strerror}"
            return self._problem(message, "check its owner and mode")

    def _problem(self, message: str, hint: str) -> Problem:
        return self.draft.problem(message, *self.path, hint=hint)
