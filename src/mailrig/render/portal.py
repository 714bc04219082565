"""What the set-up page is told of a site; knows nothing of how the page looks."""

from __future__ import annotations

import json
from typing import Any

from mailrig.inventory.model import Inventory
from mailrig.inventory.public import origin
from mailrig.inventory.web import SetUp

TEMPLATES = "setup"


def values(inventory: Inventory, host_name: str) -> dict[str, Any]:
    """Everything that the files of the service `setup` on ``host_name`` are made of."""
    site = inventory.site
    told = {
        "hostname": site.hosts[host_name].hostname,
        "origin": origin(site.hosts[host_name]),
        "domains": list(site.domains),
        "languages": list((site.setup or SetUp()).languages),
        "webmail": "roundcube" in site.services_of(host_name),
    }
    return {"site": json.dumps(told, indent=2, ensure_ascii=False) + "\n"}
