"""One deploy over several hosts: the order of what is done, and who goes back for whom.

The hosts here only note what they are asked to do; real ones are in tests/integration/test_hosts.py.
"""

# ruff: noqa: D102 - the steps do what those of their base class do

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest

from mailrig.apply.coordinator import Coordinator, stopping
from mailrig.apply.deployment import Deployment
from mailrig.apply.wanted import Audience, Outcome, Result
from mailrig.errors import EngineError, EngineUnreachable, HookError, Locked, Lockout, MailrigError
from mailrig.plan.actions import Plan

SILENT = Audience(step=lambda *_: None, plan=lambda _: None, report=lambda _: None, error=lambda _: None)
RANKS = {"gateway": 1, "home": 0, "attic": 0}


class Noted(Deployment):
    """A host's part that notes its steps, as ``step host``, and fails at those that it is told to fail at."""

    def __init__(self, host: str, notes: list[str], troubles: dict[str, Any]) -> None:
        super().__init__(None, None, SILENT, None)  # type: ignore[arg-type]
        self.host = host
        self.notes = notes
        self.troubles = troubles

    def _note(self, step: str) -> Any:
        self.notes.append(f"{step} {self.host}")
        trouble = self.troubles.get(f"{step} {self.host}")
        if isinstance(trouble, BaseException):
            raise trouble
        return trouble

    def _ended(self, outcome: Outcome) -> Result:
        return Result(Plan(self.host, (), (), (), ()), outcome, "a release")

    def look(self) -> None:
        if self._note("look") == "unchanged":
            self.result = self._ended("unchanged")

    def lock(self) -> None:
        self._note("lock")

    def judge(self) -> None:
        self._note("judge")

    def begin(self) -> None:
        self._note("begin")

    def bring(self) -> None:
        self.is_begun = True
        self.result = self._ended(self._note("bring") or "verified")

    def spare(self) -> None:
        if self.result is None:
            self.result = self._ended("spared")

    def go_back(self, cause: str) -> None:
        self.notes.append(f"because {cause}")
        if self.troubles.get(f"go back {self.host}") == "nothing before":
            return
        self.result = self._ended("not taken back")
        self._note("go back")
        self.result = self._ended("taken back")

    def let_go(self) -> None:
        self._note("let go")

    def end(self) -> None:
        self._note(f"end as {self.result.outcome if self.result else 'failed'}")

    def close(self) -> None:
        self._note("close")


class Site:
    """A coordinator over hosts that note what they do."""

    def __init__(self, keep_going: bool = False, **troubles: Any) -> None:
        self.notes: list[str] = []
        known = {step.replace("_", " "): trouble for step, trouble in troubles.items()}
        deployments = {host: Noted(host, self.notes, known) for host in RANKS}
        self.coordinator = Coordinator(deployments, RANKS, {}, keep_going=keep_going)

    def run(self) -> dict[str, str]:
        """Carry it out; return the outcome of each host."""
        self.coordinator.run()
        return {host: result.outcome for host, result in self.coordinator.results.items()}

    def done(self, step: str) -> list[str]:
        """Return the hosts on which something was done, in that order."""
        return [note.removeprefix(f"{step} ") for note in self.notes if note.startswith(f"{step} ")]


def test_hosts_are_changed_in_the_order_of_their_roles() -> None:
    """Home before gateway, whatever the inventory's order; nobody is changed before all were judged."""
    site = Site()
    assert set(site.run().values()) == {"verified"}
    assert set(site.done("bring")[:2]) == {"home", "attic"}
    assert site.done("bring")[2] == "gateway"
    steps = [note.partition(" ")[0] for note in site.notes]
    assert steps == [step for step in ("look", "lock", "judge", "begin", "bring", "let", "end", "close") for _ in RANKS]


def test_hosts_of_one_rank_are_changed_at_once() -> None:
    """Each waits for the other here: one after the other would not end."""
    both = threading.Barrier(2)
    site = Site()
    for host in ("home", "attic"):
        deployment = site.coordinator.deployments[host]
        deployment.bring = _after(both, deployment.bring)  # type: ignore[method-assign]
    assert set(site.run().values()) == {"verified"}


def _after(barrier: threading.Barrier, do: Callable[[], None]) -> Callable[[], None]:
    def meet() -> None:
        barrier.wait(timeout=30)
        do()

    return meet


def test_failed_gateway_takes_the_others_back() -> None:
    """What has passed goes back, and what there was to go back to is only let go of then."""
    site = Site(bring_gateway="rolled back")
    assert site.run() == {"gateway": "rolled back", "home": "taken back", "attic": "taken back"}
    assert max(map(site.notes.index, ("go back home", "go back attic"))) < site.notes.index("let go home")


def test_failed_home_spares_the_gateway() -> None:
    """Who was not begun is not touched; who was at work at that moment ends, and goes back."""
    site = Site(bring_home="rolled back")
    assert site.run() == {"gateway": "spared", "home": "rolled back", "attic": "taken back"}
    assert site.done("bring").count("gateway") == 0
    assert "end as spared gateway" in site.notes


