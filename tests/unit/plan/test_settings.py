"""The shipped settings.yaml: what a change of each setting needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailrig.errors import RenderError
from mailrig.plan.effective import settings_of
from mailrig.render.manifest import setting_rules
from mailrig.render.release import Rung, Service
from mailrig.render.templates import Templates

FOLDERS = {"dovecot": "dovecot/2.3", "postfix": "postfix"}
GOLDEN = Path(__file__).parents[2] / "golden"


def service(name: str) -> Service:
    """A service with the shipped rules."""
    settings = setting_rules(Templates(), FOLDERS[name])
    return Service(name, {}, (), settings.rules, settings.lasting)


@pytest.mark.parametrize(
    ("setting", "rung"),
    [
        ("ssl_cipher_list", Rung.RELOAD),
        ("ssl_cert", Rung.RELOAD),
        ("verbose_ssl", Rung.RELOAD),
        ("auth_debug", Rung.RELOAD),
        ("mail_debug", Rung.RELOAD),
        ("mail_max_userip_connections", Rung.RELOAD),
        ("plugin/quota", Rung.RELOAD),
        ("namespace inbox/mailbox Drafts/auto", Rung.RELOAD),
        ("namespace#2/separator", Rung.RELOAD),
        ("passdb/driver", Rung.RELOAD),
        ("passdb#2/driver", Rung.RELOAD),
        ("protocol imap/mail_plugins", Rung.RELOAD),
        ("local_name mail.example.org/ssl_cert", Rung.RELOAD),
        ("lmtp_rcpt_check_quota", Rung.RELOAD),
        ("ssl", Rung.RELOAD_ALL),
        ("protocols", Rung.RELOAD_ALL),
        ("listen", Rung.RELOAD_ALL),
        ("log_path", Rung.RELOAD_ALL),
        ("log_timestamp", Rung.RELOAD_ALL),
        ("default_process_limit", Rung.RELOAD_ALL),
        ("first_valid_uid", Rung.RELOAD_ALL),
        ("service imap-login/inet_listener imaps/port", Rung.RELOAD_ALL),
        ("metric x/filter", Rung.RELOAD_ALL),
        ("what_nobody_knows", Rung.RELOAD_ALL),
        ("base_dir", Rung.RESTART),
        ("service anvil/unix_listener anvil-auth-penalty/mode", Rung.RESTART),
        ("default_internal_user", Rung.RESTART),
    ],
)
def test_dovecot_setting_needs(setting: str, rung: Rung) -> None:
    """What processes read as they start is told apart from what the master holds, and what it looks at once."""
    assert service("dovecot").rung_of(setting) is rung


@pytest.mark.parametrize(
    ("setting", "rung"),
    [
        ("smtpd_tls_security_level", Rung.RELOAD),
        ("submission/inet", Rung.RELOAD),
        ("submission/inet/smtpd_tls_security_level", Rung.RELOAD),
        ("default_process_limit", Rung.RELOAD),
        ("inet_interfaces", Rung.RESTART),
        ("inet_protocols", Rung.RESTART),
        ("queue_directory", Rung.RESTART),
        ("data_directory", Rung.RESTART),
    ],
)
def test_postfix_setting_needs(setting: str, rung: Rung) -> None:
    """A reload is enough for all but what the master looks at once."""
    assert service("postfix").rung_of(setting) is rung


def test_service_without_rules_asks_for_a_full_reload() -> None:
    """Where nothing is declared, what is sure to be taken in counts."""
    assert Service("x", {}, ()).rung_of("anything") is Rung.RELOAD_ALL


@pytest.mark.parametrize(
    "case", sorted(path.parents[2].name for path in GOLDEN.glob("*/expected/dovecot/dovecot.conf"))
)
def test_each_dovecot_setting_that_is_rendered_is_declared(case: str) -> None:
    """No setting of ours is left to the default."""
    rendered = (GOLDEN / case / "expected" / "dovecot" / "dovecot.conf").read_text()
    rules = service("dovecot").rules[:-1]
    names = settings_of(f"== effective\n{rendered}")
    assert len(names) > 70
    assert [name for name in names if not any(rule.fits(name) for rule in rules)] == []


@pytest.mark.parametrize("case", sorted(path.name for path in GOLDEN.iterdir()))
def test_each_postfix_setting_that_is_rendered_has_a_rung(case: str) -> None:
    """Of ours, the interfaces and protocols need a restart, and all others a reload."""
    rendered = (GOLDEN / case / "expected" / "postfix" / "main.settings").read_text()
    needs = {name: service("postfix").rung_of(name) for name in settings_of(f"== main\n{rendered}")}
    assert len(needs) > 40
    assert {name for name, rung in needs.items() if rung is not Rung.RELOAD} == {"inet_interfaces", "inet_protocols"}


def test_only_other_numbers_than_one_are_lasting() -> None:
    """Login processes that serve many connections are found by their settings, other processes are not meant."""
    dovecot = service("dovecot")
    assert dovecot.is_lasting("service imap-login/service_count")
    assert dovecot.is_lasting("service pop3-login/process_min_avail")
    assert not dovecot.is_lasting("service imap/service_count")


def test_unknown_rung_is_refused(tmp_path: Path) -> None:
    """A misspelt rung is an error that names it."""
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "settings.yaml").write_text("settings: {a: relaod}\ndefault: reload\n")
    with pytest.raises(RenderError, match="RELAOD"):
        setting_rules(Templates(tmp_path), "x")
