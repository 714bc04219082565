"""One deploy on one host: look, and begin a transaction where there is something to do.

What a deploy with nothing to do has no need of is imported where it is used: most deploys are of that kind.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from mailrig.apply import recovery
from mailrig.apply.verification import is_verified
from mailrig.apply.wanted import Result
from mailrig.engine import images
from mailrig.engine.observation import observe
from mailrig.errors import ApplyError, ForeignObject, Outdated, Problem
from mailrig.plan.actions import Verb
from mailrig.plan.planner import fingerprint, plan

if TYPE_CHECKING:
    from mailrig.apply.hooks import Hooks
    from mailrig.apply.wanted import Audience, Wanted
    from mailrig.engine.connection import Engine
    from mailrig.plan.actions import Plan
    from mailrig.plan.observed import Observed

_TRIES = 3  # that often somebody else may change the host while we look at it


def bring(engine: Engine, wanted: Wanted, audience: Audience, hooks: Hooks) -> Result:
    """Bring a host to what is wanted, and verify it; raise MailrigError when it could not even be tried."""
    release = wanted.release
    if wanted.images:
        from mailrig.apply.images import restore

        restore(engine, wanted.images, audience.step)
    if recovery.is_needed(engine, release.project):
        _recover(engine, wanted, audience)
    for _ in range(_TRIES):
        observed = observe(engine, release)
        refuse_foreign(observed)
        _refuse_outdated(wanted, observed)
        preview = plan(release, observed, rebuild=wanted.rebuild)
        if preview.is_empty and is_verified(release, observed) and not observed.kept:
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
            if fingerprint(transaction.observed) == fingerprint(observed) or preview.images:
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


def _recover(engine: Engine, wanted: Wanted, audience: Audience) -> None:
    from mailrig.apply import lock
    from mailrig.apply.images import image_to_run

    image = image_to_run(engine, wanted.release)
    with lock.held(engine, wanted.release.project, image, wanted.verb):
        observed = observe(engine, wanted.release)
        recovery.recover(engine, wanted.release.project, observed, audience.step)
