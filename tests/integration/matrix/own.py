"""Settings in the words of one server alone: its own ones, a profile, for a name, and what turns clients away."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

from matrix.setting import GOOD, HOSTNAME, Setting


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
