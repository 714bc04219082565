"""Mail clients that go on while a site changes, in a process of their own; knows nothing of what changes or why."""

from __future__ import annotations

import imaplib
import itertools
import multiprocessing
import signal
import smtplib
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from enum import StrEnum
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event

from lab import DOMAIN, Server

SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 20  # seconds that a client waits for an answer
SENDER = f"sender@{DOMAIN}"
READER = f"reader@{DOMAIN}"
PASSWORD = "one"  # noqa: S105  # of a site that lives for minutes
TROUBLE = (OSError, imaplib.IMAP4.error, smtplib.SMTPException)


class Outcome(StrEnum):
    """What a client knows about a message that it sent."""

    ACCEPTED = "accepted"  # answered with 250
    REFUSED = "refused"  # no 250, and it cannot have been taken
    UNKNOWN = "unknown"  # sent to the last byte, and the answer was never seen


@dataclass(frozen=True)
class Load:
    """How much of what: loops, and the seconds between two turns of each."""

    logins: int = 0
    login_pause: float = 0.08
    submitters: int = 1
    deliverers: int = 1
    message_pause: float = 0.25
    mailboxes: tuple[str, ...] = (READER,)
    watching: int = 0  # sessions that say NOOP, and as many that are in IDLE


@dataclass(frozen=True)
class Login:
    """One try to log in over a new connection; times as of time.monotonic()."""

    started: float
    ended: float
    failure: str = ""


@dataclass(frozen=True)
class Sent:
    """One try to send one message: no two have the same id."""

    id: str
    mailbox: str
    by: str
    ended: float
    outcome: Outcome
    answer: str = ""


@dataclass
class Session:
    """A connection that is meant to stay."""

    kind: str
    dropped: float | None = None
    heard: float = 0.0


@dataclass
class Seen:
    """Everything that the clients saw."""

    logins: list[Login] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)


class Traffic:
    """The clients of a site: start them, change the site, stop them, and see what they saw."""

    def __init__(self, server: Server, load: Load, prefix: str) -> None:
        """Prepare clients whose message ids begin with ``prefix``."""
        self._stop = SPAWN.Event()
        self._accepted, self._logins = SPAWN.Value("i", 0), SPAWN.Value("i", 0)
        self._results, theirs = SPAWN.Pipe(duplex=False)
        self._process = SPAWN.Process(
            target=_work,
            args=(Clients(server, prefix, self._stop, self._accepted, self._logins), load, theirs),
            daemon=True,
        )

    @property
    def accepted(self) -> int:
        """How many messages were answered with 250 so far."""
        return int(self._accepted.value)

    @property
    def logins(self) -> int:
        """How many log-ins were tried so far."""
        return int(self._logins.value)

    def start(self) -> None:
        """Start the clients."""
        self._process.start()

    def stop(self) -> Seen:
        """Let each client end its turn, and return what they saw."""
        self._stop.set()
        seen = self._results.recv()
        self._process.join()
        if not isinstance(seen, Seen):
            raise TypeError(seen)
        return seen


