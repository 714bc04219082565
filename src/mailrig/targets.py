"""Inventory → what verify is pointed at; the one place that knows both."""

from __future__ import annotations

from typing import get_args

from mailrig.inventory.model import Inventory, PortName
from mailrig.render.profiles import negotiation
from mailrig.verify.target import Endpoint, Target

_REACHED_AT = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - looked up, not bound


def target_of(inventory: Inventory, host: str) -> Target:
    """Return the target for one host: each published port at the first of its addresses."""
    settings = inventory.site.hosts[host]
    endpoints = {}
    for name in get_args(PortName):
        published = settings.published(name)
        if published and published.addresses:
            address = published.addresses[0]
            endpoints[name] = Endpoint(_REACHED_AT.get(address, address), published.port)
    offered = negotiation(inventory.site.tls)
    return Target(
        host=host,
        hostname=settings.hostname,
        endpoints=endpoints,
        login=inventory.probe.address,
        password=inventory.probe.password,
        domain=next((name for name in inventory.site.domains if f"@{name}" not in inventory.site.aliases), None),
        trust=inventory.trust.get(host),
        ciphers=offered.ciphers,
        prefer_server_ciphers=offered.prefer_server,
        min_protocol=offered.min_protocol,
        home=target_of(inventory, inventory.site.home_of(host)) if settings.role == "mx" else None,
        gateways=tuple(str(inventory.site.hosts[name].vpn_address) for name in inventory.site.gateways_of(host)),
    )
