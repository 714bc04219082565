"""Turns what the protocol libraries raise into one sentence; knows nothing of causes."""

from __future__ import annotations

import imaplib
import poplib
import smtplib
import socket
import ssl
from collections.abc import Callable
from typing import Any

from mailrig.errors import MailrigError

CLOSED = "the server closed the connection"

# OpenSSL's reason codes (`SSLError.reason`), RFC 8446 section 6 for the alerts.
_TLS_REASONS = {
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "the server refused the handshake (alert 40, handshake_failure)",
    "TLSV1_ALERT_PROTOCOL_VERSION": "the server refused the protocol version (alert 70, protocol_version)",
    "TLSV1_ALERT_INTERNAL_ERROR": "the server failed in the handshake (alert 80, internal_error)",
    "WRONG_VERSION_NUMBER": "the answer is not TLS",
    "RECORD_LAYER_FAILURE": "the answer is not TLS",  # what OpenSSL 3.2 and later say
    "UNSUPPORTED_PROTOCOL": "the server answered with another protocol version",
    "UNEXPECTED_EOF_WHILE_READING": f"{CLOSED} without an alert",
}


def sentence(error: BaseException) -> str:
    """Say what happened, in one line and without a class name where that is possible."""
    for kinds, say in _SENTENCES:
        if isinstance(error, kinds):
            return say(error)
    return _plain(error)


def text(raw: object) -> str:
    """Return a server's words, bytes or not, as one line."""
    line = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
    return " ".join(line.split())


def _tls(error: ssl.SSLError) -> str:
    reason = getattr(error, "reason", None) or "UNEXPECTED_EOF_WHILE_READING"
    return _TLS_REASONS.get(reason, f"TLS failed: {reason.lower().replace('_', ' ')}")


def _system(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()


def _spoken(error: Exception) -> str:
    words = text(error.args[0]) if error.args else ""
    return CLOSED if not words or "EOF" in words else words


def _refused(error: smtplib.SMTPRecipientsRefused) -> str:
    return "; ".join(f"{code} {text(words)}" for code, words in error.recipients.values())


def _plain(error: BaseException) -> str:
    return f"{type(error).__name__}: {text(error)}" if str(error) else type(error).__name__


# The first kind that fits: subclasses stand before their bases.
_SENTENCES: tuple[tuple[Any, Callable[[Any], str]], ...] = (
    (MailrigError, lambda error: error.problems[0].message),
    (ssl.SSLCertVerificationError, lambda error: f"the certificate is not accepted: {error.verify_message}"),
    (ssl.SSLError, _tls),
    (ConnectionRefusedError, lambda _: "the connection is refused"),
    (smtplib.SMTPServerDisconnected, lambda _: CLOSED),
    (smtplib.SMTPRecipientsRefused, _refused),
    (smtplib.SMTPResponseException, lambda error: f"{error.smtp_code} {text(error.smtp_error)}"),
    ((ConnectionResetError, BrokenPipeError, EOFError), lambda _: CLOSED),
    (TimeoutError, lambda _: "no answer in time"),
    (socket.gaierror, lambda error: f"the address cannot be looked up: {_system(error)}"),
    (OSError, _system),
    ((imaplib.IMAP4.error, poplib.error_proto), _spoken),
)
