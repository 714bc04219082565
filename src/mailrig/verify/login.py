"""Logins: the right password is let in, a wrong one is not, and none is taken in the clear."""

from __future__ import annotations

import functools
import imaplib
import poplib
import re
import smtplib
import time
from collections.abc import Callable

from mailrig.errors import VerifyError
from mailrig.verify import session
from mailrig.verify.connection import (
    IMAP_END,
    ME,
    POP3_END,
    SIEVE_END,
    SMTP_END,
    Dialogue,
    dialogue,
    endpoint,
    service_of,
)
from mailrig.verify.fault import text
from mailrig.verify.probe import Lane, Probe
from mailrig.verify.target import Target

WRONG = "mailrig-wrong-password"
"""Always the same: Dovecot's penalty for an address does not grow when a failure is repeated unchanged."""

NOBODY = "mailrig-nobody"
"""Who tries to log in in the clear; the real login never does."""


def sieve(target: Target) -> Lane:
    """Log in to ManageSieve; IMAP, POP3 and submission are logged in to where their sessions are used."""
    return Lane([Probe("login", "managesieve", "dovecot", functools.partial(_sieve, target))])


def wrong(target: Target) -> list[Lane]:
    """Log in with a wrong password."""
    return [
        Lane([Probe("login-wrong", port, service_of(port), functools.partial(_wrong, target, port))], is_gating=False)
        for port in ("imaps", "pop3s", "submission", "submissions")
    ]


def clear(target: Target) -> list[Lane]:
    """Try to log in before the line is encrypted."""
    return [
        Lane([Probe("login-clear", port, service_of(port), functools.partial(_clear, target, port))]) for port in _CLEAR
    ]


def _attempt(target: Target, port: str, password: str) -> str:
    """Log in once and leave; return the server's words."""
    if port in ("imaps", "imap"):
        with session.imap(target, port, password) as imap:
            return f"{imap.state.lower()}, {len(imap.capabilities)} capabilities"
    if port in ("pop3s", "pop3"):
        pop3 = session.pop3(target, port, password)
        return text(pop3.quit())
    with session.smtp(target, port) as smtp:
        return session.log_in(smtp, target.login, password)


def _sieve(target: Target) -> str:
    with session.sieve(target) as (line, capabilities):
        session.sieve_log_in(line, target.login, target.password.reveal())
    extensions = [entry for entry in capabilities if entry.startswith('"SIEVE"')]
    if not extensions:
        raise VerifyError(f"no SIEVE capability is listed: {' '.join(capabilities)}")
    return extensions[0]


def _wrong(target: Target, port: str) -> str:
    start = time.perf_counter()
    try:
        _attempt(target, port, WRONG)
    except (imaplib.IMAP4.abort, smtplib.SMTPServerDisconnected):
        raise
    except (imaplib.IMAP4.error, poplib.error_proto) as error:
        return _refusal(text(error.args[0]), r".*\[(AUTHENTICATIONFAILED|AUTH)\]", start)  # RFC 5530, RFC 3206
    except smtplib.SMTPAuthenticationError as error:
        return _refusal(f"{error.smtp_code} {text(error.smtp_error)}", r"535", start)  # RFC 4954 section 6
    raise VerifyError("a wrong password is let in")


def _refusal(words: str, expected: str, start: float) -> str:
    if not re.match(expected, words):
        raise VerifyError(f"a wrong password is answered with: {words}")
    return f"refused after {time.perf_counter() - start:.1f} s: {words}"


def _clear(target: Target, port: str) -> str:
    with dialogue(endpoint(target, port)) as line:
        return _CLEAR[port](line)


def _imap_clear(line: Dialogue) -> str:
    line.ask(None, IMAP_END)
    capabilities = " ".join(line.ask("a CAPABILITY", "a "))
    if "LOGINDISABLED" not in capabilities:  # RFC 9051 section 6.2.3
        raise VerifyError(f"LOGIN is offered in the clear: {capabilities}")
    return _judge(line.ask(f"a LOGIN {NOBODY} {WRONG}", "a ")[-1], r"a (NO|BAD) (?!\[AUTHENTICATIONFAILED\])")


def _pop3_clear(line: Dialogue) -> str:
    line.ask(None, POP3_END)
    offered = [entry for entry in line.ask("CAPA", r"(\.|-ERR)") if re.match(r"USER|SASL .*PLAIN", entry)]
    if offered:  # RFC 2449 sections 6.2 and 6.3
        raise VerifyError(f"a login is offered in the clear: {', '.join(offered)}")
    return _judge(line.ask(f"USER {NOBODY}", POP3_END)[-1], "-ERR")


def _sieve_clear(line: Dialogue) -> str:
    capabilities = " ".join(line.ask(None, SIEVE_END))
    if re.search(r'"SASL" "[^"]*PLAIN', capabilities):  # RFC 5804 section 1.7
        raise VerifyError(f"PLAIN is offered in the clear: {capabilities}")
    command = f'AUTHENTICATE "PLAIN" "{session.plain_base64(NOBODY, WRONG)}"'
    return _judge(line.ask(command, SIEVE_END)[-1], "NO (?!.*[Aa]uthentication failed)")


def _smtp_clear(line: Dialogue) -> str:
    line.ask(None, SMTP_END)
    offered = [entry for entry in line.ask(f"EHLO {ME}", SMTP_END) if re.match(r"250[- ]AUTH", entry)]
    if offered:
        raise VerifyError(f"AUTH is offered in the clear: {offered[0]}")
    answer = line.ask(f"AUTH PLAIN {session.plain_base64(NOBODY, WRONG)}", SMTP_END)[-1]
    return _judge(answer, r"5(?!35)")  # 535 would mean that the password was looked at


def _judge(answer: str, expected: str) -> str:
    if not re.match(expected, answer):
        raise VerifyError(f"a login in the clear is answered with: {answer}")
    return answer


_CLEAR: dict[str, Callable[[Dialogue], str]] = {
    "imap": _imap_clear,
    "pop3": _pop3_clear,
    "managesieve": _sieve_clear,
    "submission": _smtp_clear,
    "smtp": _smtp_clear,
}
