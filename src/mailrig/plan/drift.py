"""What somebody, or an accident, changed on a host since the last deploy; pure, and decides nothing about a cure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mailrig.plan.actions import Drift
from mailrig.plan.files import edited
from mailrig.plan.observed import Container, Observed
from mailrig.render.release import Release, Service

UNKNOWN_ORIGIN = "recreated by hand: its labels do not say what it was made from"


def drift_of(release: Release, observed: Observed) -> Iterator[Drift]:
    """Yield everything that is otherwise than a deploy leaves it."""
    for kind in ("network", "volume"):
        yield from (Drift(kind, f"{name} is gone") for name in gone(release, observed, f"{kind}s"))
    for service in release.services:
        yield from (Drift(service.name, what) for what in _service_drift(release, service, observed))


def gone(release: Release, observed: Observed, kind: str) -> list[str]:
    """Return the names of the ``networks`` or ``volumes`` that a container was made with and that stand no more."""
    used = {key for container in observed.containers for key in keys_used(container.spec or {}, kind)}
    present = observed.networks if kind == "networks" else observed.volumes
    names = {key: spec["name"] for key, spec in release.model.get(kind, {}).items()}
    return [name for key, name in names.items() if key in used and name not in present]


def keys_used(spec: Mapping[str, Any], kind: str) -> Iterator[str]:
    """Yield the ``networks`` or ``volumes`` that an entry of compose.yaml refers to."""
    if kind == "networks":
        yield from spec.get("networks", ())
    else:
        yield from (mount["source"] for mount in spec.get("volumes", ()) if mount["type"] == "volume")


def is_missing(release: Release, service: Service, observed: Observed) -> bool:
    """Whether a container is gone that was there: the rest of its stack stands, and no deploy was about to make it.

    Volumes alone say nothing: `down` leaves them. But a service of which there is none has never been there.
    """
    if _is_new(release, service, observed):
        return False
    ours = {spec["name"] for spec in release.model.get("networks", {}).values()}
    stands = observed.containers or ours & observed.networks.keys()
    return bool(stands) and observed.container(service.name) is None and service.name not in observed.kept


def _is_new(release: Release, service: Service, observed: Observed) -> bool:
    """Whether none of the volumes stands that a service alone has."""
    others = {key for one in release.services if one is not service for key in keys_used(one.spec, "volumes")}
    own = {release.model["volumes"][key]["name"] for key in {*keys_used(service.spec, "volumes")} - others}
    return bool(own) and not own & observed.volumes


def renamed(service: Service, container: Container) -> str | None:
    """Say that a container does not have the name that it was made with, or return None."""
    made_as = (container.spec or service.spec)["container_name"]
    return f"it was renamed from {made_as} to {container.name}" if container.name != made_as else None


def state_words(container: Container) -> str | None:
    """Say why a container does not serve, or return None."""
    if container.state == "paused":
        return "it is paused"
    if container.state == "created":
        return "it was created and never started"
    if not container.is_running:
        return f"it is not running: {container.status}"
    return "it runs and does not serve" if container.is_unhealthy else None


def _service_drift(release: Release, service: Service, observed: Observed) -> Iterator[str]:
    container = observed.container(service.name)
    if container is None:
        if is_missing(release, service, observed):
            yield "its container is gone: removed by hand, or by a deploy that was killed"
        return
    if container.spec is None:
        yield UNKNOWN_ORIGIN
    # One that was created and not started is a deploy that was killed, and nobody's work.
    state = state_words(container) if container.state != "created" else None
    yield from (words for words in (renamed(service, container), state) if words)
    yield from container.drift
    yield from edited(container)
