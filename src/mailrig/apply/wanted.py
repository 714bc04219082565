"""What a deploy is asked for, how it ended, and who is told: as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:  # a deploy that has nothing to do needs none of these
    from mailrig.apply.ahead import Begun
    from mailrig.apply.supply import Supply
    from mailrig.apply.waiting import Progress
    from mailrig.engine.observation import Gathered
    from mailrig.errors import MailrigError
    from mailrig.inventory.model import Inventory
    from mailrig.plan.actions import Plan
    from mailrig.render.release import Release
    from mailrig.verify.report import Report
    from mailrig.verify.target import Target

Outcome = Literal[
    "unchanged",
    "verified",
    "unverified",
    "rolled back",  # it failed, and the release before is in force again
    "taken back",  # it passed, another host failed, and the release before is in force again
    "not taken back",  # the same, and the way back failed as well
    "spared",  # another host failed before this one was begun
]


@dataclass(frozen=True)
class Wanted:
    """What is to come into force, and what for.

    ``verb`` is what the journal calls it, ``target`` what verification is pointed at. ``inventory`` is None, and
    ``name`` and ``images`` (ids by tag) are given, when it comes from the host's own store. ``planned`` is the
    fingerprint of the host that it was planned for, where it must be no other. ``allowed_lockouts`` are the ids
    of mail clients that may be locked out. ``gathered`` is what is on the host, where somebody has asked already, and
    ``begun`` has its lock then, where that is being taken. ``supply`` has the images of all hosts.
    """

    release: Release
    target: Target
    verb: str
    inventory: Inventory | None = None
    commit: str | None = None
    name: str | None = None
    images: Mapping[str, str] = field(default_factory=dict)
    rebuild: bool = False
    planned: str | None = None
    allowed_lockouts: tuple[str, ...] = ()
    gathered: Gathered | None = None
    begun: Begun | None = None
    supply: Supply | None = None


@dataclass(frozen=True)
class Result:
    """How it went: ``in_force`` names the release that the host has now, as far as that can be said."""

    plan: Plan
    outcome: Outcome
    in_force: str | None
    report: Report | None = None


@dataclass(frozen=True)
class Audience:
    """Whoever is told while it goes on."""

    step: Progress
    plan: Callable[[Plan], None]
    report: Callable[[Report], None]
    error: Callable[[MailrigError], None]
