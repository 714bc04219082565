"""Whether a container serves, asked by its own health check; knows nothing of protocols.

The check is run by us, instead of waiting for the engine's next turn: an answer in a fraction of a second,
and the same on every engine (only API 1.44 and newer have a start interval).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from mailrig.engine.connection import Engine
from mailrig.engine.containers import inspect, run
from mailrig.errors import EngineError

PATIENCE = 30.0  # seconds until a container that does not serve is given up; one that starts takes one or two
PAUSE = 0.15  # seconds between two questions
RESTARTS = 3  # that often a container may die before it is given up


@dataclass(frozen=True)
class Health:
    """The answer: whether it serves, and what the check said."""

    is_serving: bool
    said: str


def check(engine: Engine, container: str, spec: Mapping[str, Any]) -> Health:
    """Run the container's health check once."""
    try:
        code, output = run(engine, container, spec["healthcheck"]["test"][1:])
    except EngineError as error:
        return Health(is_serving=False, said=error.problems[0].message)
    return Health(is_serving=code == 0, said=output.strip())


def wait_until_serving(
    engine: Engine,
    container: str,
    spec: Mapping[str, Any],
    waiting: Callable[[str], None],
    patience: float = PATIENCE,
) -> Health:
    """Ask until the container serves; give up after ``patience`` seconds, or when it keeps dying."""
    end = time.monotonic() + patience
    before = inspect(engine, container).get("RestartCount", 0)
    while True:
        state = inspect(engine, container)
        if gone := _given_up(state, before):
            return Health(is_serving=False, said=gone)
        health = check(engine, container, spec)
        if health.is_serving or time.monotonic() > end:
            return health
        waiting(health.said)
        time.sleep(PAUSE)


def _given_up(state: Mapping[str, Any], restarts_before: int) -> str | None:
    """Say why it is no use to wait any longer."""
    if not state:
        return "the container is gone"
    if state["RestartCount"] - restarts_before >= RESTARTS:
        return f"it died {state['RestartCount'] - restarts_before} times, last with exit code {_exit_code(state)}"
    if state["State"]["Status"] in ("exited", "dead", "created"):
        return f"it ended with exit code {_exit_code(state)}"
    return None


def _exit_code(state: Mapping[str, Any]) -> int:
    return int(state["State"]["ExitCode"])
