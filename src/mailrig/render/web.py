"""What Caddy's templates are filled with; knows nothing of how Caddy writes it."""

from __future__ import annotations

from typing import Any

from mailrig.inventory.model import Inventory, size_in_bytes
from mailrig.inventory.public import AUTOCONFIG, AUTODISCOVER, MTA_STS, PACC, is_held, mail_servers, origin
from mailrig.render import certificates
from mailrig.render.profiles import negotiation

TEMPLATES = "web"

# Where programs ask for settings, on whichever of the names that they go by.
DISCOVERY = (
    "/.well-known/autoconfig/mail/config-v1.1.xml",
    "/mail/config-v1.1.xml",
    "/autodiscover/autodiscover.xml",
    "/.well-known/user-agent-configuration.json",
)

_SMALL = 64 * 2**10  # an address in a form, or Autodiscover's question, and much room; in bytes
_FORM = 2**20  # of what surrounds an upload, and of a message that is typed

_PROTOCOLS = {"TLSv1.2": "tls1.2", "TLSv1.3": "tls1.3"}


def values(inventory: Inventory, host_name: str) -> dict[str, Any]:
    """Everything that Caddy's templates of ``host_name`` ask for."""
    site = inventory.site
    host = site.hosts[host_name]
    return {
        "hostname": host.hostname,
        "own": _own(inventory, host_name),
        "domains": sorted(site.domains),
        "origin": origin(host),
        "port": origin(host).removeprefix(f"https://{host.hostname}"),
        "http": host.published("http") is not None,
        "lowest": _PROTOCOLS[negotiation(site.tls).min_protocol],
        "discovery": DISCOVERY,
        "in_the_clear": _in_the_clear(inventory, host_name),
        "webmail": "roundcube" in site.services_of(host_name),
        "small": _SMALL,
        "message_size_limit": size_in_bytes(site.message_size_limit) + _FORM,
        "mta_sts": site.mta_sts,
        "mail_servers": [site.hosts[name].hostname for name in mail_servers(site)],
        **certificates.values(inventory, host_name),
    }


def _own(inventory: Inventory, host_name: str) -> list[str]:
    """Return the names by which people come: the host's, and those that `demo-ca` is told beside it, as `localhost`."""
    host = inventory.site.hosts[host_name]
    of_domains = tuple(f"{prefix}." for prefix in (AUTOCONFIG, AUTODISCOVER, PACC, MTA_STS))
    return [host.hostname, *(name for name in host.certificate.names if not name.startswith(of_domains))]


def _in_the_clear(inventory: Inventory, host_name: str) -> list[str]:
    """Return the names that mail programs ask for autoconfig by, and that no certificate is known to hold."""
    wanted = [name for domain in sorted(inventory.site.domains) for name in (domain, f"{AUTOCONFIG}.{domain}")]
    return [name for name in wanted if not is_held(inventory, host_name, name)]
