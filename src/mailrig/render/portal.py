"""What the set-up page is told of a site; knows nothing of how the page looks."""

from __future__ import annotations

from typing import Any

from mailrig.advice import of_domain
from mailrig.discovery.site import Site, dump
from mailrig.inventory.model import Inventory
from mailrig.inventory.public import origin
from mailrig.inventory.web import SetUp

TEMPLATES = "setup"


def values(inventory: Inventory, host_name: str) -> dict[str, Any]:
    """Everything that the files of the service `setup` on ``host_name`` are made of."""
    site = inventory.site
    host = site.hosts[host_name]
    told = Site(
        hostname=host.hostname,
        origin=origin(host),
        domains=site.domains,
        servers=of_domain(inventory, site.domains[0]).servers,
        languages=(site.setup or SetUp()).languages,
        authorities=inventory.trust.get(host_name, ""),
        webmail=_webmail(inventory),
    )
    return {"site": dump(told)}


def _webmail(inventory: Inventory) -> str:
    """Return the address at which people of the site read their mail in a browser; empty without."""
    hosts = inventory.site.hosts
    found = (f"{origin(hosts[name])}/" for name in hosts if "roundcube" in inventory.site.services_of(name))
    return next(found, "")
