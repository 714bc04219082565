"""Putting right what a deployer left behind that was killed between two steps; knows nothing of what it was up to.

What it had delivered and never taken in, the planner finds by itself. Here is only what has to be undone first: a new
container that never served, while the old one waits, stopped.
"""

from __future__ import annotations

from mailrig.apply.waiting import Progress
from mailrig.engine import containers, labels
from mailrig.engine.connection import Engine
from mailrig.engine.health import check
from mailrig.errors import EngineError
from mailrig.plan.observed import Container, Observed

_UNFINISHED = (labels.Role.WAITING, labels.Role.KEPT)


def is_needed(engine: Engine, project: str) -> bool:
    """Whether a deploy was cut short while it replaced a container."""
    return bool(containers.aside(engine, project, *_UNFINISHED))


def recover(engine: Engine, project: str, observed: Observed, step: Progress) -> None:
    """Let each service's old container serve again where the new one does not, and remove what never took its place."""
    for service, kept in observed.kept.items():
        new = observed.container(service)
        if new is not None and _serves(engine, new):
            continue  # the deploy that comes now goes on with it, and removes the old one at its end
        if not containers.is_on_present_networks(engine, kept.id):
            continue
        step(service, "an earlier deploy was cut short: the old container takes its place again")
        if new is not None:
            containers.remove(engine, new.id)
        containers.give_name(engine, kept.id, kept.name.removesuffix(labels.KEPT))
        containers.start(engine, kept.id)
    for container, name in containers.aside(engine, project, labels.Role.WAITING).items():
        step("cleaning up", f"removing {name}, which an earlier deploy left behind")
        containers.remove(engine, container)


def _serves(engine: Engine, container: Container) -> bool:
    if not container.is_running or container.spec is None:
        return False
    try:
        return check(engine, container.id, container.spec).is_serving
    except EngineError:
        return False