class Clients:
    """The loops, each in a thread."""

    def __init__(
        self, server: Server, prefix: str, stop: Event, accepted: Synchronized[int], logins: Synchronized[int]
    ) -> None:
        self.server, self.prefix, self.stop, self.accepted, self.logins = server, prefix, stop, accepted, logins
        self.seen = Seen()
        self._idling: list[imaplib.IMAP4_SSL] = []

    def run(self, load: Load) -> Seen:
        """Run all loops until they are to stop."""
        self.context, self._numbers = self.server.trusting, itertools.count()
        for kind in ("noop", "idle"):
            self.seen.sessions += [Session(kind) for _ in range(load.watching)]
        loops: list[Callable[[], None]] = [lambda s=one: self._watch(s) for one in self.seen.sessions]  # type: ignore[misc]
        loops += [lambda: self._repeat(load.login_pause, self._log_in)] * load.logins
        for by, loops_of_it in (("submission", load.submitters), ("lmtp", load.deliverers)):
            turn = lambda by=by: self._send(by, load.mailboxes)  # noqa: E731
            loops += [lambda turn=turn: self._repeat(load.message_pause, turn)] * loops_of_it  # type: ignore[misc]
        threads = [threading.Thread(target=loop) for loop in loops]
        for thread in threads:
            thread.start()
            time.sleep(load.login_pause / max(1, load.logins))  # not all in step
        while not self.stop.wait(1):
            if not (parent := multiprocessing.parent_process()) or not parent.is_alive():
                self.stop.set()
        for client in self._idling:
            with suppress(OSError):
                client.socket().shutdown(2)
        for thread in threads:
            thread.join()
        return self.seen

    def _repeat(self, pause: float, turn: Callable[[], None]) -> None:
        """Take turns at a fixed rate; one that took too long delays the next, and none is made up for."""
        due = time.monotonic()
        while not self.stop.is_set():
            turn()
            due = max(due + pause, time.monotonic())
            self.stop.wait(due - time.monotonic())

    def _log_in(self) -> None:
        started, failure = time.monotonic(), ""
        try:
            with self._imap() as client:
                client.select("INBOX", readonly=True)
        except TROUBLE as error:
            failure = f"{type(error).__name__}: {error}"
        self.seen.logins.append(Login(started, time.monotonic(), failure))
        with self.logins.get_lock():
            self.logins.value += 1

    def _imap(self) -> imaplib.IMAP4_SSL:
        client = imaplib.IMAP4_SSL("localhost", self.server.ports["imaps"], ssl_context=self.context, timeout=PATIENCE)
        try:
            client.login(READER, PASSWORD)
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
        return client

    def _send(self, by: str, mailboxes: tuple[str, ...]) -> None:
        number = next(self._numbers)
        mailbox = mailboxes[number % len(mailboxes)]
        name = f"{self.prefix}-{number}"
        try:
            with closing(self._submission() if by == "submission" else self._lmtp()) as client:
                outcome, answer = transmit(client, mailbox, name)
        except TROUBLE as error:
            outcome, answer = Outcome.REFUSED, f"{type(error).__name__}: {error}"
        self.seen.sent.append(Sent(name, mailbox, by, time.monotonic(), outcome, answer))
        if outcome is Outcome.ACCEPTED:
            with self.accepted.get_lock():
                self.accepted.value += 1

    def _submission(self) -> smtplib.SMTP:
        client = smtplib.SMTP("localhost", self.server.ports["submission"], timeout=PATIENCE)
        try:
            client.starttls(context=self.context)
            client.login(SENDER, PASSWORD)
        except BaseException:
            client.close()
            raise
        return client

    def _lmtp(self) -> smtplib.SMTP:
        return smtplib.LMTP("localhost", self.server.ports["lmtp"], timeout=PATIENCE)

    def _watch(self, session: Session) -> None:
        """Keep a session open until it drops or the clients are to stop."""
        try:
            client = self._imap()
            client.select("INBOX", readonly=True)
            self._noop(client) if session.kind == "noop" else self._idle(client, session)
        except TROUBLE:
            pass
        if not self.stop.is_set():
            session.dropped = time.monotonic()

    def _noop(self, client: imaplib.IMAP4_SSL) -> None:
        while not self.stop.wait(0.5):
            client.noop()
        client.logout()

    def _idle(self, client: imaplib.IMAP4_SSL, session: Session) -> None:
        """RFC 2177; imaplib knows it from Python 3.14 on."""
        client.socket().settimeout(None)
        client.send(b"idle IDLE\r\n")
        self._idling.append(client)
        while line := client.readline():
            if b"EXISTS" in line:
                session.heard = time.monotonic()
        client.shutdown()


def transmit(client: smtplib.SMTP, mailbox: str, name: str) -> tuple[Outcome, str]:
    """Send one message, and tell a refusal from an answer that never came."""
    client.ehlo_or_helo_if_needed()
    for code, answer in (client.mail(SENDER), client.rcpt(mailbox), client.docmd("DATA")):
        if code not in {250, 354}:
            return Outcome.REFUSED, f"{code} {answer!r}"
    body = f"From: {SENDER}\r\nTo: {mailbox}\r\nSubject: {name}\r\nMessage-ID: <{name}@{DOMAIN}>\r\n\r\n"
    try:
        client.send((body + "hello\r\n" * 50 + ".\r\n").encode())
        code, answer = client.getreply()
    except TROUBLE as error:
        return Outcome.UNKNOWN, f"{type(error).__name__}: {error}"
    if code == 250:  # noqa: PLR2004  # RFC 5321, 4.2.3
        with suppress(*TROUBLE):
            client.quit()
        return Outcome.ACCEPTED, ""
    return Outcome.REFUSED, f"{code} {answer!r}"


def subjects(server: Server, mailbox: str) -> list[str]:
    """Return the subject of every message in a mailbox's INBOX.

    Whole headers are asked for, which come from the message's file: single ones come from Dovecot's cache, which a
    killed Dovecot can leave behind with the header of another message.
    """
    with imaplib.IMAP4_SSL("localhost", server.ports["imaps"], ssl_context=server.trusting, timeout=60) as client:
        client.login(mailbox, PASSWORD)
        _, [count] = client.select("INBOX", readonly=True)
        if count == b"0":
            return []
        _, parts = client.fetch("1:*", "(BODY.PEEK[HEADER])")
    return [str(message_from_bytes(part[1])["Subject"]) for part in parts if isinstance(part, tuple)]


def _work(clients: Clients, load: Load, results: Connection) -> None:
    """Run the clients, in their own process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started us stops us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    results.send(clients.run(load))
