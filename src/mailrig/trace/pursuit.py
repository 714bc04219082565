"""From what was asked after to all events of the messages it stands for, in a few passes over the logs.

Each pass looks for all that is known by then, so their number grows with the length of a message's way and not with
how many there are. Knows nothing of how logs are searched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from mailrig.trace.events import (
    NO_ID,
    Accepted,
    Attempt,
    Event,
    HandedOver,
    Handled,
    Named,
    Noticed,
    Rejected,
)
from mailrig.trace.lines import Line
from mailrig.trace.query import (
    LONGEST_SESSION,
    Needles,
    Query,
    is_among,
    needles_of_client,
    needles_of_delivery,
    needles_of_message,
    needles_of_queue,
    needles_of_refused,
    together,
)
from mailrig.trace.reading import event_of

PASSES = 6
"""As many as the longest way takes: a notice's queue id → the message → its other hosts → what became of it there."""

QUEUES_A_MESSAGE = 5
"""So many queue files are followed for each: a stranger may have given one message id to any number of messages."""

LONGEST_WAY = timedelta(days=11)
"""Between the first and the last line of a message: it waits for five days at most, and may on each of two hosts."""

LINES_A_MESSAGE = 50
"""So many of a file's last lines the first pass wants for each message: it has a few, and more while it waits."""

LINES_OF_ALL = 100_000
"""So many lines of a file the other passes want, at most."""

Look = Callable[[Needles, int], Iterable[Line]]
"""What finds the lines that hold one of some words, of each file the last so many."""


@dataclass
class Pursuit:
    """What is known so far. ``left_out`` says that there was more than is followed."""

    query: Query
    most: int
    events: dict[Event, None] = field(default_factory=dict)
    queues: set[str] = field(default_factory=set)
    sessions: set[str] = field(default_factory=set)
    message_ids: set[str] = field(default_factory=set)
    left_out: bool = False
    _asked: set[object] = field(default_factory=set)

    def run(self, look: Look) -> tuple[Event, ...]:
        """Look, and look again for what that brought, until it brings nothing new; return the events in order.

        What is of messages that are not followed, and so known in part only, is left out.
        """
        self._take_in(look(self.query.needles, LINES_A_MESSAGE * self.most))
        self._asked = {needles.words for needles in self.query.asked}
        self._begin()
        for _ in range(PASSES):
            self._follow()
            needles = self._new_needles()
            if not (needles.postfix or needles.dovecot):
                break
            self._take_in(look(needles, LINES_OF_ALL))
        queues, sessions = {*self.queues, "", "NOQUEUE"}, {*self.sessions, ""}
        followed = (one for one in self.events if one.line.queue in queues and one.line.session in sessions)
        return tuple(sorted(followed, key=lambda event: (event.line.time, event.line.place)))

    def _take_in(self, lines: Iterable[Line]) -> None:
        self.events.update(dict.fromkeys(event for line in lines if (event := event_of(line))))

    def _begin(self) -> None:
        """Choose the newest of what the first pass brought."""
        newest = sorted((one for one in self.events if self.query.is_about(one)), key=lambda event: event.line.time)
        # A queue id that was given again is one word for several messages, and so is a message id.
        for event in reversed(newest):
            self.queues.update(self._within(event.line.queue, self.queues))
            self.sessions.update(self._within(event.line.session, self.sessions))
            if isinstance(event, Noticed):
                self.queues.add(event.queue)

    def _within(self, name: str, known: set[str]) -> Iterator[str]:
        """Yield a name to follow, unless there are enough."""
        if name in ("", "NOQUEUE") or name in known:
            return
        if len(known) < self.most:
            yield name
        else:
            self.left_out = True

    def _follow(self) -> None:
        """Take over the names that the events of what we follow bring."""
        for event in sorted(self.events, key=lambda event: event.line.time, reverse=True):
            if event.line.queue in self.queues:
                self._follow_queue(event)
            match event:
                case Named() if is_among(event.message_id, self.message_ids):
                    self._add_queue(event.line.queue)
                case Attempt() if event.session in self.sessions:
                    self._add_queue(event.line.queue)
                case Noticed() if event.queue in self.queues:
                    self._add_queue(event.line.queue)
                case HandedOver() if event.line.session in self.sessions:
                    self._add_queue(event.queue)
                case HandedOver() if event.queue in self.queues:
                    self.sessions.add(event.line.session)
                case Handled() if is_among(event.message_id, self.message_ids):
                    self.sessions.add(event.line.session)
                case Handled() if event.line.session in self.sessions and not event.message_id.endswith("..."):
                    self.message_ids.update({event.message_id} - NO_ID)

    def _follow_queue(self, event: Event) -> None:
        match event:
            case Named():
                self.message_ids.update({event.message_id} - NO_ID)
            case Attempt():
                self.sessions.update({event.session} - {""})
            case Noticed():
                self._add_queue(event.queue)

    def _add_queue(self, queue: str) -> None:
        if queue in self.queues or queue == "NOQUEUE":
            return
        if len(self.queues) < QUEUES_A_MESSAGE * self.most:
            self.queues.add(queue)
        else:
            self.left_out = True

    def _new_needles(self) -> Needles:
        """Return the words that we have not looked for yet."""
        clients = [event for event in self.events if isinstance(event, Accepted) and event.line.queue in self.queues]
        refused = [event for event in self.events if isinstance(event, Rejected) and self.query.is_about(event)]
        begins = self._begins()
        wanted = [
            *(needles_of_queue(queue, _before(begins, queue, LONGEST_SESSION)) for queue in self.queues),
            *(needles_of_delivery(session, _before(begins, session, LONGEST_SESSION)) for session in self.sessions),
            *(needles_of_message(one, _before(begins, one, LONGEST_WAY)) for one in self.message_ids),
            *map(needles_of_client, clients),
            *map(needles_of_refused, refused[-self.most :]),
        ]
        new = {needles.words: needles for needles in wanted if needles.words not in self._asked and any(needles.words)}
        self._asked |= new.keys()
        return together([new[words] for words in sorted(new)])

    def _begins(self) -> dict[str, datetime]:
        """Return when each queue file, delivery and message began, or no later, as far as the events tell."""
        begins: dict[str, datetime] = {}
        for event in self.events:
            for name, begin in _begun(event):
                begins[name] = min(begin, begins.get(name, begin))
        return begins


def _before(begins: Mapping[str, datetime], name: str, span: timedelta) -> datetime | None:
    """Return before when there is no line about something; None where that is not known."""
    return begins[name] - span if name in begins else None


def _begun(event: Event) -> Iterator[tuple[str, datetime]]:
    """Yield the names of what an event is about, with a time at which it had begun."""
    time = event.line.time
    match event:
        case Attempt():
            yield event.line.queue, time - timedelta(seconds=event.delay)
            yield event.session, time
        case Accepted():
            yield event.line.queue, time
        case Named():
            yield event.line.queue, time
            yield event.message_id, time
        case Noticed():
            yield event.queue, time
        case Handled():
            yield event.line.session, time
            yield event.message_id, time
        case HandedOver():
            yield event.line.session, time
