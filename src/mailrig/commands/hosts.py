"""What is done on each host of an inventory, and all that went wrong with it; knows nothing of what is done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TypeVar

from mailrig.errors import MailrigError, Problem

T = TypeVar("T")


def each(hosts: Collection[str], do: Callable[[str], T]) -> tuple[dict[str, T], MailrigError | None]:
    """Do something on every host, though it failed on another; return what came of it, and what went wrong."""
    done: dict[str, T] = {}
    errors: dict[str, MailrigError] = {}
    for host in hosts:
        try:
            done[host] = do(host)
        except MailrigError as error:
            errors[host] = error
    if len(hosts) == 1:
        return done, next(iter(errors.values()), None)
    return done, _together(errors) if errors else None


def _together(errors: Mapping[str, MailrigError]) -> MailrigError:
    """Return one error in which each problem names the hosts that have it."""
    hosts: dict[Problem, list[str]] = {}
    for host, error in errors.items():
        for problem in error.problems:
            hosts.setdefault(problem, []).append(host)
    problems = (replace(one, message=f"{', '.join(names)}: {one.message}") for one, names in hosts.items())
    together = MailrigError.of(problems)
    together.__cause__ = ExceptionGroup("what went wrong on each host", list(errors.values()))
    return together
