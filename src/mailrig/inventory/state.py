"""What was generated for an inventory and is kept beside it; knows nothing of what the inventory says.

Everything is made in memory first, and only ``save`` writes, so that a dry run leaves no trace.
"""

from __future__ import annotations

import datetime as dt
import os
import secrets
import tempfile
from collections.abc import Sequence
from pathlib import Path

import msgspec
import yaml

from mailrig.errors import InventoryError
from mailrig.inventory import authority, passwords
from mailrig.inventory.authority import DEFAULT_KEY
from mailrig.inventory.document import shown
from mailrig.inventory.model import KeyPair, KeyType, Login
from mailrig.secret import Secret

DIRECTORY = ".state"
AUTHORITY = "ca"
PASSWORDS = "passwords.yaml"
KEYS = "keys.yaml"

_HEADER = """\
# Passwords that mailrig generated, with the hashes that the server holds.
# Nothing else keeps them in the clear. Remove an entry, and the next deploy makes a new password.
"""

_KEYS_HEADER = """\
# Keys that mailrig generated for services to encrypt with: with another one, what was encrypted is lost.
"""
_KEY_BYTES = 18  # 24 characters of base64, which is what Roundcube wants


class _Kept(msgspec.Struct, frozen=True, omit_defaults=True):
    """A password as the file keeps it: ours in the clear, somebody else's only as a fingerprint."""

    hash: str
    password: str | None = None
    fingerprint: str | None = None


class State:
    """The generated passwords, keys and certificates of the inventory in ``directory``."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory / DIRECTORY
        self._pairs: dict[str, KeyPair] = {}
        self._new_pairs: set[str] = set()
        self._passwords = self._read_passwords()
        self._has_new_passwords = False
        self._keys = self._read_keys()
        self._has_new_keys = False
        self.new_passwords: list[Login] = []

    def login(self, address: str) -> Login:
        """Return the generated password of ``address``; a new one is added to ``new_passwords``."""
        kept = self._passwords.get(address)
        if kept is not None and kept.password is not None:
            return Login(address, Secret(kept.password), Secret(kept.hash))
        password = passwords.generate()
        new = Login(address, password, passwords.hash_of(password))
        self._keep(address, _Kept(hash=new.hash.reveal(), password=password.reveal()))
        self.new_passwords.append(new)
        return new

    def login_with(self, address: str, password: Secret) -> Login:
        """Return ``address`` with a password from elsewhere, hashed once so that the hash stays the same."""
        kept = self._passwords.get(address)
        if kept is not None and kept.fingerprint == password.fingerprint:
            return Login(address, password, Secret(kept.hash))
        new = Login(address, password, passwords.hash_of(password))
        self._keep(address, _Kept(hash=new.hash.reveal(), fingerprint=password.fingerprint))
        return new

    def forget(self, address: str) -> None:
        """Forget the password of ``address``: whoever asks for it next gets a new one."""
        if self._passwords.pop(address, None) is not None:
            self._has_new_passwords = True

    def key(self, name: str) -> Secret:
        """Return the key called ``name``, 24 characters long, made on first use."""
        if name not in self._keys:
            self._keys[name] = secrets.token_urlsafe(_KEY_BYTES)
            self._has_new_keys = True
        return Secret(self._keys[name])

    def authority(self, now: dt.datetime) -> KeyPair:
        """Return the inventory's own CA, made on first use and again in its last year."""
        pair = self._pair(AUTHORITY)
        if pair is None or not authority.is_lasting(pair, now):
            name = f"mailrig demo CA of {self._directory.parent.resolve().name}"
            pair = self._keep_pair(AUTHORITY, authority.found(name[:64], now))
        return pair

    def certificate(self, names: Sequence[str], now: dt.datetime, key_type: KeyType = DEFAULT_KEY) -> KeyPair:
        """Return a certificate of the CA for ``names``, a host's name first; made anew when it no longer fits."""
        kept_as = names[0] if key_type == DEFAULT_KEY else f"{names[0]}.{key_type.lower()}"
        pair, signer = self._pair(kept_as), self.authority(now)
        if pair is None or not authority.is_current(pair, signer, names, now):
            pair = self._keep_pair(kept_as, authority.issue(signer, names, now, key_type))
        return pair

    def save(self) -> None:
        """Write what is new: one rename per file, readable by its owner only."""
        files = self._unsaved()
        if not files:
            return
        try:
            self._directory.mkdir(mode=0o700, exist_ok=True)
            self._directory.chmod(0o700)
            for name, text in files.items():
                _write(self._directory / name, text)
        except OSError as error:
            raise InventoryError(
                f"cannot write in `{shown(self._directory)}`: {error.strerror}",
                hint="generated passwords and certificates are kept there, beside the inventory",
            ) from None
        self._new_pairs.clear()
        self._has_new_passwords = self._has_new_keys = False

    def _unsaved(self) -> dict[str, str]:
        """Return the text of every file that is to be written, by its name."""
        files: dict[str, str] = {}
        if self._has_new_passwords:
            files[PASSWORDS] = _HEADER + yaml.safe_dump({"passwords": msgspec.to_builtins(self._passwords)})
        if self._has_new_keys:
            files[KEYS] = _KEYS_HEADER + yaml.safe_dump({"keys": self._keys})
        for name in sorted(self._new_pairs):
            files |= {f"{name}.key": self._pairs[name].key.reveal(), f"{name}.crt": self._pairs[name].cert}
        return {".gitignore": "*\n", **files} if files else {}

    def _keep(self, address: str, kept: _Kept) -> None:
        self._passwords[address] = kept
        self._has_new_passwords = True

    def _keep_pair(self, name: str, pair: KeyPair) -> KeyPair:
        self._pairs[name] = pair
        self._new_pairs.add(name)
        return pair

    def _pair(self, name: str) -> KeyPair | None:
        """Return the pair called ``name``, unless a write that was cut short left only half of it."""
        cert, key = self._read(f"{name}.crt"), self._read(f"{name}.key")
        if name not in self._pairs and cert is not None and key is not None:
            pair = KeyPair(cert, Secret(key))
            if authority.is_whole(pair):
                self._pairs[name] = pair
        return self._pairs.get(name)

    def _read_passwords(self) -> dict[str, _Kept]:
        text = self._read(PASSWORDS)
        if text is None:
            return {}
        try:
            return msgspec.convert(yaml.safe_load(text)["passwords"], dict[str, _Kept])
        except (yaml.YAMLError, msgspec.ValidationError, TypeError, KeyError):
            raise InventoryError(
                f"`{shown(self._directory / PASSWORDS)}` is damaged",
                hint="restore it from a backup, or remove it to have new passwords made",
            ) from None

    def _read_keys(self) -> dict[str, str]:
        text = self._read(KEYS)
        if text is None:
            return {}
        try:
            return msgspec.convert(yaml.safe_load(text)["keys"], dict[str, str])
        except (yaml.YAMLError, msgspec.ValidationError, TypeError, KeyError):
            raise InventoryError(
                f"`{shown(self._directory / KEYS)}` is damaged",
                hint="restore it from a backup, or remove it: whoever is logged in to webmail has to log in again",
            ) from None

    def _read(self, name: str) -> str | None:
        file = self._directory / name
        try:
            return file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            raise InventoryError(f"cannot read `{shown(file)}`: {error}") from None


def _write(file: Path, text: str) -> None:
    """Replace ``file`` in one rename; it is never there half-written, nor readable by others (mkstemp: 0600)."""
    handle, temporary = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(file)
    except BaseException:
        Path(temporary).unlink()
        raise
