"""What a daemon's settings make of its ports: Dovecot's and Postfix's own ways, and what breaks TLS altogether."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mailrig.clients import certificate, dovecot, dovecot_blocks, offered, openssl, postfix
from mailrig.clients.names import GROUPS, SIGNATURE_ALGORITHMS
from mailrig.clients.offered import Materials, Unusable
from mailrig.clients.server import Certificate, Server, Suite
from mailrig.resources import resource

TLS10, TLS11, TLS12, TLS13 = openssl.VERSIONS
SHA256 = SIGNATURE_ALGORITHMS["rsa_pkcs1_sha256"]

CIPHERS = """\
          0x13,0x02 - TLS_AES_256_GCM_SHA384         TLSv1.3 Kx=any      Au=any   Enc=AESGCM(256)            Mac=AEAD
          0xC0,0x2B - ECDHE-ECDSA-AES128-GCM-SHA256  TLSv1.2 Kx=ECDH     Au=ECDSA Enc=AESGCM(128)            Mac=AEAD
          0x00,0x9E - DHE-RSA-AES128-GCM-SHA256      TLSv1.2 Kx=DH       Au=RSA   Enc=AESGCM(128)            Mac=AEAD
          0x00,0x2F - AES128-SHA                     SSLv3   Kx=RSA      Au=RSA   Enc=AES(128)               Mac=SHA1
          0xC0,0x18 - AECDH-AES128-SHA               TLSv1   Kx=ECDH     Au=None  Enc=AES(128)               Mac=SHA1
          0x00,0x8C - PSK-AES128-CBC-SHA             SSLv3   Kx=PSK      Au=PSK   Enc=AES(128)               Mac=SHA1
"""
SUITES = (
    Suite(0xC02B, "ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE", "ECDSA", TLS12),
    Suite(0x009E, "DHE-RSA-AES128-GCM-SHA256", "DHE", "RSA", TLS12),
    Suite(0x002F, "AES128-SHA", "RSA", "RSA", TLS10),
    Suite(0xC018, "AECDH-AES128-SHA", "ECDHE", "other", TLS10),
    Suite(0x008C, "PSK-AES128-CBC-SHA", "other", "other", TLS10),
)


@dataclass(frozen=True)
class Pair:
    """A certificate and its key (PEM)."""

    certificate: str
    key: str


def pair(key: Any, issuer: Any = None, digest: hashes.HashAlgorithm | None = None, **options: Any) -> Pair:
    """Make a certificate for a key; ``may_sign`` sets its usage."""
    now = dt.datetime.now(dt.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.example.test")])
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    if "may_sign" in options:
        others = ("content_commitment", "key_encipherment", "data_encipherment", "key_cert_sign", "crl_sign")
        flags = dict.fromkeys((*others, "encipher_only", "decipher_only"), False)
        usage = x509.KeyUsage(digital_signature=options.pop("may_sign"), key_agreement=True, **flags)
        builder = builder.add_extension(usage, critical=True)
    made = builder.sign(issuer or ISSUER, digest, **options)
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return Pair(made.public_bytes(Encoding.PEM).decode(), private.decode())


ISSUER = rsa.generate_private_key(65537, 2048)
RSA_KEY, EC_KEY = rsa.generate_private_key(65537, 2048), ec.generate_private_key(ec.SECP256R1())
RSA, ECDSA = pair(RSA_KEY, digest=hashes.SHA256()), pair(EC_KEY, digest=hashes.SHA256())
READ_RSA, READ_ECDSA = Certificate("RSA", 2048, None, SHA256), Certificate("EC", 256, GROUPS["secp256r1"], SHA256)
DH = (resource("templates") / "tls" / "ffdhe3072.pem").read_text()


def materials(*lists: str, **files: str) -> Materials:
    """Return lists that all stand for the same suites, and files: those of everyday, and others."""
    everyday = {"/rsa.crt": RSA.certificate, "/ec.crt": ECDSA.certificate, "/dh.pem": DH}
    return Materials(dict.fromkeys(lists, CIPHERS), {**everyday, **{f"/{name}": text for name, text in files.items()}})


# Certificates


PSS = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (RSA, READ_RSA),
        (ECDSA, READ_ECDSA),
        (pair(EC_KEY, digest=hashes.SHA256(), may_sign=False), Certificate("EC", 256, 0x17, SHA256, may_sign=False)),
        (pair(EC_KEY, digest=hashes.SHA256(), may_sign=True), READ_ECDSA),
        (
            pair(ec.generate_private_key(ec.BrainpoolP256R1()), EC_KEY, hashes.SHA384()),
            Certificate("EC", 256, 26, 0x503),
        ),
        (pair(EC_KEY, EC_KEY, hashes.SHA256()), Certificate("EC", 256, 0x17, 0x403)),
        (pair(EC_KEY, EC_KEY, hashes.SHA512()), Certificate("EC", 256, 0x17, 0x603)),
        (pair(EC_KEY, EC_KEY, hashes.SHA3_256()), Certificate("EC", 256, 0x17, None)),
        (pair(RSA_KEY, digest=hashes.SHA256(), rsa_padding=PSS), Certificate("RSA", 2048, None, 0x804)),
        (pair(ed25519.Ed25519PrivateKey.generate(), EC_KEY, hashes.SHA224()), Certificate("Ed25519", 256, None, 0x303)),
        (pair(ed448.Ed448PrivateKey.generate(), digest=hashes.SHA384()), Certificate("Ed448", 456, None, 0x501)),
        (pair(RSA_KEY, ed25519.Ed25519PrivateKey.generate()), Certificate("RSA", 2048, None, 0x807)),
    ],
)
def test_certificate(made: Pair, expected: Certificate) -> None:
    """Key, curve and the issuer's signature are read, and whether the key may sign."""
    assert certificate.read(made.certificate) == expected


