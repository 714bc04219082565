"""One deployer at a time: who holds a site's lock on a host, since when, and for what."""

from __future__ import annotations

import getpass
import json
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from types import MappingProxyType

from mailrig.engine import recorder
from mailrig.engine.connection import Engine
from mailrig.engine.recorder import Recorder
from mailrig.errors import Locked

LABEL = "io.mailrig.lock"


@dataclass(frozen=True)
class Holder:
    """Who holds a lock: user, machine, moment (UTC, ISO 8601) and verb."""

    who: str
    where: str
    when: str
    doing: str

    def __str__(self) -> str:
        return f"{self.who} on {self.where}, since {self.when}: {self.doing}"


def ourselves(doing: str) -> Holder:
    """Return what we say of ourselves."""
    return Holder(user(), socket.gethostname(), now(), doing)


def user() -> str:
    """Return the name of whoever runs this, or the number of one who has no name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        import os

        return str(os.getuid())


def now() -> str:
    """Return this moment, in UTC, as ISO 8601 to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@contextmanager
def held(engine: Engine, project: str, image: str, doing: str) -> Iterator[Recorder]:
    """Hold the lock; raise Locked when somebody else does."""
    lock = take(engine, project, image, doing)
    try:
        yield lock
    finally:
        lock.close()


def take(
    engine: Engine, project: str, image: str, doing: str, volumes: Mapping[str, str] = MappingProxyType({})
) -> Recorder:
    """Take the lock; raise Locked when somebody else holds it.

    ``volumes`` are the configuration volumes that its holder delivers into by itself, by service.
    """
    marks = {LABEL: json.dumps(asdict(ourselves(doing)))}
    try:
        return Recorder.take(engine, project, image, marks, volumes)
    except recorder.Taken as taken:
        site = project.removeprefix("mailrig-")
        raise Locked(
            f"site `{site}` is locked by {_holder(taken.marks) or 'somebody else'}",
            hint=f"wait for its end; a lock whose holder died ends within {recorder.PATIENCE} s by itself\n"
            "      (`lock release` takes it away, and stops whoever holds it at its next step)",
        ) from taken


def status(engine: Engine, project: str) -> Holder | None:
    """Return who holds the lock, None when nobody does."""
    marks = recorder.holder(engine, project)
    return None if marks is None else _holder(marks) or Holder("somebody", "an unknown machine", "?", "?")


def release(engine: Engine, project: str) -> bool:
    """Take the lock away from whoever holds it; False when nobody does."""
    return recorder.break_lock(engine, project)


def _holder(marks: Mapping[str, str]) -> Holder | None:
    return Holder(**json.loads(marks[LABEL])) if LABEL in marks else None
