"""What is told of messages → plain data, for --json; pure."""

from __future__ import annotations

from typing import Any

from mailrig.trace.events import Attempt, Ended, Noticed, Rejected
from mailrig.trace.story import Delivery, Leg, Refusal, Story
from mailrig.trace.text import door_of

Data = dict[str, Any]


def story_data(story: Story) -> Data:
    """Return a message's way as plain data; times are UTC."""
    return {
        "message_id": story.message_id,
        "sender": next((leg.queued.sender for leg in story.legs if leg.queued), None),
        "begin": story.begin.isoformat(),
        "end": story.end.isoformat(),
        "queue_files": [_leg(leg) for leg in story.legs],
        "deliveries": [_delivery(delivery) for delivery in story.deliveries],
        "outcomes": [{"recipient": one.recipient, "state": one.state, "words": one.words} for one in story.outcomes],
        "duplicates": [
            {"user": one.user, "times": len(one.deliveries), "cause": one.cause} for one in story.duplicates
        ],
    }


def refusal_data(refusal: Refusal) -> Data:
    """Return a message that was refused in the dialogue as plain data."""
    return {"host": refusal.rejected.line.host, **_rejected(refusal.rejected), "screened": refusal.screened}


def _leg(leg: Leg) -> Data:
    return {
        "host": leg.host,
        "queue_id": leg.queue,
        "accepted": _accepted(leg),
        "size": leg.queued.size if leg.queued else None,
        "attempts": [_attempt(event) for event in leg.events if isinstance(event, Attempt)],
        "rejected": [_rejected(event) for event in leg.events if isinstance(event, Rejected)],
        "notices": [
            {"time": event.line.time.isoformat(), "kind": event.kind, "queue_id": event.queue}
            for event in leg.events
            if isinstance(event, Noticed)
        ],
        "ended": [
            {"time": event.line.time.isoformat(), "how": event.how} for event in leg.events if isinstance(event, Ended)
        ],
    }


def _accepted(leg: Leg) -> Data | None:
    event = leg.accepted
    if event is None:
        return None
    return {
        "time": event.line.time.isoformat(),
        "by": door_of(event),
        "client": event.client,
        "origin": event.origin,
        "login": event.login,
        "tls": leg.protocol,
        "screened": leg.screened,
    }


def _attempt(event: Attempt) -> Data:
    return {
        "time": event.line.time.isoformat(),
        "recipient": event.recipient,
        "original": event.original,
        "relay": event.relay,
        "delay": event.delay,
        "dsn": event.dsn,
        "status": event.status,
        "answer": event.answer,
        "session": event.session,
    }


def _rejected(event: Rejected) -> Data:
    return {
        "time": event.line.time.isoformat(),
        "action": event.action,
        "client": event.client,
        "helo": event.helo,
        "sender": event.sender,
        "recipient": event.recipient,
        "answer": event.answer,
    }


def _delivery(delivery: Delivery) -> Data:
    came = delivery.handed_over
    return {
        "host": delivery.host,
        "session": delivery.session,
        "user": delivery.user,
        "time": delivery.time.isoformat(),
        "handed_over": {"gateway": came.gateway, "queue_id": came.queue, "client": came.client} if came else None,
        "stored_in": list(delivery.stored_in),
        "dropped": delivery.is_dropped,
        "actions": [
            {"time": one.line.time.isoformat(), "action": one.action, "target": one.target, "reason": one.reason}
            for one in delivery.handled
        ],
    }
