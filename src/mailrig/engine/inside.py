"""What verify asks inside our containers, answered through the Docker API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mailrig.engine import containers
from mailrig.engine.connection import Engine
from mailrig.engine.observation import services_of
from mailrig.errors import EngineError
from mailrig.render.release import Release

CANNOT_RUN = 126  # as a shell has it


class ContainersInside:
    """The `Inside` of a release's running containers."""

    def __init__(self, engine: Engine, release: Release) -> None:
        self._engine = engine
        self._ids: Mapping[str, str] = services_of(engine, release.project)

    def run(self, service: str, argv: Sequence[str]) -> tuple[int, str]:
        """Run a command in a service's container; one that is missing or does not run gives exit code 126."""
        if service not in self._ids:
            return CANNOT_RUN, f"{service} is not deployed"
        try:
            return containers.run(self._engine, self._ids[service], argv)
        except EngineError as error:
            return CANNOT_RUN, error.problems[0].message

    def state(self, service: str) -> str:
        """Say how the container is: ``running``, ``exited (89): <last line of its log>``, ``missing``."""
        container = self._ids.get(service, "")
        state = containers.inspect(self._engine, container).get("State") if container else None
        if not state:
            return "missing"
        if state["Status"] == "running":
            return "running"
        last = next(iter(containers.last_lines(self._engine, container, 1)), "it logged nothing")
        return f"{state['Status']} ({state['ExitCode']}): {last}"
