"""What is written down on the host of every deploy, and what follows from it; pure, knows nothing of where it lies.

Each line of the audit log is one entry. The last deploy that has a beginning and no end was killed, or is under way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec

from mailrig.errors import MailrigError, UnknownRelease

Outcome = Literal["verified", "unverified", "rolled back", "failed"]


class Begun(msgspec.Struct, frozen=True, kw_only=True, tag="begun", tag_field="entry"):
    """A deploy or a rollback begins: what is to come into force, who does it, and what it replaces.

    ``release`` is the name under which it is kept on the host, ``commit`` the one that the inventory was at, with a `+`
    when it had uncommitted changes; ``images`` maps tags to image ids, ``causes`` say what changes, and
    ``allowed_lockouts`` which mail clients somebody said may be locked out.
    """

    deploy: str
    when: str
    verb: str
    who: str
    where: str
    release: str
    previous: str | None = None
    commit: str | None = None
    images: dict[str, str] = {}
    causes: tuple[str, ...] = ()
    allowed_lockouts: tuple[str, ...] = ()


class Step(msgspec.Struct, frozen=True, kw_only=True, tag="step", tag_field="entry"):
    """Something is about to be done to the host."""

    deploy: str
    when: str
    subject: str
    text: str


class Ended(msgspec.Struct, frozen=True, kw_only=True, tag="ended", tag_field="entry"):
    """A deploy ended: with which release in force, which probes passed and failed, and which releases were let go."""

    deploy: str
    when: str
    outcome: Outcome
    in_force: str | None
    passed: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()


Entry = Begun | Step | Ended


@dataclass(frozen=True)
class Deploy:
    """One deploy or rollback, as the log tells it; ``ended`` is None when it was killed, or is under way."""

    begun: Begun
    steps: tuple[Step, ...] = ()
    ended: Ended | None = None

    @property
    def outcome(self) -> str:
        """How it ended, in a word or two."""
        return self.ended.outcome if self.ended else "interrupted"


@dataclass(frozen=True)
class History:
    """All deploys of a site on a host, the oldest first."""

    deploys: tuple[Deploy, ...] = ()

    @property
    def interrupted(self) -> Deploy | None:
        """The last deploy, when it did not end."""
        last = self.deploys[-1] if self.deploys else None
        return last if last and last.ended is None else None

    @property
    def in_force(self) -> str | None:
        """The name of the release that is in force, as far as the log knows: the last that a deploy ended with.

        A deploy that failed, and could not be undone either, ended with none; the one before is what to go back to.
        """
        ends = (deploy.ended.in_force for deploy in reversed(self.deploys) if deploy.ended)
        return next((name for name in ends if name is not None), None)

    @property
    def passed(self) -> frozenset[str]:
        """The probes that passed when a release was left in force last, and not only fallen back to."""
        end = self._left_in_force
        return frozenset(end.passed if end else ())

    @property
    def failed(self) -> frozenset[str]:
        """The probes that failed then."""
        end = self._left_in_force
        return frozenset(end.failed if end else ())

    @property
    def _left_in_force(self) -> Ended | None:
        ends = (deploy.ended for deploy in reversed(self.deploys) if deploy.ended)
        return next((end for end in ends if end.outcome in ("verified", "unverified")), None)

    def allowed_lockouts(self, name: str) -> tuple[str, ...]:
        """Return the mail clients that a release was allowed to lock out when it was deployed last."""
        begun = (deploy.begun for deploy in reversed(self.deploys) if deploy.begun.verb == "deploy")
        return next((one.allowed_lockouts for one in begun if one.release == name), ())

    @property
    def dropped(self) -> tuple[str, ...]:
        """The releases that the last deploy let go of."""
        ends = (deploy.ended for deploy in reversed(self.deploys) if deploy.ended)
        return next((end.dropped for end in ends), ())

    @property
    def kept(self) -> tuple[str, ...]:
        """The names of the releases that are on the host, the one used last at the end."""
        names: dict[str, None] = {}
        for deploy in self.deploys:
            for name in (deploy.begun.release, deploy.ended.in_force if deploy.ended else None):
                if name is not None:
                    names.pop(name, None)
                    names[name] = None
            for name in deploy.ended.dropped if deploy.ended else ():
                names.pop(name, None)
        return tuple(names)

    def images(self, release: str) -> Mapping[str, str]:
        """Return the ids of the images of a release, by tag."""
        begun = (deploy.begun for deploy in reversed(self.deploys) if deploy.begun.release == release)
        return next((entry.images for entry in begun if entry.images), {})

    def is_verified(self, release: str) -> bool:
        """Whether it went well when this release was tried last."""
        for deploy in reversed(self.deploys):
            if deploy.ended and deploy.ended.in_force == release:
                return deploy.ended.outcome in ("verified", "rolled back")
            if deploy.ended and deploy.begun.release == release:
                return False
        return False

    def droppable(self, keeping: int, name: str) -> tuple[str, ...]:
        """Return the releases to let go of so that, with ``name``, ``keeping`` are left.

        Those go first that never passed, then the oldest, and last of all the one that is in force now.
        """
        others = sorted(
            (kept for kept in self.kept if kept != name), key=lambda one: (one == self.in_force, self.is_verified(one))
        )
        return tuple(others[: max(len(others) - keeping + 1, 0)])

    def before(self) -> str | None:
        """Return the release to go back to: the last verified one that is kept and not in force."""
        candidates = (name for name in reversed(self.kept) if name != self.in_force)
        return next((name for name in candidates if self.is_verified(name)), None)

    def named(self, words: str) -> str:
        """Return the kept release that is called so, or whose name alone begins so."""
        found = [name for name in self.kept if name == words] or [name for name in self.kept if name.startswith(words)]
        if len(found) == 1:
            return found[0]
        hint = f"kept are: {', '.join(reversed(self.kept)) or 'none'}"
        if found:
            raise MailrigError(f"several releases begin with `{words}`", hint=hint)
        raise UnknownRelease(f"there is no release `{words}` on the host", hint=hint)


def entry_of(line: bytes | str) -> Entry | None:
    """Return a line of the log as an entry; None for one that was cut short."""
    try:
        entry: Entry = msgspec.json.decode(line, type=Entry)
    except msgspec.DecodeError:
        return None
    return entry


def as_json(entry: Entry) -> dict[str, Any]:
    """Return an entry as plain data."""
    data: dict[str, Any] = msgspec.to_builtins(entry)
    return data


def history(log: bytes | None) -> History:
    """Read the audit log; one that does not exist yet is empty."""
    return History(tuple(_deploys(entry for line in (log or b"").splitlines() if (entry := entry_of(line)))))


def _deploys(entries: Iterable[Entry]) -> Iterable[Deploy]:
    begun: dict[str, Begun] = {}
    steps: dict[str, list[Step]] = {}
    ended: dict[str, Ended] = {}
    for entry in entries:
        if isinstance(entry, Begun):
            begun[entry.deploy] = entry
        elif isinstance(entry, Step):
            steps.setdefault(entry.deploy, []).append(entry)
        else:
            ended[entry.deploy] = entry
    return (Deploy(entry, tuple(steps.get(key, ())), ended.get(key)) for key, entry in begun.items())
