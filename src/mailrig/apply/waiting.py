"""Waiting until a service serves, and saying what a person needs to see when it does not."""

from __future__ import annotations

from collections.abc import Callable

from mailrig.engine import containers
from mailrig.engine.connection import Engine
from mailrig.engine.health import Health, check, wait_until_serving
from mailrig.errors import ApplyError
from mailrig.render.release import Release, Service

Progress = Callable[[str, str], None]


def await_service(engine: Engine, release: Release, service: Service, progress: Progress) -> None:
    """Wait until the service serves; raise ApplyError with its container's own words when it does not."""
    health = wait_until_serving(
        engine,
        service.spec["container_name"],
        service.spec,
        lambda said: progress(service.name, f"waiting until it serves: {said}"),
    )
    if not health.is_serving:
        raise failure(engine, release, service, f"{service.name} does not serve", health)
    progress(service.name, "serves")


def failure(
    engine: Engine, release: Release, service: Service, message: str, health: Health | None = None
) -> ApplyError:
    """Return an error with the container's last lines, its health check's words, and what still runs."""
    name = service.spec["container_name"]
    parts = [message]
    if health and health.said:
        parts.append(f"its health check says: {health.said}")
    state = containers.inspect(engine, name)
    if state and (health or not state["State"]["Running"]):
        parts += [f"the last lines of {name}:", *(f"  | {line}" for line in containers.last_lines(engine, name))]
    parts.append(f"as it is now: {'; '.join(_state(engine, one) for one in release.services)}")
    return ApplyError("\n".join(parts), hint=f"correct the cause and deploy again; more: docker logs {name}")


def _state(engine: Engine, service: Service) -> str:
    state = containers.inspect(engine, service.spec["container_name"])
    if not state or not state["State"]["Running"]:
        return f"{service.name} does not run"
    serves = check(engine, state["Id"], service.spec).is_serving
    return f"{service.name} runs and {'serves' if serves else 'does not serve'}"
