"""Addresses and ports: what is open where; knows nothing of what is said on a port."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from mailrig.errors import AddressError, Problem
from mailrig.inventory.draft import Draft
from mailrig.inventory.engine import EngineAddress, parse
from mailrig.inventory.model import Host, PortName, Published
from mailrig.inventory.place import KeyPath, place

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network

# LMTP has no login: whoever reaches it puts mail into every mailbox. RFC 1918, RFC 6598 (where Tailscale is), RFC 4193.
TRUSTED = tuple(
    ipaddress.ip_network(one)
    for one in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "::1/128", "fc00::/7")
)
_LEAST_ADDRESSES = 8  # network, gateway, broadcast and two containers, in a power of two
_CLIENT_PORTS: tuple[PortName, ...] = ("imaps", "pop3s", "submission", "submissions", "imap", "pop3")


def check(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with listen addresses, published ports and the Docker network of every host."""
    for name, host in draft.site.hosts.items():
        yield from _addresses(draft, host.listen, "hosts", name, "listen")
        yield from _ports(draft, name, host)
        if draft.is_sound("hosts", name, "network"):
            yield from _network(draft, name, host)
    yield from _used_twice(draft)


def _ports(draft: Draft, name: str, host: Host) -> Iterator[Problem]:
    ports = ("hosts", name, "ports")
    if host.role == "home" and draft.is_sound("hosts", name) and not any(port in host.ports for port in _CLIENT_PORTS):
        hint = "publish at least `imaps: 993` and `submission: 587`"
        yield draft.problem(f"host `{name}` publishes no port that a mail client uses", *ports, hint=hint)
    if draft.is_sound("hosts", name) and host.ports and not _is_reached(draft, name, host):
        yield draft.problem(
            f"nobody can reach host `{name}`: its ports are open on loopback alone, and its engine is elsewhere",
            *("hosts", name, "listen"),
            hint="name addresses that the host has, such as its own in a VPN, `listen: [100.64.0.11]`, or all of them,"
            " `[0.0.0.0]`",
        )
    for port, value in host.ports.items():
        if isinstance(value, Published) and value.addresses is not None:
            yield from _addresses(draft, value.addresses, *ports, port, "addresses")
    for address in published_on(draft, name, host, "lmtp"):
        ip = ip_of(address)
        if ip is not None and not any(ip in network for network in TRUSTED):
            yield draft.problem(
                f"LMTP is open to the world on {address}",
                *(*ports, "lmtp", "addresses"),
                hint="LMTP has no login: name loopback, private or VPN addresses, `lmtp: {port: …, addresses: […]}`",
            )


def _addresses(draft: Draft, addresses: tuple[str, ...], *path: str | int) -> Iterator[Problem]:
    if not draft.is_sound(*path):
        return
    if not addresses:
        yield draft.problem(f"{place(path)} names no address", *path, hint="`127.0.0.1` is this machine alone")
    for index, address in enumerate(addresses):
        if ip_of(address) is None:
            hint = "write 127.0.0.1" if address == "localhost" else "write an IPv4 or IPv6 address, not a name"
            yield draft.problem(f"`{address}` is not an IP address", *path, index, hint=hint)
        elif address in addresses[:index]:
            yield draft.problem(f"address {address} is listed twice", *path, index, hint="once will do")


def _network(draft: Draft, name: str, host: Host) -> Iterator[Problem]:
    path: KeyPath = ("hosts", name, "network")
    fixed = host.network.addresses
    if host.network.subnet is None:
        if fixed:
            hint = "add `subnet:`, such as 172.20.0.0/24"
            yield draft.problem(f"{place(path)} has fixed addresses but no subnet", *path, "addresses", hint=hint)
        return
    try:
        subnet = ipaddress.ip_network(host.network.subnet)
    except ValueError:
        yield _bad_subnet(draft, host.network.subnet, *path, "subnet")
        return
    if subnet.num_addresses < _LEAST_ADDRESSES:
        message, hint = f"subnet {subnet} is too small for the containers", "a /24 leaves room"
        yield draft.problem(message, *path, "subnet", hint=hint)
        return
    seen: dict[IpAddress, str] = {}
    for service, address in fixed.items():
        yield from _fixed_address(draft, address, subnet, seen, *path, "addresses", service)


