"""One deploy on one host: look, and take part in a transaction where there is something to do; knows of no other host.

What a deploy with nothing to do has no need of is imported where it is used: most deploys are of that kind.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from mailrig.apply import recovery
from mailrig.apply.wanted import Result
from mailrig.engine import images
from mailrig.engine.observation import observe
from mailrig.errors import ApplyError, ForeignObject, MailrigError, Outdated, Problem
from mailrig.plan.actions import Verb
from mailrig.plan.planner import fingerprint, plan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mailrig.apply.hooks import Hooks
    from mailrig.apply.judgement import Judgement
    from mailrig.apply.transaction import Transaction
    from mailrig.apply.wanted import Audience, Wanted
    from mailrig.check.access import Access
    from mailrig.engine.connection import Engine
    from mailrig.engine.observation import Gathered
    from mailrig.plan.actions import Plan
    from mailrig.plan.observed import Observed

_TRIES = 3  # that often somebody else may change the host while we look at it


class Deployment:
    """One deploy on one host, in steps between which others can be waited for.

    They are ``look``, ``lock``, ``judge``, ``begin``, ``bring``, then perhaps ``go_back``, ``let_go`` and ``end``.
    Nothing new is in force before ``bring``: what a killed deploy left half-done is put right before, and images that
    are missing are built or sent. ``close`` comes last, whatever happened.
    """

    def __init__(self, engine: Engine, wanted: Wanted, audience: Audience, hooks: Hooks) -> None:
        self.engine = engine
        self.wanted = wanted
        self.audience = audience
        self.hooks = hooks
        self.result: Result | None = None
        self.transaction: Transaction | None = None
        self.is_begun = False
        self._open = ExitStack()

    @property
    def is_needed(self) -> bool:
        """Whether there is something to do on the host, as far as is known."""
        return self.result is None

    def look(self) -> None:
        """Look at the host, and begin to judge what it would get; raise where something is in the way."""
        if self.wanted.images:
            from mailrig.apply.images import require

            require(self.engine, self.wanted.images)
        self.wanted = _recovered(self.engine, self.wanted, self.audience)
        self.observed, preview = _previewed(self.engine, self.wanted)
        self.wanted = replace(self.wanted, gathered=None)
        if preview.is_empty:
            self.result = Result(preview, "unchanged", self.wanted.release.id)
            return
        self.judgement = self._open.enter_context(
            _judged(self.engine, self.wanted, self.observed, preview, self.audience)
        )

    def lock(self) -> None:
        """Take the lock, and look again at what it guards; raise Locked when somebody else has it."""
        from mailrig.apply.transaction import Transaction

        for _ in range(_TRIES):
            volumes = self.observed.volumes
            transaction = Transaction(self.engine, self.wanted, self.audience, self.hooks, volumes=volumes)
            self._open.enter_context(transaction)
            if fingerprint(transaction.observed) == fingerprint(self.observed):
                self.transaction = transaction
                return
            self._open.close()
            _refuse_changed(self.wanted)
            self.look()
            if not self.is_needed:
                return
        raise ApplyError("the host changes faster than it can be looked at", hint="who else is at work on it?")

    def judge(self) -> None:
        """Wait for the judgement; raise what speaks against the release, with or without the lock."""
        if not self.is_needed:
            return
        if self.transaction:
            self.transaction.put(self.judgement)
        self.judgement.refuse()
        access: tuple[Access, ...] = ()
        if self.judgement.offered:
            from mailrig.apply.gate import gate

            access = gate(self.judgement, self.wanted.target, self.wanted.inventory, self.wanted.allowed_lockouts)
        if self.transaction:
            self.transaction.plan(self.judgement, access)

    def begin(self) -> None:
        """Say what is about to be done, and ask the hook; raise HookError when it says no."""
        if self.transaction:
            self.transaction.begin()

    def bring(self) -> None:
        """Do what was planned under the lock, and verify it."""
        if self.transaction:
            self.is_begun = True
            self.result = self.transaction.run()

    @property
    def has_failed(self) -> bool:
        """Whether the host was changed and did not pass; where nothing was in force before, it stays all the same."""
        outcome = self.result.outcome if self.result else ""
        is_first = self.transaction is not None and self.transaction.history.in_force is None
        return outcome == "rolled back" or (outcome == "unverified" and is_first)

    @property
    def has_passed(self) -> bool:
        """Whether the host was changed in this very deploy, and stays so."""
        return self.result is not None and self.result.outcome in ("verified", "unverified") and not self.has_failed

    def spare(self) -> None:
        """Leave a host as it is that was not begun, since another has failed."""
        if self.result is None and self.transaction:
            self.result = Result(self.transaction.planned, "spared", self.transaction.history.in_force)

    def go_back(self, cause: str) -> None:
        """Take back what has passed; where there was nothing before, it stays. Raise what stands in the way."""
        if self.result is None or self.transaction is None or (previous := self.transaction.previous) is None:
            return
        try:
            self.result = self.transaction.go_back(cause)
        except MailrigError as error:
            self.result = replace(self.result, outcome="not taken back", in_force=None)
            problem = Problem(
                f"it could not be taken back to release {previous}",
                hint=f"this does, as soon as the host can be reached: mailrig rollback {previous}",
            )
            raise ApplyError.of([problem, *error.problems]) from error

    def let_go(self) -> None:
        """Let go of what was only kept for a failure."""
        if self.transaction:
            self.transaction.let_go()

    def end(self) -> None:
        """Tell the hook how it ended."""
        if self.transaction:
            self.transaction.end(self.result.outcome if self.result else "failed")

    def close(self) -> None:
        """Give back the lock, and whatever else was open."""
        self._open.close()


def _recovered(engine: Engine, wanted: Wanted, audience: Audience) -> Wanted:
    """Put right what a killed deploy left half-done; what was gathered before does not hold any more then."""
    if not recovery.is_needed(engine, wanted.release.project):
        return wanted
    if wanted.begun:
        wanted.begun.close()
    _recover(engine, wanted, audience)
    return replace(wanted, gathered=None)


def _previewed(engine: Engine, wanted: Wanted) -> tuple[Observed, Plan]:
    """Return what stands on the host and what it asks for; raise where something is in the way."""
    observed = seen(engine, wanted, wanted.gathered)
    refuse_foreign(observed)
    _refuse_outdated(wanted, observed)
    return observed, plan(wanted.release, observed, rebuild=wanted.rebuild)


@contextmanager
def _judged(
    engine: Engine, wanted: Wanted, observed: Observed, preview: Plan, audience: Audience
) -> Iterator[Judgement]:
    """Begin to judge what is about to be delivered, in images that are built or sent where they are missing."""
    from mailrig.apply.judgement import judged

    release = wanted.release
    if wanted.inventory is not None and _makes_something(preview):
        from mailrig.render.schema import validate

        validate(release.model)
    if preview.images:
        from mailrig.apply.supply import Supply

        supply = wanted.supply or Supply()
        supply.provide(engine, release, preview.images, audience.step, rebuild=wanted.rebuild)
    with judged(engine, release, _with_images(engine, observed, preview), preview, wanted.inventory) as judgement:
        yield judgement


def _makes_something(preview: Plan) -> bool:
    """Whether anything is made after compose.yaml; what only gets other files was made after the same."""
    making = any(action.verb in (Verb.CREATE, Verb.RECREATE) for action in preview.actions)
    return making or bool(preview.networks or preview.volumes)


def refuse_foreign(observed: Observed) -> None:
    """Raise ForeignObject with everything that is not ours and stands in the way; nothing has been touched yet."""
    problems = [
        Problem(f"{item.kind} `{item.name}` is taken: {item.detail}", None, item.hint) for item in observed.foreign
    ]
    if problems:
        raise ForeignObject.of(problems)


def _refuse_outdated(wanted: Wanted, observed: Observed) -> None:
    if wanted.planned is not None and fingerprint(observed) != wanted.planned:
        _refuse_changed(wanted)


def _refuse_changed(wanted: Wanted) -> None:
    if wanted.planned is not None:
        raise Outdated(
            f"host {wanted.release.host} has changed since the plan was made; nothing was touched", hint="plan again"
        )


def _with_images(engine: Engine, observed: Observed, preview: Plan) -> Observed:
    """Return what was observed, with the images that have been built since."""
    return replace(observed, images={**observed.images, **images.ids(engine, preview.images)})


def seen(engine: Engine, wanted: Wanted, gathered: Gathered | None = None) -> Observed:
    """Return what stands on the host, its tags naming the images that they will when the release is in force."""
    observed = observe(engine, wanted.release, gathered)
    return replace(observed, images={**observed.images, **wanted.images})


def _recover(engine: Engine, wanted: Wanted, audience: Audience) -> None:
    """Put right what a killed deploy left half-done, before anything is planned; a saved plan cannot know of it."""
    from mailrig.apply import lock
    from mailrig.apply.images import image_to_run
    from mailrig.apply.journal import Step, as_json

    _refuse_outdated(wanted, observe(engine, wanted.release))
    image = image_to_run(engine, wanted.release)
    with lock.held(engine, wanted.release.project, image, wanted.verb) as recorder:

        def step(subject: str, text: str) -> None:
            recorder.record(as_json(Step(deploy="recovery", when=lock.now(), subject=subject, text=text)))
            audience.step(subject, text)

        recovery.recover(engine, wanted.release.project, observe(engine, wanted.release), step)
