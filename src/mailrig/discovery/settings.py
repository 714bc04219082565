"""Inventory → which servers a mail program is to use, for each domain; must not know in which format they are told."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from mailrig.errors import MailrigError, Problem
from mailrig.inventory.model import Host, Inventory, PortName

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


def of_domain(inventory: Inventory, domain: str) -> Settings:
    """Return the settings for a domain's addresses: every port for mail programs that is published, the best first."""
    return Settings(domain, tuple(_servers(inventory)))


def of_address(inventory: Inventory, address: str) -> Settings:
    """Return the settings for a person; raise MailrigError where nobody can log in so, or no port is open for it."""
    if problem := _no_login(inventory, address):
        raise MailrigError.of([problem])
    settings = of_domain(inventory, address.rpartition("@")[2])
    if settings.is_complete:
        return settings
    what = "read" if not settings.incoming else "sent"
    home = next((name for name, host in inventory.site.hosts.items() if has_mailboxes(host)), "")
    place = inventory.at("hosts", home, "ports")
    hint = "publish `imaps` and `submissions` under `ports`"
    raise MailrigError(f"no port is published through which mail can be {what}", location=place, hint=hint)


def _servers(inventory: Inventory) -> Iterator[Server]:
    for port, protocol, tls in PORTS:
        for name, host in inventory.site.hosts.items():
            published = host.published(port)
            if published is not None:
                yield Server(port, protocol, host.hostname, published.port, tls, name)


def has_mailboxes(host: Host) -> bool:
    """Whether people log in at a host: not at one that only hands mail on."""
    return host.role == "home"


def _no_login(inventory: Inventory, address: str) -> Problem | None:
    """Return why nobody logs in with an address, or None."""
    site = inventory.site
    local, _, domain = address.rpartition("@")
    if not local or not domain:
        return Problem(f"`{_shown(address)}` is no address", hint="write it whole, as in `setup show anna@example.org`")
    if domain not in site.domains:
        hint = f"the domains are: {', '.join(site.domains)}"
        return Problem(f"`{_shown(domain)}` is none of the inventory's domains", inventory.at("domains"), hint)
    if address in site.accounts:
        return _disabled(inventory, address)
    if address in site.aliases:
        hint = f"log in as who gets its mail: {_targets(site.aliases[address])}"
        return Problem(f"`{address}` is an alias, and has no login", inventory.at("aliases", address), hint)
    return Problem(f"there is no account `{_shown(address)}`", inventory.at("accounts"), _near(inventory, address))


def _disabled(inventory: Inventory, address: str) -> Problem | None:
    if inventory.site.accounts[address].enabled:
        return None
    place = inventory.at("accounts", address, "enabled")
    return Problem(f"account `{address}` is not enabled: nobody can log in with it", place, "set `enabled: true`")


def _near(inventory: Inventory, address: str) -> str:
    local, _, domain = address.rpartition("@")
    beside = [name.rpartition("@")[0] for name in inventory.site.accounts if name.endswith(f"@{domain}")]
    if close := difflib.get_close_matches(local, beside, n=1):
        return f"did you mean `{close[0]}@{domain}`?"
    catcher = inventory.site.aliases.get(f"@{domain}")
    return f"its mail goes to {_targets(catcher)}: log in as that" if catcher else "add it under `accounts`"


def _targets(targets: str | tuple[str, ...]) -> str:
    return targets if isinstance(targets, str) else ", ".join(targets)


def _shown(text: str) -> str:
    """Return what somebody typed, without what a terminal would act on."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
