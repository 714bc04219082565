"""Whether what runs was verified since it started; knows nothing of how it is verified.

The note lies in each container's /run, and goes with its process: what was started anew has to be looked at anew.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from mailrig.engine.connection import Engine
from mailrig.engine.containers import run
from mailrig.engine.interior import TAKEN_IN, VERIFIED
from mailrig.plan.observed import Observed
from mailrig.render.release import Release


def is_verified(release: Release, observed: Observed) -> bool:
    """Whether every service passed with this very release."""
    containers = [observed.container(service.name) for service in release.services]
    return all(container is not None and container.verified == release.id for container in containers)


def forget(engine: Engine, container: str) -> None:
    """Forget what a container's daemon has taken in, and whether that was verified."""
    run(engine, container, ["rm", "-f", TAKEN_IN, VERIFIED])


def note_verified(engine: Engine, release: Release) -> None:
    """Note in every container that the release passed."""
    argv = ["sh", "-c", f'echo "$1" >{VERIFIED}', "note", release.id]
    with ThreadPoolExecutor() as threads:
        list(threads.map(lambda service: run(engine, service.spec["container_name"], argv), release.services))
