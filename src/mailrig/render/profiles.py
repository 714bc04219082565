"""What is negotiated on a TLS port, out of a profile's name; knows nothing of either daemon's settings.

Mozilla's lists are those of its guidelines 6.0 (2026-04-06); `mail-clients` is the incident report's.
"""

from __future__ import annotations

from dataclasses import dataclass

from mailrig.errors import RenderError
from mailrig.inventory.model import DhGroup, Profile, Protocol, Tls
from mailrig.resources import resource

_INTERMEDIATE = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
)
_DHE = ("DHE-RSA-AES128-GCM-SHA256", "DHE-RSA-AES256-GCM-SHA384")

# Suites of TLS 1.2. Those of 1.3 are three, all sound, and the daemons leave them to OpenSSL. Modern has 1.3 only: its
# list is never used then, but it must be one that OpenSSL takes, and a sane one should 1.2 be allowed in `extra`.
CIPHERS: dict[Profile, tuple[str, ...]] = {
    "mail-clients": _INTERMEDIATE + _DHE,
    "mozilla-intermediate": _INTERMEDIATE,
    "mozilla-modern": _INTERMEDIATE,
}


@dataclass(frozen=True)
class Negotiation:
    """What a server offers: OpenSSL's names of the TLS 1.2 suites in order, and how they are chosen from."""

    min_protocol: Protocol
    ciphers: tuple[str, ...]
    prefer_server: bool
    dh: DhGroup

    @property
    def cipher_list(self) -> str:
        """The suites as OpenSSL's list."""
        return ":".join(self.ciphers)


def negotiation(tls: Tls) -> Negotiation:
    """Resolve the inventory's ``tls``: with no DH group there is no DHE suite, with `mozilla-modern` no TLS 1.2."""
    listed = CIPHERS[tls.ciphers] if isinstance(tls.ciphers, str) else tls.ciphers
    ciphers = tuple(name for name in listed if tls.dh != "none" or not name.startswith("DHE-"))
    if not ciphers:
        raise RenderError(
            "no cipher suite is left", hint="`tls.ciphers` holds DHE suites only, and `tls.dh: none` takes them out"
        )
    return Negotiation(
        min_protocol="TLSv1.3" if tls.ciphers == "mozilla-modern" else tls.min_protocol,
        ciphers=ciphers,
        prefer_server=tls.prefer_server_ciphers,
        dh=tls.dh,
    )


def dh_parameters(group: DhGroup) -> str:
    """Return a group of RFC 7919 as PEM, or nothing for `none`."""
    return "" if group == "none" else (resource("templates") / "tls" / f"{group}.pem").read_text()
