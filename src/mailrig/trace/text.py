"""What is told of messages → lines for a person, and plain data; pure, readable without colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from mailrig.trace.events import Accepted, Attempt, Ended, Event, Handled, Noticed, Rejected
from mailrig.trace.story import Delivery, Leg, Refusal, Story, Told, span

DOORS = {
    "submission": "submission (587)",
    "submissions": "submissions (465)",
    "sieve": "a Sieve script",
    "postfix": "port 25",
}
"""Where a client came in, by the last but one word of the program's name."""

_ENDED = {
    "expired": "it waited too long, and is given up",
    "placed on hold": "by hand",
    "released from hold": "by hand",
}

_CLOSE = timedelta(seconds=2)  # between Dovecot's whole second and Postfix's word on the same delivery

Known = Mapping[tuple[str, str], str]
"""What is known of an address in a host's logs: that it is Docker's gateway, for one."""


@dataclass(frozen=True)
class Step:
    """One line of a story; ``order`` is its time, or that of what it comes before."""

    order: tuple[datetime, int]
    event: Event
    host: str
    name: str
    what: str
    words: str


def text(told: Told, known: Known) -> str:
    """Return the stories, oldest first, and what was refused."""
    parts = ["\n".join(_story(story, known)) for story in told.stories]
    if told.refusals:
        parts.append("\n".join(["refused in the dialogue", *(_refusal(one, known) for one in told.refusals)]))
    return "\n\n".join(parts)


def _story(story: Story, known: Known) -> Iterator[str]:
    yield printable(story.message_id or "a message without a message id")
    queued = next((leg.queued for leg in story.legs if leg.queued), None)
    if queued:
        yield f"  from {printable(queued.sender) or '<> (a notice)'}, {queued.size} bytes"
    steps = sorted(_steps(story, known), key=lambda step: step.order)
    hosts = max((len(step.host) for step in steps), default=0)
    names = max((len(step.name) for step in steps), default=0)
    whats = max((len(step.what) for step in steps), default=0)
    for step in _shortened(steps):
        line = (
            f"{_moment(step.event):<23}  {step.host:<{hosts}}  {step.name:<{names}}  {step.what:<{whats}}  {step.words}"
        )
        yield f"  {printable(line)}"
    for outcome in story.outcomes:
        yield f"  = {printable(outcome.recipient)}: {printable(outcome.words)}"
    for duplicate in story.duplicates:
        times = "twice" if len(duplicate.deliveries) == 2 else f"{len(duplicate.deliveries)} times"  # noqa: PLR2004
        yield f"  ! delivered {times} to {printable(duplicate.user)}: {printable(duplicate.cause)}"


def _steps(story: Story, known: Known) -> Iterator[Step]:
    for leg in story.legs:
        for event in leg.events:
            if said := _said(story, leg, event, known):
                yield Step((event.line.time, 1), event, leg.host, leg.queue, *said)
    for delivery in story.deliveries:
        if came := delivery.handed_over:
            words = f"{delivery.user}: by {came.gateway} out of {came.queue}, from {came.client}"
            yield Step((_order(story, delivery, came), 0), came, delivery.host, delivery.session, "came", words)
        for event in delivery.handled:
            if delivery.is_dropped and event.action == "discarded":
                continue  # one and the same
            yield Step(
                (_order(story, delivery, event), 0), event, delivery.host, delivery.session, *_done(delivery, event)
            )


def _order(story: Story, delivery: Delivery, event: Event) -> datetime:
    """Return where a whole second stands among finer times.

    It is before Postfix notes the answer to it, and after it had the message.
    """
    time = event.line.time
    if event.line.is_exact:
        return time
    if delivery.attempt and abs(delivery.attempt.line.time - time) < _CLOSE:
        return delivery.attempt.line.time
    queued = min((leg.queued.line.time for leg in story.legs if leg.queued), default=time)
    return max(time, queued) if queued - time < _CLOSE else time


