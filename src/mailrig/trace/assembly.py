"""Events → stories: which queue files and deliveries are of one message; knows nothing of how events were found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from mailrig.trace.events import (
    Accepted,
    Attempt,
    Connected,
    Ended,
    Event,
    HandedOver,
    Handled,
    Named,
    Rejected,
    Screened,
    Secured,
)
from mailrig.trace.query import LONGEST_SESSION, Query, address_of, is_among, plain
from mailrig.trace.story import Delivery, Leg, Refusal, Story, Told

SCREENING = timedelta(minutes=5)
"""Between postscreen's word on a client and its message."""


@dataclass
class _Group:
    """Queue files and deliveries of one message, while it is put together."""

    legs: list[Leg] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)


def told(query: Query, events: Sequence[Event], most: int, *, left_out: bool = False) -> Told:
    """Return the newest ``most`` messages, and as many refusals; ``left_out`` is what was not followed already."""
    stories = sorted(_stories(query, events), key=lambda story: story.end)
    refusals = [
        Refusal(event, _screened(event, events))
        for event in events
        if isinstance(event, Rejected) and event.line.queue == "NOQUEUE" and query.is_about(event)
    ]
    more = left_out or len(stories) > most or len(refusals) > most
    return Told(tuple(stories[-most:]), tuple(refusals[-most:]), more)


def _stories(query: Query, events: Sequence[Event]) -> Iterator[Story]:
    legs = list(_legs(events))
    for group in _grouped(legs, list(_deliveries(legs, events))):
        about = [event for leg in group.legs for event in leg.events]
        about += [event for one in group.deliveries for event in (*one.handled, one.handed_over) if event]
        if any(query.is_about(event) for event in about):
            named = next((leg.message_id for leg in group.legs if leg.message_id), "")
            own = named or next((one.message_id for one in group.deliveries if one.message_id), "")
            yield Story(own, tuple(group.legs), tuple(group.deliveries))


def _legs(events: Sequence[Event]) -> Iterator[Leg]:
    """Yield each life of each queue file: its name may be given again when it is removed (short ids are)."""
    lives: dict[tuple[str, str], list[list[Event]]] = {}
    for event in events:
        line = event.line
        if line.service != "postfix" or line.queue in ("", "NOQUEUE"):
            continue
        known = lives.setdefault((line.host, line.queue), [[]])
        if _begins_anew(event, known[-1]):
            known.append([])
        known[-1].append(event)
    for (host, queue), several in lives.items():
        for life in several:
            accepted = next((event for event in life if isinstance(event, Accepted)), None)
            protocol = _protocol(accepted, events) if accepted else ""
            screened = _passed(accepted, events) if accepted else ""
            yield Leg(host, queue, tuple(life), protocol, screened)


def _begins_anew(event: Event, life: Sequence[Event]) -> bool:
    """Whether an event is of another queue file than those before, under the same name."""
    if isinstance(event, Accepted):
        return any(isinstance(one, Accepted | Ended | Attempt) for one in life)
    is_over = any(isinstance(one, Ended) and one.how in ("removed", "deleted by hand") for one in life)
    return is_over and isinstance(event, Named)


def _protocol(accepted: Accepted, events: Iterable[Event]) -> str:
    """Return the TLS of the connection over which a message came: the last in the same process before it."""
    protocol = ""
    for event in events:
        line, own = event.line, accepted.line
        if line.time > own.time or own.time - line.time > LONGEST_SESSION:
            continue
        if (line.host, line.program, line.process) == (own.host, own.program, own.process):
            if isinstance(event, Connected):
                protocol = ""
            elif isinstance(event, Secured) and event.client == accepted.client:
                protocol = event.protocol
    return protocol


def _passed(accepted: Accepted, events: Iterable[Event]) -> str:
    """Return postscreen's last word on a client that it let through."""
    address, own = address_of(accepted.client), accepted.line
    words = [
        event.verdict
        for event in events
        if isinstance(event, Screened)
        and event.line.host == own.host
        and event.address == address
        and timedelta() <= own.time - event.line.time <= SCREENING
    ]
    return words[-1] if words else ""


def _screened(rejected: Rejected, events: Iterable[Event]) -> str:
    """Return what postscreen said of the very connection that was refused."""
    place = f"[{address_of(rejected.client)}]:{rejected.client.rpartition(':')[2]}"
    words = [
        event.verdict
        for event in events
        if isinstance(event, Screened)
        and event.line.host == rejected.line.host
        and f"[{event.address}]:{event.port}" == place
        and abs(rejected.line.time - event.line.time) <= SCREENING
    ]
    return words[-1] if words else ""


def _deliveries(legs: Iterable[Leg], events: Sequence[Event]) -> Iterator[Delivery]:
    """Yield each delivery: by Dovecot's words on it, or where these are missing by its answer."""
    handled: dict[str, list[Handled]] = {}
    came = {event.line.session: event for event in events if isinstance(event, HandedOver)}
    for event in events:
        if isinstance(event, Handled):
            key = event.line.session or f"{event.line.process} {event.line.time}"
            handled.setdefault(key, []).append(event)
    answered = {attempt.session: attempt for leg in legs for attempt in leg.attempts if attempt.session}
    for session, done in handled.items():
        first = done[0].line
        yield Delivery(first.host, session, first.user, tuple(done), answered.get(session), came.get(session))
    for session, attempt in answered.items():
        if session not in handled:
            yield Delivery(attempt.line.host, session, plain(attempt.recipient).lower(), (), attempt)


def _grouped(legs: Sequence[Leg], deliveries: Sequence[Delivery]) -> list[_Group]:
    """Put together what has the same message id, and what one names of the other."""
    groups: dict[str, _Group] = {}
    of_queue: dict[tuple[str, str], _Group] = {}
    of_attempt: dict[Attempt, _Group] = {}
    notices = {(leg.host, notice.queue) for leg in legs for notice in leg.notices}
    for leg in sorted(legs, key=lambda leg: (leg.host, leg.queue) in notices):
        own = (leg.host, leg.queue)
        told_by = next(
            (of_queue[one.host, one.queue] for one in legs if _tells_of(one, own) if _key(one) in of_queue), None
        )
        key = leg.message_id or f"{leg.host} {leg.queue} {leg.events[0].line.time}"
        group = told_by or groups.setdefault(key, _Group())
        group.legs.append(leg)
        of_queue[own] = group
        of_attempt.update(dict.fromkeys(leg.attempts, group))
    for delivery in deliveries:
        answered = of_attempt.get(delivery.attempt) if delivery.attempt else None
        named = answered or _by_message_id(groups, delivery.message_id)
        (named or groups.setdefault(delivery.message_id or delivery.session, _Group())).deliveries.append(delivery)
    return [
        _Group(
            sorted(group.legs, key=lambda leg: leg.events[0].line.time),
            sorted(group.deliveries, key=lambda delivery: delivery.time),
        )
        for group in groups.values()
    ]


def _key(leg: Leg) -> tuple[str, str]:
    return leg.host, leg.queue


def _tells_of(leg: Leg, notice: tuple[str, str]) -> bool:
    """Whether a queue file is what a notice tells of."""
    return leg.host == notice[0] and any(one.queue == notice[1] for one in leg.notices)


def _by_message_id(groups: dict[str, _Group], message_id: str) -> _Group | None:
    if not message_id:
        return None
    return groups.get(message_id) or next((one for key, one in groups.items() if is_among(message_id, (key,))), None)
