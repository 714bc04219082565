"""TLS settings to try the prediction on, with whom and with which certificates; knows no server."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from matrix.certificates import make_certificates
from matrix.clients import CLIENTS, ODD
from matrix.own import NAMED, OWN, TURNED_AWAY, good
from matrix.setting import CERTIFICATES, CURVES, LISTS, MOZILLA, Setting

__all__ = ["CLIENTS", "ODD", "SHORT", "make_certificates", "whole"]


def whole() -> list[Setting]:
    """Return every setting of the whole matrix."""
    return list(dict.fromkeys(_whole()))


def _whole() -> Iterator[Setting]:
    for suites, certificates in itertools.product(LISTS, CERTIFICATES):
        yield Setting(suites, certificates)
    for curves, (suites, certificates) in itertools.product(CURVES, (("eight", "rsa2048"), ("cbc", "rsa and p256"))):
        yield Setting(suites, certificates, curves)
        yield Setting(suites, certificates, curves, prefers_own_order=False)
    for suites, certificates in itertools.product(("eight", "rsa", "high"), ("rsa2048", "p256", "rsa and p256")):
        yield Setting(suites, certificates, prefers_own_order=False)
        yield Setting(suites, certificates, newest="TLSv1.2")
        yield Setting(suites, certificates, newest="TLSv1.2", prefers_own_order=False)
        yield Setting(suites, certificates, oldest="TLSv1.3")
    for suites, bits, newest in itertools.product(("dhe", "eight", "rare"), (2048, 3072), ("TLSv1.2", "TLSv1.3")):
        yield Setting(suites, dh_bits=bits, newest=newest)
    for certificates, newest in itertools.product(CERTIFICATES, ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")):
        yield Setting("weakest", certificates, oldest="TLSv1", newest=newest)
    for suites, certificates in itertools.product(("level 1", "high"), ("rsa2048", "p256")):
        yield Setting(suites, certificates, oldest="TLSv1")
    for certificates in CERTIFICATES:
        yield from good(certificates)
    yield from (*OWN, *NAMED, *TURNED_AWAY)


SHORT = [
    OWN[0],
    OWN[2],
    OWN[3],
    OWN[16],
    OWN[20],
    OWN[26],
    *NAMED[:4],
    NAMED[12],  # the first of two blocks counts
    NAMED[18],
    *NAMED[20:22],  # versions
    *TURNED_AWAY[5:9],
    *good("rsa2048"),
    *good("p256"),
    Setting("eight", "rsa2048", MOZILLA),
    Setting("weakest", "rsa1024", newest="TLSv1.3"),
    Setting("high", "rsa2048"),
    Setting("incident", "rsa2048"),
    Setting("incident", "p256"),
    Setting("eight", "p256"),
    Setting("rsa first", "p256"),
    Setting("eight", "p384"),
    Setting("eight", "ed25519"),
    Setting("eight", "rsa and p256"),
    Setting("cbc", "rsa and p256", prefers_own_order=False),
    Setting("eight", "p256 by p384"),
    Setting("eight", "rsa by ed25519"),
    Setting("cbc", "p256 that does not sign"),
    Setting("eight", "rsa2048", "X25519"),
    Setting("eight", "rsa2048", "brainpoolP256r1"),
    Setting("dhe", "rsa2048"),
    Setting("dhe", "rsa2048", dh_bits=2048),
    Setting("rsa", "p256"),
    Setting("eight", oldest="TLSv1.3"),
    Setting("level 3", "rsa2048"),
    Setting("level 1", "rsa2048", oldest="TLSv1"),
    Setting("weakest", "rsa2048", oldest="TLSv1"),
]
