"""Who has which address on a project's network: what stands in a log as a client may be Docker itself."""

from __future__ import annotations

from mailrig.engine import labels
from mailrig.engine.connection import Engine, refusals

GATEWAY = "Docker's gateway: any client of a port published on this host, where Docker hides addresses"


def names_of(engine: Engine, project: str) -> dict[str, str]:
    """Return what is known of the addresses on a project's networks: gateways, and containers by name."""
    found = {"127.0.0.1": "inside the container: the health check"}
    with refusals("cannot look at the networks"):
        wanted = {"label": [f"{labels.PROJECT}={project}", labels.SITE]}
        networks = [engine.api.inspect_network(network["Id"]) for network in engine.api.networks(filters=wanted)]
    for network in networks:
        for pool in network["IPAM"]["Config"] or ():
            if gateway := pool.get("Gateway"):
                found[gateway.partition("/")[0]] = GATEWAY
        for container in (network.get("Containers") or {}).values():
            if address := container["IPv4Address"].partition("/")[0]:
                found[address] = f"the container {container['Name']}"
    return found
