"""Hosts of role `mx`: which home each is for, and that the home's LMTP is open to them alone; knows no mail."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping

from mailrig.errors import Problem
from mailrig.inventory.draft import Draft
from mailrig.inventory.model import Host
from mailrig.inventory.rules.network import TRUSTED, ip_of, published_on

_VPN = "its address in the VPN, as `tailscale ip -4` prints it on that host"
_PORTS = ("smtp", "http", "https")
_LMTP = "lmtp: {port: 2525, addresses: [100.64.0.10]}"


def check(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with gateways, and with homes that they hand over to."""
    homes = _of_role(draft, "home")
    gateways = _of_role(draft, "mx")
    for name in homes:
        yield from _keys_of_a_gateway(draft, name)
    for name, host in gateways.items():
        yield from _keys_of_a_home(draft, name)
        yield from _ports(draft, name, host)
        yield from _vpn_address(draft, name, host)
        yield from _home(draft, name, host, homes)
    yield from _same_addresses(draft, gateways)
    for home in homes:
        if served := [name for name, host in gateways.items() if _home_of(host, homes) == home]:
            yield from _hand_over(draft, home, homes[home], {name: gateways[name] for name in served})


def _of_role(draft: Draft, role: str) -> dict[str, Host]:
    return {
        name: host
        for name, host in draft.site.hosts.items()
        if host.role == role and draft.is_sound("hosts", name, "role")
    }


def _home_of(host: Host, homes: Mapping[str, Host]) -> str | None:
    return host.home or (next(iter(homes)) if len(homes) == 1 else None)


def _keys_of_a_gateway(draft: Draft, name: str) -> Iterator[Problem]:
    for key, hint in (
        ("home", "only a host of role `mx` has one"),
        ("vpn_address", "only a host of role `mx` has one; a port's `addresses` say where it is open"),
        ("extra", "write it in the site's own `extra`, which holds on hosts with mailboxes"),
    ):
        if ("hosts", name, key) in draft.marks:
            yield draft.problem(
                f"`{key}` has no meaning on host `{name}`, whose role is `home`", "hosts", name, key, hint=hint
            )


def _keys_of_a_home(draft: Draft, name: str) -> Iterator[Problem]:
    hint = "Dovecot does not run on a host of role `mx`: remove the key"
    for path in (
        ("auth_socket_mode",),
        ("logs", "dovecot"),
        ("logs", "verbosity"),
        ("resources", "dovecot"),
        ("network", "addresses", "dovecot"),
    ):
        if ("hosts", name, *path) in draft.marks:
            what = ".".join(path)
            yield draft.problem(
                f"`{what}` has no meaning on host `{name}`, whose role is `mx`", "hosts", name, *path, hint=hint
            )


def _ports(draft: Draft, name: str, host: Host) -> Iterator[Problem]:
    ports = ("hosts", name, "ports")
    for port in host.ports:
        if port not in _PORTS:
            hint = "a gateway has no mailboxes and no logins: publish it on the host whose role is `home`"
            yield draft.problem(
                f"port `{port}` does not exist on host `{name}`, whose role is `mx`", *ports, port, hint=hint
            )
    if "smtp" not in host.ports and draft.is_sound(*ports):
        yield draft.problem(f"gateway `{name}` does not publish `smtp`", *ports, hint="add `smtp: 25`")


def _vpn_address(draft: Draft, name: str, host: Host) -> Iterator[Problem]:
    path = ("hosts", name, "vpn_address")
    if not draft.is_sound(*path):
        return
    if host.vpn_address is None:
        yield draft.problem(f"gateway `{name}` has no `vpn_address`", *path, hint=f"add {_VPN}")
        return
    ip = ip_of(host.vpn_address)
    if not isinstance(ip, ipaddress.IPv4Address):
        hint = f"write {_VPN}: the containers' network has no IPv6"
        yield draft.problem(f"`{host.vpn_address}` is not an IPv4 address", *path, hint=hint)
    elif ip.is_loopback or not any(ip in network for network in TRUSTED):
        what = "is loopback" if ip.is_loopback else "is no private or VPN address"
        hint = f"write {_VPN}: LMTP has no login, and who has this address puts mail into every mailbox"
        yield draft.problem(f"the `vpn_address` {ip} of gateway `{name}` {what}", *path, hint=hint)


def _home(draft: Draft, name: str, host: Host, homes: Mapping[str, Host]) -> Iterator[Problem]:
    path = ("hosts", name, "home")
    named = ", ".join(f"`{home}`" for home in homes)
    if not draft.is_sound(*path) or not draft.is_sound("hosts"):
        return
    if not homes:
        hint = "add a host of role `home`, with the mailboxes"
        yield draft.problem(f"gateway `{name}` has no home to hand over to", "hosts", name, hint=hint)
    elif host.home is None and len(homes) > 1:
        yield draft.problem(
            f"gateway `{name}` does not say which home it is for", *path, hint=f"add `home:` with one of {named}"
        )
    elif host.home is not None and host.home not in homes:
        yield draft.problem(f"`{host.home}` is no host of role `home`", *path, hint=f"there is {named}")


def _same_addresses(draft: Draft, gateways: Mapping[str, Host]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, host in gateways.items():
        if host.vpn_address is None:
            continue
        first = seen.setdefault(host.vpn_address, name)
        if first != name:
            message = f"gateways `{first}` and `{name}` have the same `vpn_address` {host.vpn_address}"
            yield draft.problem(message, "hosts", name, "vpn_address", hint=f"each has {_VPN}")


def _hand_over(draft: Draft, home: str, host: Host, gateways: Mapping[str, Host]) -> Iterator[Problem]:
    """Yield why the home's LMTP cannot be reached from its gateways, or would be open to more than them."""
    ports = ("hosts", home, "ports")
    names = ", ".join(f"`{name}`" for name in gateways)
    if "lmtp" not in host.ports:
        if draft.is_sound(*ports):
            hint = f"publish it on an address in the VPN: `{_LMTP}`"
            yield draft.problem(f"host `{home}` does not publish `lmtp`, where {names} hands over", *ports, hint=hint)
        return
    addresses = published_on(draft, home, host, "lmtp")
    place = (*ports, "lmtp", "addresses")
    if len(addresses) > 1:
        hint = f"it is for {names} alone: name the one address in the VPN, `{_LMTP}`"
        yield draft.problem(f"LMTP is open on {len(addresses)} addresses of host `{home}`", *place, hint=hint)
    for address in addresses:
        ip = ip_of(address)
        if ip is None:
            continue
        if isinstance(ip, ipaddress.IPv6Address) or ip.is_loopback:
            what = "is loopback" if ip.is_loopback else "is IPv6, which the containers' network has not"
            hint = f"name the host's address in the VPN, `{_LMTP}`"
            yield draft.problem(f"{names} cannot reach LMTP on {address}, which {what}", *place, hint=hint)
    for name, gateway in gateways.items():
        own = ip_of(gateway.vpn_address or "")
        if own is not None and not own.is_loopback and own in map(ip_of, (*addresses, *host.listen)):
            message = f"the `vpn_address` of gateway `{name}` is an address of host `{home}`: {gateway.vpn_address}"
            yield draft.problem(message, "hosts", name, "vpn_address", hint=f"write the gateway's own: {_VPN}")
