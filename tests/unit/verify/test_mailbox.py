"""The probe's mailbox, on an IMAP session that keeps its folders in a dictionary."""

from __future__ import annotations

import time
from typing import Any

import pytest

from mailrig.errors import VerifyError
from mailrig.verify.mailbox import STALE, Mailbox
from mailrig.verify.message import MARK, Message


class DictImap:
    """As much of imaplib as the mailbox uses."""

    capabilities = ("IMAP4REV1", "UIDPLUS")

    def __init__(self, **folders: list[bytes]) -> None:
        self.folders = {name: dict(enumerate(content, 1)) for name, content in folders.items()}
        self.selected = "INBOX"
        self.deleted: list[str] = []

    def select(self, name: str, *, readonly: bool = False) -> tuple[str, list[Any]]:
        """Open a folder."""
        del readonly
        self.selected = name.strip('"')
        return ("OK", [b"1"]) if self.selected in self.folders else ("NO", [b"[NONEXISTENT] no such folder"])

    def list(self) -> tuple[str, list[Any]]:
        """List the folders, and one that cannot be opened."""
        names = [f'(\\HasNoChildren) "/" "{name}"'.encode() for name in self.folders]
        return "OK", [b'(\\Noselect \\HasChildren) "/" Public', *names]

    def noop(self) -> tuple[str, list[Any]]:
        """Do nothing."""
        return "OK", [b""]

    def uid(self, command: str, *args: str) -> tuple[str, list[Any]]:
        """Search, fetch, flag or expunge."""
        folder = self.folders[self.selected]
        if command == "SEARCH":
            wanted = b"" if args == ("ALL",) else (args[1] if args[2] == '""' else args[2]).encode()
            return "OK", [" ".join(str(uid) for uid, content in folder.items() if wanted in content).encode()]
        if command == "FETCH":
            found = folder.get(int(args[0]))
            return "OK", [(b"1 (UID 1 BODY[]", found), b")"] if found else [None]
        if command == "EXPUNGE":
            for uid in args[0].split(","):
                del folder[int(uid)]
        return "OK", [b""]


def made(seconds_ago: float) -> bytes:
    """Return a message of ours of that age."""
    return Message("probe@example.test", "lmtp", made=int(time.time() - seconds_ago)).content


def test_a_message_is_counted_in_every_folder() -> None:
    """A copy that a filter sorted away counts, and folders that cannot be opened are passed by."""
    message = Message("probe@example.test", "submission")
    mailbox = Mailbox(DictImap(INBOX=[message.content], Junk=[message.content], Sent=[]))  # type: ignore[arg-type]
    assert mailbox.find(message) == ["1"]
    assert mailbox.count(message) == 2
    assert mailbox.find(message) == ["1"]


def test_only_our_own_old_messages_are_leftovers() -> None:
    """A young message may belong to another verify at work, and a stranger's is none of our business."""
    forged = f"{MARK}: soon\r\n\r\n".encode()
    mailbox = Mailbox(DictImap(INBOX=[made(STALE + 60), made(5), b"Subject: hello\r\n\r\n", forged]))  # type: ignore[arg-type]
    assert mailbox.leftovers() == ["1"]


def test_removal_leaves_the_rest() -> None:
    """What is removed is gone, what is not named stays."""
    imap = DictImap(INBOX=[b"one", b"two", b"three"])
    mailbox = Mailbox(imap)  # type: ignore[arg-type]
    mailbox.remove(["1", "3"])
    mailbox.remove([])
    assert imap.folders["INBOX"] == {2: b"two"}
    assert mailbox.size() == 1


def test_a_message_is_read_as_it_is_stored() -> None:
    """The bytes come back unchanged; one that is gone is an error with its UID."""
    mailbox = Mailbox(DictImap(INBOX=[b"a\r\n\r\nb\xff"]))  # type: ignore[arg-type]
    assert mailbox.read("1") == b"a\r\n\r\nb\xff"
    with pytest.raises(VerifyError, match="the message with UID 7 is gone"):
        mailbox.read("7")


def test_a_refusal_is_quoted() -> None:
    """A mailbox without an INBOX fails with the server's words."""
    with pytest.raises(VerifyError, match=r"IMAP says NO: \[NONEXISTENT\] no such folder"):
        Mailbox(DictImap(Junk=[]))  # type: ignore[arg-type]
