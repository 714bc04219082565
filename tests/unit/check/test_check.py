"""Findings on a release whose files are each valid."""

from __future__ import annotations

import pytest

from mailrig.check import check, findings
from mailrig.errors import RenderError
from mailrig.render.release import File, Release, Rung, Service

LISTENERS = """
service auth {
  unix_listener /var/spool/postfix/private/auth {
  }
}
service lmtp {
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
  }
}
"""
SETTINGS = """
# smtpd_sasl_path = private/commented
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
virtual_transport = lmtp:unix:private/dovecot-lmtp
"""


def file(path: str, content: str, mode: int = 0o644, shown: str | None = None) -> File:
    """Return a rendered file; with ``shown`` it holds a secret."""
    return File(path, content.encode(), content if shown is None else shown, mode, 0, 0, Rung.RELOAD)


def release(dovecot: str = LISTENERS, postfix: str = SETTINGS, *more: File) -> Release:
    """Return a release of both services."""
    services = (
        Service("dovecot", {}, (file("dovecot.conf", dovecot), *more)),
        Service("postfix", {}, (file("main.settings", postfix),)),
    )
    return Release("home", "mailrig-t", "", {}, services)


def test_fitting_services_have_no_findings() -> None:
    """Sockets that are opened where they are asked for are fine."""
    check(release())


def test_socket_that_nobody_opens() -> None:
    """An override that points Postfix elsewhere is found before anything is deployed."""
    [problem] = findings(release(postfix=SETTINGS + "smtpd_sasl_path = private/elsewhere\n"))
    assert "private/elsewhere" in problem.message
    assert "private/auth" in str(problem.hint)


def test_all_loose_ends_come_at_once() -> None:
    """Without any listener both the login's and the delivery's socket are named."""
    with pytest.raises(RenderError) as raised:
        check(release(dovecot=""))
    assert [problem.message.split()[1] for problem in raised.value.problems] == ["smtpd_sasl_path", "virtual_transport"]


def test_secret_that_everybody_may_read() -> None:
    """A file with a secret and a mode for everybody is a finding; with a stricter mode it is not."""
    key = ("tls.key", "PRIVATE")
    assert [problem.message for problem in findings(release(LISTENERS, SETTINGS, file(*key, 0o644, "<secret>")))] == [
        "dovecot: tls.key holds a secret and is readable by everybody (mode 0644)"
    ]
    assert not findings(release(LISTENERS, SETTINGS, file(*key, 0o600, "<secret>")))
