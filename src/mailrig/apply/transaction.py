"""A deploy under its lock: it comes into force whole or not at all.

Nothing is touched before the configuration was judged by the daemons' own tools. What is replaced is kept until the new
has passed verification; when it does not, the release before is brought back by the same plan and verification.

What only verification has need of is imported where it is used: until then, somebody waits for a new account.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, Self

from mailrig.apply import journal, lock
from mailrig.apply.deployment import seen
from mailrig.apply.executor import Executor
from mailrig.apply.hooks import Hooks
from mailrig.apply.images import pin, require, restore, unpin
from mailrig.apply.journal import History
from mailrig.apply.judgement import Judgement, judged
from mailrig.apply.logbook import Logbook
from mailrig.apply.store import Stored, dump, load
from mailrig.apply.verification import note_verified
from mailrig.apply.waiting import await_service
from mailrig.apply.wanted import Audience, Result, Wanted
from mailrig.engine import containers, labels
from mailrig.engine.connection import Engine
from mailrig.engine.courier import volumes_of
from mailrig.engine.observation import observe
from mailrig.engine.recorder import AUDIT, RELEASES, Recorder
from mailrig.errors import ApplyError, EngineUnreachable, Locked, MailrigError
from mailrig.plan.actions import Plan
from mailrig.plan.observed import Observed
from mailrig.plan.planner import plan
from mailrig.render.release import Release
from mailrig.verify.report import Report
from mailrig.verify.target import Target

if TYPE_CHECKING:
    from mailrig.check.access import Access
    from mailrig.verify.crowd import Crowd

KEPT = 10  # releases that stay on the host


class Transaction:
    """What is done while the lock is held."""

    def __init__(
        self, engine: Engine, wanted: Wanted, audience: Audience, hooks: Hooks, *, volumes: Iterable[str] = ()
    ) -> None:
        """Prepare it; ``volumes`` are those of ours that stand on the host."""
        self.engine = engine
        self.wanted = wanted
        self.release = wanted.release
        self.audience = audience
        self.hooks = hooks
        self._present = volumes
        self._is_begun = False
        self._dropped: tuple[str, ...] | None = None

    def __enter__(self) -> Self:
        """Take the lock, and look again at what it guards."""
        begun = self.wanted.begun
        self.recorder: Recorder = (begun and begun.claim()) or self._lock()
        self.log = Logbook(self.recorder)
        try:
            with ThreadPoolExecutor() as threads:
                log = threads.submit(self.recorder.read, AUDIT)
                self.observed = seen(self.engine, self.wanted)
                self.history: History = journal.history(log.result())
        except BaseException:
            self.recorder.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.recorder.close()

    def _lock(self) -> Recorder:
        tag = self.release.services[0].spec["image"]
        image = self.wanted.images.get(tag, tag)
        volumes = volumes_of(self.release, self._present)
        return lock.take(self.engine, self.release.project, image, self.wanted.verb, volumes)

    def put(self, judgement: Judgement) -> None:
        """Bring the release's own copy to the host while it is being judged, and what needs no judgement."""
        self.images = {tag: self.observed.images[tag] for tag in _tags(self.release)}
        self.name = self.wanted.name or _free_name(self.release.id, self.images, self.history)
        is_new = self.name not in self.history.kept
        content = {self.name: dump(Stored(self.release, self.wanted.target, self.images))} if is_new else {}
        judgement.parcels |= self.recorder.put(content, judgement.spared)

    def plan(self, judgement: Judgement, access: tuple[Access, ...]) -> None:
        """Plan with what was judged, and with how mail clients will fare."""
        if judgement.offered:
            from mailrig.apply.gate import renewals

            inventory, allowed = self.wanted.inventory, self.wanted.allowed_lockouts
            judgement.renewable = renewals(judgement, self.release, inventory, allowed)
        planned = plan(self.release, self.observed, judgement.effective, rebuild=self.wanted.rebuild)
        self.judgement, self.planned = judgement, replace(planned, access=access)

    def begin(self) -> None:
        """Say what is about to be done, and ask the hook; raise HookError when it says no."""
        self.audience.plan(self.planned)
        self.hooks.run(f"pre-{self.wanted.verb}", self._told())
        self._is_begun = True

    def end(self, outcome: str) -> None:
        """Tell the hook how it ended, where it was told of a beginning."""
        if not self._is_begun:
            return
        if error := self.hooks.run_after(f"post-{self.wanted.verb}", {**self._told(), "outcome": outcome}):
            self.audience.error(error)

    def _told(self) -> dict[str, str]:
        """Return what a hook is told of what happens."""
        actions = (f"{action.service} {action.verb.value}" for action in self.planned.actions)
        return {
            "site": self.release.project.removeprefix(labels.PREFIX),
            "host": self.release.host,
            "release": self.release.id,
            "previous_release": self.history.in_force or "",
            "actions": "\n".join(actions),
        }

    @property
    def previous(self) -> str | None:
        """The release to go back to: the one in force before, where it is another and still kept."""
        before = self.history.in_force
        return before if before != self.name and before in self.history.kept else None

    def run(self) -> Result:
        """Apply, verify, and fall back when it does not hold; nothing is touched that was not judged.

        What was replaced stays until ``let_go``.
        """
        self._begin()
        try:
            restore(self.engine, self.wanted.images, self._step)
            self._apply(self.release, self.observed, self.planned, self.judgement, labels.KEPT)
            report = self._verify(self.wanted.target, self._crowd(self.judgement, self.name))
        except Locked:
            raise  # whoever has the lock now decides
        except (KeyboardInterrupt, EngineUnreachable):  # over a connection that is gone nothing can be undone
            self.audience.step("interrupted", f"what this {self.wanted.verb} began, the next deploy puts right")
            raise
        except MailrigError as error:
            return self._fall_back(error, None)
        if self._broken(report):
            return self._fall_back(None, report)
        outcome: Literal["verified", "unverified"] = "verified" if report.ok else "unverified"
        self._settle(outcome, report)
        return Result(self.planned, outcome, self.name, report)

    def go_back(self, cause: str) -> Result:
        """Bring ``previous`` back though this very transaction has passed; written down as a rollback, and verified."""
        assert self.previous is not None  # noqa: S101 - whoever asks has looked
        self.audience.step("rollback", f"to release {self.previous}: {cause}")
        stored = load(self.previous, self.recorder.read(f"{RELEASES}/{self.previous}"))
        self.log.begin("rollback", self.previous, previous=self.name, images=stored.images, causes=(cause,))
        try:
            report = self._bring_back(self.previous, stored)
        except Locked:
            raise
        except MailrigError:
            with suppress(MailrigError):  # the host may be out of reach
                self.log.end(None, "failed")
            raise
        self.log.end(self.previous, "verified" if report.ok else "unverified", report)
        return Result(self.planned, "taken back", self.previous, report)

    def _begin(self) -> None:
        """Keep the release on the host, and write down what is about to begin."""
        if cut := self.history.interrupted:
            self.audience.step("journal", f"the {cut.begun.verb} by {cut.begun.who} of {cut.begun.when} was cut short")
        if self.name not in self.history.kept:
            self.recorder.keep(self.name)
            pin(self.engine, self.release, self.name)
        self.log.begin(
            self.wanted.verb,
            self.name,
            previous=self.history.in_force,
            images=self.images,
            causes=_causes(self.planned),
            commit=self.wanted.commit,
            allowed_lockouts=self.wanted.allowed_lockouts,
        )

    def _step(self, subject: str, text: str) -> None:
        self.log.step(subject, text)
        self.audience.step(subject, text)

    def _apply(self, release: Release, observed: Observed, planned: Plan, judgement: Judgement, set_aside: str) -> None:
        Executor(
            self.engine,
            release,
            observed,
            judgement=judgement,
            record=self.log.step,
            progress=self.audience.step,
            set_aside=set_aside,
        ).apply(planned)
        if not planned.changes:
            for service in release.services:
                await_service(self.engine, release, service, self.audience.step)
        self.audience.step("release", "in force")

    def _crowd(self, judgement: Judgement, name: str) -> Crowd:
        """Return the mail clients that have to get in, but for those that the release was allowed to lock out."""
        from mailrig.apply.gate import crowd

        allowed = self.wanted.allowed_lockouts or self.history.allowed_lockouts(name)
        return crowd(judgement, self.wanted.inventory, allowed)

    def _verify(self, target: Target, met: Crowd) -> Report:
        from mailrig.engine.inside import ContainersInside
        from mailrig.verify.survey import verify

        self.log.step("verify", "asking from outside")
        self.audience.step("verify", f"waiting for the answers of {target.hostname}")
        inside = ContainersInside(self.engine, self.release)
        gated = functools.partial(self.audience.step, "verify", "the gating probes have answered")
        report = verify(target, inside, gated=gated, crowd=met)
        self.audience.report(report)
        return report

    def _broken(self, report: Report) -> list[str]:
        """Return the probes that fail now, and passed when the release before was looked at last.

        That a required mail client is locked out counts where it is not known either that it was so before. A wrong
        prediction is our fault, and no reason to go back.
        """
        from mailrig.verify.crowd import CLIENTS, PREDICTION

        before, failed = self.history.passed, self.history.failed
        return [
            result.name
            for result in report.failed
            if result.probe != PREDICTION
            and (result.name in before or (result.probe == CLIENTS and result.name not in failed))
        ]

    def _settle(self, outcome: journal.Outcome, report: Report) -> None:
        """Write down that the release is in force, and which are to be let go of for it."""
        self._dropped = self.history.droppable(KEPT, self.name)
        self.log.end(self.name, outcome, report, self._dropped)
        if report.ok:
            note_verified(self.engine, self.release)

    def let_go(self) -> None:
        """Let go of what was only kept for a failure, if there was none; there is no ``go_back`` any more."""
        if self._dropped is None:
            return
        for container in containers.aside(self.engine, self.release.project, labels.Role.KEPT, labels.Role.FAILED):
            containers.remove(self.engine, container)
        for helper in containers.dead_helpers(self.engine, self.release.project, self.recorder.container):
            containers.remove(self.engine, helper)
        self._drop(self._dropped)

    def _drop(self, dropped: tuple[str, ...]) -> None:
        """Let go of releases, and of the images that none of the others names."""
        left = {*self.history.kept, self.name} - set(dropped)
        in_use = {image for kept in left for image in self.history.images(kept).values()} | {*self.images.values()}
        for old in {*dropped, *self.history.dropped} - left:  # the deploy before may have been killed just here
            self.recorder.drop(old)
            unpin(self.engine, self.release, old, self.history.images(old), in_use)

    def _fall_back(self, error: MailrigError | None, report: Report | None) -> Result:
        """Bring the release before back; raise what went wrong when there is none, or when it fails as well."""
        previous = self.previous
        if previous is None:
            return self._stay(error, report)
        if error:
            self.audience.error(error)
        self.audience.step("rollback", f"to release {previous}")
        self.log.step("rollback", f"to release {previous}")
        before = self._failed()
        try:
            again = self._bring_back(previous, load(previous, self.recorder.read(f"{RELEASES}/{previous}")))
        except Locked:
            raise
        except MailrigError as second:
            with suppress(MailrigError):  # the host may be out of reach
                self.log.end(None, "failed")
            problems = [*(error.problems if error else ()), *second.problems]
            raise ApplyError.of(problems) from second
        if error is None:  # else its last lines have been shown with it
            self._show(self._failed().keys() - before.keys())
        self.log.end(previous, "rolled back", again)
        return Result(self.planned, "rolled back", previous, again)

    def _bring_back(self, name: str, stored: Stored) -> Report:
        require(self.engine, stored.images)
        restore(self.engine, stored.images, self._step)
        release = stored.release
        observed = observe(self.engine, release)
        with judged(self.engine, release, observed, plan(release, observed)) as judgement:
            judgement.wait()
            for problem in judgement.problems:  # it served a moment ago, and is better than what failed
                self.audience.step("rollback", f"nevertheless: {problem.message}")
            planned = plan(release, observed, judgement.effective)
            self.audience.plan(planned)
            judgement.parcels |= self.recorder.put({}, judgement.spared)
            self._apply(release, observed, planned, judgement, labels.FAILED)
            met = self._crowd(judgement, name)
        report = self._verify(stored.target, met)
        if report.ok:
            note_verified(self.engine, release)
        return report

    def _stay(self, error: MailrigError | None, report: Report | None) -> Result:
        """There is nothing to go back to: say so, and leave what there is."""
        self.log.end(self.name if report else None, "failed" if error else "unverified", report)
        if error:
            raise error
        return Result(self.planned, "unverified", self.name, report)

    def _failed(self) -> dict[str, str]:
        return containers.aside(self.engine, self.release.project, labels.Role.FAILED)

    def _show(self, failed: Iterable[str]) -> None:
        """Show what the containers said that are kept because they failed just now."""
        names = self._failed()
        for container in failed:
            self.audience.step(names[container], "is kept, stopped, for a look; its last lines:")
            for line in containers.last_lines(self.engine, container):
                self.audience.step(names[container], f"| {line}")


def _tags(release: Release) -> set[str]:
    return {service.spec["image"] for service in release.services}


def _free_name(release_id: str, images: Mapping[str, str], history: History) -> str:
    """Return the name to keep a release under: its id, with a number when it is kept with other images already."""
    name, number = release_id, 1
    while name in history.kept and dict(history.images(name)) != dict(images):
        number += 1
        name = f"{release_id}-{number}"
    return name


def _causes(planned: Plan) -> Iterable[str]:
    for action in planned.actions:
        yield from (f"{action.service}: {cause}" for cause in action.causes)
