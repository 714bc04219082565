"""Opens and logs in to IMAP, POP3, submission and ManageSieve sessions; must not judge what comes back."""

from __future__ import annotations

import base64
import contextlib
import imaplib
import poplib
import smtplib
from collections.abc import Iterator

from mailrig.errors import VerifyError
from mailrig.verify.connection import ME, SIEVE_END, TIMEOUT, Dialogue, context, endpoint, secured
from mailrig.verify.fault import text
from mailrig.verify.target import Target

AUTHENTICATED = 235  # RFC 4954 section 6


def plain(user: str, password: str) -> bytes:
    """Return the SASL PLAIN message (RFC 4616): UTF-8, and no quoting to get wrong."""
    return f"\0{user}\0{password}".encode()


def plain_base64(user: str, password: str) -> str:
    """Return the SASL PLAIN message as SMTP and ManageSieve carry it."""
    return base64.b64encode(plain(user, password)).decode()


def imap(target: Target, port: str, password: str) -> imaplib.IMAP4:
    """Open a logged-in IMAP session on ``imaps``, or on ``imap`` after STARTTLS."""
    to = endpoint(target, port)
    if port == "imaps":
        session: imaplib.IMAP4 = imaplib.IMAP4_SSL(to.address, to.port, ssl_context=context(target), timeout=TIMEOUT)
    else:
        session = imaplib.IMAP4(to.address, to.port, timeout=TIMEOUT)
    with contextlib.ExitStack() as on_failure:
        on_failure.callback(session.shutdown)
        if port != "imaps":
            session.starttls(context(target))
        session.authenticate("PLAIN", lambda _: plain(target.login, password))
        on_failure.pop_all()
    return session


def pop3(target: Target, port: str, password: str) -> poplib.POP3:
    """Open a logged-in POP3 session on ``pop3s``, or on ``pop3`` after STLS."""
    to = endpoint(target, port)
    if port == "pop3s":
        session: poplib.POP3 = poplib.POP3_SSL(to.address, to.port, timeout=TIMEOUT, context=context(target))
    else:
        session = poplib.POP3(to.address, to.port, timeout=TIMEOUT)
    with contextlib.ExitStack() as on_failure:
        on_failure.callback(session.close)
        if port != "pop3s":
            session.stls(context(target))
        session.user(target.login)
        session.pass_(password)
        on_failure.pop_all()
    return session


def smtp(target: Target, port: str) -> smtplib.SMTP:
    """Open an SMTP session, not logged in, in TLS from the first byte or after STARTTLS."""
    to = endpoint(target, port)
    if port == "submissions":
        session: smtplib.SMTP = smtplib.SMTP_SSL(to.address, to.port, ME, timeout=TIMEOUT, context=context(target))
    else:
        session = smtplib.SMTP(to.address, to.port, ME, timeout=TIMEOUT)
    with contextlib.ExitStack() as on_failure:
        on_failure.callback(session.close)
        if port != "submissions":
            session.ehlo()
            session.starttls(context=context(target))
        session.ehlo()
        on_failure.pop_all()
    return session


def log_in(session: smtplib.SMTP, user: str, password: str) -> str:
    """Log in to SMTP with one attempt: ``SMTP.login`` tries every mechanism, each with the server's delay."""
    if not session.has_extn("auth"):
        raise VerifyError("AUTH is not offered after the handshake")
    code, words = session.docmd("AUTH", f"PLAIN {plain_base64(user, password)}")
    if code != AUTHENTICATED:
        raise smtplib.SMTPAuthenticationError(code, words)
    return f"{code} {text(words)}"


@contextlib.contextmanager
def sieve(target: Target, port: str = "managesieve") -> Iterator[tuple[Dialogue, list[str]]]:
    """Hold a ManageSieve session in TLS; yield it with the capabilities that the server lists anew (RFC 5804, 2.2)."""
    with secured(target, port, context(target)) as (line, _):
        yield line, line.ask(None, SIEVE_END)


def sieve_log_in(line: Dialogue, user: str, password: str) -> str:
    """Log in to ManageSieve (RFC 5804 section 2.1)."""
    answer = line.ask(f'AUTHENTICATE "PLAIN" "{plain_base64(user, password)}"', SIEVE_END)[-1]
    if not answer.startswith("OK"):
        raise VerifyError(answer)
    return answer