def test_hosts_go_back_in_reverse_order() -> None:
    """The gateway goes back before the hosts that it hands over to."""
    site = Site()
    site.coordinator.ranks = {"gateway": 1, "home": 0, "attic": 2}
    site.coordinator.deployments["attic"].troubles["bring attic"] = "rolled back"  # type: ignore[attr-defined]
    site.run()
    assert site.done("go back") == ["gateway", "home"]


def test_host_that_fails_without_a_way_back_takes_the_others_back() -> None:
    """An error counts as a failure, and is told."""
    site = Site(bring_gateway=EngineError("the engine is gone"))
    assert site.run() == {"home": "taken back", "attic": "taken back"}
    assert list(site.coordinator.errors) == ["gateway"]


def test_host_that_cannot_go_back_keeps_no_other_from_it() -> None:
    """What could not be undone is told, and the others are as they were."""
    site = Site(bring_gateway="rolled back", go_back_home=EngineError("the engine is gone"))
    assert site.run() == {"gateway": "rolled back", "home": "not taken back", "attic": "taken back"}
    assert list(site.coordinator.errors) == ["home"]


def test_host_with_nothing_before_stays() -> None:
    """It is as it passed, and what is said of it says so; of others it is not said."""
    site = Site(bring_gateway="rolled back", go_back_attic="nothing before")
    assert site.run() == {"gateway": "rolled back", "home": "taken back", "attic": "verified"}
    assert [site.coordinator.stays(host) for host in RANKS] == [False, False, True]


def test_what_fails_after_all_have_passed_takes_nobody_back() -> None:
    """That something is left behind which was only kept for a failure is told, and no more."""
    site = Site(let_go_home=EngineError("the engine is gone"))
    assert set(site.run().values()) == {"verified"}
    assert list(site.coordinator.errors) == ["home"]
    assert not any(site.coordinator.stays(host) for host in RANKS)


def test_keep_going_takes_nobody_back() -> None:
    """With it a failure counts on its own host alone, and later ranks have their turn."""
    site = Site(keep_going=True, bring_home="rolled back")
    assert site.run() == {"gateway": "verified", "home": "rolled back", "attic": "verified"}
    assert site.done("go back") == []


def test_keep_going_leaves_out_whom_something_speaks_against() -> None:
    """A host that is locked or refused is left alone, and the others are brought on."""
    site = Site(keep_going=True, look_gateway=EngineUnreachable("nobody answers"), lock_attic=Locked("in use"))
    assert site.run() == {"home": "verified"}
    assert list(site.coordinator.errors) == ["gateway", "attic"]


@pytest.mark.parametrize(
    ("step", "error"),
    [
        ("look_gateway", EngineUnreachable("wrong")),
        ("lock_gateway", Locked("wrong")),
        ("judge_gateway", Lockout("wrong")),
        ("begin_gateway", HookError("wrong")),
    ],
)
def test_nothing_is_changed_when_something_speaks_against_one_host(step: str, error: MailrigError) -> None:
    """It is told with the host's name, and every lock is given back."""
    site = Site(**{step: error})
    with pytest.raises(MailrigError, match="gateway: wrong"):
        site.run()
    assert site.done("bring") == []
    assert set(site.done("close")) == set(RANKS)


def test_all_that_speaks_against_it_is_told_at_once() -> None:
    """A host that cannot be looked at hides no refusal on another; nothing is locked then."""
    site = Site(look_gateway=EngineUnreachable("dead"), judge_home=Lockout("too strict"))
    with pytest.raises(MailrigError) as raised:
        site.run()
    assert [one.message for one in raised.value.problems] == ["gateway: dead", "home: too strict"]
    assert site.done("lock") == []


def test_of_two_deployers_one_gets_all_locks() -> None:
    """The first lock by name is taken alone: who has not got it takes none of the others from who has."""
    site = Site(lock_attic=Locked("in use"))
    with pytest.raises(MailrigError, match="attic: in use"):
        site.run()
    assert site.done("lock") == ["attic"]


def test_unchanged_host_is_left_alone() -> None:
    """It is neither locked nor changed, nor taken back."""
    site = Site(look_home="unchanged", bring_gateway="rolled back")
    assert site.run() == {"gateway": "rolled back", "home": "unchanged", "attic": "taken back"}
    assert "home" not in {*site.done("lock"), *site.done("bring"), *site.done("go back")}


def test_interrupted_run_takes_nobody_back_and_gives_all_locks_back() -> None:
    """After Ctrl-C the next run finishes; the hooks are told."""
    site = Site(bring_gateway=KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        site.run()
    assert site.done("go back") == []
    assert set(site.done("close")) == set(RANKS)
    assert "end as failed gateway" in site.notes


def test_who_is_interrupted_stops_at_the_next_step() -> None:
    """Once, so that what has to be put right then can be told."""
    interrupted = threading.Event()
    told: list[str] = []
    step = stopping(interrupted, lambda subject, _: told.append(subject))
    step("one", "")
    interrupted.set()
    with pytest.raises(KeyboardInterrupt):
        step("two", "")
    step("three", "")
    assert told == ["one", "three"]
