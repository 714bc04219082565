"""What is done on several hosts at once, and all that went wrong with it; knows nothing of what is done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from typing import TypeVar

from mailrig.errors import MailrigError, Problem

T = TypeVar("T")

PATIENCE = 2.0  # seconds that those who are ready wait for one whose turn it is


def each(
    hosts: Collection[str],
    do: Callable[[str], T],
    heard: Callable[[str, T | MailrigError], object] = lambda *_: None,
) -> tuple[dict[str, T], MailrigError | None]:
    """Do something on every host at once, though it fails on another; return what came of it, and what went wrong.

    ``heard`` is told of each, one after the other in the order of the hosts; one that keeps the others waiting comes
    after them.
    """
    done, errors = at_once(hosts, do, heard)
    return done, together(errors, among=hosts)


def at_once(
    hosts: Collection[str],
    do: Callable[[str], T],
    heard: Callable[[str, T | MailrigError], object] = lambda *_: None,
    *,
    interrupted: Callable[[], object] = lambda: None,
) -> tuple[dict[str, T], dict[str, MailrigError]]:
    """Do something on every host at once; return what came of it, and what went wrong, each by host in their order.

    One host alone is worked on in the thread that asks. ``interrupted`` is called at Ctrl-C, when the others have to be
    told: they are waited for.
    """
    came: dict[str, T | MailrigError] = {}
    if len(hosts) == 1:
        for host in hosts:
            came[host] = _tried(do, host)
            heard(host, came[host])
    else:
        with ThreadPoolExecutor(len(hosts) or 1, "host") as threads:
            futures = {host: threads.submit(_tried, do, host) for host in hosts}
            try:
                for host in _as_they_come(futures):
                    came[host] = futures[host].result()
                    heard(host, came[host])
            except BaseException:
                interrupted()
                raise
    errors = {host: error for host in hosts if isinstance(error := came[host], MailrigError)}
    return {host: one for host in hosts if not isinstance(one := came[host], MailrigError)}, errors


def _tried(do: Callable[[str], T], host: str) -> T | MailrigError:
    try:
        return do(host)
    except MailrigError as error:
        return error


def _as_they_come(futures: Mapping[str, Future[T | MailrigError]]) -> Iterator[str]:
    """Yield each host when it is done, in their order; only what went well overtakes one that keeps it waiting."""
    waiting = list(futures)
    while waiting:
        first = futures[waiting[0]]
        ready = [host for host in waiting if _went_well(futures[host])]
        if not first.done() and ready:
            wait([first], timeout=PATIENCE)
        if first.done():
            yield waiting.pop(0)
        elif ready:
            waiting.remove(ready[0])
            yield ready[0]
        else:
            wait([futures[host] for host in waiting if not futures[host].done()], return_when=FIRST_COMPLETED)


def _went_well(future: Future[T | MailrigError]) -> bool:
    return future.done() and (future.exception() is not None or not isinstance(future.result(), MailrigError))


def together(errors: Mapping[str, MailrigError], among: Collection[str]) -> MailrigError | None:
    """Return one error in which each problem names the hosts that have it; they are named where there are several."""
    if not errors:
        return None
    if len(among) == 1:
        return next(iter(errors.values()))
    hosts: dict[Problem, list[str]] = {}
    for host, error in errors.items():
        for problem in error.problems:
            hosts.setdefault(problem, []).append(host)
    problems = (replace(one, message=f"{', '.join(names)}: {one.message}") for one, names in hosts.items())
    error = MailrigError.of(problems)
    error.__cause__ = ExceptionGroup("what went wrong on each host", list(errors.values()))
    return error
