"""A host's state as one short name, for a saved plan to be refused once the host has changed; pure."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from mailrig.plan.observed import Container, Observed


def fingerprint(observed: Observed) -> str:
    """Name everything on a host that a plan depends on: 16 hexadecimal digits.

    Not what changes by itself: how long a container is up, who is connected. Nor the volume in which deploys are noted,
    which is made for the note that one begins, nor images, which are built before it.
    """
    facts = {
        "containers": sorted((_facts(container) for container in observed.containers), key=lambda facts: facts["id"]),
        "networks": dict(observed.networks),
        "volumes": sorted(name for name in observed.volumes if not name.endswith("_state")),
        "foreign": sorted([item.kind, item.name] for item in observed.foreign),
        "kept": {service: container.id for service, container in observed.kept.items()},
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def _facts(container: Container) -> dict[str, Any]:
    return {
        "id": container.id,
        "name": container.name,
        "service": container.service,
        "state": container.state,
        "is_unhealthy": container.is_unhealthy,
        "image": container.image,
        "spec_hash": container.spec_hash,
        "spec": container.spec,
        "drift": sorted(container.drift),
        "delivered": container.delivered,
        "loaded": container.loaded,
        "recorded": dict(container.recorded),
        "files": container.digests,
    }
