"""What a verb does on each host, and what it says of those on which that could not be done."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, TypeVar

from mailrig.apply.hosts import at_once, together
from mailrig.commands.call import Call
from mailrig.errors import EngineUnreachable, MailrigError

T = TypeVar("T")


def on_each(
    call: Call, hosts: Collection[str], do: Callable[[str], T], show: Callable[[str, T], object]
) -> tuple[dict[str, T], dict[str, MailrigError]]:
    """Do something on every host at once and ``show`` what came of it, host by host; return that, and what went wrong.

    One on which it could not be done is named in its place; raise when it could be done on none.
    """

    def heard(host: str, came: T | MailrigError) -> None:
        if not isinstance(came, MailrigError):
            show(host, came)
        elif len(hosts) > 1:
            call.console.text(f"{host}  {_word(came)}: {came.problems[0].message}")

    done, errors = at_once(hosts, do, heard)
    if not done and (error := together(errors, among=hosts)):
        raise error
    return done, errors


def amiss(errors: Mapping[str, MailrigError]) -> dict[str, dict[str, Any]]:
    """Return what went wrong on each host, as data."""
    return {
        host: {
            _word(error): error.problems[0].message
            if isinstance(error, EngineUnreachable)
            else [one.message for one in error.problems]
        }
        for host, error in errors.items()
    }


def named(errors: Mapping[str, MailrigError]) -> list[dict[str, Any]]:
    """Return the same as a list, each with the name of its host."""
    return [{"host": host, **what} for host, what in amiss(errors).items()]


def conclude(call: Call, hosts: Collection[str], errors: Mapping[str, MailrigError]) -> None:
    """Show what went wrong, each problem with the hosts that have it and what would cure it."""
    if error := together(errors, among=hosts):
        call.console.error(error)


def _word(error: MailrigError) -> str:
    return "unreachable" if isinstance(error, EngineUnreachable) else "error"
