"""Nobody is locked out unless somebody said so: mail clients are reckoned with before anything is touched."""

from __future__ import annotations

from collections.abc import Collection

from mailrig.apply.judgement import Judgement
from mailrig.check.access import Access
from mailrig.check.lockout import problems
from mailrig.check.renewal import renewable
from mailrig.clients.catalogue import Client, chosen, shipped
from mailrig.errors import Lockout
from mailrig.inventory.model import Inventory
from mailrig.render.release import Release
from mailrig.verify.crowd import Crowd
from mailrig.verify.target import Target


def gate(
    judgement: Judgement, target: Target, inventory: Inventory | None, allowed: Collection[str]
) -> tuple[Access, ...]:
    """Return how mail clients will fare; raise Lockout when one that the inventory requires is locked out.

    ``allowed`` may be. Without an inventory, as in a rollback, nobody is required: what served before may serve again.
    """
    access = reckoned(judgement, target, inventory)
    if inventory and (found := problems(access, allowed, inventory, target.host)):
        raise Lockout.of(found)
    return access


def reckoned(judgement: Judgement, target: Target, inventory: Inventory | None) -> tuple[Access, ...]:
    """Return how mail clients will fare on the published ports of each service that was judged."""
    ports = {name: endpoint.port for name, endpoint in target.endpoints.items()}
    return judgement.access(ports, clients_of(inventory))


def renewals(
    judgement: Judgement, release: Release, inventory: Inventory | None, allowed: Collection[str]
) -> dict[str, str]:
    """Return which certificates each service may take in by itself, where it watches for such.

    Without an inventory nothing is said, and what was said before holds on.
    """
    if inventory is None:
        return {}
    watching = {service.name for service in release.services if service.watches_certificates}
    clients = clients_of(inventory)
    return {
        service: renewable(offers.after, clients, allowed)
        for service, offers in judgement.offered.items()
        if service in watching
    }


def crowd(judgement: Judgement, inventory: Inventory | None, allowed: Collection[str]) -> Crowd:
    """Return the mail clients that are to prove it, with what was foreseen; without an inventory none must.

    Of a release that is brought back, the copies of certificates which it serves may be others than those on the host
    that were judged (mailrig-certificates): what it offers is not foreseen then.
    """
    offered = {
        port: server
        for service, offers in judgement.offered.items()
        if inventory or not judgement.workshops[service].service.watches_certificates
        for port, server in offers.after.items()
    }
    clients = clients_of(inventory)
    return Crowd(clients, frozenset(allowed if inventory else (client.id for client in clients)), offered)


def clients_of(inventory: Inventory | None) -> tuple[Client, ...]:
    """Return the mail clients that count."""
    asked = inventory.site.clients if inventory else None
    return tuple((chosen(asked.require, asked.ignore, asked.add) if asked else shipped()).values())
