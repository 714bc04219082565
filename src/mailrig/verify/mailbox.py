"""The probe's mailbox over one IMAP session: find, count, read, remove; must not touch anybody else's messages."""

from __future__ import annotations

import imaplib
import re
import time
from collections.abc import Sequence

from mailrig.errors import VerifyError
from mailrig.verify.fault import text
from mailrig.verify.message import MARK, Message, made_at

STALE = 120
"""Seconds after which a message of ours is a leftover; a younger one may belong to another verify at work."""


class Mailbox:
    """A logged-in IMAP session on the probe's INBOX."""

    def __init__(self, imap: imaplib.IMAP4) -> None:
        self._imap = imap
        self._check(*imap.select("INBOX"))

    def close(self) -> None:
        """Log out."""
        self._imap.logout()

    def find(self, message: Message) -> list[str]:
        """Return the UIDs under which ``message`` lies in the INBOX."""
        self._check(*self._imap.noop())  # lets the server look for new mail (RFC 9051 section 6.1.2)
        return self._search("HEADER", "Message-ID", message.id)

    def count(self, message: Message) -> int:
        """Count ``message`` in all folders: a duplicate that was sorted away is one all the same."""
        folders = self._folders()
        total = 0
        for folder in folders:
            self._check(*self._imap.select(folder, readonly=True))
            total += len(self._search("HEADER", "Message-ID", message.id))
        self._check(*self._imap.select("INBOX"))
        return total

    def read(self, uid: str) -> bytes:
        """Return a message as it is stored, and leave it unread."""
        return self._fetch(uid, "(BODY.PEEK[])")

    def leftovers(self) -> list[str]:
        """Return the UIDs of our messages that an earlier verify left behind."""
        before = time.time() - STALE
        found = []
        for uid in self._search("HEADER", MARK, '""'):
            made = made_at(self._fetch(uid, f"(BODY.PEEK[HEADER.FIELDS ({MARK})])"))
            if made is not None and made < before:
                found.append(uid)
        return found

    def remove(self, uids: list[str]) -> None:
        """Delete messages for good, and no others where the server can do that (RFC 4315)."""
        if not uids:
            return
        which = ",".join(uids)
        self._check(*self._imap.uid("STORE", which, "+FLAGS.SILENT", r"(\Deleted)"))
        if "UIDPLUS" in self._imap.capabilities:
            self._check(*self._imap.uid("EXPUNGE", which))
        else:
            self._check(*self._imap.expunge())

    def size(self) -> int:
        """Return how many messages lie in the INBOX."""
        return len(self._search("ALL"))

    def _folders(self) -> list[str]:
        """Return the names, quoted as LIST gives them, of the folders that can be opened."""
        lines = self._check(*self._imap.list())
        matches = (re.match(r'\(([^)]*)\) (?:"[^"]*"|NIL) (.+)', text(line)) for line in lines if line)
        return [match[2] for match in matches if match and "\\noselect" not in match[1].lower()]

    def _search(self, *criteria: str) -> list[str]:
        data = self._check(*self._imap.uid("SEARCH", *criteria))
        return text(data[0]).split() if data and data[0] else []

    def _fetch(self, uid: str, what: str) -> bytes:
        data = self._check(*self._imap.uid("FETCH", uid, what))
        for part in data:
            if isinstance(part, tuple):
                return bytes(part[1])
        raise VerifyError(f"the message with UID {uid} is gone")

    @staticmethod
    def _check(status: str, data: Sequence[object]) -> Sequence[object]:
        if status != "OK":
            raise VerifyError(f"IMAP says {status}: {text(data[0]) if data else ''}")
        return data
