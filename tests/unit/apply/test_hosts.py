"""What is done on each host, and what went wrong on some of them."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from mailrig.apply import hosts
from mailrig.apply.hosts import at_once, each
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


def test_what_went_well_overtakes_a_host_that_keeps_it_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is heard of in its turn, but for one that comes late."""
    monkeypatch.setattr(hosts, "PATIENCE", 0.05)
    heard: list[str] = []
    others = threading.Event()

    def do(host: str) -> str:
        if host == "slow":
            others.wait(timeout=30)
        return host

    def hear(host: str, _: object) -> None:
        heard.append(host)
        if heard == ["home", "mx"]:
            others.set()

    done, error = each(["slow", "home", "mx"], do, hear)
    assert heard == ["home", "mx", "slow"]
    assert list(done) == ["slow", "home", "mx"]
    assert error is None


def test_what_went_wrong_overtakes_nobody() -> None:
    """An error comes in its turn, however soon it was there."""
    heard: list[str] = []
    fast = threading.Event()

    def do(host: str) -> str:
        if host == "mx":
            fast.set()
            raise EngineUnreachable("nobody answers")
        fast.wait(timeout=30)
        return host

    each(["home", "mx"], do, lambda host, _: heard.append(host))
    assert heard == ["home", "mx"]


def test_whoever_is_at_work_is_told_of_an_interruption() -> None:
    """Ctrl-C reaches the main thread alone, which tells the others and waits for them."""
    told, ended = threading.Event(), []

    def do(host: str) -> None:
        if host == "home":
            raise KeyboardInterrupt
        told.wait(timeout=30)
        ended.append(host)

    with pytest.raises(KeyboardInterrupt):
        at_once(["home", "mx"], do, interrupted=told.set)
    assert ended == ["mx"]


def test_one_host_is_worked_on_in_the_same_thread() -> None:
    """So that Ctrl-C reaches it at once."""
    done, _ = at_once(["home"], lambda _: threading.current_thread())
    assert done == {"home": threading.main_thread()}
