"""The way of a message: queue files, attempts, deliveries, what came of it, and which delivery was one too many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from mailrig.trace.events import (
    NO_ID,
    Accepted,
    Attempt,
    Ended,
    Event,
    HandedOver,
    Handled,
    Named,
    Noticed,
    Queued,
    Rejected,
)


@dataclass(frozen=True)
class Leg:
    """What became of one queue file: from the client that handed the message over to its last recipient.

    ``protocol`` is of the client's TLS, and ``screened`` what postscreen said of it; both may be empty.
    """

    host: str
    queue: str
    events: tuple[Event, ...]
    protocol: str = ""
    screened: str = ""

    @cached_property
    def accepted(self) -> Accepted | None:
        """From whom it is; None for a notice, and where the log does not go back so far."""
        return next((event for event in self.events if isinstance(event, Accepted)), None)

    @property
    def message_id(self) -> str:
        """Its message id, empty where it has none."""
        found = next((event.message_id for event in self.events if isinstance(event, Named)), "")
        return "" if found in NO_ID else found

    @property
    def queued(self) -> Queued | None:
        """Its sender and size."""
        return next((event for event in self.events if isinstance(event, Queued)), None)

    @cached_property
    def attempts(self) -> tuple[Attempt, ...]:
        """Every attempt to deliver it."""
        return tuple(event for event in self.events if isinstance(event, Attempt))

    @property
    def notices(self) -> tuple[Noticed, ...]:
        """What others were told of it."""
        return tuple(event for event in self.events if isinstance(event, Noticed))

    @property
    def end(self) -> Ended | None:
        """How it ended; None while it waits."""
        return next((event for event in reversed(self.events) if isinstance(event, Ended)), None)

    @property
    def is_redirect(self) -> bool:
        """Whether a Sieve script sent it."""
        return self.accepted is not None and self.accepted.line.program.endswith("/sieve/smtpd")


@dataclass(frozen=True)
class Delivery:
    """What Dovecot did at one delivery.

    ``attempt`` is the one that it answered, where Postfix noted the answer; ``handed_over`` says which gateway's it is.
    """

    host: str
    session: str
    user: str
    handled: tuple[Handled, ...]
    attempt: Attempt | None = None
    handed_over: HandedOver | None = None

    @property
    def message_id(self) -> str:
        """The message id in Dovecot's words, which may be cut off."""
        return next((event.message_id for event in self.handled if event.message_id not in NO_ID), "")

    @property
    def is_dropped(self) -> bool:
        """Whether it was recognised as delivered again, and not stored."""
        return any(event.action == "dropped" for event in self.handled)

    @property
    def stored_in(self) -> tuple[str, ...]:
        """The folders that it was stored in; where Dovecot's own words are missing, its answer tells of one."""
        if not self.handled and self.attempt:
            return ("",)
        return tuple(event.target for event in self.handled if event.action == "stored")

    @property
    def time(self) -> datetime:
        """When it was done."""
        lines = [event.line for event in (*self.handled, self.attempt) if event]
        return lines[0].time if lines else datetime.min.replace(tzinfo=UTC)

    @property
    def outcome(self) -> str:
        """What came of it, in words."""
        if self.is_dropped:
            return "dropped, since it is in the mailbox already"
        words = [f"stored in {folder or 'the mailbox'}" for folder in self.stored_in]
        words += [_DONE[one.action].format(one.target) for one in self.handled if one.action in _DONE]
        return ", ".join(words) or next((one.action for one in self.handled), "unknown")


_DONE = {
    "forwarded": "forwarded to {}",
    "not forwarded": "not forwarded to {} again",
    "answered": "answered {}",
    "refused by a script": "refused by a script, of which {} is told",
    "not stored": "not stored in {}",
}
"""Dovecot's actions in words; those that end a delivery without more to say are their own."""


@dataclass(frozen=True)
class Outcome:
    """What came of a message for one recipient: ``state`` in a word, ``words`` for people."""

    recipient: str
    state: str
    words: str


@dataclass(frozen=True)
class Duplicate:
    """A mailbox that has one message more than once, and why."""

    user: str
    deliveries: tuple[Delivery, ...]
    cause: str


