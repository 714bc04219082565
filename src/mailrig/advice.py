"""Inventory → which servers the mail programs of a person or a domain are to use; must not know in which format."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from mailrig.discovery.settings import PORTS, Server, Settings
from mailrig.errors import MailrigError, Problem
from mailrig.inventory.model import Host, Inventory


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