def test_no_certificate() -> None:
    """A file without one is told apart from one that holds a certificate."""
    with pytest.raises(ValueError, match="PEM"):
        certificate.read(RSA.key)


@pytest.mark.parametrize(
    "texts",
    [
        [RSA.key, RSA.certificate + RSA.certificate, ECDSA.key, ECDSA.certificate],
        [RSA.key + RSA.certificate + RSA.certificate + ECDSA.key + ECDSA.certificate],
        [None, RSA.certificate + RSA.certificate, None, ECDSA.certificate],
    ],
)
def test_first_after_each_key(texts: list[str | None]) -> None:
    """A chain's own certificate is the one that follows a key; a file that was not handed over holds a key."""
    assert list(certificate.leaves(texts)) == [READ_RSA, READ_ECDSA]


def test_one_of_a_kind() -> None:
    """OpenSSL keeps one certificate for each type of key: the last one."""
    p384 = Certificate("EC", 384, GROUPS["secp384r1"])
    assert certificate.by_key([READ_ECDSA, READ_RSA, p384]) == (p384, READ_RSA)


def test_parameters() -> None:
    """Diffie-Hellman parameters are as long as their prime."""
    assert certificate.parameter_bits(DH) == 3072
    with pytest.raises(ValueError, match="Diffie-Hellman"):
        certificate.parameter_bits(RSA.certificate)


# Lists


def test_suites() -> None:
    """What `openssl ciphers -V` prints becomes suites; those of TLS 1.3 go by another list."""
    assert offered.suites(CIPHERS) == SUITES


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ("", openssl.GROUPS_BY_DEFAULT),
        ("X25519:prime256v1:P-384", (0x1D, 0x17, 0x18)),
        ("secp521r1:ffdhe2048:sect571r1", (0x19, 0x100)),
    ],
)
def test_curves(names: str, expected: tuple[int, ...]) -> None:
    """Curves go by each of OpenSSL's names; one that no client has is passed over."""
    assert offered.groups(names) == expected


@pytest.mark.parametrize("names", ["X25519MLKEM768:X25519", "x25519:X25519", "PRIME256V1"])
def test_curves_that_break_it(names: str) -> None:
    """A curve that OpenSSL 3.0 does not know, or a curve twice, spoils the whole list."""
    with pytest.raises(Unusable):
        offered.groups(names)


def test_suites_of_tls_13() -> None:
    """Without a list there are OpenSSL's three; one that it does not know is passed over, none at all breaks it."""
    assert offered.suites13("") == (0x1302, 0x1303, 0x1301)
    assert offered.suites13("TLS_AES_128_GCM_SHA256:NOPE") == (0x1301,)
    with pytest.raises(Unusable):
        offered.suites13("NOPE")


# Dovecot


