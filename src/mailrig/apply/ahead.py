"""Hosts that are looked at, and locked, while the inventory is still being read; knows nothing of what is to change.

What takes longest until a new account is in force is the start of the lock's container, and of the first shell in a
container: both are the engine's work, and can be done while we read, render and plan.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

from mailrig.apply import lock
from mailrig.engine.connection import Engine, connect
from mailrig.engine.courier import attached_to
from mailrig.engine.observation import Gathered, gather, services
from mailrig.engine.recorder import Recorder
from mailrig.errors import MailrigError
from mailrig.inventory.engine import EngineAddress


class Begun:
    """What is on a host, and its lock, where that is being taken: ``claim`` it, or it is given back by ``close``."""

    def __init__(self, engine: Engine, gathered: Gathered, lock: Future[Recorder | None] | None = None) -> None:
        self.engine = engine
        self.gathered = gathered
        self._lock = lock

    def claim(self) -> Recorder | None:
        """Wait for the lock and hand it over, once; None where it is not to be had this way."""
        lock, self._lock = self._lock, None
        return lock.result() if lock else None

    def close(self) -> None:
        """Give the lock back, unless it was claimed."""
        if recorder := self.claim():
            recorder.close()


class Ahead:
    """What is begun on the hosts of a site."""

    def __init__(self, engines: Mapping[str, str | None], project: str, doing: str) -> None:
        """Begin on every host whose engine is known, by host.

        Only the lock of the first by name is taken: of two who want the same hosts, one is to get them all.
        """
        first = min(engines, default=None)
        threads = ThreadPoolExecutor(len(engines) or 1)
        self._begun = {
            host: threads.submit(_begin, engine, project, doing if host == first else None)
            for host, engine in engines.items()
            if engine
        }
        threads.shutdown(wait=False)

    def at(self, host: str, address: EngineAddress) -> Begun | None:
        """Return what is begun on a host; None where nothing is, or it went wrong: whoever tries again hears why."""
        if host not in self._begun:
            return None
        with suppress(MailrigError):
            begun = self._begun[host].result()
            if begun.engine.address == address:
                return begun
        return None

    def close(self) -> None:
        """Give back each lock that nobody has claimed."""
        for future in self._begun.values():
            with suppress(MailrigError):
                future.result().close()


def _begin(address: str, project: str, doing: str | None) -> Begun:
    """Look at a host; with ``doing``, take its lock meanwhile."""
    engine = connect(address)
    if doing is None:
        return Begun(engine, gather(engine, project))
    threads = ThreadPoolExecutor(1)
    taken = threads.submit(_taken, engine, project, doing)
    threads.shutdown(wait=False)
    return Begun(engine, gather(engine, project), taken)


def _taken(engine: Engine, project: str, doing: str) -> Recorder | None:
    """Take the lock, in an image that a service runs; None where there is none, or it cannot be had."""
    entries = services(engine, project)
    if not entries:
        return None
    with suppress(MailrigError):
        return lock.take(engine, project, entries[0]["ImageID"], doing, attached_to(entries))
    return None
