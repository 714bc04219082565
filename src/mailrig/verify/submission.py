"""The doors through which mail comes in, submission and LMTP: who and what is refused there, and one message let in."""

from __future__ import annotations

import errno
import functools
import re
import smtplib
import time
from collections.abc import Callable

from mailrig.errors import VerifyError
from mailrig.verify import session
from mailrig.verify.connection import ME, SMTP_END, TIMEOUT, dialogue, endpoint, service_of
from mailrig.verify.fault import text
from mailrig.verify.message import Message
from mailrig.verify.probe import Lane, Probe, Skip
from mailrig.verify.target import Target

COMPLETED = 250
PERMANENT = 500  # RFC 5321 section 4.2.1: and above


def unknown_address(target: Target) -> str:
    """Return an address of the site that nobody has; a catch-all may take its mail all the same."""
    domain = target.domain or target.login.rpartition("@")[2]
    return f"mailrig-no-such-mailbox@{domain}"


class Door:
    """One way in: its session, and the message that went through, once both are there."""

    def __init__(self, target: Target, port: str) -> None:
        self.port = port
        self.message: Message | None = None
        self.receipt = ""
        self._target = target
        self._smtp: smtplib.SMTP | None = None

    def lane(self) -> Lane:
        """Return the probes that share this door's session."""
        checks: dict[str, Callable[[], str]] = {
            "login": self.log_in,
            "send": self.send,
            "foreign-sender": self.foreign_sender,
            "unknown-recipient": self.unknown_recipient,
        }
        if self.port == "lmtp":
            checks = {"send": self.send_lmtp, "unknown-recipient": self.unknown_recipient}
        if self.port == "smtp":
            checks = {"greeting": self.greet, "send": self.send}
        probes = [Probe(name, self.port, service_of(self.port), check) for name, check in checks.items()]
        return Lane(probes, finish=self.close)

    @property
    def queue_id(self) -> str | None:
        """Return the queue id from Postfix's receipt, None when there is none."""
        found = re.search(r"queued as ([0-9A-Za-z]+)", self.receipt)
        return found[1] if found else None

    def log_in(self) -> str:
        """Log in with the right password, and keep the session."""
        self._smtp = smtp = session.smtp(self._target, self.port)
        try:
            return session.log_in(smtp, self._target.login, self._target.password.reveal())
        except BaseException:
            self.close()
            raise

    def greet(self) -> str:
        """Wait for the greeting, as long as a stranger is kept waiting, and keep the session."""
        start = time.perf_counter()
        self._smtp = session.smtp(self._target, self.port)
        return f"after {time.perf_counter() - start:.1f} s, with STARTTLS"

    def send(self) -> str:
        """Submit one message to the probe's own mailbox."""
        return self._send(self._session())

    def send_lmtp(self) -> str:
        """Deliver one message as the gateway does."""
        self._smtp = lmtp(self._target)
        return self._send(self._smtp)

    def foreign_sender(self) -> str:
        """Try to send in somebody else's name: a login may only use its own addresses."""
        smtp = self._session()
        senders = (unknown_address(self._target), "somebody@example.org")
        seen = [refused(smtp, who, self._target.login, f"{who} may be used as sender") for who in senders]
        return "; ".join(dict.fromkeys(seen))

    def unknown_recipient(self) -> str:
        """Name a mailbox that does not exist: the refusal belongs in the dialogue, not in a bounce."""
        smtp = self._session()
        if self.port != "lmtp":  # a catch-all is Postfix's affair
            demand_unknown(self._target)
        address = unknown_address(self._target)
        return refused(smtp, self._target.login, address, f"{address} is accepted")

    def close(self) -> None:
        """Leave."""
        if self._smtp is not None:
            self._smtp.close()
            self._smtp = None

    def _session(self) -> smtplib.SMTP:
        endpoint(self._target, self.port)
        if self._smtp is None:
            raise Skip("there is no session to ask on")
        return self._smtp

    def _send(self, smtp: smtplib.SMTP) -> str:
        message = Message(self._target.login, self.port)
        options = [option for option in ("BODY=8BITMIME",) if smtp.has_extn("8bitmime")]
        for code, words in (smtp.mail(message.address, options), smtp.rcpt(message.address)):
            if code != COMPLETED:
                raise smtplib.SMTPResponseException(code, words)
        code, words = smtp.data(message.content)
        if code != COMPLETED:
            raise smtplib.SMTPDataError(code, words)
        self.message, self.receipt = message, text(words)
        return f"{code} {self.receipt}"


def lmtp(target: Target) -> smtplib.LMTP:
    """Open an LMTP session; Skip where the port cannot be reached from here."""
    to = endpoint(target, "lmtp")
    try:
        session = smtplib.LMTP(to.address, to.port, ME, timeout=TIMEOUT)
    except OSError as error:
        if error.errno in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ETIMEDOUT):
            raise Skip(f"{to} is on a network that cannot be reached from here") from error
        raise
    session.ehlo()
    return session


def demand_unknown(target: Target) -> None:
    """Skip what needs an unknown address where there can be none."""
    if target.domain is None:
        raise Skip("every domain has a catch-all: no address is unknown")


def demands(target: Target) -> list[Lane]:
    """Ask the submission ports what they demand before they take mail."""
    return [
        Lane([Probe("demands-starttls", "submission", "postfix", functools.partial(_demands_starttls, target))]),
        *(
            Lane([Probe("demands-auth", port, "postfix", functools.partial(_demands_auth, target, port))])
            for port in ("submission", "submissions")
        ),
    ]


def _demands_starttls(target: Target) -> str:
    with dialogue(endpoint(target, "submission")) as line:
        line.ask(None, SMTP_END)
        line.ask(f"EHLO {ME}", SMTP_END)
        answer = line.ask(f"MAIL FROM:<{target.login}>", SMTP_END)[-1]
    if not answer.startswith("530"):  # RFC 3207 section 4
        raise VerifyError(f"MAIL before STARTTLS is answered with: {answer}")
    return answer


def _demands_auth(target: Target, port: str) -> str:
    """Even mail to the site's own mailboxes needs a login here (RFC 6409 section 4.3)."""
    with session.smtp(target, port) as smtp:
        return refused(smtp, target.login, target.login, "mail is taken without a login")


def refused(smtp: smtplib.SMTP, sender: str, recipient: str, otherwise: str) -> str:
    """Offer an envelope that must be refused for good, at MAIL or at RCPT; return the refusal."""
    try:
        code, words = smtp.mail(sender)
        if code == COMPLETED:
            code, words = smtp.rcpt(recipient)
    finally:
        smtp.rset()
    answer = f"{code} {text(words)}"
    if code < PERMANENT:
        raise VerifyError(f"{otherwise}: {answer}")
    return answer