LIST = "ECDHE+AESGCM"
DOVECOT = {"protocols": "imap sieve", "ssl_cert": "</rsa.crt", "ssl_cipher_list": LIST}


def dovecot_server(port: str = "imaps", **settings: str) -> Server:
    """Return what a port offers with these settings."""
    own = {**DOVECOT, **settings}
    return dovecot.ports(own, materials(*dovecot.lists(own))).ports[port]


def test_dovecot() -> None:
    """Without further settings Dovecot 2.3 has its own defaults, and OpenSSL's."""
    assert dovecot_server() == Server(
        versions=(TLS12, TLS13),
        suites=SUITES,
        suites13=openssl.SUITES13,
        groups=openssl.GROUPS_BY_DEFAULT,
        certificates=(READ_RSA,),
        promises_dhe=True,
        prefers_own_order=False,
        security_level=2,
    )
    assert dovecot.lists({"protocols": "imap"})[0].startswith("ALL:!kRSA")


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("ssl_min_protocol", "TLSv1", "versions", openssl.VERSIONS),
        ("ssl_min_protocol", "LATEST", "versions", (TLS13,)),
        ("ssl_prefer_server_ciphers", "yes", "prefers_own_order", True),
        ("ssl_alt_cert", "</ec.crt", "certificates", (READ_RSA, READ_ECDSA)),
        ("ssl_curve_list", "X25519", "groups", (0x1D,)),
        ("ssl_cipher_suites", "TLS_AES_128_GCM_SHA256", "suites13", (0x1301,)),
        ("ssl_dh", "</dh.pem", "dh_bits", 3072),
        ("ssl_dh", "# hidden, use -P to show it", "dh_bits", 2048),
        ("ssl_cipher_list", "HIGH:@SECLEVEL=1:!aNULL@SECLEVEL=0", "security_level", 0),
        ("protocol imap/ssl_min_protocol", "TLSv1.3", "versions", (TLS13,)),
        ("protocol pop3/ssl_min_protocol", "TLSv1.3", "versions", (TLS12, TLS13)),
        ("protocol !pop3/ssl_min_protocol", "TLSv1.3", "versions", (TLS13,)),
        ("protocol pop3 imap/ssl_min_protocol", "TLSv1.3", "versions", (TLS13,)),
    ],
)
def test_dovecots_settings(name: str, value: str, field: str, expected: object) -> None:
    """Each setting that counts changes what is offered, also where it is for one protocol."""
    assert getattr(dovecot_server(**{name: value}), field) == expected


def test_dovecots_ports() -> None:
    """A port is there when its protocol is spoken and its listener has a number; without TLS it lets nobody in."""
    closed = {"service imap-login/inet_listener imap/port": "0"}
    for settings, expected, faulty in (
        ({}, {"imaps", "imap", "managesieve"}, set()),
        (closed, {"imaps", "managesieve"}, set()),
        ({"protocol sieve/ssl": "no"}, {"imaps", "imap", "managesieve"}, {"managesieve"}),
        ({"ssl": "no"}, {"imaps", "imap", "managesieve"}, {"imaps", "imap", "managesieve"}),
        ({"service imap-login/inet_listener imaps/ssl": "no"}, {"imaps", "imap", "managesieve"}, {"imaps"}),
        ({"service imap-login/inet_listener imap/ssl": "yes"}, {"imaps", "imap", "managesieve"}, {"imap"}),
        ({"protocol imap/auth_ssl_require_client_cert": "yes"}, {"imaps", "imap", "managesieve"}, {"imaps", "imap"}),
    ):
        found = dovecot.ports({**DOVECOT, **settings}, materials(LIST)).ports
        assert set(found) == expected
        assert {port for port, server in found.items() if server.fault} == faulty


@pytest.mark.parametrize(
    ("name", "value", "faulty"),
    [
        ("submissions/inet/smtpd_tls_wrappermode", "no", {"submissions"}),
        ("submission/inet/smtpd_tls_req_ccert", "yes", {"submission"}),
        ("smtpd_tls_req_ccert", "yes", {"submission", "submissions"}),
        ("smtpd_tls_ask_ccert", "yes", set()),
        ("submission/inet/smtpd_tls_wrappermode", "yes", {"submission"}),
        ("smtp/inet/smtpd_tls_wrappermode", "yes", {"smtp"}),
    ],
)
def test_postfix_turns_clients_away(name: str, value: str, faulty: set[str]) -> None:
    """A port that does not begin with TLS as it should, or asks for a certificate, lets no mail client in."""
    own = {
        **POSTFIX,
        "submissions/inet": "n - n - - smtpd",
        "submissions/inet/smtpd_tls_security_level": "encrypt",
        "submissions/inet/smtpd_tls_wrappermode": "yes",
        name: value,
    }
    found = postfix.ports(own, materials(*postfix.lists(own))).ports
    assert {port for port, server in found.items() if server.fault} == faulty


