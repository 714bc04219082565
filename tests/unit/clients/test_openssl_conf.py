"""What OpenSSL's own configuration file does to the TLS of a program that names it."""

from __future__ import annotations

import pytest

from mailrig.clients import postfix
from mailrig.clients.names import SUITES
from mailrig.clients.offered import Materials
from mailrig.clients.openssl import SUITES13
from mailrig.clients.openssl_conf import ciphersuites
from mailrig.clients.server import Server

AES256, CHACHA20 = SUITES["TLS_AES_256_GCM_SHA384"], SUITES["TLS_CHACHA20_POLY1305_SHA256"]
CONF = """\
# before all sections
submission = app   # mine

[ app ]
ssl_conf = tls
[tls]
system_default=suites
[suites]
MinProtocol = TLSv1.3
Ciphersuites = TLS_AES_256_GCM_SHA384:\\
TLS_CHACHA20_POLY1305_SHA256
"""
BOTH = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256"
SUITES_OF_1_2 = "0xC0,0x2F - ECDHE-RSA-AES128-GCM-SHA256 TLSv1.2 Kx=ECDH     Au=RSA  Enc=AESGCM(128) Mac=AEAD\n"


@pytest.mark.parametrize(
    ("text", "application", "expected"),
    [
        (CONF, "submission", BOTH),
        (CONF, "another", ""),
        (CONF.replace("submission", "openssl_conf"), "another", ""),
        (CONF.replace("submission", "openssl_conf"), "", BOTH),
        (CONF.replace("Ciphersuites", "ciphersuites"), "submission", BOTH),
        (CONF.replace("Ciphersuites", "#Ciphersuites"), "submission", ""),
        (CONF.replace("system_default", "server"), "submission", ""),
        (CONF.replace(BOTH[:22], f'"{BOTH[:22]}').replace("SHA256\n", 'SHA256"\n'), "submission", BOTH),
        ("", "submission", ""),
    ],
)
def test_suites_of_tls_1_3(text: str, application: str, expected: str) -> None:
    """They are found from the program's name through three sections; who has no name has one that is for such."""
    assert ciphersuites(text, application) == expected


def offered(files: dict[str, str], **own: str) -> dict[str, Server]:
    """Return what Postfix offers on 25 and 587, the settings of submission being added to."""
    settings = {
        "smtp/inet": "smtp inet n - n - - smtpd",
        "submission/inet": "submission inet n - n - - smtpd",
        "smtpd_tls_security_level": "may",
        **{f"submission/inet/{name}": value for name, value in own.items()},
    }
    materials = Materials(dict.fromkeys(postfix.lists(settings), SUITES_OF_1_2), files)
    return dict(postfix.ports(settings, materials).ports)


def test_postfix_reads_it_for_one_service() -> None:
    """Only the service that names the file has fewer suites."""
    found = offered({"/o.cnf": CONF}, tls_config_file="/o.cnf", tls_config_name="submission")
    assert found["submission"].suites13 == (AES256, CHACHA20)
    assert found["smtp"].suites13 == SUITES13


def test_postfix_asks_for_the_file() -> None:
    """The file is among those that are read where the daemon runs."""
    settings = {"submission/inet": "submission inet n - n - - smtpd", "smtpd_tls_security_level": "may"}
    assert "/o.cnf" in postfix.paths({**settings, "tls_config_file": "/o.cnf"})
    assert postfix.paths(settings) == ()


@pytest.mark.parametrize("value", ["default", "none"])
def test_postfix_without_a_file_has_openssls_own(value: str) -> None:
    """Debian's configuration says nothing of suites, and neither does none."""
    assert offered({}, tls_config_file=value)["submission"].suites13 == SUITES13


def test_postfix_offers_no_tls_when_the_file_is_gone() -> None:
    """A file that is named and not there ends all TLS of the service, and only there."""
    found = offered({}, tls_config_file="/o.cnf")
    assert "tls_config_file" in found["submission"].fault
    assert not found["smtp"].fault


def test_list_without_a_known_suite_changes_nothing() -> None:
    """OpenSSL drops what it does not know, and keeps its own list when nothing is left."""
    files = {"/o.cnf": CONF.replace("TLS_", "TLZ_")}
    assert offered(files, tls_config_file="/o.cnf", tls_config_name="submission")["submission"].suites13 == SUITES13
