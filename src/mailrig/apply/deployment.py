"""One deploy on one host: look, and begin a transaction where there is something to do.

What a deploy with nothing to do has no need of is imported where it is used: most deploys are of that kind.
"""

from __future__ import annotations

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
    from concurrent.futures import Future

    from mailrig.apply.hooks import Hooks
    from mailrig.apply.wanted import Audience, Wanted
    from mailrig.engine.connection import Engine
    from mailrig.engine.observation import Gathered
    from mailrig.plan.actions import Plan
    from mailrig.plan.observed import Observed

_TRIES = 3  # that often somebody else may change the host while we look at it


def bring(engine: Engine, wanted: Wanted, audience: Audience, hooks: Hooks) -> Result:
    """Bring a host to what is wanted, and verify it; raise MailrigError when it could not even be tried."""
    release = wanted.release
    if wanted.images:
        from mailrig.apply.images import require

        require(engine, wanted.images)
    if recovery.is_needed(engine, release.project):
        _recover(engine, wanted, audience)
        wanted = replace(wanted, gathered=None)
    for _ in range(_TRIES):
        observed = seen(engine, wanted, wanted.gathered)
        wanted = replace(wanted, gathered=None)
        refuse_foreign(observed)
        _refuse_outdated(wanted, observed)
        preview = plan(release, observed, rebuild=wanted.rebuild)
        if preview.is_empty:
            return Result(preview, "unchanged", release.id)
        from mailrig.apply.images import build_missing
        from mailrig.apply.judgement import judged
        from mailrig.apply.transaction import Transaction

        if wanted.inventory is not None and _makes_something(preview):
            from mailrig.render.schema import validate

            validate(release.model)
        build_missing(engine, release, preview.images, audience.step)
        with (
            judged(engine, release, _with_images(engine, observed, preview), preview, wanted.inventory) as judgement,
            Transaction(engine, wanted, audience, hooks) as transaction,
        ):
            if fingerprint(transaction.observed) == fingerprint(observed):
                return transaction.run(judgement)
        _refuse_changed(wanted)
    raise ApplyError("the host changes faster than it can be looked at", hint="who else is at work on it?")


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