def test_where_a_certificate_is_asked_for_in_vain() -> None:
    """Postfix asks for a client's certificate after the handshake, and only where TLS is mandatory."""
    level = "submission/inet/smtpd_tls_security_level"
    assert postfix_server(smtpd_tls_req_ccert="yes").refuses_late
    assert not postfix_server(smtpd_tls_req_ccert="yes", **{level: "may"}).fault
    assert not postfix_server(smtpd_tls_ask_ccert="yes").fault


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("ssl_curve_list", "X25519MLKEM768:X25519", "OpenSSL 3.0 does not know the curve `X25519MLKEM768`"),
        ("ssl_cert", "</nowhere", "the certificate /nowhere cannot be read"),
        ("ssl_cert", "</dh.pem", "/dh.pem holds no certificate (PEM)"),
        ("ssl_dh", "</rsa.crt", "/rsa.crt holds no Diffie-Hellman parameters (PEM)"),
        ("ssl_min_protocol", "TLSv9", "it does not know the TLS version `TLSv9`"),
    ],
)
def test_what_breaks_dovecot(name: str, value: str, fault: str) -> None:
    """What keeps Dovecot from setting TLS up is said, and nothing is offered."""
    assert dovecot_server(**{name: value}).fault == f"Dovecot refuses every connection: {fault}"


def test_a_list_that_openssl_does_not_take() -> None:
    """A list without a suite cannot be expanded, and is a fault."""
    assert "no suite from the list `ECDHE+AESGCM`" in dovecot.ports(DOVECOT, materials()).ports["imaps"].fault


HOST = "mail.example.test"


def named_server(**settings: str) -> Server:
    """Return what a port offers to those who name the host."""
    own = {**DOVECOT, **{name.replace("NAME", f"local_name {HOST}"): value for name, value in settings.items()}}
    return dovecot.ports(own, materials(*dovecot.lists(own, HOST)), HOST).ports["imaps"]


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("NAME/ssl_cert", "</ec.crt", "certificates", (READ_ECDSA,)),
        ("NAME/ssl_alt_cert", "</ec.crt", "certificates", (READ_RSA, READ_ECDSA)),
        ("NAME/ssl_cipher_list", "HIGH:@SECLEVEL=1", "security_level", 1),
        ("NAME/ssl_dh", "</dh.pem", "dh_bits", 3072),
        ("NAME/protocol imap/ssl_dh", "</dh.pem", "dh_bits", 3072),
    ],
)
def test_what_a_name_changes(name: str, value: str, field: str, expected: object) -> None:
    """Certificates, suites and parameters are those of the block; who names no host gets what is set for all."""
    found = named_server(**{name: value})
    assert getattr(found, field) == expected
    assert found.without_name == dovecot_server() == found.to(names_host=False)
    assert found.to(names_host=True) == found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NAME/ssl_min_protocol", "TLSv1.3"),
        ("NAME/ssl_curve_list", "X448"),
        ("NAME/ssl_prefer_server_ciphers", "yes"),
        ("NAME/ssl_cipher_suites", "TLS_AES_128_GCM_SHA256"),
        ("NAME/protocol pop3/ssl_cert", "</ec.crt"),
        ("local_name other.example.test/ssl_cert", "</ec.crt"),
    ],
)
def test_what_a_name_does_not_change(name: str, value: str) -> None:
    """When OpenSSL hears the name, versions, curves, the suites of TLS 1.3 and whose order counts are settled."""
    assert named_server(**{name: value}) == dovecot_server()


