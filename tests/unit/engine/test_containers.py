"""Containers that are removed while they end by themselves."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from docker.errors import APIError, NotFound

from mailrig.engine.connection import Engine
from mailrig.engine.containers import remove
from mailrig.errors import EngineError

# What Docker 20.10 says, with status 500, when a container ends between its look and its signal.
ENDED = "Could not kill running container 76, cannot remove - Container 76 is not running"


def refusing(*answers: APIError | None) -> tuple[Engine, list[str]]:
    """Return an engine that gives these answers to who removes a container, and whom it was asked to remove."""
    asked: list[str] = []
    left = list(answers)

    def remove_container(container: str, **_: object) -> None:
        asked.append(container)
        if answer := left.pop(0):
            raise answer

    return cast("Engine", SimpleNamespace(api=SimpleNamespace(remove_container=remove_container))), asked


def error(status: int, said: str) -> APIError:
    """Return what docker-py raises."""
    response = cast("Any", SimpleNamespace(status_code=status, reason="", url=""))
    return APIError(said, response, explanation=said)


def test_container_that_ends_just_then_is_removed_all_the_same() -> None:
    """The engine cannot kill it any more, and is asked again."""
    engine, asked = refusing(error(500, ENDED), None)
    remove(engine, "76")
    assert asked == ["76", "76"]


@pytest.mark.parametrize("answer", [NotFound("no such container"), error(409, "removal is already in progress")])
def test_container_that_is_gone_is_fine(answer: APIError) -> None:
    """Whoever removed it."""
    engine, asked = refusing(answer)
    remove(engine, "76")
    assert asked == ["76"]


def test_any_other_refusal_is_told() -> None:
    """It is not asked again."""
    engine, asked = refusing(error(500, "driver failed to remove root filesystem"))
    with pytest.raises(EngineError, match="driver failed"):
        remove(engine, "76")
    assert asked == ["76"]
