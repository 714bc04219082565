"""What follows from the lines of the audit log."""

from __future__ import annotations

import json

import pytest

from mailrig.apply.journal import Begun, Ended, Entry, History, Step, as_json, history
from mailrig.errors import MailrigError

WHEN = "2026-11-24T12:00:00+00:00"


def begun(deploy: str, release: str, **more: object) -> Begun:
    """Return the beginning of a deploy."""
    fields = {"verb": "deploy", "who": "root", "where": "laptop", "images": {"mailrig/dovecot:1": f"id-{release}"}}
    return Begun(deploy=deploy, when=WHEN, release=release, **{**fields, **more})  # type: ignore[arg-type]


def ended(deploy: str, in_force: str | None, outcome: str = "verified", **more: object) -> Ended:
    """Return the end of a deploy."""
    return Ended(deploy=deploy, when=WHEN, outcome=outcome, in_force=in_force, **more)  # type: ignore[arg-type]


def log(*entries: Entry) -> bytes:
    """Return entries as the lines that lie on the host."""
    return b"".join(json.dumps(as_json(entry)).encode() + b"\n" for entry in entries)


def read(*entries: Entry) -> History:
    """Write entries and read them again."""
    return history(log(*entries))


def test_nothing_is_known_of_a_new_host() -> None:
    """A log that does not exist yet is an empty history."""
    assert history(None) == History()
    assert history(None).in_force is None


def test_release_of_the_last_end_is_in_force() -> None:
    """What the last deploy ended with is in force."""
    found = read(begun("1", "a"), ended("1", "a"), begun("2", "b"), ended("2", "b"))
    assert found.in_force == "b"


def test_killed_deploy_is_interrupted() -> None:
    """A beginning without an end is a deploy that was cut short, and the release before is what is known."""
    found = read(begun("1", "a"), ended("1", "a"), begun("2", "b"), Step(deploy="2", when=WHEN, subject="s", text="t"))
    assert found.interrupted is not None
    assert found.interrupted.begun.release == "b"
    assert [step.text for step in found.interrupted.steps] == ["t"]
    assert found.in_force == "a"


def test_interruption_is_over_with_the_next_deploy() -> None:
    """A later deploy that ended leaves nothing to put right."""
    found = read(begun("1", "a"), begun("2", "b"), ended("2", "b"))
    assert found.interrupted is None
    assert found.deploys[0].outcome == "interrupted"


def test_torn_line_is_passed_over() -> None:
    """A line that a power cut left half-written hides none of the others."""
    found = history(log(begun("1", "a"), ended("1", "a")) + b'{"entry":"begun","dep')
    assert found.in_force == "a"


def test_rolled_back_deploy_leaves_the_release_before_in_force() -> None:
    """After a deploy that undid itself, the release before is in force."""
    found = read(begun("1", "a"), ended("1", "a"), begun("2", "b"), ended("2", "a", "rolled back"))
    assert found.in_force == "a"
    assert not found.is_verified("b")


def test_way_back_is_the_last_verified_release_that_is_not_in_force() -> None:
    """A release that never passed is no way back, however new it is."""
    found = read(
        begun("1", "a"),
        ended("1", "a"),
        begun("2", "b"),
        ended("2", "b", "unverified"),
        begun("3", "c"),
        ended("3", "c"),
    )
    assert found.before() == "a"


def test_failed_deploy_leaves_what_to_go_back_to() -> None:
    """A deploy that failed, and could not be undone, hides neither the release before nor what it passed."""
    found = read(
        begun("1", "a"),
        ended("1", "a", passed=("login imaps",)),
        begun("2", "b"),
        ended("2", None, "failed"),
    )
    assert found.in_force == "a"
    assert found.passed == {"login imaps"}


def test_fallback_that_fails_a_probe_is_no_measure() -> None:
    """What passes after a rollback is not all that a release has to pass."""
    found = read(
        begun("1", "a"),
        ended("1", "a", passed=("x", "y")),
        begun("2", "b"),
        ended("2", "a", "rolled back", passed=("x",)),
    )
    assert found.passed == {"x", "y"}


def test_release_that_failed_when_it_was_tried_last_is_no_way_back() -> None:
    """A release that passed once, and was undone the next time, is not offered."""
    found = read(
        begun("1", "a"),
        ended("1", "a"),
        begun("2", "b"),
        ended("2", "b"),
        begun("3", "a"),
        ended("3", "b", "rolled back"),
    )
    assert found.before() is None


def test_releases_that_never_passed_are_dropped_first() -> None:
    """Ten attempts that failed do not push out the one release that works."""
    entries: list[Entry] = [begun("0", "good"), ended("0", "good")]
    for number in range(1, 11):
        entries += [begun(str(number), f"bad{number}"), ended(str(number), "good", "rolled back")]
    found = read(*entries)
    assert found.droppable(10, "new") == ("bad1", "bad2")
    assert "good" not in found.droppable(2, "new")


def test_way_back_goes_back_and_forth() -> None:
    """After a rollback, the way back leads to the release that was left."""
    found = read(
        begun("1", "a"),
        ended("1", "a"),
        begun("2", "b"),
        ended("2", "b"),
        begun("3", "a", verb="rollback"),
        ended("3", "a"),
    )
    assert found.before() == "b"


def test_dropped_releases_are_not_kept() -> None:
    """What a deploy let go of is no release to go back to, until it is deployed again."""
    entries: list[Entry] = [begun("1", "a"), ended("1", "a"), begun("2", "b"), ended("2", "b", dropped=("a",))]
    assert read(*entries).kept == ("b",)
    assert read(*entries).before() is None
    assert read(*entries, begun("3", "a"), ended("3", "a")).kept == ("b", "a")


def test_release_may_be_named_by_its_beginning() -> None:
    """The first letters are enough where only one release begins with them."""
    found = read(begun("1", "abc1"), ended("1", "abc1"), begun("2", "abd2"), ended("2", "abd2"))
    assert found.named("abc") == "abc1"
    with pytest.raises(MailrigError, match="several releases begin with `ab`"):
        found.named("ab")
    with pytest.raises(MailrigError, match="there is no release `x`") as raised:
        found.named("x")
    assert "abd2, abc1" in str(raised.value)


def test_whole_name_wins_over_beginnings() -> None:
    """A release that was rebuilt has the same name with a number behind it, and does not hide the first."""
    found = read(begun("1", "abc"), ended("1", "abc"), begun("2", "abc-2"), ended("2", "abc-2"))
    assert found.named("abc") == "abc"


def test_images_are_those_of_the_release() -> None:
    """Each release remembers the ids of its own images."""
    found = read(begun("1", "a"), ended("1", "a"), begun("2", "b"), ended("2", "b"))
    assert found.images("a") == {"mailrig/dovecot:1": "id-a"}
    assert found.images("x") == {}