@dataclass(frozen=True)
class Story:
    """All that is known of one message: ``legs`` and ``deliveries`` in the order of time."""

    message_id: str
    legs: tuple[Leg, ...]
    deliveries: tuple[Delivery, ...]

    @property
    def begin(self) -> datetime:
        """When it is first heard of."""
        return min(self._times)

    @property
    def end(self) -> datetime:
        """When it is last heard of."""
        return max(self._times)

    @property
    def _times(self) -> list[datetime]:
        return [event.line.time for leg in self.legs for event in leg.events] + [one.time for one in self.deliveries]

    @cached_property
    def duplicates(self) -> tuple[Duplicate, ...]:
        """Each mailbox in which it was stored by more than one delivery."""
        users = dict.fromkeys(delivery.user for delivery in self.deliveries)
        return tuple(
            Duplicate(user, stored, self._cause(stored))
            for user in users
            if len(stored := tuple(one for one in self.deliveries if one.user == user and one.stored_in)) > 1
        )

    def _cause(self, deliveries: Sequence[Delivery]) -> str:
        """Say why there are several, from what is sure to what is likely."""
        attempts = [one.attempt for one in deliveries if one.attempt]
        if len(attempts) < len(deliveries):
            return "Postfix did not get every answer, and delivered again"
        legs = {(one.line.host, one.line.queue): self.leg_of(one) for one in attempts}
        if any(leg and leg.is_redirect for leg in legs.values()):
            return "one of them by a redirect of a Sieve script"
        if len(legs) > 1:
            return f"it was accepted {len(legs)} times, as {', '.join(queue for _, queue in legs)}"
        recipients = dict.fromkeys(one.recipient for one in attempts)
        if len(recipients) > 1:
            return f"it was addressed to {' and '.join(recipients)}"
        return "Postfix delivered it again from the same queue file"

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What came of it for each recipient; notices that tell of it are not counted."""
        notices = {(leg.host, notice.queue) for leg in self.legs for notice in leg.notices}
        own = [leg for leg in self.legs if (leg.host, leg.queue) not in notices or len(self.legs) == 1]
        unanswered = (one for one in self.deliveries if one.attempt is None)
        alone = [one for one in unanswered if one.stored_in or one.is_dropped or not self.legs]
        return (
            *(outcome for leg in own for outcome in self._outcomes(leg)),
            *(Outcome(one.user, _state(one), one.outcome) for one in alone),
        )

    def _outcomes(self, leg: Leg) -> Iterator[Outcome]:
        last = {attempt.recipient: attempt for attempt in leg.attempts}
        for recipient, attempt in last.items():
            delivery = next((one for one in self.deliveries if one.attempt == attempt), None)
            if delivery:
                yield Outcome(recipient, _state(delivery), delivery.outcome)
            elif attempt.status == "deferred":
                yield _deferred(leg, attempt)
            else:
                answer = f" to {attempt.relay}" if attempt.status == "sent" else f": {attempt.answer}"
                yield Outcome(recipient, attempt.status, f"{attempt.status}{answer}")
        for event in leg.events:
            if isinstance(event, Rejected) and event.recipient not in last:
                yield Outcome(event.recipient, "refused", f"{event.action}: {event.answer}")

    def leg_of(self, attempt: Attempt) -> Leg | None:
        """Return the queue file that an attempt is of."""
        return next((leg for leg in self.legs if attempt in leg.attempts), None)


def _state(delivery: Delivery) -> str:
    if delivery.is_dropped:
        return "dropped"
    return "stored" if delivery.stored_in else delivery.handled[0].action


def span(seconds: float) -> str:
    """Return a time in words that are short and near enough."""
    for unit, length in (("days", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:g} s"


def _deferred(leg: Leg, attempt: Attempt) -> Outcome:
    """Return what came of a recipient whose last attempt had failed for the time being."""
    end = leg.end
    if end is None or end.how in ("placed on hold", "released from hold", "requeued"):
        state, words = "waiting", f"waits in the queue, for {span(attempt.delay)} now: {attempt.answer}"
        return Outcome(attempt.recipient, state, words)
    state = next((one.how for one in leg.events if isinstance(one, Ended) and one.how != "removed"), "deferred")
    return Outcome(attempt.recipient, state, f"{state}: {attempt.answer}")


@dataclass(frozen=True)
class Refusal:
    """A message that was refused before it had a queue file, and what postscreen had said of the client."""

    rejected: Rejected
    screened: str = ""


@dataclass(frozen=True)
class Told:
    """What is told in answer to a query: messages and refusals, newest last; ``more`` when there were more."""

    stories: tuple[Story, ...]
    refusals: tuple[Refusal, ...]
    more: bool
