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
    context = _Context(release.model, observed, _causes_of_making_anew(observed, images, networks, volumes))
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


def _causes_of_making_anew(
    observed: Observed, images: Iterable[str], networks: Iterable[str], volumes: Iterable[str]
) -> dict[str, str]:
    """Say, by the name of each thing that is made anew, why a container that uses it must be recreated."""
    return {
        **{tag: f"image {tag} is built anew" for tag in images},
        **{name: f"network {name} {'changed' if name in observed.networks else 'is gone'}" for name in networks},
        **{name: f"volume {name} is gone" for name in volumes},
    }


def _names_used(model: Mapping[str, Any], service: Service) -> Iterable[str]:
    """Yield the names of the networks and volumes that a service's entry in compose.yaml refers to."""
    yield from (model["networks"][key]["name"] for key in service.spec.get("networks", ()))
    for mount in service.spec.get("volumes", ()):
        if mount["type"] == "volume":
            yield model["volumes"][mount["source"]]["name"]


def _differing(wanted: Mapping[str, Mapping[str, Any]], present: Mapping[str, str]) -> Iterable[str]:
    return (name for name, spec in wanted.items() if present.get(name) != hash_of(spec))


class _Context:
    """What the decision on one service depends on beside the service itself."""

    def __init__(self, model: Mapping[str, Any], observed: Observed, made_anew: Mapping[str, str]) -> None:
        self.model = model
        self.observed = observed
        self.made_anew = made_anew

    def action(self, service: Service) -> Action:
        """Return the lowest rung that makes the container what the release says."""
        container = self.observed.container(service.name)
        if container is None:
            return Action(service.name, Verb.CREATE, ("there is no container yet",))
        if causes := tuple(self._recreate_causes(service, container)):
            return Action(service.name, Verb.RECREATE, causes)
        if container.state == "paused":
            return Action(service.name, Verb.RESTART, ("the container is paused",))
        if not container.is_running:
            return Action(service.name, Verb.START, (f"the container is not running: {container.status}",))
        if container.is_unhealthy:
            return Action(service.name, Verb.RESTART, ("it runs and does not serve",))
        return configuration_action(service, container)

    def _recreate_causes(self, service: Service, container: Container) -> Iterable[str]:
        tag, name = service.spec["image"], service.spec["container_name"]
        if container.name != name:
            yield f"the container is named {container.name}, not {name}"
        if container.spec_hash != service.spec_hash:
            yield "container settings changed"
        if tag not in self.made_anew and self.observed.images[tag] != container.image:
            yield f"image {tag} is newer than the container"
        needed = {tag, *_names_used(self.model, service)}
        yield from (cause for name, cause in self.made_anew.items() if name in needed)


def configuration_action(service: Service, container: Container) -> Action:
    """Decide what a running container needs so that its daemon works with the release's files."""
    if container.delivered == service.release_id and container.loaded == service.release_id:
        return Action(service.name, Verb.NOTHING)
    if container.delivered == service.release_id:
        # Delivered, but never taken in: an earlier deploy ended between the two. Which file it was is not known.
        return Action(service.name, Verb.RESTART, ("the delivered configuration was never taken in",))
    changed = list(_changed_files(service, container))
    rung = max((needs for _, needs in changed), default=Rung.RELOAD)
    if container.loaded != container.delivered:
        rung = max(rung, Rung.RESTART)
    return Action(service.name, _VERB_OF_RUNG[rung], tuple(path for path, _ in changed))


def _changed_files(service: Service, container: Container) -> Iterable[tuple[str, Rung]]:
    """Yield what differs with what its change needs: each path, then settings in it that need more than it does.

    A file that is gone needs a reload.
    """
    wanted = {file.path: file for file in service.files}
    for path, file in wanted.items():
        if container.digests.get(path) != file.digest:
            yield path, file.needs
            present = container.settings.get(path, {})
            changed = [name for name, digest in file.setting_digests.items() if present.get(name) != digest]
            yield from ((f"{path}: {name}", file.settings[name]) for name in changed)
    for path in sorted(container.digests.keys() - wanted.keys()):
        yield path, Rung.RELOAD
