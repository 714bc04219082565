"""The output of several containers as one stream of lines."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from itertools import chain

from mailrig.engine.connection import Engine
from mailrig.engine.containers import follow as follow_one
from mailrig.engine.containers import last_lines
from mailrig.engine.observation import deployed
from mailrig.render.release import Release, Service

Line = tuple[str, str]


def read(engine: Engine, release: Release, services: Iterable[Service], *, count: int, follow: bool) -> Iterator[Line]:
    """Yield (service, line): the last ``count`` of each service, then, with ``follow``, each as it comes."""
    names = [(service.name, deployed(engine, release, service)) for service in services]
    if follow:
        return _merged(engine, names, count)
    return chain.from_iterable(
        ((service, line) for line in last_lines(engine, container, count)) for service, container in names
    )


def _merged(engine: Engine, names: list[tuple[str, str]], count: int) -> Iterator[Line]:
    """Follow all containers at once; ends when each of them has ended."""
    lines: queue.Queue[Line | Exception | None] = queue.Queue()

    def pump(service: str, container: str) -> None:
        try:
            for line in follow_one(engine, container, count):
                lines.put((service, line))
        except Exception as error:  # noqa: BLE001 - raised again where the lines are read
            lines.put(error)
        else:
            lines.put(None)

    for service, container in names:
        threading.Thread(target=pump, args=(service, container), daemon=True).start()
    open_streams = len(names)
    while open_streams:
        line = lines.get()
        if isinstance(line, Exception):
            raise line
        if line is None:
            open_streams -= 1
        else:
            yield line
