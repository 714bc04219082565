"""The message that a probe sends, and how it is known again; knows nothing of how it travels."""

from __future__ import annotations

import re
import secrets
import time
from dataclasses import dataclass, field
from email.utils import formatdate

MARK = "X-Mailrig-Probe"
"""Header of every message of ours: when it was made (seconds since 1970) and its token."""

BODY = (
    "mailrig sent this to itself and takes it away again, token {token}.\r\n"
    ".a dot at the start of a line (RFC 5321 section 4.5.2)\r\n"
    "..\r\n"
    "Umlaute und 日本語, and trailing blanks  \r\n"
    "\r\n"
    "the last line\r\n"
)


@dataclass(frozen=True)
class Message:
    """A message to the probe's own mailbox, unlike any other by its token."""

    address: str
    route: str
    token: str = field(default_factory=lambda: secrets.token_hex(8))
    made: int = field(default_factory=lambda: int(time.time()))

    @property
    def id(self) -> str:
        """Return the Message-ID."""
        return f"<{self.token}.{self.route}@mailrig-probe.invalid>"

    @property
    def body(self) -> bytes:
        """Return the body as it must come back, byte by byte."""
        return BODY.format(token=self.token).encode()

    @property
    def content(self) -> bytes:
        """Return header and body as they are sent, lines ending in CRLF."""
        header = (
            f"From: <{self.address}>",
            f"To: <{self.address}>",
            f"Subject: mailrig probe over {self.route}",
            f"Date: {formatdate(self.made)}",
            f"Message-ID: {self.id}",
            f"{MARK}: {self.made} {self.token}",
            "Auto-Submitted: auto-generated",  # RFC 3834: no vacation answer, please
            "MIME-Version: 1.0",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: 8bit",
        )
        return "\r\n".join((*header, "", "")).encode() + self.body


def made_at(header: bytes) -> int | None:
    """Return when a message of ours was made, None when it is somebody else's."""
    found = re.search(rb"(?im)^" + MARK.encode() + rb":\s*(\d+)", header)
    return int(found[1]) if found else None


def difference(sent: Message, received: bytes) -> str | None:
    """Say how a message that came back differs from the one sent, None when its body is the same byte by byte."""
    header, _, body = received.partition(b"\r\n\r\n")
    if sent.token.encode() not in header:
        return "another message came back"
    if body == sent.body:
        return None
    pairs = zip(sent.body.split(b"\r\n"), body.split(b"\r\n"), strict=False)
    for number, (want, got) in enumerate(pairs, 1):
        if want != got:
            return f"line {number} of the body came back as {got.decode('utf-8', 'replace')!r}"
    return f"{len(sent.body)} bytes of body were sent, {len(body)} came back"
