"""What became of the messages that were sent: there, once, unchanged, seen by POP3, taken away; not how they came."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable, Sequence

from mailrig.errors import VerifyError
from mailrig.verify import session
from mailrig.verify.mailbox import Mailbox
from mailrig.verify.message import Message, difference
from mailrig.verify.probe import Lane, Probe, Skip
from mailrig.verify.submission import Door
from mailrig.verify.target import Target

PATIENCE = 10.0
"""Seconds after which a message that was accepted counts as not delivered."""

_INTERVAL = 0.03


class Delivery:
    """The far end of every door: the probe's mailbox, over IMAP and POP3.

    ``service`` is who has the mailbox, where it is not on the host of the doors.
    """

    def __init__(self, target: Target, doors: Sequence[Door], service: str = "dovecot") -> None:
        self._service = service
        self._target = target
        self._doors = tuple(doors)
        self._port = "imap" if "imaps" not in target.endpoints and "imap" in target.endpoints else "imaps"
        self._pop3 = "pop3" if "pop3s" not in target.endpoints and "pop3" in target.endpoints else "pop3s"
        self._mailbox: Mailbox | None = None
        self._deadline: float | None = None
        self._uids: dict[str, str] = {}

    def opening(self) -> Lane:
        """Log in to the mailbox; the session stays open to the end."""
        return Lane([Probe("login", self._port, self._service, self._log_in)])

    def arrival(self) -> Lane:
        """Wait for every message and read it back."""
        return Lane(
            [
                *self._each("arrive", "postfix", self._arrive),
                *self._each("read", self._service, self._read),
            ],
        )

    def pop3(self) -> Lane:
        """Look at the same mailbox through POP3, whose sessions show what was there when they began."""
        return Lane([Probe("login", self._pop3, self._service, self._see)])

    def ending(self) -> Lane:
        """Count again when all is quiet, then clear away."""
        clear = Probe("clear-away", self._port, self._service, self._clear_away)
        return Lane([*self._each("once", "postfix", self._once), clear], finish=self._close, is_gating=False)

    def _each(self, name: str, service: str, ask: Callable[[Door], str]) -> list[Probe]:
        return [
            Probe(name, door.port, self._service if door.port == "lmtp" else service, functools.partial(ask, door))
            for door in self._doors
        ]

    def _log_in(self) -> str:
        imap = session.imap(self._target, self._port, self._target.password.reveal())
        self._mailbox = Mailbox(imap)
        return f"{len(imap.capabilities)} capabilities, {self._mailbox.size()} messages in the mailbox"

    @property
    def is_open(self) -> bool:
        """Tell whether the login to the mailbox succeeded."""
        return self._mailbox is not None

    def _open(self) -> Mailbox:
        if self._mailbox is None:
            raise Skip("the mailbox could not be opened")
        return self._mailbox

    def _sent(self, door: Door) -> Message:
        if door.message is None:
            raise Skip(f"no message was accepted over {door.port}")
        return door.message

    def _arrive(self, door: Door) -> str:
        mailbox, message = self._open(), self._sent(door)
        self._deadline = self._deadline or time.monotonic() + PATIENCE  # one for all: they were sent together
        while not (uids := mailbox.find(message)):
            if time.monotonic() > self._deadline:
                raise VerifyError(f"accepted ({door.receipt}), but not in the mailbox after {PATIENCE:.0f} s")
            time.sleep(_INTERVAL)
        self._uids[door.port] = uids[0]
        return f"in the mailbox as UID {', '.join(uids)}"

    def _read(self, door: Door) -> str:
        mailbox, message = self._open(), self._sent(door)
        if door.port not in self._uids:
            raise Skip("the message did not arrive")
        received = mailbox.read(self._uids[door.port])
        if changed := difference(message, received):
            raise VerifyError(changed)
        return f"{len(message.body)} bytes of body, each as it was sent"

    def _see(self) -> str:
        """Log in, and find in POP3 every message that IMAP has shown."""
        pop3 = session.pop3(self._target, self._pop3, self._target.password.reveal())
        try:
            count = len(pop3.list()[1])
            seen = b"\n".join(line for number in range(1, count + 1) for line in pop3.top(number, 0)[1])
        finally:
            pop3.quit()
        wanted = [door.message for door in self._doors if door.message and door.port in self._uids]
        missing = [message.route for message in wanted if message.id.encode() not in seen]
        if missing:
            raise VerifyError(f"the message sent over {', '.join(missing)} is in IMAP, but not in POP3")
        return f"{count} messages, {len(wanted)} of them ours"

    def _once(self, door: Door) -> str:
        mailbox, message = self._open(), self._sent(door)
        found = mailbox.count(message)
        if found == 0:
            raise Skip("the message did not arrive")
        if found > 1:
            raise VerifyError(f"one message was sent, {found} are in the mailbox")
        return "exactly once"

    def _clear_away(self) -> str:
        mailbox = self._open()
        ours = [uid for door in self._doors if door.message for uid in mailbox.find(door.message)]
        old = mailbox.leftovers()
        mailbox.remove([*ours, *old])
        left = mailbox.size()
        return f"{len(ours)} messages removed, {len(old)} leftovers too, {left or 'none'} left"

    def _close(self) -> None:
        if self._mailbox is not None:
            self._mailbox.close()
