"""A release's configurations, each judged by its own daemon's tools before anything is touched.

What judges is imported where it is used: most deploys that change only accounts have nothing to judge.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from mailrig.clients.catalogue import Client
from mailrig.clients.server import Server
from mailrig.engine.connection import Engine
from mailrig.engine.courier import Parcel, volumes_of
from mailrig.engine.images import has_image
from mailrig.engine.workshop import Workshop
from mailrig.errors import CheckError, EngineError, Problem
from mailrig.inventory.model import Inventory
from mailrig.plan.actions import DELIVERING, Plan, Verb
from mailrig.plan.effective import Effective, settings_of
from mailrig.plan.observed import Container, Observed
from mailrig.render.release import Release, Service

if TYPE_CHECKING:
    from mailrig.check.access import Access, Offers

T = TypeVar("T")


@dataclass
class Judgement:
    """What the tools found, and the workshops in which they did, by service: complete after ``wait``.

    ``spared`` are services of which nothing changes that a tool would judge, so that they need no workshop;
    ``parcels`` are their files, where they are on the host already.
    ``renewable`` says which certificates a service may take in by itself (check/renewal.py), once that was asked for.
    """

    workshops: dict[str, Workshop] = field(default_factory=dict)
    effective: dict[str, Effective] = field(default_factory=dict)
    offered: dict[str, Offers] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    renewable: dict[str, str] = field(default_factory=dict)
    under_way: list[Future[None]] = field(default_factory=list)
    spared: tuple[Service, ...] = ()
    parcels: dict[str, Parcel] = field(default_factory=dict)

    def wait(self) -> None:
        """Wait for all of it."""
        for one in self.under_way:
            one.result()

    def access(self, ports: Mapping[str, int], clients: Collection[Client]) -> tuple[Access, ...]:
        """Return how mail clients fare on the published ports, once it is complete."""
        from mailrig.check.access import access

        return tuple(one for service, offers in self.offered.items() for one in access(service, offers, ports, clients))

    def refuse(self) -> None:
        """Wait; raise CheckError with every problem, when there is one."""
        self.wait()
        if self.problems:
            raise CheckError.of(dict.fromkeys(self.problems))  # both services may be given the same certificate


@contextmanager
def judged(
    engine: Engine, release: Release, observed: Observed, plan: Plan, inventory: Inventory | None = None
) -> Iterator[Judgement]:
    """Begin to judge the configuration of each service that the plan gives a new one, or a new container.

    ``inventory`` is where its problems are pointed out. A service whose image is still to be built is left out.
    """
    services = list(_to_be_judged(release, observed, plan))
    spared = tuple(service for service, verb in services if _is_spared(release, service, verb, observed))
    judgement = Judgement(spared=spared)
    with ThreadPoolExecutor() as threads:
        judgement.under_way += [
            threads.submit(_judge, judgement, engine, release, service, verb, observed, inventory)
            for service, verb in services
            if service not in spared
        ]
        try:
            yield judgement
        finally:
            wait(judgement.under_way)
            list(threads.map(_close, judgement.workshops.values()))


def _to_be_judged(release: Release, observed: Observed, plan: Plan) -> Iterable[tuple[Service, Verb]]:
    verbs = {action.service: action.verb for action in plan.actions}
    for service in release.services:
        verb = verbs[service.name]
        if service.spec["image"] not in observed.images or verb not in DELIVERING:
            continue
        if verb in _READING_ALL or not _is_in_force(service, observed.container(service.name)):
            yield service, verb


# What reads everything anew, and so what others have changed meanwhile: a certificate on the Docker host.
_READING_ALL = (Verb.RECREATE, Verb.RESTART, Verb.START)


def _is_in_force(service: Service, container: Container | None) -> bool:
    """Whether a service works with these files, and with the certificates on the host as they are now."""
    if container is None or container.refused:
        return False
    return _has_files(service, container) and container.loaded == service.release_id


def _judge(
    judgement: Judgement,
    engine: Engine,
    release: Release,
    service: Service,
    verb: Verb,
    observed: Observed,
    inventory: Inventory | None,
) -> None:
    from mailrig.apply.offers import offered
    from mailrig.check import naming
    from mailrig.check.access import Offers
    from mailrig.check.validation import problems

    image = observed.images[service.spec["image"]]
    workshop = Workshop(engine, release, service, volumes=observed.volumes, image=image)
    judgement.workshops[service.name] = workshop
    container = observed.container(service.name)
    working_with = (container.loaded or container.delivered) if container else None
    said = workshop.check()
    # What was in force is started again as it is: nothing is worse than a server that does not run.
    starts_again = verb in (Verb.RESTART, Verb.START) and _has_files(service, container)
    if not starts_again:
        judgement.problems += problems(service, said, inventory, release.host)
    after = settings_of(said)
    before: Mapping[str, Server] = {}
    if working_with and workshop.has_volume and (settings := settings_of(workshop.settings_of(working_with))):
        # An older image may have no such tool, and the volume may have lost that release.
        judgement.effective[service.name] = Effective(settings, after)
        before = offered(workshop, settings, working_with).ports
    will = offered(workshop, after)
    if inventory and not starts_again:
        judgement.problems += naming.problems(will, inventory, release.host)
    judgement.offered[service.name] = Offers(before, will.ports, will.left_out, gates=not starts_again)


def _is_spared(release: Release, service: Service, verb: Verb, observed: Observed) -> bool:
    """Whether only accounts and aliases change: what the tools would judge is in force, and was judged before."""
    container = observed.container(service.name)
    if verb is not Verb.REFRESH or container is None or service.name not in volumes_of(release, observed.volumes):
        return False
    return container.delivered not in (None, service.release_id) and _has_same_settings(service, container)


def _has_files(service: Service, container: Container | None) -> bool:
    """Whether the container has exactly these files already."""
    wanted = {file.path: file.digest for file in service.files}
    return container is not None and container.delivered == service.release_id and container.digests == wanted


def _has_same_settings(service: Service, container: Container) -> bool:
    """Whether only files change of which the tools have nothing to say."""
    present = container.digests
    return all(file.unjudged for file in service.files if present.get(file.path) != file.digest)


def _close(workshop: Workshop) -> None:
    with suppress(EngineError):  # it ends with us in any case
        workshop.close()


def judged_alone(engine: Engine, release: Release) -> dict[str, Mapping[str, str]]:
    """Return the effective settings of each service of a release, where its image is on the host."""
    return _alone(engine, release, lambda workshop: settings_of(workshop.check()))


def offered_alone(engine: Engine, release: Release) -> dict[str, Mapping[str, Server]]:
    """Return what the TLS ports of each service of a release would offer, where its image is on the host."""
    from mailrig.apply.offers import offered

    return _alone(engine, release, lambda workshop: offered(workshop, settings_of(workshop.check())).ports)


def _alone(engine: Engine, release: Release, ask: Callable[[Workshop], T]) -> dict[str, T]:
    """Ask in a workshop of each service that has an image."""

    def asked(service: Service) -> T:
        workshop = Workshop(engine, release, service)
        try:
            return ask(workshop)
        finally:
            _close(workshop)

    services = [service for service in release.services if has_image(engine, service.spec["image"])]
    with ThreadPoolExecutor() as threads:
        return dict(zip((service.name for service in services), threads.map(asked, services), strict=True))
