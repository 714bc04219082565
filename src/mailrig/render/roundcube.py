"""What Roundcube's templates are filled with; knows nothing of how Roundcube writes it."""

from __future__ import annotations

from typing import Any

from mailrig.inventory.model import Inventory
from mailrig.inventory.public import origin
from mailrig.inventory.web import Webmail

TEMPLATES = "roundcube"


def values(inventory: Inventory, host_name: str) -> dict[str, Any]:
    """Everything that Roundcube's templates of ``host_name`` ask for."""
    site = inventory.site
    webmail = site.webmail or Webmail()
    return {
        "hostname": site.hosts[host_name].hostname,
        "origin": origin(site.hosts[host_name]),
        "name": webmail.name,
        "languages": webmail.languages,
        "database": webmail.database,
        "trusted": inventory.trust.get(host_name),
    }
