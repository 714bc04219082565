"""Which addresses others can be told: those of this machine and of its own network are no use in the DNS."""

from __future__ import annotations

import ipaddress

_NOBODYS = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/32", "::/128", "127.0.0.0/8", "::1/128",  # any, and this machine
            "169.254.0.0/16", "fe80::/10",  # this link
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # RFC 1918: behind a router, which has another one
        ),
    )
)  # fmt: skip

# What VPNs give to their members (RFC 6598, which Tailscale uses, and RFC 4193).
_VPNS = tuple(map(ipaddress.ip_network, ("100.64.0.0/10", "fc00::/7")))

_LOOPBACK = tuple(map(ipaddress.ip_network, ("127.0.0.0/8", "::1/128")))

_Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


def is_loopback(address: str) -> bool:
    """Whether only this machine itself reaches the address."""
    return _is_in(address, _LOOPBACK)


def is_tellable(address: str) -> bool:
    """Whether the address is one by which somebody else can reach the host: people over a VPN at least."""
    return not _is_in(address, _NOBODYS)


def is_public(address: str) -> bool:
    """Whether every server on the Internet could reach the address."""
    return is_tellable(address) and not _is_in(address, _VPNS)


def kind_of(address: str) -> str:
    """Return the type of the record that holds the address."""
    return "AAAA" if ":" in address else "A"


def _is_in(address: str, networks: _Networks) -> bool:
    parsed = ipaddress.ip_address(address)
    return any(parsed in network for network in networks if network.version == parsed.version)
