"""A stand-in for the container in which a configuration is judged: what its tools say of it is given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from mailrig.inventory import authority
from mailrig.render.release import Service

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SIGNER = authority.found("test CA", NOW)
RIGHT, WRONG = (authority.issue(SIGNER, [name], NOW).cert for name in ("mail.example.org", "www.example.org"))

DOVECOT = "protocols = imap\nssl_cert = </certs/tls.crt\nssl_cipher_list = AES128\n"
SUITE = "          0xC0,0x2B - ECDHE-ECDSA-AES128-GCM-SHA256 TLSv1.2 Kx=ECDH     Au=ECDSA Enc=AESGCM(128) Mac=AEAD\n"


@dataclass
class Bench:
    """What `mailrig-check`, OpenSSL and awk would print.

    ``files`` are told apart by path and the release's name; of ``lists`` OpenSSL knows some suite.
    """

    service: Service
    has_volume: bool = False
    said: str = f"== errors\n== effective\n{DOVECOT}"
    before: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[tuple[str, str | None], str] = field(default_factory=lambda: {("/certs/tls.crt", None): RIGHT})
    lists: tuple[str, ...] = ("AES128", "AES256")
    is_closed: bool = False

    def check(self) -> str:
        """Judge the new configuration."""
        return self.said

    def settings_of(self, delivered: str) -> str:
        """Read one from before."""
        return f"== effective\n{self.before[delivered]}" if delivered in self.before else ""

    def suites(self, list_: str) -> str | None:
        """Expand a list of suites."""
        return SUITE if list_ in self.lists else None

    def public_part(self, path: str, delivered: str | None = None) -> str | None:
        """Read a file."""
        return self.files.get((path, delivered))

    def close(self) -> None:
        """Be done with it."""
        self.is_closed = True
