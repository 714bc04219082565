"""(Release, Observed) → Plan: the smallest action that is enough, with its cause; pure, asks nobody."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from mailrig.plan.actions import Action, Drift, Plan, Verb
from mailrig.plan.drift import UNKNOWN_ORIGIN, drift_of, gone, is_missing, keys_used, renamed, state_words
from mailrig.plan.effective import Effective, changes
from mailrig.plan.files import FileChange, file_changes
from mailrig.plan.fingerprint import fingerprint
from mailrig.plan.interruption import interruption
from mailrig.plan.observed import Container, Observed
from mailrig.plan.words import setting_words, spec_words
from mailrig.render.release import Release, Rung, Service

__all__ = ["fingerprint", "hash_of", "named", "plan"]

_VERB_OF_RUNG = {
    Rung.NOTHING: Verb.REFRESH,
    Rung.RELOAD: Verb.RELOAD,
    Rung.RELOAD_ALL: Verb.RELOAD_ALL,
    Rung.RESTART: Verb.RESTART,
    Rung.RECREATE: Verb.RECREATE,
}


def plan(
    release: Release,
    observed: Observed,
    effective: Mapping[str, Effective] | None = None,
    *,
    rebuild: bool = False,
) -> Plan:
    """Compare a release with a host; ``rebuild`` takes every image as missing.

    ``effective`` has, by service, the settings before and after as the daemon's own tool reads them. For a service
    that is not in it, a changed file needs what it says of itself.
    """
    tags = {service.spec["image"] for service in release.services}
    images = tuple(sorted(tag for tag in tags if rebuild or tag not in observed.images))
    networks = tuple(_differing(named(release, "networks"), observed.networks))
    volumes = tuple(name for name in named(release, "volumes") if name not in observed.volumes)
    context = _Context(release, observed, effective or {}, _causes_of_making_anew(release, observed, images))
    wanted = {service.name for service in release.services}
    strays = [c for c in observed.containers if c.service not in wanted]
    actions = [*(_removal(stray) for stray in strays), *(context.action(service) for service in release.services)]
    drift: Iterable[Drift] = drift_of(release, observed)
    return Plan(release.host, images, networks, volumes, tuple(actions), tuple(drift), _unverified(release, observed))


def _unverified(release: Release, observed: Observed) -> str:
    """Say why what runs has not been seen to work; nothing when it has."""
    if observed.kept:
        return "an earlier deploy did not come to its end"
    containers = (observed.container(service.name) for service in release.services)
    if any(container is None or container.verified != release.id for container in containers):
        return f"release {release.id} has not passed since it was started"
    return ""


def named(release: Release, kind: str) -> Mapping[str, Mapping[str, Any]]:
    """Return the release's ``networks`` or ``volumes`` by the name they have on the host."""
    return {spec["name"]: spec for spec in release.model.get(kind, {}).values()}


def hash_of(spec: Mapping[str, Any]) -> str:
    """Name a specification by its content: 16 hexadecimal digits."""
    return hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:16]


def _removal(stray: Container) -> Action:
    cause = "not in the inventory any more"
    return Action(stray.service, Verb.REMOVE, (cause,), interruption(Verb.REMOVE, None, stray))


def _differing(wanted: Mapping[str, Mapping[str, Any]], present: Mapping[str, str]) -> Iterable[str]:
    return (name for name, spec in wanted.items() if present.get(name) != hash_of(spec))


def _causes_of_making_anew(release: Release, observed: Observed, images: Iterable[str]) -> dict[str, str]:
    """Say, by the name of each thing that is made anew, why a container that uses it must be recreated."""
    networks = _differing(named(release, "networks"), observed.networks)
    return {
        **{tag: f"image {tag} is built anew" for tag in images},
        **{name: f"network {name} changed" for name in networks if name in observed.networks},
        **{name: f"network {name} is gone" for name in gone(release, observed, "networks")},
        **{name: f"volume {name} is gone" for name in gone(release, observed, "volumes")},
    }


