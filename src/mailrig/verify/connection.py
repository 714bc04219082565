"""How a client gets a secured line to a published port; knows nothing of what is asked on it."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mailrig.errors import VerifyError
from mailrig.verify.probe import Skip
from mailrig.verify.target import Endpoint, Target

TIMEOUT = 10.0
"""Seconds that a probe waits for a connection or for one reply."""

ME = "[127.0.0.1]"
"""What we say in EHLO and LHLO: an address literal (RFC 5321 section 4.1.3), which no HELO restriction looks up."""

DIRECT = ("imaps", "pop3s", "submissions")
BROWSED = ("https",)  # TLS from the first byte as well, and no mail client comes there
UPGRADED = ("submission", "imap", "pop3", "smtp", "managesieve")

SERVICES = {"submission": "postfix", "submissions": "postfix", "smtp": "postfix", "https": "web", "http": "web"}


def service_of(port: str) -> str:
    """Return the service that stands behind a port's name."""
    return SERVICES.get(port, "dovecot")


def endpoint(target: Target, port: str) -> Endpoint:
    """Return where ``port`` is published; Skip when it is not."""
    try:
        return target.endpoints[port]
    except KeyError:
        raise Skip(f"port {port} is not published") from None


class ClientContext(ssl.SSLContext):
    """A client's TLS settings that ask for, and check, the host name of the site whatever address is dialled.

    imaplib, poplib and smtplib hand over the address they dialled; clients of the site use its name.
    """

    host_name: str

    def wrap_socket(self, sock: socket.socket, *_args: Any, **_options: Any) -> ssl.SSLSocket:
        """Shake hands in the name of the site."""
        return super().wrap_socket(sock, server_hostname=self.host_name)


def context(target: Target, version: ssl.TLSVersion | None = None, *, verified: bool = True) -> ClientContext:
    """Make a client's TLS settings: what the target's clients trust, and one TLS version only if it is named."""
    made = ClientContext(ssl.PROTOCOL_TLS_CLIENT)
    made.host_name = target.hostname
    if version is not None:
        made.minimum_version = made.maximum_version = version
    if not verified:
        made.check_hostname = False
        made.verify_mode = ssl.CERT_NONE
    elif target.trust is not None:
        made.load_verify_locations(cadata=target.trust)
    else:
        made.load_default_certs()
    return made


class Dialogue:
    """A line-by-line conversation on a socket; every reply is read before the next command goes out."""

    def __init__(self, to: Endpoint) -> None:
        self.socket = socket.create_connection((to.address, to.port), TIMEOUT)
        self._file = self.socket.makefile("rb")

    def ask(self, command: str | None, end: str) -> list[str]:
        """Send a command, or nothing when the server speaks first; return the lines up to the one that fits ``end``."""
        if command is not None:
            self.socket.sendall(command.encode() + b"\r\n")
        lines: list[str] = []
        while not lines or not re.match(end, lines[-1]):
            raw = self._file.readline(65536)
            if not raw:
                raise EOFError
            lines.append(raw.decode("utf-8", "replace").rstrip("\r\n"))
        return lines

    def secure(self, with_: ClientContext) -> ssl.SSLSocket:
        """Shake hands on this line; what follows is encrypted."""
        secured = with_.wrap_socket(self.socket)
        self.socket = secured
        self._file = secured.makefile("rb")
        return secured

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self.socket.close()


@contextlib.contextmanager
def dialogue(to: Endpoint) -> Iterator[Dialogue]:
    """Hold a dialogue, and hang up at its end."""
    line = Dialogue(to)
    try:
        yield line
    finally:
        line.close()


@dataclass(frozen=True)
class Upgrade:
    """How a protocol goes over to TLS: ``end`` tells a reply's last line, ``good`` that the answer is yes."""

    end: str
    steps: tuple[str, ...]
    good: str


SMTP_END = r"\d{3}( |$)"
IMAP_END = r"(a|\* (OK|BYE|PREAUTH)) "
POP3_END = r"(\+OK|-ERR)"
SIEVE_END = r"(OK|NO|BYE)\b"

_SMTP = Upgrade(SMTP_END, (f"EHLO {ME}", "STARTTLS"), r"2")  # RFC 3207
UPGRADES = {
    "smtp": _SMTP,
    "submission": _SMTP,
    "imap": Upgrade(IMAP_END, ("a STARTTLS",), r"a OK"),  # RFC 9051 section 6.2.1
    "pop3": Upgrade(POP3_END, ("STLS",), r"\+OK"),  # RFC 2595 section 4
    "managesieve": Upgrade(SIEVE_END, ("STARTTLS",), r"OK"),  # RFC 5804 section 2.2
}


@contextlib.contextmanager
def awaiting_tls(target: Target, port: str) -> Iterator[Dialogue]:
    """Hold a dialogue on ``port`` that has come to where TLS begins: at its first byte, or after STARTTLS."""
    with dialogue(endpoint(target, port)) as line:
        if port in UPGRADES:
            _upgrade(line, UPGRADES[port])
        yield line


@contextlib.contextmanager
def secured(target: Target, port: str, with_: ClientContext) -> Iterator[tuple[Dialogue, ssl.SSLSocket]]:
    """Hold a dialogue on ``port`` in TLS, from the first byte or after STARTTLS."""
    with awaiting_tls(target, port) as line:
        yield line, line.secure(with_)


def _upgrade(line: Dialogue, upgrade: Upgrade) -> None:
    line.ask(None, upgrade.end)
    for step in upgrade.steps:
        answer = line.ask(step, upgrade.end)
    if not re.match(upgrade.good, answer[-1]):
        raise VerifyError(f"STARTTLS is refused: {answer[-1]}")