def _bad_subnet(draft: Draft, subnet: str, *path: str | int) -> Problem:
    try:
        hint = f"did you mean {ipaddress.ip_network(subnet, strict=False)}?"
    except ValueError:
        hint = "write it as network/length, such as 172.20.0.0/24"
    return draft.problem(f"`{subnet}` is not a subnet", *path, hint=hint)


def _fixed_address(
    draft: Draft, address: str, subnet: IpNetwork, seen: dict[IpAddress, str], *path: str | int
) -> Iterator[Problem]:
    ip, service = ip_of(address), str(path[-1])
    hint = f"choose one from {subnet[2]} to {subnet[-2]}"
    if ip is None:
        yield draft.problem(f"`{address}` is not an IP address", *path, hint=hint)
    elif ip not in subnet:
        yield draft.problem(f"address {address} of `{service}` is not in the subnet {subnet}", *path, hint=hint)
    elif ip == subnet[1]:
        yield draft.problem(f"address {address} of `{service}` is the subnet's gateway", *path, hint=hint)
    elif ip in (subnet[0], subnet[-1]):
        yield draft.problem(f"address {address} of `{service}` is the subnet's first or last", *path, hint=hint)
    elif ip in seen:
        yield draft.problem(f"`{service}` has the same address as `{seen[ip]}`: {address}", *path, hint=hint)
    else:
        seen[ip] = service


def _used_twice(draft: Draft) -> Iterator[Problem]:
    """Yield every port that two names want on one address of one machine."""
    taken: dict[tuple[str, int], list[tuple[IpAddress, KeyPath]]] = {}
    for name, host in draft.site.hosts.items():
        address = _engine(draft, name, host)
        machine = address.machine if address else name
        for port in host.ports:
            path = ("hosts", name, "ports", port)
            addresses = [ip for one in published_on(draft, name, host, port) if (ip := ip_of(one)) is not None]
            published = host.published(port)
            if published is None or not addresses:
                continue
            others = taken.setdefault((machine, published.port), [])
            clash = next((other for ip, other in others if any(_overlap(ip, one) for one in addresses)), None)
            if clash is not None:
                hint = f"the other is at {draft.at(*clash)}"
                message = f"port {published.port} is used twice: {place(path)} and {place(clash)}"
                yield draft.problem(message, *path, hint=hint)
            others += [(ip, path) for ip in addresses]


def _is_reached(draft: Draft, name: str, host: Host) -> bool:
    """Whether somebody elsewhere reaches a port of the host: loopback is no use where nobody sits at the machine."""
    address = _engine(draft, name, host)
    if address is None or not address.is_remote:
        return True
    open_on = [ip_of(one) for port in host.ports for one in published_on(draft, name, host, port)]
    return any(ip is None or not ip.is_loopback for ip in open_on)


def _engine(draft: Draft, name: str, host: Host) -> EngineAddress | None:
    """Return the address of a host's engine, None when it is none, of which another rule tells."""
    if not draft.is_sound("hosts", name, "engine"):
        return None
    try:
        return parse(host.engine)
    except AddressError:
        return None


def published_on(draft: Draft, name: str, host: Host, port: PortName) -> tuple[str, ...]:
    """Return the addresses that ``port`` is open on, or none when they were not read."""
    published = host.published(port)
    if published is None or not draft.is_sound("hosts", name, "ports", port):
        return ()
    own = host.ports[port]
    uses_listen = isinstance(own, int) or own.addresses is None
    if uses_listen and not draft.is_sound("hosts", name, "listen"):
        return ()
    return published.addresses or ()


def _overlap(one: IpAddress, other: IpAddress) -> bool:
    return one.version == other.version and (one == other or one.is_unspecified or other.is_unspecified)


def ip_of(text: str) -> IpAddress | None:
    """Read an address; None for what is none."""
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return None
    return None if "%" in text else ip  # Docker publishes on no scoped address
