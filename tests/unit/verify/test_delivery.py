"""What became of a message: the judgement, with a mailbox made of lists."""

from __future__ import annotations

import time
from typing import Any

import pytest

from mailrig.verify import delivery, logs, message
from mailrig.verify.evidence import Evidence
from mailrig.verify.message import Message
from mailrig.verify.report import Result


class ListMailbox:
    """A mailbox that holds what a test puts in it."""

    def __init__(self, *stored: bytes) -> None:
        self.stored = dict(enumerate(stored, 1))
        self.stale: list[str] = []

    def find(self, wanted: Message) -> list[str]:
        """Return the numbers of the messages with this id."""
        return [str(uid) for uid, content in self.stored.items() if wanted.id.encode() in content]

    def count(self, wanted: Message) -> int:
        """Count the messages with this id."""
        return len(self.find(wanted))

    def read(self, uid: str) -> bytes:
        """Return a message."""
        return self.stored[int(uid)]

    def leftovers(self) -> list[str]:
        """Return what earlier runs have left."""
        return self.stale

    def remove(self, uids: list[str]) -> None:
        """Remove messages."""
        for uid in uids:
            del self.stored[int(uid)]

    def size(self) -> int:
        """Count all messages."""
        return len(self.stored)

    def close(self) -> None:
        """Do nothing."""


class SentDoor:
    """A door through which a message has gone."""

    port = "submission"
    receipt = "250 2.0.0 Ok: queued as 4F1B2C"
    queue_id = "4F1B2C"

    def __init__(self) -> None:
        self.message = Message("probe@example.test", self.port)


def asked(world: Any, mailbox: Any, door: Any) -> dict[str, Result]:
    """Ask the probes of arrival and ending with this mailbox."""
    arriving = delivery.Delivery(world.target, [door])
    arriving._mailbox = mailbox
    lanes = (arriving.arrival(), arriving.ending())
    return {result.probe: result for lane in lanes for result in lane.results(lambda _probe, _seen: None)}


def test_one_message_unchanged_passes_and_is_cleared_away(world: Any) -> None:
    """A message that came once and unchanged passes, and leaves an empty mailbox."""
    door = SentDoor()
    mailbox = ListMailbox(b"Received: from here\r\n" + door.message.content)
    found = asked(world, mailbox, door)
    assert all(result.ok for result in found.values()), found
    assert found["once"].seen == "exactly once"
    assert mailbox.stored == {}


def test_a_second_copy_fails(world: Any) -> None:
    """A duplicate is found by the count at the end."""
    door = SentDoor()
    found = asked(world, ListMailbox(door.message.content, door.message.content), door)
    assert found["arrive"].ok
    assert found["once"].seen == "one message was sent, 2 are in the mailbox"


def test_a_changed_body_fails(world: Any) -> None:
    """A body that came back otherwise fails, with the line."""
    door = SentDoor()
    changed = door.message.content.replace(b"\r\n..\r\n", b"\r\n.\r\n")
    assert asked(world, ListMailbox(changed), door)["read"].seen == "line 3 of the body came back as '.'"


def test_a_message_that_does_not_come_fails_in_time(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An accepted message that is not delivered fails with its receipt; what builds on it is skipped."""
    monkeypatch.setattr(delivery, "PATIENCE", 0.0)
    found = asked(world, ListMailbox(), SentDoor())
    assert "queued as 4F1B2C" in found["arrive"].seen
    assert [found["read"].outcome, found["once"].outcome, found["clear-away"].outcome] == [
        "skipped",
        "skipped",
        "passed",
    ]


def test_leftovers_of_earlier_runs_are_removed(world: Any) -> None:
    """What a verify that was killed left behind goes with the rest; other mail stays."""
    door = SentDoor()
    mailbox = ListMailbox(b"old", b"somebody else's", door.message.content)
    mailbox.stale = ["1"]
    found = asked(world, mailbox, door)
    assert found["clear-away"].seen == "1 messages removed, 1 leftovers too, 1 left"
    assert list(mailbox.stored) == [2]


def test_our_messages_are_told_by_their_header() -> None:
    """A message of ours says when it was made; another says nothing."""
    sent = Message("probe@example.test", "lmtp")
    made = message.made_at(sent.content)
    assert made is not None
    assert abs(made - time.time()) < 5
    assert message.made_at(b"Subject: X-Mailrig-Probe: 1\r\n\r\n") is None


def test_two_messages_are_never_the_same() -> None:
    """Each message has a token of its own in id and body."""
    first, second = Message("a@example.test", "lmtp"), Message("a@example.test", "lmtp")
    assert first.id != second.id
    assert message.difference(first, second.content) == "another message came back"


def test_a_message_that_was_not_sent_in_the_log_is_quoted(world: Any) -> None:
    """When the queue id has another fate in mail.log, the probe says which."""
    line = "Nov 4 mail postfix/lmtp[9]: 4F1B2C: to=<probe@example.test>, status=deferred (no route)"
    inside = world.inside(
        {
            "stat": (0, "0 /var/log/mail.log"),
            "sh": (0, line),
            "sh -c \nsince": (0, line),
        }
    )
    inside.run = lambda _service, argv: (1, "") if len(argv) > 6 else (0, line)
    [result] = logs.queue(Evidence(inside), [SentDoor()]).results(lambda _probe, _seen: None)  # type: ignore[list-item]
    assert result.seen == (
        "/var/log/mail.log has no line with 4F1B2C and status=sent, but: "
        "4F1B2C: to=<probe@example.test>, status=deferred (no route)"
    )
