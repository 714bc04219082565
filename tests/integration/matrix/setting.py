"""What a server may be told of TLS: suites, certificates, curves, versions; knows no server."""

from __future__ import annotations

from dataclasses import dataclass

from mailrig.inventory.model import Tls
from mailrig.render.profiles import negotiation

HOSTNAME = "mail.example.test"  # as clients are told it
GOOD = negotiation(Tls(ciphers="internet-nl-good"))

LISTS = {
    "incident": "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256",
    "eight": (
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
        "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
        "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384"
    ),
    "ecdsa": "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384",
    "rsa first": "ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES128-GCM-SHA256",
    "chacha": "ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305",
    "dhe": "DHE-RSA-AES256-GCM-SHA384:DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES128-SHA",
    "rsa": "AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-SHA:AES128-SHA",
    "cbc": "ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA",
    "rare": "ECDHE-ECDSA-AES128-CCM:ECDHE-RSA-CAMELLIA128-SHA256:DHE-RSA-CAMELLIA256-SHA:CAMELLIA128-SHA",
    "high": "HIGH:!aNULL:!MD5",
    "weakest": "HIGH:!aNULL:@SECLEVEL=0",
    "level 1": "HIGH:!aNULL:@SECLEVEL=1",
    "level 3": "HIGH:!aNULL:@SECLEVEL=3",
    "internet-nl-good": GOOD.cipher_list,
}
CERTIFICATES = {
    "rsa2048": ("rsa2048",),
    "rsa3072": ("rsa3072",),
    "p256": ("p256",),
    "p384": ("p384",),
    "ed25519": ("ed25519",),
    "rsa and p256": ("rsa2048", "p256"),
    "rsa3072 and p384": ("rsa3072", "p384"),
    "p256 by p384": ("p256-by-p384",),
    "rsa by ed25519": ("rsa-by-ed25519",),
    "rsa by pss": ("rsa-by-pss",),
    "p521": ("p521",),
    "p256 that does not sign": ("p256-no-signature",),
    "rsa1024": ("rsa1024",),
}
MOZILLA = "X25519MLKEM768:X25519:prime256v1:secp384r1"  # the first is not known to OpenSSL 3.0
CURVES = (
    MOZILLA,
    "X25519",
    "prime256v1",
    "secp384r1",
    "X448",
    "X25519:prime256v1",
    "secp521r1:secp384r1",
    "brainpoolP256r1",
)


@dataclass(frozen=True)
class Setting:
    """What a server is told; without ``curves`` and ``dh_bits`` it has its own, or none.

    ``own`` are settings that ``only`` one program has, in its own words. ``port`` is what clients take Postfix for.
    """

    suites: str = "eight"
    certificates: str = "rsa2048"
    curves: str = ""
    oldest: str = "TLSv1.2"
    newest: str = "TLSv1.3"
    dh_bits: int = 0
    prefers_own_order: bool = True
    only: str = ""
    own: tuple[str, ...] = ()
    port: str = "submissions"

    def is_for(self, program: str) -> bool:
        """Whether a program can be told so."""
        return self.only in ("", program)

    @property
    def asks_for_certificates(self) -> bool:
        """Whether it depends on the client's certificate what comes after the handshake."""
        return any("ccert" in line or "client_cert" in line for line in self.own)

    @property
    def list(self) -> str:
        """The list of suites in OpenSSL's words."""
        return LISTS[self.suites]

    @property
    def names(self) -> tuple[str, ...]:
        """The certificates that are served."""
        return CERTIFICATES[self.certificates]