def test_a_name_that_breaks_dovecot() -> None:
    """What keeps a block's settings from being used locks those out who name the host, and nobody else."""
    broken = named_server(**{"NAME/ssl_curve_list": "NOPE"})
    assert "does not know the curve `NOPE`" in broken.fault
    assert broken.without_name == dovecot_server()
    nobody = named_server(**{"NAME/ssl_cert": "</ec.crt", "ssl_curve_list": "NOPE"})
    assert nobody.fault
    assert nobody.without_name is None


def test_a_certificate_that_is_too_weak_for_all() -> None:
    """With a certificate for everybody that OpenSSL does not load, a better one for a name is of no use."""
    found = named_server(**{"NAME/ssl_cipher_list": "HIGH:@SECLEVEL=1", "ssl_cipher_list": "HIGH:@SECLEVEL=4"})
    assert (found.security_level, found.without_name) == (4, None)


@pytest.mark.parametrize("value", ["HIGH", LIST])
def test_a_setting_for_a_name_and_for_a_protocol(value: str) -> None:
    """Dovecot gives up over a setting in both, even with one value; in another protocol's block it does no harm."""
    both = {"protocol imap/ssl_cipher_list": LIST, "NAME/ssl_cipher_list": value}
    assert named_server(**both).fault == (
        f"Dovecot refuses who asks for {HOST}: `ssl_cipher_list` is set in `local_name` and in `protocol` as well, "
        "which Dovecot cannot reconcile"
    )
    assert "mail_debug" in named_server(**{"protocol imap/mail_debug": "yes", "NAME/mail_debug": "no"}).fault
    assert not named_server(**{"protocol pop3/ssl_cipher_list": LIST, "NAME/ssl_cipher_list": value}).fault
    assert not named_server(**{"protocol imap/ssl_cert": "</rsa.crt", "NAME/ssl_cipher_list": value}).fault


def test_the_first_of_several_blocks_counts() -> None:
    """Of blocks that fit, the first is asked first, and one for a name and a protocol before all others."""
    first = {"local_name *.example.test/ssl_cert": "</rsa.crt", "NAME/ssl_cert": "</ec.crt"}
    assert named_server(**first) == dovecot_server()
    assert named_server(**dict(reversed(first.items()))).certificates == (READ_ECDSA,)
    exact = {"local_name *.example.test/ssl_cert": "</rsa.crt", "NAME/protocol imap/ssl_cert": "</ec.crt"}
    assert named_server(**exact).certificates == (READ_ECDSA,)
    assert named_server(**{"NAME/ssl_dh": "</dh.pem", **first}).dh_bits == 3072


@pytest.mark.parametrize(
    ("name", "is_fit"),
    [
        (HOST, True),
        ("MAIL.example.TEST", True),
        ("*.example.test", True),
        ("mail.*.test", True),
        ("ma*.example.test", True),
        ("ma??.example.test", True),
        ("mail?example.test", True),
        ("ma?.example.test", False),
        ("*.test", False),
        ("*", False),
        ("ma*l.example.test", False),
        ("mail.example.*", False),
        ("mail.example.test*", True),
        ("mailxexample.test", False),
        ("mail.example.test.", False),
    ],
)
def test_names_of_blocks(name: str, is_fit: bool) -> None:
    """A star is the rest of one label, and a question mark one character; elsewhere they fit nothing."""
    assert dovecot_blocks.fits(name, HOST) == is_fit


def test_dovecots_settings_for_some_only() -> None:
    """What is for other names, or for addresses, is not reckoned with, and said to be left out with the reason."""
    own = {
        **DOVECOT,
        "local_name a.example/ssl_cert": "</ec.crt",
        f"local_name {HOST}/ssl_cert": "</ec.crt",
        "local 10.0.0.1/protocol imap/ssl_dh": "</dh.pem",
        f"local 10.0.0.1/local_name {HOST}/ssl_dh": "</dh.pem",
        "remote 10.0.0.0/8/mail_max_userip_connections": "1",
    }
    found = dovecot.ports(own, materials(LIST), HOST)
    assert found.left_out == {
        "local_name a.example/ssl_cert": f"set for other names than {HOST} only",
        "local 10.0.0.1/protocol imap/ssl_dh": "set for some addresses only",
        f"local 10.0.0.1/local_name {HOST}/ssl_dh": "set for some addresses only",
    }
    assert found.ports["imaps"].to(names_host=False).certificates == (READ_RSA,)


