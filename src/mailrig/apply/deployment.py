"""One deploy on one host: look, and begin a transaction where there is something to do; knows of no other host.

What a deploy with nothing to do has no need of is imported where it is used: most deploys are of that kind.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from mailrig.apply import recovery
from mailrig.apply.wanted import Result
from mailrig.engine import images
from mailrig.engine.observation import observe
from mailrig.errors import ApplyError, ForeignObject, Outdated, Problem
from mailrig.plan.actions import Verb
from mailrig.plan.planner import fingerprint, plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from mailrig.apply.hooks import Hooks
    from mailrig.apply.judgement import Judgement
    from mailrig.apply.wanted import Audience, Wanted
    from mailrig.engine.connection import Engine
    from mailrig.engine.observation import Gathered
    from mailrig.plan.actions import Plan
    from mailrig.plan.observed import Observed

_TRIES = 3  # that often somebody else may change the host while we look at it


def prepare(engine: Engine, wanted: Wanted, audience: Audience) -> Wanted:
    """Judge and gate a host as ``bring`` will; return what is left for ``bring`` to do.

    Raise MailrigError with what speaks against it. Nothing new comes into force: what a killed deploy left half-done is
    put right before, and images that are missing are built or sent.
    """
    wanted = _recovered(engine, wanted, audience)
    observed, preview = _previewed(engine, wanted)
    if not preview.is_empty:
        from mailrig.apply.gate import gate

        with _judged(engine, wanted, observed, preview, audience) as judgement:
            judgement.refuse()
            gate(judgement, wanted.target, wanted.inventory, wanted.allowed_lockouts)
    return replace(wanted, gathered=None, rebuild=False)


def bring(engine: Engine, wanted: Wanted, audience: Audience, hooks: Hooks) -> Result:
    """Bring a host to what is wanted, and verify it; raise MailrigError when it could not even be tried."""
    if wanted.images:
        from mailrig.apply.images import require

        require(engine, wanted.images)
    wanted = _recovered(engine, wanted, audience)
    for _ in range(_TRIES):
        observed, preview = _previewed(engine, wanted)
        wanted = replace(wanted, gathered=None)
        if preview.is_empty:
            return Result(preview, "unchanged", wanted.release.id)
        from mailrig.apply.transaction import Transaction

        with (
            _judged(engine, wanted, observed, preview, audience) as judgement,
            Transaction(engine, wanted, audience, hooks) as transaction,
        ):
            if fingerprint(transaction.observed) == fingerprint(observed):
                return transaction.run(judgement)
        _refuse_changed(wanted)
    raise ApplyError("the host changes faster than it can be looked at", hint="who else is at work on it?")


def _recovered(engine: Engine, wanted: Wanted, audience: Audience) -> Wanted:
    """Put right what a killed deploy left half-done; what was gathered before does not hold any more then."""
    if not recovery.is_needed(engine, wanted.release.project):
        return wanted
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


def seen(engine: Engine, wanted: Wanted, gathered: Future[Gathered] | None = None) -> Observed:
    """Return what stands on the host, its tags naming the images that they will when the release is in force."""
    observed = observe(engine, wanted.release, gathered.result() if gathered else None)
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
