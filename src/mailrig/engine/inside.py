"""What verify asks inside our containers, answered through the Docker API."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mailrig.engine import containers
from mailrig.engine.connection import Engine
from mailrig.errors import EngineError
from mailrig.render.release import Release


class ContainersInside:
    """The `Inside` of a release's running containers."""

    def __init__(self, engine: Engine, release: Release) -> None:
        self._engine = engine
        self._names: Mapping[str, str] = {s.name: s.spec["container_name"] for s in release.services}

    def run(self, service: str, argv: Sequence[str]) -> tuple[int, str]:
        """Run a command in a service's container; a container that does not run gives exit code 126."""
        try:
            return containers.run(self._engine, self._names[service], argv)
        except EngineError as error:
            return 126, error.problems[0].message

    def state(self, service: str) -> str:
        """Say how the container is: ``running``, ``exited (89): <last line of its log>``, ``missing``."""
        name = self._names[service]
        state = containers.inspect(self._engine, name).get("State")
        if not state:
            return "missing"
        if state["Status"] == "running":
            return "running"
        last = next(iter(containers.last_lines(self._engine, name, 1)), "it logged nothing")
        return f"{state['Status']} ({state['ExitCode']}): {last}"