def test_the_first_of_several_protocols_counts() -> None:
    """Of two blocks for a protocol, too, the one that is written first is asked first."""
    both = {"protocol !pop3/ssl_min_protocol": "TLSv1.3", "protocol imap/ssl_min_protocol": "TLSv1"}
    assert dovecot_server(**both).versions == (TLS13,)


def test_dovecots_files() -> None:
    """The files that are needed are named once each."""
    own = {**DOVECOT, "ssl_alt_cert": "</ec.crt", "ssl_dh": "</dh.pem", "protocol imap/ssl_cert": "</ec.crt"}
    assert dovecot.paths(own) == ("/ec.crt", "/dh.pem", "/rsa.crt")
    own = {**DOVECOT, "local_name *.test/ssl_alt_cert": "</ec.crt", "local_name a.test/ssl_cipher_list": "HIGH"}
    assert dovecot.paths(own, "b.test") == ("/rsa.crt", "/ec.crt")
    assert (dovecot.lists(own, "b.test"), dovecot.lists(own, "a.test")) == ((LIST,), (LIST, "HIGH"))


# Postfix


HIGH = "tls_high_cipherlist"
POSTFIX = {
    "smtp/inet": "n - n - - smtpd",
    "submission/inet": "n - n - - smtpd",
    "submission/inet/smtpd_tls_security_level": "encrypt",
    "127.0.0.1:465/inet": "n - n - - smtpd",
    "127.0.0.1:465/inet/smtpd_tls_wrappermode": "yes",
    "10025/inet": "n - n - - smtpd",
    "relay/unix": "n - n - - smtp",
    "smtpd_tls_security_level": "may",
    "smtpd_tls_chain_files": "/rsa.key, /rsa.crt",
}


def postfix_server(port: str = "submission", **settings: str) -> Server:
    """Return what a port offers with these settings."""
    own = {**POSTFIX, **settings}
    return postfix.ports(own, materials(*postfix.lists(own))).ports[port]


def test_postfix() -> None:
    """Without further settings Postfix 3.7 has its own defaults, which differ from OpenSSL's."""
    assert postfix_server() == Server(
        versions=openssl.VERSIONS,
        suites=SUITES,
        suites13=openssl.SUITES13,
        groups=(0x1D, 0x1E, 0x17, 0x19, 0x18),
        certificates=(READ_RSA,),
        dh_bits=8192,
        promises_dhe=True,
        prefers_own_order=False,
        security_level=0,
        judges_late=True,
    )
    assert postfix.lists(POSTFIX) == ("aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH:@SECLEVEL=0",)


def test_postscreen_hands_on_to_smtpd() -> None:
    """TLS on port 25 is then what the service `smtpd` offers, its own settings included."""
    behind = {
        "smtp/inet": "n - n - 1 postscreen",
        "smtpd/pass": "- - n - - smtpd",
        "smtpd/pass/smtpd_tls_protocols": "TLSv1.3",
    }
    assert postfix_server("smtp", **behind).versions == (TLS13,)
    assert "smtp" not in postfix.ports({**POSTFIX, "smtp/inet": "n - n - 1 postscreen"}, materials()).ports


@pytest.mark.parametrize(
    ("name", "value", "field", "expected"),
    [
        ("smtpd_tls_mandatory_protocols", ">=TLSv1.2", "versions", (TLS12, TLS13)),
        ("smtpd_tls_mandatory_protocols", ">=TLSv1.1, <=TLSv1.2", "versions", (TLS11, TLS12)),
        ("smtpd_tls_mandatory_protocols", "!SSLv2, !SSLv3, !TLSv1", "versions", (TLS11, TLS12, TLS13)),
        ("smtpd_tls_mandatory_protocols", "TLSv1.3:TLSv1.2", "versions", (TLS12, TLS13)),
        ("smtpd_tls_mandatory_protocols", ">=0303", "versions", (TLS12, TLS13)),
        ("smtpd_tls_mandatory_protocols", "$smtpd_tls_protocols", "versions", openssl.VERSIONS),
        ("smtpd_tls_protocols", ">=TLSv1.2", "versions", openssl.VERSIONS),
        ("submission/inet/smtpd_tls_mandatory_protocols", "TLSv1.3", "versions", (TLS13,)),
        ("tls_preempt_cipherlist", "yes", "prefers_own_order", True),
        ("tls_eecdh_auto_curves", "nope, P-256 secp384r1", "groups", (0x17, 0x18)),
        ("tls_eecdh_auto_curves", "x25519", "groups", openssl.GROUPS_BY_DEFAULT),
        ("smtpd_tls_eecdh_grade", "ultra", "groups", (0x1D, 0x1E, 0x17, 0x19, 0x18)),
        ("smtpd_tls_dh1024_param_file", "/dh.pem", "dh_bits", 3072),
        ("smtpd_tls_dh1024_param_file", "/nowhere", "dh_bits", 8192),
        ("smtpd_tls_dh1024_param_file", "auto", "dh_bits", 8192),
        ("smtpd_tls_chain_files", "/rsa.key /rsa.crt /ec.key /ec.crt", "certificates", (READ_RSA, READ_ECDSA)),
        ("tls_medium_cipherlist", "HIGH:@SECLEVEL=2", "security_level", 2),
    ],
)
def test_postfixs_settings(name: str, value: str, field: str, expected: object) -> None:
    """Each setting that counts changes what is offered, also where it is for one service."""
    assert getattr(postfix_server(**{name: value}), field) == expected


