"""Carrying out a plan, step by step, on one host; decides nothing that the plan has not decided."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from mailrig.apply.judgement import Judgement
from mailrig.apply.verification import forget
from mailrig.apply.waiting import Progress, await_service, failure
from mailrig.engine import containers, labels, storage
from mailrig.engine.connection import Engine
from mailrig.engine.workshop import Workshop
from mailrig.errors import EngineError
from mailrig.plan.actions import DELIVERING, Action, Plan, Verb
from mailrig.plan.observed import Container, Observed
from mailrig.plan.planner import named
from mailrig.render.release import Release, Service

Record = Callable[[str, str], None]

_TAKING_IN = {Verb.REFRESH: "nothing", Verb.RELOAD: "reload", Verb.RELOAD_ALL: "reload-all"}


class Executor:
    """Carries out one plan.

    ``judgement`` has the files of each service that gets new ones. ``record(subject, text)`` is called before each
    step, and the step is not taken when it raises; ``progress(subject, text)`` tells whoever waits.
    A container that is replaced is kept, stopped, with ``set_aside`` at the end of its name.
    """

    def __init__(
        self,
        engine: Engine,
        release: Release,
        observed: Observed,
        *,
        judgement: Judgement,
        record: Record,
        progress: Progress,
        set_aside: str = labels.KEPT,
    ) -> None:
        self.engine = engine
        self.release = release
        self.observed = observed
        self.judgement = judgement
        self.record = record
        self.progress = progress
        self.set_aside = set_aside

    def apply(self, plan: Plan) -> None:
        """Do everything in the plan; raise ApplyError with the failing container's own words."""
        self._remove_strays(plan)
        self._prepare_networks(plan)
        self._create_volumes(plan)
        self._deliver(plan)
        for action in plan.actions:
            if action.verb not in _TAKING_IN:
                self._act(action)
        # Nobody waits for these: each daemon takes in its files by itself, and goes on serving.
        quiet = [action for action in plan.actions if action.verb in _TAKING_IN]
        with ThreadPoolExecutor() as threads:
            list(threads.map(self._act, quiet))

    def _step(self, subject: str, text: str) -> None:
        self.record(subject, text)
        self.progress(subject, text)

    def _remove_strays(self, plan: Plan) -> None:
        for action in plan.actions:
            container = self.observed.container(action.service)
            if action.verb is Verb.REMOVE and container is not None:
                self._step(action.service, "removing the container")
                containers.remove(self.engine, container.id)

    def _prepare_networks(self, plan: Plan) -> None:
        """Create networks; one that differs is made anew, which its containers must leave first."""
        changed = [name for name in plan.networks if name in self.observed.networks]
        if changed:
            for service in reversed(self.release.services):
                self._set_aside(service)
        for name in changed:
            self._step("network", f"removing {name}")
            storage.remove_network(self.engine, name)
        for name in plan.networks:
            self._step("network", f"creating {name}")
            storage.create_network(self.engine, self.release, name)

    def _create_volumes(self, plan: Plan) -> None:
        for name in plan.volumes:
            self._step("volume", f"creating {name}")
            storage.create_volume(self.engine, self.release, name)

    def _deliver(self, plan: Plan) -> None:
        """Switch all configurations that change, at once: no daemon reads them before it is told to."""
        changing = {action.service for action in plan.actions if action.verb in DELIVERING}
        services = [one for one in self.release.services if one.name in changing and not self._has_files(one)]
        if not services:
            return
        self._step("release", f"switching to {self.release.id}: {', '.join(service.name for service in services)}")
        with ThreadPoolExecutor() as threads:
            list(threads.map(self._switch, services))

    def _switch(self, service: Service) -> None:
        if parcel := self.judgement.parcels.get(service.name):
            parcel.switch()
            return
        container = self.observed.container(service.name)
        if container and container.is_running and container.delivered == service.release_id:
            # What is put right has the name of what is in force: were we killed now, nobody would know that it is not.
            forget(self.engine, container.id)
        workshop = self.judgement.workshops.get(service.name)
        renewable = self.judgement.renewable.get(service.name, "")
        if workshop and workshop.has_volume:
            workshop.switch(renewable)
            return
        workshop = Workshop(self.engine, self.release, service, volumes=named(self.release, "volumes"))
        try:
            workshop.switch(renewable)
        finally:
            workshop.close()

    def _has_files(self, service: Service) -> bool:
        """Whether the service's volume holds exactly these files already, and points to them, with nothing to allow."""
        container = self.observed.container(service.name)
        if container is not None and container.refused and service.name in self.judgement.renewable:
            return False
        wanted = {file.path: file.digest for file in service.files}
        return container is not None and container.delivered == service.release_id and container.digests == wanted

    def _act(self, action: Action) -> None:
        service = next((one for one in self.release.services if one.name == action.service), None)
        if service is None or action.verb is Verb.NOTHING:
            return
        self._step(service.name, _said(action))
        try:
            self._change(service, action.verb)
        except EngineError as error:
            raise failure(self.engine, self.release, service, error.problems[0].message) from error
        if action.verb not in _TAKING_IN:  # that it serves was asked inside the container then
            await_service(self.engine, self.release, service, self.progress)

    def _change(self, service: Service, verb: Verb) -> None:
        name = service.spec["container_name"]
        if verb in (Verb.CREATE, Verb.RECREATE):
            self._replace(service)
        elif verb is Verb.START:
            containers.start(self.engine, name)
        elif verb is Verb.RESTART:
            containers.restart(self.engine, name, service.spec)
        else:
            self._take_in(service, _TAKING_IN[verb])

    def _replace(self, service: Service) -> None:
        """Put a new container, or the one that was kept, in the place of the one that is there."""
        fitting = self._kept_fitting(service)
        new = fitting.id if fitting else containers.create(self.engine, self.release, service)
        try:
            self._set_aside(service, but=new)
            self.record(service.name, "taking the place of the old container")
            containers.take_place(self.engine, new, service)
        except BaseException:  # Ctrl-C too: somebody has to serve
            self._serve_again(service)
            raise

    def _serve_again(self, service: Service) -> None:
        """Let the old container serve again, as far as that can be done, unless the new one has been started."""
        old = self.observed.container(service.name)
        if old is None or not old.is_running:
            return
        with suppress(EngineError):
            there = containers.inspect(self.engine, old.name)
            if there and there["State"]["Running"]:
                return
            if there and there["Id"] != old.id:
                containers.give_name(self.engine, there["Id"], old.name + labels.WAITING)
            containers.give_name(self.engine, old.id, old.name)
            containers.start(self.engine, old.id)

    def _kept_fitting(self, service: Service) -> Container | None:
        """Return the container that was kept when it was replaced, where it is just what is wanted again."""
        kept = self.observed.kept.get(service.name)
        if kept is None or kept.spec_hash != service.spec_hash or kept.drift:
            return None
        is_same_image = kept.image == self.observed.images.get(service.spec["image"])
        return kept if is_same_image and containers.is_on_present_networks(self.engine, kept.id) else None

    def _set_aside(self, service: Service, but: str | None = None) -> None:
        """Stop a service's container and keep it under another name; ``but`` is one that is not to go."""
        container = self.observed.container(service.name)
        if container is None or containers.has_name_with(self.engine, container.id, self.set_aside):
            return
        if container.holds_its_place:
            self._step(service.name, "stopping the old container")
            containers.stop(self.engine, container.id, service.spec)
        self.record(service.name, "setting the old container aside")
        containers.set_aside(self.engine, self.release, container.id, service, self.set_aside, but=but)

    def _take_in(self, service: Service, how: str) -> None:
        """Let the running daemon take in the delivered files."""
        there = self.observed.container(service.name)
        assert there is not None  # noqa: S101 - only what runs takes something in
        # By its id, under which a shell has been open since it was looked at.
        code, output = containers.run(self.engine, there.id, ["mailrig-apply", how])
        if code != 0:
            raise EngineError(f"{service.name} refused the new configuration: {output.strip()}")


def _said(action: Action) -> str:
    """Name the action and its first cause; the plan has them all."""
    first, *more = action.causes or ("nothing changed",)
    return f"{action.verb.value}: {first}{f', and {len(more)} more' if more else ''}"
