"""What Postfix's templates are filled with; knows nothing of how Postfix writes it."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mailrig.errors import RenderError
from mailrig.inventory.model import Host, Inventory, Relay, size_in_bytes
from mailrig.render import certificates
from mailrig.render.addresses import mailboxes, sender_logins, virtual_aliases
from mailrig.render.profiles import dh_parameters, negotiation
from mailrig.render.templates import single_line
from mailrig.secret import Secret

TEMPLATES = "postfix"

_SUBMISSIONS = 465  # RFC 8314

_PARAMETER = re.compile(r"[A-Za-z0-9_]+")
_SERVICE_PARAMETER = re.compile(r"[A-Za-z0-9_.:-]+/(inet|unix|fifo|pass)/[A-Za-z0-9_]+")


@dataclass(frozen=True)
class Smarthost:
    """The relay as Postfix asks for it: next hop, TLS level, and whether TLS comes before SMTP (port 465)."""

    nexthop: str
    level: str
    wrapper: bool


@dataclass(frozen=True)
class RelayLogin:
    """What Postfix logs in with at the relay."""

    user: str
    password: Secret


@dataclass(frozen=True)
class Handover:
    """Where a gateway hands over to, and the address behind which Docker may hide its clients; None when unknown."""

    address: str
    port: int
    bridge: str | None


def values(inventory: Inventory, host_name: str) -> dict[str, Any]:
    """Everything that Postfix's templates of ``host_name`` ask for."""
    site = inventory.site
    host = site.hosts[host_name]
    tls = negotiation(site.tls)
    boxes = mailboxes(site, inventory.probe.address)
    place, extra = inventory.extra_on(host_name)
    return {
        "hostname": host.hostname,
        "domains": sorted(site.domains),
        "mailboxes": boxes,
        "virtual_aliases": virtual_aliases(site, boxes),
        "sender_logins": sender_logins(site, boxes),
        "message_size_limit": size_in_bytes(site.message_size_limit),
        "tls": tls,
        "dh": dh_parameters(tls.dh),
        **certificates.values(inventory, host_name),
        "handover": _handover(inventory, host_name) if host.role == "mx" else None,
        "logins": host.role == "home",
        "smtp": host.published("smtp") is not None,
        "submission": host.published("submission") is not None,
        "relay": _smarthost(site.relay) if site.relay else None,
        "relay_login": _relay_login(inventory),
        "extra": tuple(_extra(inventory, (*place, "postfix"), extra.postfix, _PARAMETER)),
        "extra_master": tuple(_extra(inventory, (*place, "postfix_master"), extra.postfix_master, _SERVICE_PARAMETER)),
    }


def _handover(inventory: Inventory, gateway: str) -> Handover:
    """Return the first address of the port that the gateway's home has for it."""
    site = inventory.site
    home = site.home_of(gateway)
    lmtp = site.hosts[home].published("lmtp")
    if lmtp is None or not lmtp.addresses:
        raise RenderError(
            f"`{gateway}` has no port to hand over to: `{home}` does not publish `lmtp`",
            location=inventory.at("hosts", home, "ports"),
        )
    return Handover(lmtp.addresses[0], lmtp.port, _bridge(site.hosts[gateway]))


def _bridge(host: Host) -> str | None:
    """Return the address that the engine gives itself on a network whose subnet it is told."""
    return str(ipaddress.ip_network(host.network.subnet)[1]) if host.network.subnet else None


def _smarthost(relay: Relay) -> Smarthost:
    """Ask for TLS from the first byte on port 465, which Postfix takes only with a level of `encrypt` or more."""
    wrapper = relay.port == _SUBMISSIONS and relay.tls != "none"
    level = "encrypt" if wrapper and relay.tls == "may" else relay.tls
    return Smarthost(f"[{relay.host}]:{relay.port}", level, wrapper)


def _relay_login(inventory: Inventory) -> RelayLogin | None:
    """Return the relay's user and password; what `user:password` in a map cannot hold is refused."""
    relay = inventory.site.relay
    if relay is None or relay.user is None or relay.password is None:
        return None
    password = relay.password.reveal()
    if ":" in relay.user or relay.user != relay.user.strip() or password != password.strip():
        raise RenderError(
            "the relay's login cannot be written for Postfix",
            location=inventory.at("relay", "user"),
            hint="no colon in `relay.user`, and no blanks around it or the password",
        )
    return RelayLogin(relay.user, relay.password)


def _extra(
    inventory: Inventory,
    section: tuple[str, ...],
    settings: Mapping[str, str | int | bool],
    name_form: re.Pattern[str],
) -> Iterator[tuple[str, str | int | bool]]:
    for name, value in settings.items():
        location = inventory.at(*section, name)
        if not name_form.fullmatch(name):
            raise RenderError(f"not a parameter's name: {name}", location=location)
        if name_form is _SERVICE_PARAMETER and re.search(r"\s", str(value)):
            raise RenderError(
                f"`{name}`: a value in master.cf cannot hold a blank",
                location=location,
                hint="write a list with commas, or set a parameter of your own in `extra.postfix` and give it as $name",
            )
        try:
            single_line(str(value))
        except RenderError as error:
            raise RenderError(f"`{name}`: {error.problems[0].message}", location=location) from error
        yield name, value
