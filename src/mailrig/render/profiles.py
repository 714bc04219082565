"""What is negotiated on a TLS port, out of a profile's name; knows nothing of either daemon's settings.

Mozilla's lists are those of its guidelines 6.0 (2026-04-06); `mail-clients` is the incident report's; and
`internet-nl-good` is what Internet.nl calls good by the guidelines of NCSC-NL (2025-05).

Nobody's list of curves is taken over. Mozilla's begins with X25519MLKEM768, which OpenSSL 3.0 does not know: with it,
Dovecot 2.3 starts and then fails every connection. Without it, what is left is OpenSSL's own list with fewer curves at
its end, which nobody is given who can do better.
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

# Suites of TLS 1.2. Where a profile has 1.3 only, they are for port 25, where strangers still come with 1.2: those that
# Internet.nl calls sufficient, which DHE is not.
CIPHERS: dict[Profile, tuple[str, ...]] = {
    "mail-clients": _INTERMEDIATE + _DHE,
    "mozilla-intermediate": _INTERMEDIATE,
    "mozilla-modern": _INTERMEDIATE,
    "internet-nl-good": _INTERMEDIATE,
}

OF_TLS_1_3_ALONE = frozenset[Profile]({"mozilla-modern", "internet-nl-good"})

# Suites of TLS 1.3: three, all sound, in OpenSSL's order. A profile that says nothing of them leaves them to OpenSSL.
EVERY_SUITE13 = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")
CIPHERS13: dict[Profile, tuple[str, ...]] = {
    "internet-nl-good": ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"),
}


@dataclass(frozen=True)
class Negotiation:
    """What a server offers: OpenSSL's names of its suites of TLS 1.2 and of 1.3, in order, and how they are chosen."""

    min_protocol: Protocol
    ciphers: tuple[str, ...]
    ciphers13: tuple[str, ...]
    prefer_server: bool
    dh: DhGroup

    @property
    def cipher_list(self) -> str:
        """The suites as OpenSSL's list."""
        return ":".join(self.ciphers)

    @property
    def cipher_list13(self) -> str:
        """The suites of TLS 1.3 as OpenSSL's list."""
        return ":".join(self.ciphers13)

    @property
    def has_every_suite13(self) -> bool:
        """Whether the suites of TLS 1.3 can be left to OpenSSL."""
        return self.ciphers13 == EVERY_SUITE13


def negotiation(tls: Tls) -> Negotiation:
    """Resolve the inventory's ``tls``: with no DH group there is no DHE suite, and with some profiles no TLS 1.2."""
    profile = tls.ciphers if isinstance(tls.ciphers, str) else None
    listed = CIPHERS[profile] if profile else tuple(tls.ciphers)
    ciphers = tuple(name for name in listed if tls.dh != "none" or not name.startswith("DHE-"))
    if not ciphers:
        raise RenderError(
            "no cipher suite is left", hint="`tls.ciphers` holds DHE suites only, and `tls.dh: none` takes them out"
        )
    return Negotiation(
        min_protocol="TLSv1.3" if profile in OF_TLS_1_3_ALONE else tls.min_protocol,
        ciphers=ciphers,
        ciphers13=CIPHERS13.get(profile, EVERY_SUITE13) if profile else EVERY_SUITE13,
        prefer_server=tls.prefer_server_ciphers,
        dh=tls.dh,
    )


def dh_parameters(group: DhGroup) -> str:
    """Return a group of RFC 7919 as PEM, or nothing for `none`."""
    return "" if group == "none" else (resource("templates") / "tls" / f"{group}.pem").read_text()
