"""What of a site the world meets: which hosts take its mail, which answer browsers, and by which names; pure."""

from __future__ import annotations

import ipaddress

from mailrig.inventory.model import Host, PortName, Site

HTTPS = 443

# By which names programs look for a domain's settings: Thunderbird, Outlook, and draft-ietf-mailmaint-pacc-02.
AUTOCONFIG, AUTODISCOVER, PACC = "autoconfig", "autodiscover", "ua-auto-config"
MTA_STS = "mta-sts"  # RFC 8461 section 3.3


def is_open(host: Host, port: PortName) -> bool:
    """Whether a host publishes a port where somebody else can reach it."""
    published = host.published(port)
    return published is not None and not all(map(_is_loopback, published.addresses or ()))


def mail_servers(site: Site) -> tuple[str, ...]:
    """Return the hosts that take mail from the world, by their names in the inventory: the gateways, if there are."""
    taking = [name for name, host in site.hosts.items() if is_open(host, "smtp")]
    gateways = [name for name in taking if site.hosts[name].role == "mx"]
    return tuple(gateways or taking)


def origin(host: Host) -> str:
    """Return how the address of each of a host's pages begins; it publishes `https`."""
    published = host.published("https")
    if published is None or published.port == HTTPS:
        return f"https://{host.hostname}"
    return f"https://{host.hostname}:{published.port}"


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback
