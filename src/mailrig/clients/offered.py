"""What a daemon's settings make of its ports: what both daemons have in common; pure, and asks nobody."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mailrig.clients import certificate, openssl
from mailrig.clients.names import GROUPS, SUITES
from mailrig.clients.server import Authentication, Certificate, KeyExchange, Server, Suite

_EXCHANGES: Mapping[str, KeyExchange] = {"ECDH": "ECDHE", "DH": "DHE", "RSA": "RSA"}
_PROOFS: Mapping[str, Authentication] = {"RSA": "RSA", "ECDSA": "ECDSA"}
_LINE = re.compile(r"0x(\w\w),0x(\w\w) - (\S+) +(\S+) +Kx=(\S+) +Au=(\S+)")
_LEVEL = re.compile(r"@SECLEVEL=(\d)")

# What else OpenSSL calls its groups; it minds the case.
_CURVES = {
    "P-192": "secp192r1",
    "prime192v1": "secp192r1",
    "P-224": "secp224r1",
    "P-256": "secp256r1",
    "prime256v1": "secp256r1",
    "P-384": "secp384r1",
    "P-521": "secp521r1",
    "X25519": "x25519",
    "X448": "x448",
}
_BINARY = re.compile(r"sect\d{3}[kr]\d|[BK]-\d{3}")  # known to OpenSSL, and to no client since 2015


@dataclass(frozen=True)
class Materials:
    """What the settings speak of, as it is where the daemon runs.

    ``suites`` has, for each list of suites that the daemon's module asks for, what ``openssl ciphers -s -V -tls1_2
    LIST`` prints in the target image; a list that OpenSSL does not take is not there. ``files`` has the text of the
    files by path: PEM, and configuration of OpenSSL. Keys are not wanted: a file that is not there is taken for one.
    """

    suites: Mapping[str, str]
    files: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Offered:
    """What each TLS port offers, by name, and the settings that apply to some of its clients only, each with for whom.

    Those are not reckoned with: what is offered is what a client gets for whom none of them is meant. ``names`` are the
    host names of the certificates, by the path of each one's file. A service that ``chooses_by_name`` has other
    certificates for clients that ask for some names.
    """

    ports: Mapping[str, Server]
    left_out: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chooses_by_name: bool = False


class Unusable(Exception):
    """Settings that make the daemon refuse every TLS connection; the message says why."""


def suites(text: str) -> tuple[Suite, ...]:
    """Read what ``openssl ciphers -s -V`` prints; TLS 1.3's suites are left out, as they go by another list."""
    return tuple(suite for suite in map(_suite, text.splitlines()) if suite)


def _suite(line: str) -> Suite | None:
    found = _LINE.search(line)
    if not found or found[4] == "TLSv1.3":
        return None
    since = openssl.TLS12 if found[4] == "TLSv1.2" else openssl.TLS10
    exchange, proof = _EXCHANGES.get(found[5], "other"), _PROOFS.get(found[6], "other")
    return Suite(int(found[1] + found[2], 16), found[3], exchange, proof, since)


def listed(materials: Materials, list_: str) -> tuple[Suite, ...]:
    """Return the suites of a list; raise Unusable."""
    if list_ not in materials.suites:
        raise Unusable(f"OpenSSL takes no suite from the list `{list_}`")
    return suites(materials.suites[list_])


def suites13(names: str) -> tuple[int, ...]:
    """Return the suites of TLS 1.3 by their names, OpenSSL's own when there are none; raise Unusable."""
    known = [name for name in names.split(":") if name in SUITES and SUITES[name] >> 8 == 0x13]  # noqa: PLR2004 - TLS 1.3
    if names and not known:
        raise Unusable(f"OpenSSL takes no TLS 1.3 suite from the list `{names}`")
    return tuple(SUITES[name] for name in known) or openssl.SUITES13


def security_level(list_: str, by_default: int) -> int:
    """Return the security level that a list of suites sets (ciphers(1)); the last one counts."""
    return int((_LEVEL.findall(list_) or [by_default])[-1])


def group(name: str) -> int | None:
    """Return a group by a name that OpenSSL 3.0 has for it."""
    number = GROUPS.get(_CURVES.get(name, name))
    return number if number in openssl.GROUP_BITS else None


def groups(names: str) -> tuple[int, ...]:
    """Return groups by their names, OpenSSL's own when there are none; raise Unusable."""
    if not names:
        return openssl.GROUPS_BY_DEFAULT
    found = list(_groups(names))
    if len(set(found)) < len(found):
        raise Unusable(f"OpenSSL does not take the list of curves `{names}`, which has one of them twice")
    return tuple(found)


def _groups(names: str) -> Iterator[int]:
    for name in names.split(":"):
        number = group(name)
        if number is not None:
            yield number
        elif not _BINARY.fullmatch(name):
            raise Unusable(f"OpenSSL 3.0 does not know the curve `{name}`")


def certificate_in(materials: Materials, path: str) -> Certificate:
    """Return the first certificate in a file; raise Unusable."""
    try:
        return certificate.read(materials.files[path])
    except KeyError:
        raise Unusable(f"the certificate {path} cannot be read") from None
    except ValueError:
        raise Unusable(f"{path} holds no certificate (PEM)") from None


def parameter_bits(materials: Materials, path: str) -> int | None:
    """Return the size of the Diffie-Hellman parameters in a file, None without a path; raise Unusable."""
    if not path:
        return None
    try:
        return certificate.parameter_bits(materials.files[path])
    except (KeyError, ValueError):
        raise Unusable(f"{path} holds no Diffie-Hellman parameters (PEM)") from None


def broken(fault: str, *, refuses_late: bool = False) -> Server:
    """Return a port that lets no mail client in."""
    return Server(
        versions=(), suites=(), suites13=(), groups=(), certificates=(), fault=fault, refuses_late=refuses_late
    )


def chained(materials: Materials, paths: list[str]) -> list[Certificate]:
    """Return the certificates in files that hold keys and chains in turn; raise Unusable."""
    try:
        found = list(certificate.leaves(materials.files.get(path) for path in paths))
    except ValueError:
        found = []
    if not found:
        raise Unusable(f"{', '.join(paths)}: no certificate (PEM) can be read")
    return found
