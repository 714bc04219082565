"""What is done on each host, and what went wrong on some of them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mailrig.apply.hosts import each
from mailrig.errors import EngineUnreachable, InventoryError, Lockout, MailrigError, Problem


def failing(errors: dict[str, MailrigError]) -> Callable[[str], str]:
    """Return something to do that fails on some hosts, and elsewhere gives the host's name."""

    def do(host: str) -> str:
        if host in errors:
            raise errors[host]
        return host

    return do


def test_failure_on_one_host_stops_none_of_the_others() -> None:
    """Those before and after it are done all the same, in the order given."""
    done, error = each(["home", "mx", "away"], failing({"mx": EngineUnreachable("nobody answers", hint="start it")}))
    assert list(done) == ["home", "away"]
    assert error is not None
    assert str(error) == "error: mx: nobody answers\n\nhint: start it"


def test_without_failure_there_is_no_error() -> None:
    """All that was done comes back."""
    assert each(["home", "mx"], failing({})) == ({"home": "home", "mx": "mx"}, None)


def test_every_problem_of_every_host_is_named() -> None:
    """Each stands beside the name of its host."""
    first = Lockout.of([Problem("ports 993"), Problem("ports 587")])
    _, error = each(["home", "mx"], failing({"home": first, "mx": EngineUnreachable("nobody answers")}))
    assert error is not None
    assert [one.message for one in error.problems] == ["home: ports 993", "home: ports 587", "mx: nobody answers"]


def test_same_problem_on_several_hosts_is_shown_once() -> None:
    """One wrong line of the inventory is one problem, with all hosts that have it."""
    _, error = each(["home", "mx", "away"], failing({host: Lockout("too strict") for host in ("home", "away")}))
    assert error is not None
    assert [one.message for one in error.problems] == ["home, away: too strict"]


def test_only_host_is_not_named() -> None:
    """Where there is one host, its error comes as it is."""
    alone = InventoryError("wrong")
    assert each(["home"], failing({"home": alone})) == ({}, alone)


def test_where_it_failed_can_be_traced() -> None:
    """`--debug` shows the traceback of each host's own error."""
    errors: dict[str, MailrigError] = {"home": Lockout("one"), "mx": EngineUnreachable("other")}
    _, error = each(["home", "mx"], failing(errors))
    assert error is not None
    assert isinstance(error.__cause__, ExceptionGroup)
    assert error.__cause__.exceptions == tuple(errors.values())


def test_defect_is_not_collected() -> None:
    """What is no error of ours ends it at once."""

    def do(_: str) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        each(["home", "mx"], do)
