"""The output of several containers as one stream of lines."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import TypeVar

from mailrig.engine.connection import Engine
from mailrig.engine.containers import follow, last_lines
from mailrig.engine.observation import deployed
from mailrig.render.release import Release, Service

Line = tuple[str, str]

T = TypeVar("T")


def read(engine: Engine, release: Release, services: Iterable[Service], *, count: int, follows: bool) -> Iterator[Line]:
    """Yield (service, line): the last ``count`` of each service, then, with ``follows``, each as it comes."""
    names = [(service.name, deployed(engine, release, service)) for service in services]
    if follows:
        return merged([partial(_named, engine, service, container, count) for service, container in names])
    return chain.from_iterable(
        ((service, line) for line in last_lines(engine, container, count)) for service, container in names
    )


def _named(engine: Engine, service: str, container: str, count: int) -> Iterator[Line]:
    return ((service, line) for line in follow(engine, container, count))


def merged(streams: Collection[Callable[[], Iterable[T]]]) -> Iterator[T]:
    """Yield what comes on any of the streams, each begun in a thread of its own; ends when each of them has ended."""
    arrived: queue.Queue[tuple[T] | Exception | None] = queue.Queue()

    def pump(begin: Callable[[], Iterable[T]]) -> None:
        try:
            for one in begin():
                arrived.put((one,))
        except Exception as error:  # noqa: BLE001 - raised again where the streams are read
            arrived.put(error)
        else:
            arrived.put(None)

    for stream in streams:
        threading.Thread(target=pump, args=(stream,), daemon=True).start()
    open_streams = len(streams)
    while open_streams:
        one = arrived.get()
        if isinstance(one, Exception):
            raise one
        if one is None:
            open_streams -= 1
        else:
            yield one[0]
