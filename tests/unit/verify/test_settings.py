"""The report's checklist on settings as doveconf and postconf print them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from mailrig.verify import settings
from mailrig.verify.evidence import Evidence
from mailrig.verify.report import Result

EIGHT = (
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305:"
    "DHE-RSA-AES128-GCM-SHA256:DHE-RSA-AES256-GCM-SHA384"
)
SIX = ":".join(EIGHT.split(":")[:6])
GOOD = {
    "ssl_cipher_list": EIGHT,
    "ssl_prefer_server_ciphers": "yes",
    "ssl_min_protocol": "TLSv1.2",
    "auth_verbose": "yes",
    "verbose_ssl": "yes",
    "log_path": "/var/log/dovecot.log",
    "info_log_path": "/var/log/dovecot-info.log",
    "debug_log_path": "/var/log/dovecot-debug.log",
    "smtpd_relay_restrictions": "permit_mynetworks,permit_sasl_authenticated,defer_unauth_destination",
    "smtpd_sasl_type": "dovecot",
    "smtpd_sasl_path": "private/auth",
    "mynetworks": "127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128",
    "smtpd_forbid_bare_newline": "normalize",
    "disable_vrfy_command": "yes",
}


def check(world: Any, target: Any = None, **change: str) -> dict[str, Result]:
    """Check good settings with some changed; return the results by subject."""
    printed = "".join(f"{name} = {value}\n" for name, value in (GOOD | change).items())
    outputs = {
        "doveconf": (0, printed + "service auth {\n  auth_verbose = no\n}\n"),
        "postconf": (0, f"postconf: warning: something\n{printed}"),
        "ls": (0, ""),
        "test -S": (0, ""),
    }
    lanes = settings.lanes(target or world.target, Evidence(world.inside(outputs)))
    return {result.subject: result for lane in lanes for result in lane.results(lambda _probe, _seen: None)}


def test_the_reports_settings_pass(world: Any) -> None:
    """Everything on the checklist passes."""
    found = check(world)
    assert all(result.ok for result in found.values()), found
    assert found["ssl_cipher_list"].seen == "8 suites, with ECDSA, RSA, ChaCha20"


@pytest.mark.parametrize(
    ("name", "value", "subject", "seen"),
    [
        ("ssl_cipher_list", SIX, "ssl_cipher_list", "6 suites, and the inventory asks for 0"),
        ("ssl_cipher_list", "NONSENSE", "ssl_cipher_list", "holds no suite that OpenSSL knows"),
        ("ssl_prefer_server_ciphers", "no", "ssl_prefer_server_ciphers", "is `no`, not `yes`"),
        ("ssl_min_protocol", "TLSv1", "ssl_min_protocol", "is `TLSv1`, not `TLSv1.2`"),
        ("auth_verbose", "no", "auth_verbose", "is `no`, not `yes`"),
        ("verbose_ssl", "no", "verbose_ssl", "is `no`, not `yes`"),
        ("info_log_path", "/dev/stderr", "log-files", "logs to /dev/stderr"),
        ("log_path", "", "log-files", "logs to syslog"),
        ("smtpd_relay_restrictions", "permit_mynetworks", "smtpd_relay_restrictions", "lets strangers relay"),
        ("smtpd_relay_restrictions", "permit, reject", "smtpd_relay_restrictions", "lets strangers relay"),
        ("smtpd_sasl_path", "smtpd", "smtpd_sasl", "is `smtpd`, not `private/auth`"),
        ("mynetworks", "127.0.0.0/8, 172.18.0.0/16", "mynetworks", "trusts 172.18.0.0/16"),
        ("mynetworks", "[::ffff:0.0.0.0]/96", "mynetworks", "trusts [::ffff:0.0.0.0]/96"),
        ("mynetworks", "hash:/etc/postfix/networks", "mynetworks", "trusts hash:/etc/postfix/networks"),
        ("smtpd_forbid_bare_newline", "no", "smtpd_forbid_bare_newline", "CVE-2023-51764"),
        ("disable_vrfy_command", "no", "disable_vrfy_command", "is `no`, not `yes`"),
    ],
)
def test_a_setting_that_is_otherwise_fails(world: Any, name: str, value: str, subject: str, seen: str) -> None:
    """Each item of the checklist fails alone, and says what it found."""
    failed = [result for result in check(world, **{name: value}).values() if not result.ok]
    assert [result.subject for result in failed] == [subject]
    assert seen in failed[0].seen


def test_fewer_suites_pass_when_the_inventory_chose_them(world: Any) -> None:
    """A shorter list that the inventory asks for passes, and the result says so."""
    target = replace(world.target, ciphers=tuple(SIX.split(":")))
    result = check(world, target, ssl_cipher_list=SIX)["ssl_cipher_list"]
    assert result.ok
    assert "as the inventory asks" in result.seen


def test_a_list_that_is_an_expression_is_expanded(world: Any) -> None:
    """Raw extra settings may hold any expression of OpenSSL's."""
    assert check(world, ssl_cipher_list="ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM")["ssl_cipher_list"].ok


def test_a_missing_auth_socket_fails(world: Any) -> None:
    """Without the socket nobody can submit mail."""
    evidence = Evidence(world.inside({"postconf": (0, ""), "test -S": (1, "")}))
    found = [result for lane in settings.lanes(world.target, evidence) for result in lane.results(lambda *_: None)]
    assert "setting auth-socket" in [result.name for result in found if not result.ok]


def test_without_an_inside_the_settings_are_skipped(world: Any) -> None:
    """What only the containers know is skipped from elsewhere."""
    lanes = settings.lanes(world.target, Evidence(None))
    assert {result.outcome for lane in lanes for result in lane.results(lambda *_: None)} == {"skipped"}


def test_a_daemon_that_cannot_read_its_settings_fails_with_its_last_words(world: Any) -> None:
    """What doveconf says at the end is what is wrong."""
    inside = world.inside({"doveconf": (89, "some\ndoveconf: Fatal: line 3: Unknown setting: sll\n")})
    lanes = settings.lanes(world.target, Evidence(inside))
    seen = {result.subject: result.seen for lane in lanes for result in lane.results(lambda *_: None)}
    assert seen["auth_verbose"] == "`doveconf` fails: doveconf: Fatal: line 3: Unknown setting: sll"
