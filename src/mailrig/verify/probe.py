"""One question to a server and the order in which questions are asked; knows nothing of mail or of TLS."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from mailrig.verify.fault import sentence
from mailrig.verify.report import Result


class Skip(Exception):
    """The question does not arise here; the message says why."""


@dataclass(frozen=True)
class Probe:
    """A question: ``ask`` returns what was seen, or raises whatever went wrong, or Skip.

    ``service`` is whose container stands behind the subject, so that a failure can be explained.
    """

    name: str
    subject: str
    service: str
    ask: Callable[[], str]

    def answer(self, explain: Callable[[Probe, str], str | None]) -> Result:
        """Ask, and turn whatever happens into a result."""
        start = time.perf_counter()
        try:
            seen = self.ask()
        except Skip as reason:
            return Result(self.name, self.subject, ok=True, seen=str(reason), skipped=True)
        except Exception as error:  # noqa: BLE001 - whatever a server does to us is a finding, never a traceback
            seconds = time.perf_counter() - start
            seen = sentence(error)
            return Result(self.name, self.subject, ok=False, seen=seen, cause=explain(self, seen), seconds=seconds)
        return Result(self.name, self.subject, ok=True, seen=seen, seconds=time.perf_counter() - start)


class Lane:
    """Probes that are asked one after the other, once the lanes they build on are through.

    ``prepare`` runs before the first of them, ``finish`` after the last, whatever happened. A lane that is not
    ``gating`` may take seconds by its nature: whoever only waits to hear whether mail works need not wait for it.
    """

    def __init__(
        self,
        probes: Sequence[Probe] = (),
        *,
        prepare: Callable[[], object] | None = None,
        finish: Callable[[], object] | None = None,
        is_gating: bool = True,
    ) -> None:
        self.probes = tuple(probes)
        self.is_gating = is_gating
        self._after: tuple[Lane, ...] = ()
        self._prepare = prepare
        self._finish = finish
        self._through = threading.Event()

    def follow(self, lanes: Sequence[Lane]) -> Lane:
        """Wait for these lanes too before the first probe; return the lane."""
        self._after += tuple(lanes)
        return self

    def wait(self) -> None:
        """Return when the last probe has been answered."""
        self._through.wait()

    def results(
        self, explain: Callable[[Probe, str], str | None], turn: AbstractContextManager[object] | None = None
    ) -> Iterator[Result]:
        """Wait for the lanes before, then yield each probe's result as it comes; each is asked in a ``turn``."""
        try:
            for lane in self._after:
                lane.wait()
            if self._prepare is not None:
                self._prepare()
            for probe in self.probes:
                with turn or contextlib.nullcontext():
                    answer = probe.answer(explain)
                yield answer
            if self._finish is not None:
                with contextlib.suppress(Exception):  # hanging up is a courtesy
                    self._finish()
        finally:
            self._through.set()
