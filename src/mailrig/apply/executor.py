"""Carrying out a plan, step by step, on one host; decides nothing that the plan has not decided."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from mailrig.apply.waiting import Progress, await_service, failure
from mailrig.engine import containers, images, storage
from mailrig.engine.connection import Engine
from mailrig.engine.delivery import deliver
from mailrig.errors import EngineError, ForeignObject, Problem
from mailrig.plan.actions import DELIVERING, Action, Plan, Verb
from mailrig.plan.observed import Observed
from mailrig.render.release import Release, Service
from mailrig.resources import resource


def refuse_foreign(observed: Observed) -> None:
    """Raise ForeignObject with everything that is not ours and stands in the way; nothing has been touched yet."""
    problems = [
        Problem(f"{item.kind} `{item.name}` is taken: {item.detail}", None, item.hint) for item in observed.foreign
    ]
    if problems:
        raise ForeignObject.of(problems)


def clear_leftovers(engine: Engine, release: Release) -> None:
    """Remove what a killed run left behind: helpers, and containers that never took their place."""
    for leftover in containers.leftovers(engine, release.project):
        containers.remove(engine, leftover)


class Executor:
    """Carries out one plan. ``progress(subject, text)`` is told of each step."""

    def __init__(self, engine: Engine, release: Release, observed: Observed, progress: Progress) -> None:
        self.engine = engine
        self.release = release
        self.observed = observed
        self.progress = progress

    def apply(self, plan: Plan) -> None:
        """Do everything in the plan; raise ApplyError with the failing container's own words."""
        self._build_images(plan)
        self._remove_strays(plan)
        self._prepare_networks(plan)
        self._create_volumes(plan)
        self._deliver(plan)
        for action in plan.actions:
            self._act(action)

    def _build_images(self, plan: Plan) -> None:
        if not plan.images:
            return
        base = images.base_image(self.engine, lambda line: self.progress("base image", line))
        for service in self.release.services:
            if service.spec["image"] in plan.images:
                self.progress(service.name, f"building {service.spec['image']} on {base}")
                context = resource("compose") / service.name
                images.build(
                    self.engine,
                    service.spec["image"],
                    context,
                    base,
                    lambda line, name=service.name: self.progress(name, f"waiting for the build: {line}"),  # type: ignore[misc]
                )

    def _remove_strays(self, plan: Plan) -> None:
        for action in plan.actions:
            container = self.observed.container(action.service)
            if action.verb is Verb.REMOVE and container is not None:
                self.progress(action.service, "removing the container")
                containers.remove(self.engine, container.id)

    def _prepare_networks(self, plan: Plan) -> None:
        """Create networks; one that differs is made anew, which its containers must leave first."""
        changed = [name for name in plan.networks if name in self.observed.networks]
        if changed:
            for service in reversed(self.release.services):
                self._remove_container(service)
        for name in changed:
            storage.remove_network(self.engine, name)
        for name in plan.networks:
            storage.create_network(self.engine, self.release, name)

    def _create_volumes(self, plan: Plan) -> None:
        for name in plan.volumes:
            storage.create_volume(self.engine, self.release, name)

    def _deliver(self, plan: Plan) -> None:
        """Deliver all configurations that change, at once: no daemon reads them before it is told to."""
        changing = {action.service for action in plan.actions if action.verb in DELIVERING}
        services = [s for s in self.release.services if s.name in changing and not self._has_files(s)]
        with ThreadPoolExecutor() as threads:
            list(threads.map(lambda service: deliver(self.engine, self.release, service), services))

    def _has_files(self, service: Service) -> bool:
        """Whether the service's volume holds exactly these files already, and points to them."""
        container = self.observed.container(service.name)
        wanted = {file.path: file.digest for file in service.files}
        return container is not None and container.delivered == service.release_id and container.digests == wanted

    def _act(self, action: Action) -> None:
        service = next((s for s in self.release.services if s.name == action.service), None)
        if service is None or action.verb is Verb.NOTHING:
            return
        self.progress(service.name, f"{action.verb.value}: {', '.join(action.causes)}")
        try:
            self._change(service, action.verb)
        except EngineError as error:
            raise failure(self.engine, self.release, service, error.problems[0].message) from error
        self._await(service)

    def _change(self, service: Service, verb: Verb) -> None:
        name = service.spec["container_name"]
        if verb in (Verb.CREATE, Verb.RECREATE):
            created = containers.create(self.engine, self.release, service)
            self._remove_container(service)
            containers.take_place(self.engine, created, service)
        elif verb is Verb.START:
            containers.start(self.engine, name)
        elif verb is Verb.RESTART:
            containers.restart(self.engine, name, service.spec)
        else:
            self._take_in(service, "reload" if verb is Verb.RELOAD else "nothing")

    def _remove_container(self, service: Service) -> None:
        container = self.observed.container(service.name)
        if container is None:
            return
        if container.is_running:
            containers.stop(self.engine, container.id, service.spec)
        containers.remove(self.engine, container.id)

    def _take_in(self, service: Service, how: str) -> None:
        """Let the running daemon take in the delivered files."""
        code, output = containers.run(self.engine, service.spec["container_name"], ["mailrig-apply", how])
        if code != 0:
            raise EngineError(f"{service.name} refused the new configuration: {output.strip()}")

    def _await(self, service: Service) -> None:
        await_service(self.engine, self.release, service, self.progress)
