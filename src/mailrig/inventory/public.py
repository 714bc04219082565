"""What of a site the world meets: which hosts take its mail, which answer browsers, and by which names; pure."""

from __future__ import annotations

import hashlib
import ipaddress

from mailrig.clients.certificate import covers, names_of
from mailrig.inventory.model import Host, Inventory, PortName, Site

HTTPS = 443

# By which names programs look for a domain's settings: Thunderbird, Outlook, and draft-ietf-mailmaint-pacc-03.
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


def web_host(site: Site) -> str | None:
    """Return the host to which the web names of the site's domains lead: a gateway that answers browsers, else a home.

    A gateway is in public, as whoever has not set up anything yet is.
    """
    serving = [name for name, host in site.hosts.items() if "https" in host.ports]
    gateways = [name for name in serving if site.hosts[name].role == "mx"]
    return next(iter(gateways or serving), None)


def policy_id(site: Site) -> str | None:
    """Return what tells the site's MTA-STS policy from the one before (RFC 8461 section 3.1); None without a policy."""
    if site.mta_sts is None:
        return None
    servers = (site.hosts[name].hostname for name in mail_servers(site))
    said = " ".join((site.mta_sts.mode, str(site.mta_sts.max_age), *servers))
    return hashlib.sha256(said.encode()).hexdigest()[:20]


def is_held(inventory: Inventory, host: str, name: str) -> bool | None:
    """Whether the host's first certificate is for a name; None where it is on the Docker host, and not known here."""
    certificate = inventory.site.hosts[host].certificate
    if certificate.source == "host":
        return None
    if certificate.source == "demo-ca":
        held: tuple[str, ...] = (inventory.site.hosts[host].hostname, *certificate.names)
    else:
        held = names_of(inventory.certificates[host][0].cert)
    return any(covers(one, name) for one in held)


def origin(host: Host) -> str:
    """Return how the address of each of a host's pages begins; it publishes `https`."""
    published = host.published("https")
    if published is None or published.port == HTTPS:
        return f"https://{host.hostname}"
    return f"https://{host.hostname}:{published.port}"


def _is_loopback(address: str) -> bool:
    return ipaddress.ip_address(address).is_loopback