def _said(story: Story, leg: Leg, event: Event, known: Known) -> tuple[str, str] | None:
    """Return what a line about a queue file is called, and its words; None for what goes without saying."""
    match event:
        case Accepted():
            return "accepted", _accepted(leg, event, known)
        case Attempt():
            return event.status, _attempt(story, event)
        case Rejected():
            return event.action, f"{event.recipient}: {event.answer}".removeprefix(": ")
        case Noticed():
            return "notice", f"{event.kind}, as {event.queue}"
        case Ended() if event.how != "removed":
            return event.how, _ENDED.get(event.how, "")
    return None


def _accepted(leg: Leg, event: Accepted, known: Known) -> str:
    words = [f"by {door_of(event)} from {_client(leg.host, event.client, known)}"]
    if event.origin:
        words.append(f"for {event.origin}")
    if event.login:
        words.append(f"login {event.login}" + (f" ({event.method})" if event.method else ""))
    if event.line.program.endswith("smtpd") and not leg.is_redirect:
        words.append(leg.protocol or "no TLS")
    if leg.screened:
        words.append(f"postscreen: {leg.screened}")
    return ", ".join(words)


def door_of(event: Accepted) -> str:
    """Return where a client came in, as people call it."""
    *before, last = event.line.program.split("/")
    if last == "pickup":
        return "sendmail"
    return DOORS.get(before[-1] if before else "", "port 25")


def _client(host: str, client: str, known: Known) -> str:
    name, _, address = client.partition("[")
    is_known = known.get((host, address.partition("]")[0]))
    return f"{client} ({is_known.partition(':')[0]})" if is_known and name != "localhost" else client


def _attempt(story: Story, event: Attempt) -> str:
    addressed = f"{event.recipient} (for {event.original})" if event.original else event.recipient
    delivery = next((one for one in story.deliveries if one.attempt == event), None)
    over = f", handed over to {delivery.host}" if delivery and delivery.host != event.line.host else ""
    relay = f" by {event.relay}" if event.relay != "none" else ""
    return f"{addressed}{relay} after {span(event.delay)}{over}: {event.answer}"


def _done(delivery: Delivery, event: Handled) -> tuple[str, str]:
    words = f"{delivery.user}: {event.target}" if event.target else delivery.user
    if event.action == "dropped":
        words += ": it is in the mailbox already"
    return event.action, f"{words}: {event.reason}" if event.reason else words


def _shortened(steps: Iterable[Step]) -> Iterator[Step]:
    """Yield the steps; of the same failure over and over, the first and the last with the number of those between."""
    for _, same in groupby(steps, _failure):
        run = list(same)
        yield run[0]
        if len(run) > 2:  # noqa: PLR2004
            between = f"and {len(run) - 2} times between: {run[-1].words}"
            yield Step(run[-1].order, run[-1].event, run[-1].host, run[-1].name, run[-1].what, between)
        elif len(run) > 1:
            yield run[1]


def _failure(step: Step) -> object:
    """Return what makes an attempt the same as the one before; of anything else each is its own."""
    event = step.event
    if isinstance(event, Attempt) and event.status == "deferred":
        return event.line.host, event.line.queue, event.recipient, event.answer
    return event, step.what


def _refusal(refusal: Refusal, known: Known) -> str:
    one = refusal.rejected
    screened = f" (postscreen: {refusal.screened})" if refusal.screened else ""
    who = f"{_client(one.line.host, one.client, known)}, HELO {one.helo}" if one.helo else one.client
    words = f"{one.sender or '<>'} to {one.recipient}, from {who}{screened}: {one.answer}"
    return printable(f"  {_moment(one):<23}  {one.line.host}  {one.action}  {words}")


def _moment(event: Event) -> str:
    time = event.line.time
    return f"{time:%Y-%m-%d %H:%M:%S}" + (f".{time.microsecond // 1000:03}" if event.line.is_exact else "")


def printable(words: str) -> str:
    """Replace what a terminal would act on by its number: strangers say in a log what they like."""
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in words)
