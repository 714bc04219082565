"""Events → who has which trouble, by client address; knows nothing of printing."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from mailrig.diagnosis.events import Event, Login, read
from mailrig.diagnosis.lines import Line
from mailrig.diagnosis.own import is_own, runs
from mailrig.diagnosis.signatures import Kind, Signature

_LOCKING_OUT = (Kind.SERVER, Kind.CLIENT)


@dataclass(frozen=True)
class Trouble:
    """What went wrong at one door for one user (or nobody named): how often, when, and the last line of it.

    ``login`` is the first login from the same address afterwards, by the same user where one is named.
    """

    signature: Signature
    door: str
    user: str
    times: int
    first: datetime
    last: datetime
    evidence: str
    login: Login | None = None

    @property
    def is_lockout(self) -> bool:
        """Whether somebody could not log in or send, and has not logged in since."""
        return self.signature.kind in _LOCKING_OUT and self.login is None


@dataclass(frozen=True)
class Caller:
    """A client's address with its troubles, the newest first; the address is empty for the server itself.

    ``known_as`` is what is known of the address.
    """

    address: str
    known_as: str
    troubles: tuple[Trouble, ...]

    @property
    def last(self) -> datetime:
        """When its last trouble was."""
        return self.troubles[0].last

    @property
    def is_harmless(self) -> bool:
        """Whether all of it may be nothing."""
        return all(trouble.signature.kind is Kind.HARMLESS for trouble in self.troubles)

    @property
    def is_stranger(self) -> bool:
        """Whether it met nothing but what those meet who try doors."""
        return all(
            one.signature.entry.is_mostly_strangers or one.signature.kind is Kind.HARMLESS for one in self.troubles
        )

    @property
    def is_locked_out(self) -> bool:
        """Whether somebody at this address cannot get in, as far as the lines tell."""
        return bool(self.address) and any(trouble.is_lockout for trouble in self.troubles)


@dataclass(frozen=True)
class Diagnosis:
    """What the lines say: ``logins`` counts those that succeeded, by address, ``own`` what was left out as our own."""

    callers: tuple[Caller, ...] = ()
    logins: Mapping[str, int] = field(default_factory=dict)
    own: int = 0


def diagnose(
    lines: Iterable[Line], own_names: Collection[str] = (), known: Mapping[str, str] | None = None
) -> Diagnosis:
    """Return who has which trouble: whoever cannot get in first, and then the newest first.

    ``own_names`` are the user names that only `verify` uses, in small letters; ``known`` says what an address is.
    """
    kept = list(lines)
    events, logins = read(kept)
    found = runs(kept, own_names)
    others = [event for event in events if not is_own(event, found, own_names)]
    people = [login for login in logins if login.user.lower() not in own_names]
    callers = _callers(others, people, known or {})
    return Diagnosis(callers, Counter(login.address for login in people), len(events) - len(others))


def _callers(events: Iterable[Event], logins: Iterable[Login], known: Mapping[str, str]) -> tuple[Caller, ...]:
    by_address: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_address[event.address].append(event)
    logged_in: dict[str, list[Login]] = defaultdict(list)
    for login in sorted(logins, key=lambda login: login.time):
        logged_in[login.address].append(login)
    callers = [
        Caller(address, known.get(address, ""), _troubles(theirs, logged_in.get(address, ())))
        for address, theirs in by_address.items()
    ]
    newest = sorted(callers, key=lambda caller: caller.last, reverse=True)
    return tuple(sorted(newest, key=_urgency))


def _urgency(caller: Caller) -> tuple[bool, bool]:
    """Put the server's own troubles and whoever is locked out first, and last what may be nothing."""
    return caller.is_stranger, bool(caller.address) and not caller.is_locked_out


def _troubles(events: Iterable[Event], logins: Iterable[Login]) -> tuple[Trouble, ...]:
    alike: dict[tuple[str, str, str], list[Event]] = defaultdict(list)
    for event in events:
        alike[event.signature.name, event.door, event.user].append(event)
    troubles = (_trouble(same, logins) for same in alike.values())
    return tuple(sorted(troubles, key=lambda trouble: trouble.last, reverse=True))


def _trouble(events: list[Event], logins: Iterable[Login]) -> Trouble:
    first, last = events[0], events[-1]
    later = (one for one in logins if one.time >= last.time and last.user in ("", one.user))
    return Trouble(
        signature=last.signature,
        door=last.door,
        user=last.user,
        times=len(events),
        first=first.time,
        last=last.time,
        evidence=last.evidence.raw,
        login=next(later, None),
    )
