"""Which servers the mail programs of a domain are to use; must not know from where, nor in which format it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PortName = Literal["imaps", "imap", "pop3s", "pop3", "submissions", "submission", "managesieve"]
Protocol = Literal["imap", "pop3", "smtp", "managesieve"]
Tls = Literal["implicit", "starttls"]

# In the order in which they are to be tried: TLS from the start before STARTTLS (RFC 8314 section 3), IMAP before POP3.
PORTS: tuple[tuple[PortName, Protocol, Tls], ...] = (
    ("imaps", "imap", "implicit"),
    ("imap", "imap", "starttls"),
    ("pop3s", "pop3", "implicit"),
    ("pop3", "pop3", "starttls"),
    ("submissions", "smtp", "implicit"),
    ("submission", "smtp", "starttls"),
    ("managesieve", "managesieve", "starttls"),
)


@dataclass(frozen=True)
class Server:
    """One way in: a port of a host, by the name that its certificate holds. ``host`` is its name in the inventory."""

    name: PortName
    protocol: Protocol
    hostname: str
    port: int
    tls: Tls
    host: str


@dataclass(frozen=True)
class Settings:
    """What the mail programs of one domain are told. The user name is always the whole address."""

    domain: str
    servers: tuple[Server, ...]

    @property
    def incoming(self) -> tuple[Server, ...]:
        """The servers that mail is read from, the best first."""
        return tuple(server for server in self.servers if server.protocol in ("imap", "pop3"))

    @property
    def outgoing(self) -> tuple[Server, ...]:
        """The servers that mail is sent through, the best first."""
        return tuple(server for server in self.servers if server.protocol == "smtp")

    @property
    def is_complete(self) -> bool:
        """Whether mail can be read and sent."""
        return bool(self.incoming and self.outgoing)
