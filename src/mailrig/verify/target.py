"""What verify is pointed at: addresses, names and a login; knows nothing of inventories or containers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from mailrig.secret import Secret


@dataclass(frozen=True)
class Endpoint:
    """A published port as a client reaches it."""

    address: str
    port: int

    def __str__(self) -> str:
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


@dataclass(frozen=True)
class Policy:
    """What a site tells those who send mail to it (MTA-STS, RFC 8461): ``mail_servers`` are the names of its MX."""

    mode: str
    max_age: int
    mail_servers: tuple[str, ...]


@dataclass(frozen=True)
class Web:
    """What browsers, and programs that look for settings, are to find at a host.

    ``origin`` is how the address of each page begins. ``policy`` is what the host answers at the name `mta-sts` of each
    of the ``domains``; None where that is another's, or nobody's.
    """

    origin: str
    domains: tuple[str, ...]
    has_webmail: bool = False
    policy: Policy | None = None


@dataclass(frozen=True)
class Target:
    """One host's mail service, seen from outside.

    ``endpoints`` holds one entry a published port, by the inventory's port name (imaps, submission, …);
    ``trust`` the PEM of the CA that clients trust, None for the system's; ``ciphers`` the OpenSSL names that
    the inventory asks for; ``domain`` a domain of the site in which an address may be unknown, None when
    each has a catch-all. ``web`` is None on a host without web pages. A gateway has a ``home``, where the mail that it
    takes can be read; and a home that has ``gateways`` takes mail by LMTP from these addresses alone.
    """

    host: str
    hostname: str
    endpoints: Mapping[str, Endpoint]
    login: str
    password: Secret
    domain: str | None
    trust: str | None
    ciphers: tuple[str, ...]
    prefer_server_ciphers: bool
    min_protocol: str
    home: Target | None = None
    gateways: tuple[str, ...] = ()
    web: Web | None = None

    @property
    def services(self) -> tuple[str, ...]:
        """Return what runs on the host, by name."""
        mail = ("dovecot", "postfix") if self.home is None else ("postfix",)
        if self.web is None:
            return mail
        return (*mail, "setup", *(("roundcube",) if self.web.has_webmail else ()), "web")


class Inside(Protocol):
    """The little that verify must ask inside the containers: effective settings, log lines, the inner network."""

    def run(self, service: str, argv: Sequence[str]) -> tuple[int, str]:
        """Run a command in a service's container; return its exit code and its output (stdout and stderr)."""

    def state(self, service: str) -> str:
        """Say in a few words how the service's container is, such as ``running``, ``exited (89): <last log line>``."""
