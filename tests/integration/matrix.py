"""TLS settings to try the prediction on: suites, certificates, curves, versions; knows no server."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mailrig.clients.catalogue import Client, client, shipped
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


def good(certificates: str) -> Iterator[Setting]:
    """Yield the profile `internet-nl-good` as each program is told it; `openssl s_server` is not told suites of 1.3."""
    told = Setting("internet-nl-good", certificates, oldest=GOOD.min_protocol)
    yield replace(told, only="Dovecot", own=(f"ssl_cipher_suites = {GOOD.cipher_list13}",))
    file = ("tls_config_file=/trial/openssl.cnf", "tls_config_name=internet-nl-good")
    yield replace(told, only="Postfix", own=file)


def _postfix(*own: str, port: str = "") -> Setting:
    taken_for = port or ("submission" if UPGRADED in own else "submissions")
    return Setting(certificates="rsa and p256", only="Postfix", own=own, port=taken_for)


def _dovecot(*own: str) -> Setting:
    return Setting(certificates="rsa and p256", only="Dovecot", own=own)


# What Postfix may be told to read, by tls_config_name. It sets versions, suites of TLS 1.2 and curves itself.
OPENSSL_CNF = f"""\
two = two
internet-nl-good = good
none-known = none_known
overruled = overruled
openssl_conf = nameless
[two]
ssl_conf = two_tls
[two_tls]
system_default = two_suites
[two_suites]
Ciphersuites = TLS_CHACHA20_POLY1305_SHA256:TLS_NOPE:\\
TLS_AES_256_GCM_SHA384
[good]
ssl_conf = good_tls
[good_tls]
system_default = good_suites
[good_suites]
Ciphersuites = {GOOD.cipher_list13}
[none_known]
ssl_conf = none_known_tls
[none_known_tls]
system_default = none_known_suites
[none_known_suites]
Ciphersuites = TLS_NOPE
[overruled]
ssl_conf = overruled_tls
[overruled_tls]
system_default = overruled_suites
[overruled_suites]
MinProtocol = TLSv1.3
CipherString = AES128-SHA
Curves = P-521
[nameless]
ssl_conf = nameless_tls
[nameless_tls]
system_default = nameless_suites
[nameless_suites]
ciphersuites = "TLS_AES_128_GCM_SHA256"
"""

UPGRADED = "smtpd_tls_wrappermode=no"  # TLS comes after STARTTLS
OWN = [
    _postfix(
        UPGRADED,
        "smtpd_tls_security_level=may",
        "smtpd_tls_protocols=<=TLSv1.2",
        "smtpd_tls_ciphers=medium",
        "tls_medium_cipherlist=AES128-SHA",
    ),
    _postfix(UPGRADED, "smtpd_tls_security_level=encrypt", "smtpd_tls_protocols=<=TLSv1.2", "smtpd_tls_ciphers=medium"),
    _postfix(
        "smtpd_tls_security_level=may",
        "smtpd_tls_protocols=<=TLSv1.2",
        "smtpd_tls_ciphers=medium",
        "tls_medium_cipherlist=AES128-SHA",
    ),
    _postfix("smtpd_tls_exclude_ciphers=ECDSA", "smtpd_tls_mandatory_exclude_ciphers=AES256,CHACHA20"),
    _postfix("smtpd_tls_mandatory_ciphers=medium"),
    _postfix("smtpd_tls_mandatory_ciphers=low"),
    _postfix("smtpd_tls_mandatory_protocols=TLSv1.2"),
    _postfix("smtpd_tls_mandatory_protocols=!SSLv2,!SSLv3,!TLSv1,!TLSv1.1,!TLSv1.3"),
    _postfix("smtpd_tls_eecdh_grade=ultra", "tls_eecdh_auto_curves=X448"),
    _postfix("tls_eecdh_auto_curves=x25519"),
    _postfix("tls_eecdh_auto_curves=nope,P-256"),
    _postfix("smtpd_tls_dh1024_param_file=/nowhere", "tls_high_cipherlist=DHE-RSA-AES128-GCM-SHA256"),
    _postfix("smtpd_tls_dh1024_param_file=/trial/dh2048.pem", "tls_high_cipherlist=HIGH:@SECLEVEL=3"),
    _postfix("tls_high_cipherlist=NOPE"),
    _postfix("smtpd_tls_security_level=none"),
    _postfix("smtpd_tls_security_level="),
    _dovecot("ssl_cipher_suites = TLS_AES_128_GCM_SHA256"),
    _dovecot("ssl_cipher_suites = TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"),
    _dovecot("ssl_min_protocol = ANY"),
    _dovecot("ssl_min_protocol = LATEST"),
    _dovecot("protocol imap {\n  ssl_cipher_list = AES128-SHA\n}"),
    _dovecot("protocol pop3 {\n  ssl_cipher_list = AES128-SHA\n}"),
    _dovecot("protocol !pop3 {\n  ssl_curve_list = X25519\n}"),
    _dovecot("ssl_curve_list = X25519:x25519"),
    _dovecot("ssl_cipher_list = NOPE"),
    _dovecot("ssl_curve_list = P-256:ffdhe2048:sect571r1"),
    _postfix("tls_config_file=/trial/openssl.cnf", "tls_config_name=two"),
    _postfix("tls_config_file=/trial/openssl.cnf", "tls_config_name=two", "tls_preempt_cipherlist=no"),
    _postfix("tls_config_file=/trial/openssl.cnf", "tls_config_name=none-known"),
    _postfix("tls_config_file=/trial/openssl.cnf", "tls_config_name=overruled"),
    _postfix("tls_config_file=/trial/openssl.cnf", "tls_config_name=not-there"),
    _postfix("tls_config_file=/trial/openssl.cnf"),
    _postfix("tls_config_file=/trial/nowhere.cnf"),
    _postfix("tls_config_file=none"),
]


def _for(name: str, *lines: str) -> str:
    return "\n  ".join([f'local_name "{name}" {{', *lines]) + "\n}"


def _only(name: str) -> tuple[str, ...]:
    """Serve one certificate and no other."""
    return (f"ssl_cert = </trial/{name}.crt", f"ssl_key = </trial/{name}.key", "ssl_alt_cert =", "ssl_alt_key =")


# Settings for those who name the host.
NAMED = [
    _dovecot(_for(HOSTNAME, *_only("p256"))),
    _dovecot(_for("*.example.test", *_only("rsa2048"))),
    _dovecot(_for(f"other.example.test {HOSTNAME}", *_only("p384"))),
    _dovecot(_for("other.example.test", *_only("p384"))),
    _dovecot(_for("*.test", *_only("p384"))),
    _dovecot(_for("*", *_only("p384"))),
    _dovecot(_for("m*.example.test", *_only("ed25519"))),
    _dovecot(_for("ma*l.example.test", *_only("ed25519"))),
    _dovecot(_for("ma?l.example.test", *_only("ed25519"))),
    _dovecot(_for("mail?example.test", *_only("ed25519"))),
    _dovecot(_for(f"{HOSTNAME}*", *_only("ed25519"))),
    _dovecot(_for("Mail.Example.TEST", *_only("p256-by-p384"))),
    _dovecot(_for("*.example.test", *_only("p256")), _for(HOSTNAME, *_only("rsa2048"))),
    _dovecot(_for(HOSTNAME, *_only("p256")), _for("*.example.test", *_only("rsa2048"), "ssl_cipher_list = HIGH")),
    _dovecot(_for(HOSTNAME, "protocol imap {", *_only("p256"), "}"), _for("*.example.test", *_only("rsa2048"))),
    _dovecot(_for(HOSTNAME, "ssl_cipher_list = AES128-SHA:ECDHE-RSA-AES128-GCM-SHA256")),
    _dovecot(_for(HOSTNAME, "ssl_cipher_list = AES128-SHA", *_only("p256"))),
    _dovecot(_for(HOSTNAME, "ssl_curve_list = X448")),
    _dovecot(_for(HOSTNAME, "ssl_curve_list = X25519MLKEM768:X25519")),
    _dovecot("ssl_curve_list = X448", _for(HOSTNAME, "ssl_curve_list = X25519:P-256")),
    _dovecot(_for(HOSTNAME, "ssl_min_protocol = TLSv1.3")),
    _dovecot("ssl_min_protocol = TLSv1.3", _for(HOSTNAME, "ssl_min_protocol = TLSv1.2")),
    _dovecot(_for(HOSTNAME, "ssl_min_protocol = TLSv9")),
    _dovecot(_for(HOSTNAME, "ssl_prefer_server_ciphers = no", "ssl_cipher_list = HIGH")),
    _dovecot("ssl_prefer_server_ciphers = no", _for(HOSTNAME, "ssl_prefer_server_ciphers = yes")),
    _dovecot(_for(HOSTNAME, "ssl_cipher_suites = TLS_CHACHA20_POLY1305_SHA256")),
    _dovecot(_for(HOSTNAME, "ssl_cipher_suites = NOPE")),
    _dovecot(
        "ssl_min_protocol = TLSv1.2",
        "ssl_cipher_list = DHE-RSA-AES128-GCM-SHA256",
        _for(HOSTNAME, "ssl_dh = </trial/dh2048.pem"),
    ),
    _dovecot("ssl_cipher_list = DHE-RSA-AES128-GCM-SHA256", "ssl_dh = </trial/dh2048.pem", _for(HOSTNAME, "ssl_dh =")),
    _dovecot("ssl_min_protocol = TLSv1", _for(HOSTNAME, "ssl_cipher_list = HIGH:@SECLEVEL=0")),
    _dovecot(
        "ssl_min_protocol = TLSv1",
        "ssl_cipher_list = HIGH:@SECLEVEL=0",
        _for(HOSTNAME, "ssl_cipher_list = HIGH:@SECLEVEL=2"),
    ),
    _dovecot(_for(HOSTNAME, "ssl_cipher_list = HIGH:@SECLEVEL=3")),
    _dovecot(
        "ssl_cipher_list = HIGH:@SECLEVEL=3", *_only("p384"), _for(HOSTNAME, "ssl_cipher_list = HIGH:@SECLEVEL=2")
    ),
    _dovecot(_for(HOSTNAME, *_only("rsa1024"))),
    _dovecot(_for(HOSTNAME, "ssl_cipher_list = HIGH:@SECLEVEL=0", *_only("rsa1024"))),
    _dovecot(*_only("rsa1024"), _for(HOSTNAME, *_only("p256"))),
    _dovecot(_for(HOSTNAME, "ssl_cipher_list = NOPE")),
    _dovecot("protocol imap {\n  ssl_cipher_list = AES128-SHA\n}", _for(HOSTNAME, *_only("p256"))),
    _dovecot("protocol imap {\n  ssl_cipher_list = AES128-SHA\n}", _for(HOSTNAME, "ssl_cipher_list = HIGH")),
    _dovecot("protocol imap {\n  mail_debug = yes\n}", _for(HOSTNAME, "mail_debug = yes")),
    _dovecot("protocol pop3 {\n  ssl_cipher_list = AES128-SHA\n}", _for(HOSTNAME, "ssl_cipher_list = HIGH")),
    _dovecot("protocol imap {\n  ssl_min_protocol = TLSv1.3\n}", "protocol !pop3 {\n  ssl_min_protocol = TLSv1\n}"),
]

_LEVELS = ("smtpd_tls_security_level=may", "smtpd_tls_security_level=encrypt")
_CLEAR = ("smtpd_tls_security_level=none", UPGRADED)

# Settings that turn clients away, or could: no TLS, another way to it than clients take, or a certificate asked for.
TURNED_AWAY = [
    *(
        _postfix(f"smtpd_tls_{asked}_ccert=yes", level, *way)
        for asked, level, way in itertools.product(("ask", "req"), _LEVELS, ((), (UPGRADED,)))
    ),
    _postfix(*_CLEAR),
    _postfix(*_CLEAR, port="submissions"),
    _postfix(UPGRADED, "smtpd_tls_security_level=encrypt", port="submissions"),
    # Clients wait for a greeting until it gives up.
    _postfix("smtpd_starttls_timeout=1s", port="submission"),
    _dovecot("service imap-login {\n  inet_listener imaps {\n    ssl = no\n  }\n}"),
    _dovecot("auth_ssl_require_client_cert = yes", "ssl_verify_client_cert = yes", "ssl_ca = </trial/rsa2048.crt"),
    _dovecot("ssl_verify_client_cert = yes", "ssl_ca = </trial/rsa2048.crt"),
]

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


def _variant(id_: str, name: str, **facts: Any) -> Client:
    entry = msgspec.structs.replace(shipped()[id_].entry, name=name, **facts)
    return client(name, entry)


def _without(id_: str, name: str, extension: int, **facts: Any) -> Client:
    kept = tuple(number for number in shipped()[id_].entry.extensions if number != extension)
    return _variant(id_, name, extensions=kept, **facts)


_OLD, _NEW = "apple-mail-16-macos", "openssl-3.0"

# No client of the catalogue is so, but each could be captured.
ODD = [
    _variant(_OLD, "comes a second time", suites=("0x5600", "ECDHE-RSA-AES128-GCM-SHA256", "AES128-SHA")),
    _without(_OLD, "names no group", 10, groups=()),
    _without(_OLD, "names no algorithm", 13, signature_algorithms=()),
    _variant(_OLD, "takes SHA-1 only", signature_algorithms=("rsa_pkcs1_sha1", "ecdsa_sha1")),
    _variant(_OLD, "takes PSS only", signature_algorithms=("rsa_pss_rsae_sha256",)),
    _variant(_OLD, "takes ECDSA only", signature_algorithms=("ecdsa_secp256r1_sha256",)),
    _variant(_OLD, "knows P-384 only", groups=("secp384r1",)),
    _variant(_OLD, "has a mind of its own", suites=("AES128-SHA", "DHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-SHA")),
    _variant(_NEW, "takes PKCS #1 only", signature_algorithms=("rsa_pkcs1_sha256",)),
    _variant(_NEW, "takes long PSS only", signature_algorithms=("rsa_pss_rsae_sha512",)),
    _variant(_NEW, "takes P-256 only", signature_algorithms=("ecdsa_secp256r1_sha256",)),
    _variant(_NEW, "knows ChaCha20 only", suites=("TLS_CHACHA20_POLY1305_SHA256", "ECDHE-RSA-AES128-GCM-SHA256")),
    _variant(_NEW, "knows brainpool", groups=("brainpoolP256r1", "x25519")),
    _variant(_NEW, "is old and says so", versions=("TLSv1.1", "TLSv1.0")),
    _without(_OLD, "names no host", 0, sni=False),
    _without(_NEW, "names no host either", 0, sni=False),
    _variant("java-17", "wants ECDSA issuers", signature_algorithms_cert=("ecdsa_secp256r1_sha256",)),
    _variant("java-17", "wants PSS issuers", signature_algorithms_cert=("rsa_pss_pss_sha256",)),
]
CLIENTS = [*shipped().values(), *ODD]


@dataclass
class Authority:
    """An issuer, and what it signs with."""

    key: Any
    digest: hashes.HashAlgorithm | None
    padding: Any = None
    name: x509.Name = field(default_factory=lambda: _name("an issuer"))


def make_certificates(directory: Path) -> None:
    """Write each certificate and its key: NAME.crt, NAME.key."""
    by_rsa = Authority(rsa.generate_private_key(65537, 2048), hashes.SHA256())
    keys = {
        "rsa1024": rsa.generate_private_key(65537, 1024),  # noqa: S505 - too weak, and meant to be
        "rsa2048": rsa.generate_private_key(65537, 2048),
        "rsa3072": rsa.generate_private_key(65537, 3072),
        "p256": ec.generate_private_key(ec.SECP256R1()),
        "p384": ec.generate_private_key(ec.SECP384R1()),
        "p521": ec.generate_private_key(ec.SECP521R1()),
        "ed25519": ed25519.Ed25519PrivateKey.generate(),
    }
    for name, key in keys.items():
        _write(directory / name, key, by_rsa)
    by_p384 = Authority(ec.generate_private_key(ec.SECP384R1()), hashes.SHA384())
    _write(directory / "p256-by-p384", keys["p256"], by_p384)
    _write(directory / "rsa-by-ed25519", keys["rsa2048"], Authority(ed25519.Ed25519PrivateKey.generate(), None))
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
    _write(directory / "rsa-by-pss", keys["rsa2048"], replace(by_rsa, padding=pss))
    _write(directory / "p256-no-signature", keys["p256"], by_rsa, may_sign=False)


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])


def _write(path: Path, key: Any, authority: Authority, *, may_sign: bool = True) -> None:
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(path.name))
        .issuer_name(authority.name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
    )
    if not may_sign:
        flags = ("content_commitment", "key_encipherment", "data_encipherment", "key_cert_sign", "crl_sign")
        others = dict.fromkeys((*flags, "encipher_only", "decipher_only"), False)
        usage = x509.KeyUsage(digital_signature=False, key_agreement=True, **others)
        builder = builder.add_extension(usage, critical=True)
    made = builder.sign(authority.key, authority.digest, rsa_padding=authority.padding)
    path.with_suffix(".crt").write_bytes(made.public_bytes(Encoding.PEM))
    path.with_suffix(".key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