class _Context:
    """What the decision on one service depends on beside the service itself."""

    def __init__(
        self,
        release: Release,
        observed: Observed,
        effective: Mapping[str, Effective],
        made_anew: Mapping[str, str],
    ) -> None:
        self.release = release
        self.observed = observed
        self.effective = effective
        self.made_anew = made_anew

    def action(self, service: Service) -> Action:
        """Return the lowest rung that makes the container what the release says."""
        container = self.observed.container(service.name)
        if container is None:
            return Action(service.name, Verb.CREATE, (self._creation_cause(service),))
        verb, causes = self._least_of_all(service, container)
        return Action(service.name, verb, tuple(causes), interruption(verb, service, container))

    def _creation_cause(self, service: Service) -> str:
        if service.name in self.observed.kept:
            return "an earlier deploy ended before the new container took its place"
        return (
            "its container is gone" if is_missing(self.release, service, self.observed) else "there is no container yet"
        )

    def _least_of_all(self, service: Service, container: Container) -> tuple[Verb, list[str]]:
        """Ask the container's making first, then its state, then its configuration; all causes are named."""
        verb, causes = configuration_verb(service, container, self.effective.get(service.name))
        if state := state_words(container):
            # `docker start` says nothing to a container that is paused, or that its policy is about to restart.
            verb, causes = Verb.RESTART if container.holds_its_place else Verb.START, [state, *causes]
        if made := list(self._recreate_causes(service, container)):
            verb, causes = Verb.RECREATE, [*made, *causes]
        return verb, causes

    def _recreate_causes(self, service: Service, container: Container) -> Iterator[str]:
        if container.spec is None:
            yield UNKNOWN_ORIGIN
        elif container.spec_hash != service.spec_hash:
            yield from _spec_causes(service, container.spec)
        if new_name := renamed(service, container):
            yield new_name
        if container.drift:
            yield "put back what was changed by hand"
        yield from self._image_causes(service, container)
        yield from (self.made_anew[name] for name in self._names_used(service) if name in self.made_anew)

    def _image_causes(self, service: Service, container: Container) -> Iterator[str]:
        tag = service.spec["image"]
        if (container.spec or {}).get("image", tag) != tag:
            return  # the specification says so already
        if tag in self.made_anew:
            yield self.made_anew[tag]
        elif self.observed.images[tag] != container.image:
            yield f"image {tag} is newer than the container"

    def _names_used(self, service: Service) -> Iterator[str]:
        """Yield the names of the networks and volumes that a service's entry in compose.yaml refers to."""
        for kind in ("networks", "volumes"):
            yield from (self.release.model[kind][key]["name"] for key in keys_used(service.spec, kind))


def _spec_causes(service: Service, made_from: Mapping[str, Any]) -> list[str]:
    return list(spec_words(made_from, service.spec)) or ["container settings changed"]


def configuration_verb(
    service: Service, container: Container, effective: Effective | None = None
) -> tuple[Verb, list[str]]:
    """Decide what a running container's daemon needs to work with the release's files, and say why."""
    changed = list(file_changes(service, container))
    rung, causes = _judged(service, changed, effective)
    if container.is_running and container.loaded != container.delivered:
        # An earlier deploy delivered and was cut short. With the settings that the daemon works with, those tell.
        rung = max(rung, Rung.RELOAD if effective and container.loaded else Rung.RESTART)
        causes = [*causes, "the delivered configuration was never taken in"]
    elif not (changed or causes):
        if container.delivered == service.release_id:
            return _with_renewal(container, Verb.NOTHING, [])
        rung, causes = Rung.RELOAD, ["the volume names another configuration with the same files"]
    return _with_renewal(container, _VERB_OF_RUNG[rung], causes)


def _with_renewal(container: Container, verb: Verb, causes: list[str]) -> tuple[Verb, list[str]]:
    """Have a renewed certificate that is refused judged again: whom it locks out is said then, and may be allowed."""
    if not container.refused:
        return verb, causes
    return Verb.RELOAD if verb in (Verb.NOTHING, Verb.REFRESH) else verb, [*causes, "a renewed certificate is refused"]


def _judged(service: Service, changed: list[FileChange], effective: Effective | None) -> tuple[Rung, list[str]]:
    """Return the highest rung that a change needs, and the causes: settings where they are known, else files."""
    if effective is None:
        return max((c.needs for c in changed), default=Rung.NOTHING), [c.words for c in changed]
    settings = changes(effective)
    others = [change for change in changed if not change.is_judged]
    edited = [change for change in changed if change.is_judged]
    rungs = [service.rung_of(setting.name) for setting in settings]
    rungs += [change.needs for change in others] + [change.at_least for change in edited]
    causes = [setting_words(setting) for setting in settings] or [f"{c.path}: no setting changes" for c in edited]
    causes += [change.words for change in others]
    return _gentle(service, max(rungs, default=Rung.NOTHING), effective, causes)


def _gentle(service: Service, rung: Rung, effective: Effective, causes: list[str]) -> tuple[Rung, list[str]]:
    """Take the full reload where processes outlive a gentle one, and say which setting makes them do so."""
    lasting = sorted(filter(service.is_lasting, {*effective.before, *effective.after}))
    if rung is not Rung.RELOAD or not lasting:
        return rung, causes
    return Rung.RELOAD_ALL, [*causes, f"{lasting[0]} keeps processes that a gentle reload does not reach"]
