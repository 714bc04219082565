"""What the set-up page is told of a site; knows nothing of how the page looks."""

from __future__ import annotations

from typing import Any

from mailrig.advice import of_domain
from mailrig.discovery.site import Site, dump
from mailrig.inventory.model import Inventory
from mailrig.inventory.public import origin
from mailrig.inventory.web import SetUp
from mailrig.render import certificates

TEMPLATES = "setup"


def values(inventory: Inventory, host_name: str) -> dict[str, Any]:
    """Everything that the files of the service `setup` on ``host_name`` are made of."""
    on_host = certificates.pairs(inventory, host_name)[0].on_host
    return {
        **certificates.values(inventory, host_name),
        "site": dump(described(inventory, host_name)),
        "signer": "\t".join(on_host) + "\n" if on_host else None,
    }


def described(inventory: Inventory, host_name: str) -> Site:
    """Return the site as its people see it on the page of ``host_name``."""
    site = inventory.site
    servers = of_domain(inventory, site.domains[0]).servers
    unknown = dict.fromkeys(inventory.trust.get(server.host, "") for server in servers)
    return Site(
        hostname=site.hosts[host_name].hostname,
        origin=origin(site.hosts[host_name]),
        domains=site.domains,
        servers=servers,
        languages=(site.setup or SetUp()).languages,
        authorities="".join(unknown),
        webmail=_webmail(inventory, host_name),
    )


def _webmail(inventory: Inventory, host_name: str) -> str:
    """Return where mail is read on the web: on this host rather than on another; empty where it is not."""
    site = inventory.site
    nearest = sorted(site.hosts, key=lambda name: name != host_name)
    with_webmail = (name for name in nearest if "roundcube" in site.services_of(name))
    return next((f"{origin(site.hosts[name])}/" for name in with_webmail), "")
