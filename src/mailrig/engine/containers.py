"""Our containers: create, start, stop, ask; knows nothing of why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from docker.errors import APIError, NotFound

from mailrig.engine import labels
from mailrig.engine.connection import Engine, refusals
from mailrig.engine.translation import container_body, nanoseconds
from mailrig.errors import EngineError
from mailrig.render.release import Release, Service

TRAILING_LINES = 20
CONFLICT = 409
_NOT_RUNNING = "is not running"
_TRIES = 3
_STARTING = 60  # seconds that a helper may take from its creation to its start


def create(engine: Engine, release: Release, service: Service) -> str:
    """Create a service's container and return its id; it is not started, and waits under a name of its own.

    So whatever the engine refuses, it refuses while the old container still serves.
    """
    name = service.spec["container_name"]
    marks = labels.container_labels(release.project, service.name, service.spec_hash, service.spec)
    body = container_body(service.spec, release.model, marks)
    with refusals(f"cannot create the container {name}"):
        return str(engine.api.create_container_from_config(body, name + labels.WAITING)["Id"])


def take_place(engine: Engine, container: str, service: Service) -> None:
    """Give a waiting container its service's name and start it."""
    give_name(engine, container, service.spec["container_name"])
    start(engine, container)


def give_name(engine: Engine, container: str, name: str) -> None:
    """Name a container; one that is named so already stays as it is."""
    with refusals(f"cannot name the container {name}"):
        if inspect(engine, container).get("Name") != f"/{name}":
            engine.api.rename(container, name)


def set_aside(
    engine: Engine, release: Release, container: str, service: Service, suffix: str, *, but: str | None = None
) -> None:
    """Give a stopped container another name, in the place of one that was set aside before, unless that is ``but``.

    The one before is in the way only when it would get the same name.
    """
    name = service.spec["container_name"] + suffix
    before = inspect(engine, name)
    if before and before["Id"] not in (container, but):
        if not labels.is_ours(before["Config"]["Labels"], release.project):
            raise EngineError(f"a container that is not ours has the name {name}", hint="rename it, and deploy again")
        remove(engine, before["Id"])
    if but and before.get("Id") == but:
        give_name(engine, but, service.spec["container_name"] + labels.WAITING)
    give_name(engine, container, name)


def has_name_with(engine: Engine, container: str, suffix: str) -> bool:
    """Whether a container has been set aside already, or is gone."""
    state = inspect(engine, container)
    return not state or str(state["Name"]).endswith(suffix)


def is_on_present_networks(engine: Engine, container: str) -> bool:
    """Whether every network that a container was attached to is still there: a new one of its name is another."""
    attached = inspect(engine, container).get("NetworkSettings", {}).get("Networks", {})
    with refusals("cannot list networks"):
        present = {network["Id"] for network in engine.api.networks()}
    return all(network["NetworkID"] in present for network in attached.values())


def start(engine: Engine, container: str) -> None:
    """Start a container by name or id."""
    with refusals(f"cannot start the container {container}"):
        engine.api.start(container)


def stop(engine: Engine, container: str, spec: Mapping[str, Any]) -> None:
    """Stop a container in the time that its specification grants; one that is gone already is fine."""
    with refusals(f"cannot stop the container {container}"):
        try:
            engine.api.stop(container, timeout=_grace(spec))
        except NotFound:
            return


def _grace(spec: Mapping[str, Any]) -> int:
    """Return how many seconds a container may take to stop."""
    return nanoseconds(spec.get("stop_grace_period", "10s")) // 10**9


def restart(engine: Engine, container: str, spec: Mapping[str, Any]) -> None:
    """Stop a container and start it again, in one request: once it is sent, the engine does both."""
    with refusals(f"cannot restart the container {container}"):
        engine.api.restart(container, timeout=_grace(spec))


def remove(engine: Engine, container: str) -> None:
    """Remove a container, and of its volumes those that have no name; one that is gone already is fine."""
    with refusals(f"cannot remove the container {container}"):
        for tries_left in reversed(range(_TRIES)):
            try:
                engine.api.remove_container(container, force=True, v=True)
            except NotFound:
                return
            except APIError as error:
                if error.status_code == CONFLICT:  # somebody else is removing it already
                    return
                # It may have ended just as the engine was about to kill it, which it does not have to again.
                if _NOT_RUNNING not in str(error.explanation) or not tries_left:
                    raise
            else:
                return


def run(engine: Engine, container: str, argv: Sequence[str]) -> tuple[int, str]:
    """Run a command in a running container; return its exit code and its output, standard error last."""
    with refusals(f"cannot run {argv[0]} in the container {container}"):
        output = engine.shells.run(container, argv)
    return output.code, (output.stdout + output.stderr).decode(errors="replace")


def inspect(engine: Engine, container: str) -> dict[str, Any]:
    """Return all the engine knows of a container, an empty mapping when there is none."""
    with refusals(f"cannot inspect the container {container}"):
        try:
            return dict(engine.api.inspect_container(container))
        except NotFound:
            return {}


def last_lines(engine: Engine, container: str, count: int = TRAILING_LINES) -> list[str]:
    """Return the last lines of a container's output."""
    with refusals(f"cannot read the log of {container}"):
        output = engine.api.logs(container, tail=count, stdout=True, stderr=True)
    return str(output.decode(errors="replace")).splitlines()


def follow(engine: Engine, container: str, count: int) -> Iterator[str]:
    """Yield a container's output line by line, from ``count`` lines back, until the container ends."""
    with refusals(f"cannot read the log of {container}"):
        rest = b""
        for chunk in engine.api.logs(container, tail=count, stream=True, follow=True):
            *lines, rest = (rest + chunk).split(b"\n")
            yield from (line.decode(errors="replace") for line in lines)


def aside(engine: Engine, project: str, *roles: labels.Role) -> dict[str, str]:
    """Return the names of the project's containers in one of these roles, by id."""
    wanted = {"label": [f"{labels.PROJECT}={project}", labels.SITE]}
    with refusals("cannot list containers"):
        ours = engine.api.containers(all=True, filters=wanted)
    return {entry["Id"]: name_of(entry) for entry in ours if labels.role(entry, project) in roles}


def dead_helpers(engine: Engine, project: str, ours: str) -> list[str]:
    """Return the helper containers that were created well before ``ours``, another helper, and never started.

    Whoever created them was killed in between: a helper that was started ends with its maker.
    """
    wanted = {"label": [f"{labels.PROJECT}={project}", labels.SITE]}
    with refusals("cannot list containers"):
        entries = {entry["Id"]: entry for entry in engine.api.containers(all=True, filters=wanted)}
    now = entries[ours]["Created"] if ours in entries else 0  # by the engine's own clock
    return [
        key
        for key, entry in entries.items()
        if labels.role(entry, project) is labels.Role.HELPER
        and entry["State"] != "running"
        and entry["Created"] < now - _STARTING
    ]


def name_of(entry: Mapping[str, Any]) -> str:
    """Return the name of an entry of the engine's container list, or nothing while it is being removed."""
    return entry["Names"][0].lstrip("/") if entry["Names"] else ""
