"""The version of the Engine API that an engine and we both speak; knows nothing of how it is reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from docker.constants import DEFAULT_DOCKER_API_VERSION

from mailrig.errors import EngineError
from mailrig.inventory.engine import EngineAddress

OLDEST = "1.41"  # Docker 20.10, which Debian 11 and 12 have
NEWEST = DEFAULT_DOCKER_API_VERSION  # the last one whose answers docker-py was written for


def spoken(address: EngineAddress, offered: Mapping[str, Any]) -> str:
    """Return the version to speak with an engine that answered ``offered`` to /version; raise EngineError if too old.

    It is the newest that both know. To an engine that has left ours behind we speak the oldest that it takes.
    """
    theirs, least = str(offered.get("ApiVersion", "0")), str(offered.get("MinAPIVersion") or "0")
    if _number(theirs) < _number(OLDEST):
        raise EngineError(
            f"the engine at {address} is too old: Docker {offered.get('Version', '?')} with API {theirs},"
            f" and {OLDEST} is needed",
            hint="install Docker 20.10 or newer there: Debian 11's docker.io is, and so is Ubuntu 20.04's",
        )
    return max(min(theirs, NEWEST, key=_number), least, key=_number)


def _number(version: str) -> tuple[int, ...]:
    """Turn ``1.41`` into something that compares as versions do; what is no version is the oldest."""
    parts = version.split(".")
    return tuple(int(part) for part in parts) if all(part.isdigit() for part in parts) else (0,)
