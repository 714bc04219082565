"""(Release, Observed) → Plan: the smallest action that is enough, with its cause; pure, asks nobody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from mailrig.plan.actions import Action, Plan, Verb
from mailrig.plan.observed import Container, Observed
from mailrig.render.release import Release, Rung, Service

_VERB_OF_RUNG = {
    Rung.NOTHING: Verb.REFRESH,
    Rung.RELOAD: Verb.RELOAD,
    Rung.RESTART: Verb.RESTART,
    Rung.RECREATE: Verb.RECREATE,
}


def plan(release: Release, observed: Observed, *, rebuild: bool = False) -> Plan:
    """Compare a release with a host; ``rebuild`` takes every image as missing."""
    tags = {service.spec["image"] for service in release.services}
    images = tuple(sorted(tag for tag in tags if rebuild or tag not in observed.images))
    networks = tuple(_differing(named(release, "networks"), observed.networks))
    volumes = tuple(name for name in named(release, "volumes") if name not in observed.volumes)
    context = _Context(observed, frozenset(images), frozenset(networks))
    wanted = {service.name for service in release.services}
    strays = [c for c in observed.containers if c.service not in wanted]
    actions = [
        *(Action(c.service, Verb.REMOVE, ("not in the inventory any more",)) for c in strays),
        *(context.action(service) for service in release.services),
    ]
    return Plan(release.host, images, networks, volumes, tuple(actions))


def named(release: Release, kind: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the release's ``networks`` or ``volumes`` by the name they have on the host."""
    return {spec["name"]: spec for spec in release.model.get(kind, {}).values()}


def hash_of(spec: Mapping[str, Any]) -> str:
    """Name a specification by its content: 16 hexadecimal digits."""
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:16]


def _differing(wanted: Mapping[str, Mapping[str, Any]], present: Mapping[str, str]) -> Iterable[str]:
    return (name for name, spec in wanted.items() if present.get(name) != hash_of(spec))


class _Context:
    """What the decision on one service depends on beside the service itself."""

    def __init__(self, observed: Observed, images: frozenset[str], networks: frozenset[str]) -> None:
        self.observed = observed
        self.images = images
        self.networks = networks

    def action(self, service: Service) -> Action:
        """Return the lowest rung that makes the container what the release says."""
        container = self.observed.container(service.name)
        if container is None:
            return Action(service.name, Verb.CREATE, ("there is no container yet",))
        if causes := tuple(self._recreate_causes(service, container)):
            return Action(service.name, Verb.RECREATE, causes)
        if not container.is_running:
            return Action(service.name, Verb.START, (f"the container is not running: {container.status}",))
        return configuration_action(service, container)

    def _recreate_causes(self, service: Service, container: Container) -> Iterable[str]:
        tag = service.spec["image"]
        if container.spec_hash != service.spec_hash:
            yield "container settings changed"
        elif tag in self.images or self.observed.images.get(tag) != container.image:
            yield f"image {tag} is newer"
        if self.networks:
            yield f"network {', '.join(sorted(self.networks))} changed"


def configuration_action(service: Service, container: Container) -> Action:
    """Decide what a running container needs so that its daemon works with the release's files."""
    if container.delivered == service.release_id and container.loaded == service.release_id:
        return Action(service.name, Verb.NOTHING)
    if container.delivered == service.release_id:
        # Delivered, but never taken in: an earlier deploy ended between the two. Which file it was is not known.
        return Action(service.name, Verb.RESTART, ("the delivered configuration was never taken in",))
    changed = list(_changed_files(service, container.digests))
    rung = max((needs for _, needs in changed), default=Rung.RELOAD)
    if container.loaded != container.delivered:
        rung = max(rung, Rung.RESTART)
    return Action(service.name, _VERB_OF_RUNG[rung], tuple(path for path, _ in changed))


def _changed_files(service: Service, present: Mapping[str, str]) -> Iterable[tuple[str, Rung]]:
    """Yield each path that differs with what its change needs; a file that is gone needs a reload."""
    wanted = {file.path: file for file in service.files}
    for path, file in wanted.items():
        if present.get(path) != file.digest:
            yield path, file.needs
    for path in sorted(present.keys() - wanted.keys()):
        yield path, Rung.RELOAD
