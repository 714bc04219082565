"""What is done to a site as it stands, without a new release: restart its services, take it down."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mailrig.apply.images import image_to_run, unpin_all
from mailrig.apply.journal import Step, as_json
from mailrig.apply.lock import held, now
from mailrig.apply.waiting import Progress, await_service
from mailrig.engine import containers, storage
from mailrig.engine.connection import Engine
from mailrig.engine.labels import Role
from mailrig.engine.observation import deployed, foreign_endpoints, services_of
from mailrig.engine.recorder import VOLUME
from mailrig.errors import ApplyError, ForeignObject, Problem
from mailrig.render.release import Release, Service

_NOT_SERVING = (Role.WAITING, Role.KEPT, Role.FAILED, Role.HELPER)


@dataclass(frozen=True)
class TakenDown:
    """What a site left behind when it was taken down."""

    containers: tuple[str, ...]
    networks: tuple[str, ...]
    removed_volumes: tuple[str, ...]
    kept_volumes: tuple[str, ...]


def restart(engine: Engine, release: Release, services: Iterable[Service], progress: Progress) -> None:
    """Restart services that are ours, one after the other, and wait until each serves."""
    found = [(service, deployed(engine, release, service)) for service in services]
    with held(engine, release.project, image_to_run(engine, release), "restart") as recorder:
        for service, container in found:
            recorder.record(as_json(Step(deploy="restart", when=now(), subject=service.name, text="restarting")))
            progress(service.name, "restarting")
            containers.restart(engine, container, service.spec)
            await_service(engine, release, service, progress)


def take_down(engine: Engine, release: Release, volumes: tuple[str, ...], progress: Progress) -> TakenDown:
    """Remove the site's containers and networks, and of its volumes those that are named, by either name."""
    ours = storage.our_volumes(engine, release.project)
    doomed = tuple(dict.fromkeys(_volume(name, ours) for name in volumes))
    networks = tuple(storage.our_networks(engine, release.project))
    _refuse_guests(engine, release, networks)
    found = services_of(engine, release.project)
    if found or networks or containers.aside(engine, release.project, *_NOT_SERVING):
        with held(engine, release.project, image_to_run(engine, release), "down") as recorder:
            recorder.record(as_json(Step(deploy="down", when=now(), subject="site", text="taking it down")))
            _stop(engine, release, found, progress)
            others = containers.aside(engine, release.project, *_NOT_SERVING)
            for container in {*found.values(), *others} - {recorder.container}:
                containers.remove(engine, container)
            for name in networks:
                storage.remove_network(engine, name)
    for name in doomed:
        progress("volume", f"removing {name}")
        storage.remove_volume(engine, name)
    if ours.get(VOLUME) in doomed:
        unpin_all(engine, release.project)
    kept = tuple(sorted(set(ours.values()) - set(doomed)))
    return TakenDown(tuple(sorted(found)), networks, doomed, kept)


def _stop(engine: Engine, release: Release, found: Mapping[str, str], progress: Progress) -> None:
    for service in reversed(release.services):
        if service.name in found:
            progress(service.name, "stopping")
            containers.stop(engine, found[service.name], service.spec)


def _refuse_guests(engine: Engine, release: Release, networks: tuple[str, ...]) -> None:
    """Raise, before anything is stopped, when a foreign container is on one of our networks."""
    problems = [
        Problem(
            f"the container `{guest}`, which is not ours, is on the network {name}; nothing was stopped",
            hint=f"take it off: docker network disconnect {name} {guest}",
        )
        for name in networks
        for guest in foreign_endpoints(engine, name, release.project)
    ]
    if problems:
        raise ForeignObject.of(problems)


def _volume(name: str, ours: dict[str, str]) -> str:
    """Return a volume's full name, given either of its names."""
    if name in ours.values():
        return name
    if name in ours:
        return ours[name]
    known = ", ".join(sorted(ours)) or "none"
    raise ApplyError(f"the site has no volume `{name}`; nothing was removed", hint=f"its volumes are: {known}")