def test_postfixs_old_names_of_certificates() -> None:
    """A certificate of each type of key has a setting of its own, which the chain files put out of force."""
    old = {"smtpd_tls_cert_file": "/rsa.crt", "smtpd_tls_eccert_file": "/ec.crt"}
    assert postfix_server(smtpd_tls_chain_files="", **old).certificates == (READ_RSA, READ_ECDSA)
    assert postfix_server(**old).certificates == (READ_RSA,)
    assert postfix.paths({**POSTFIX, "smtpd_tls_chain_files": "", **old}) == ("/rsa.crt", "/ec.crt")


def test_lists_where_tls_may_and_where_it_must_be() -> None:
    """The grade and what is excluded depend on whether clients must use TLS; from the start of a connection they do."""
    own = {
        **POSTFIX,
        "smtpd_tls_ciphers": "low",
        "tls_low_cipherlist": "LOW",
        "smtpd_tls_mandatory_ciphers": "high",
        HIGH: "HIGH",
        "smtpd_tls_exclude_ciphers": "MD5, SRP",
        "smtpd_tls_mandatory_exclude_ciphers": "PSK",
        "smtp/inet/smtpd_tls_ask_ccert": "yes",
    }
    assert postfix.lists(own) == ("LOW:!MD5:!SRP:!aNULL:@SECLEVEL=0", "HIGH:!MD5:!SRP:!PSK:@SECLEVEL=0")
    assert postfix.lists(
        {"465/inet": "n - n - - smtpd", **POSTFIX, HIGH: "HIGH", "smtpd_tls_mandatory_ciphers": "high"}
    )


def test_postfixs_ports() -> None:
    """A service that is on a port of ours and offers TLS is there, whatever its name."""
    assert set(postfix.ports(POSTFIX, materials(*postfix.lists(POSTFIX))).ports) == {
        "smtp",
        "submission",
        "submissions",
    }
    without = {**POSTFIX, "smtpd_tls_security_level": "none"}
    assert set(postfix.ports(without, materials(*postfix.lists(without))).ports) == {"submission", "submissions"}
    old = {"25/inet": "n - n - - smtpd", "smtpd_use_tls": "yes"}
    assert set(postfix.ports(old, materials(*postfix.lists(old))).ports) == {"smtp"}


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("smtpd_tls_mandatory_protocols", "nope", "it does not know the TLS version `nope`"),
        ("smtpd_tls_chain_files", "/rsa.key /nowhere", "/rsa.key, /nowhere: no certificate (PEM) can be read"),
    ],
)
def test_what_breaks_postfix(name: str, value: str, fault: str) -> None:
    """What keeps Postfix from setting TLS up is said; a chain without a certificate is among that."""
    found = postfix_server(**{name: value})
    assert found.fault == f"Postfix's TLS does not work: {fault}"
    assert not found.certificates


def test_postfixs_settings_for_some_only() -> None:
    """Certificates for some names only are not reckoned with, and said to be left out."""
    own = {**POSTFIX, "tls_server_sni_maps": "hash:/sni"}
    assert postfix.ports(own, materials(*postfix.lists(own))).left_out == {
        "tls_server_sni_maps": "set for some names only, in a table that is not read"
    }
