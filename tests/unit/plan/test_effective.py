"""The settings in force: read from what the images' own tools print, and compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailrig.plan.effective import Effective, SettingChange, changes, sections, settings_of
from mailrig.plan.words import setting_words, spec_words


def printed(name: str) -> str:
    """What ``mailrig-check`` prints in an image."""
    return (Path(__file__).parent / f"{name}.check").read_text()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ssl", "required"),
        ("ssl_cert", "</etc/mailrig/current/tls.crt"),
        ("ssl_key", "# hidden, use -P to show it"),
        ("passdb/driver", "passwd-file"),
        ("namespace inbox/location", ""),
        ("namespace inbox/mailbox Drafts/auto", "subscribe"),
        ("plugin/quota", "count:User quota"),
        ("service imap-login/inet_listener imaps/port", "993"),
        ("service lmtp/unix_listener /var/spool/postfix/private/dovecot-lmtp/mode", "0600"),
        ("protocol imap/mail_plugins", "quota imap_quota"),
    ],
)
def test_dovecot_settings_have_flat_names(name: str, value: str) -> None:
    """What ``doveconf -n`` prints in blocks is found by the path to it."""
    assert settings_of(printed("dovecot"))[name] == value


def test_dovecot_comments_and_braces_are_no_settings() -> None:
    """Every setting has a name of letters, and the version in the comments is none."""
    names = settings_of(printed("dovecot"))
    assert len(names) == 80
    assert not [name for name in names if name.startswith(("#", "}")) or name.endswith("{")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("passdb/args", "/a"),
        ("passdb#2/driver", "static"),
        ("userdb/driver", "static"),
        ("namespace/inbox", "yes"),
        ("namespace shared/prefix", "shared/%u/"),
        ("plugin/quota", "maildir:a = b"),
        ("log_timestamp", "%Y {"),
        ("protocol !imap/mail_plugins", "acl"),
        ("remote 10.0.0.0/8/disable_plaintext_auth", "no"),
        ("local 127.0.0.1/ssl_cert", "</x"),
        ("local 127.0.0.1/protocol imap/mail_plugins", "quota"),
        ("local_name mail.example.org/ssl_min_protocol", "TLSv1"),
    ],
)
def test_dovecot_blocks_of_any_kind_are_read(name: str, value: str) -> None:
    """Blocks without a name are numbered, those with one are joined, and values may look like blocks."""
    assert settings_of(printed("dovecot-blocks"))[name] == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("alias_maps", ""),
        ("inet_interfaces", "all"),
        ("smtpd_tls_chain_files", "/etc/mailrig/current/tls.key, /etc/mailrig/current/tls.crt"),
        ("smtp/inet", "n - n - - smtpd"),
        ("tlsmgr/unix", "- - n 1000? 1 tlsmgr"),
        ("submission/inet", "n - n - - smtpd"),
        ("submission/inet/smtpd_tls_security_level", "encrypt"),
        ("relay/unix/syslog_name", "postfix/$service_name"),
    ],
)
def test_postfix_settings_have_flat_names(name: str, value: str) -> None:
    """Settings of main.cf, services of master.cf and the settings of these are found side by side."""
    assert settings_of(printed("postfix"))[name] == value


def test_options_of_a_service_are_settings_of_it_alone() -> None:
    """The line of a service does not repeat its options; those of pipe's own command stay."""
    line = "x unix - n n - - pipe -o {a=b c} -o d=e flags=R user=vmail argv=/bin/x -o y"
    assert settings_of(f"== master\n{line}\n") == {"x/unix": "- n n - - pipe flags=R user=vmail argv=/bin/x -o y"}


def test_sections_are_told_apart() -> None:
    """What stands before the first section is nobody's, and errors are no settings."""
    output = "warning = 1\n== main\na = 1\n== errors\nb = 2\n"
    assert sections(output) == {"main": "a = 1", "errors": "b = 2"}
    assert settings_of(output) == {"a": "1"}


def test_what_is_equal_is_no_change() -> None:
    """Only what comes, goes or differs is a change, by name."""
    effective = Effective({"b": "1", "c": "1", "d": "1"}, {"a": "1", "b": "1", "c": "2"})
    assert changes(effective) == (
        SettingChange("a", None, "1"),
        SettingChange("c", "1", "2"),
        SettingChange("d", "1", None),
    )


@pytest.mark.parametrize(
    ("name", "before", "after", "words"),
    [
        ("ssl_cipher_list", "A:B", "A:B:C:D:E:F:G:H", "+6 suites"),
        ("ssl_cipher_list", "A:B:C", "C:D", "+1 -2 suites"),
        ("ssl_cipher_list", "A", "A:B", "+1 suite"),
        ("tls_high_cipherlist", "A:B", "B:A", "the same suites in another order"),
        ("ssl_curve_list", "X25519:P-256", "X25519", "-1 curve"),
        ("protocols", "imap lmtp", "imap lmtp sieve", "+sieve"),
        ("protocol imap/mail_plugins", "quota acl", "quota imap_quota", "+imap_quota -acl"),
        ("smtpd_recipient_restrictions", "a, b", "b,a", "the same in another order"),
        (
            "smtpd_recipient_restrictions",
            "a, check_policy_service { unix:x, timeout=5s }",
            "a, check_policy_service { unix:x, timeout=6s }",
            "+{ unix:x, timeout=6s } -{ unix:x, timeout=5s }",
        ),
        ("mynetworks", "127.0.0.0/8", "127.0.0.0/8 10.0.0.1 10.0.0.2 10.0.0.3 10.0.0.4", "+4"),
        ("mail_max_userip_connections", "50", "77", "50 → 77"),
        ("mail_plugins", None, "quota", "set to quota"),
        ("mail_plugins", "quota", None, "no longer set (was quota)"),
        ("relayhost", "", "[relay.example.net]:587", "nothing → [relay.example.net]:587"),
        ("ssl_dh", None, "# hidden, use -P to show it", "set to a hidden value"),
        ("login_greeting", "x" * 49, "y", f"{'x' * 48}… → y"),
    ],
)
def test_change_is_put_into_words(name: str, before: str | None, after: str | None, words: str) -> None:
    """Lists say what comes and goes, other settings both values."""
    assert setting_words(SettingChange(name, before, after)) == f"{name}: {words}"


def test_mount_that_only_differs_in_its_options_is_named_once() -> None:
    """A volume at the same place is neither new nor gone."""
    mount = {"type": "volume", "source": "data", "target": "/var/mail"}
    (words,) = spec_words({"volumes": [mount]}, {"volumes": [{**mount, "read_only": True}]})
    assert words == "volumes: data on /var/mail changed"
