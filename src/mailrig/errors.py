"""What can go wrong, as one tree of exceptions; knows nothing of printing or of exit codes.

MailrigError                 anything we report without a traceback
├── InventoryError           the inventory says something impossible (all problems at once)
├── AddressError             an address is not one of a Docker engine
├── RenderError              a template or the rendered compose.yaml is wrong
├── CheckError               a daemon's own tools refuse its configuration (all problems at once)
│   └── Lockout              a mail client that must get in would not
├── EngineError              the Docker engine refused or failed
│   ├── EngineUnreachable    no engine answers at the address
│   │   └── EngineMissing    its host lets us in, and has none, or none that runs
│   └── ForeignObject        something that is not ours holds a name or a port we need
├── ApplyError               a deploy stopped half-way; says what was left running
│   ├── Locked               somebody else is at work on the site
│   ├── Outdated             what a saved plan was made for is not what is there now
│   └── UnknownRelease       no release of that name is kept on the host
├── HookError                a hook of the inventory failed, or cannot be run
├── NoAnswer                 a DNS resolver does not answer
├── HandshakeError           what came over the wire is not the TLS that it should be
└── VerifyError              a probe failed
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Location:
    """A place in a file; line and column count from 1, as editors do."""

    file: Path
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, where it is, and what would cure it.

    ``what`` names what stands at the place, and ``details`` are lines that say more than a message can.
    """

    message: str
    location: Location | None = None
    hint: str | None = None
    what: str = ""
    details: str = ""

    def __str__(self) -> str:
        text = f"error: {self.message}"
        if self.location:
            text += f"\n  --> {self.location}  {self.what}".rstrip()
        if self.details:
            text += "\n\n" + textwrap.indent(self.details, "  ")
        if self.hint:
            text += f"\n\nhint: {self.hint}"
        return text


class MailrigError(Exception):
    """Base of every error shown to a user: one problem or several, shown together."""

    def __init__(self, message: str, *, location: Location | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.problems: tuple[Problem, ...] = (Problem(message, location, hint),)

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> MailrigError:
        """Return an error that carries all ``problems`` (at least one), in the order given."""
        collected = tuple(problems)
        error = cls(collected[0].message)
        error.problems = collected
        return error

    def __str__(self) -> str:
        return "\n\n".join(str(problem) for problem in self.problems)


class InventoryError(MailrigError, ValueError):
    """The inventory cannot be used; every problem in it is listed."""


class AddressError(MailrigError, ValueError):
    """What should be the address of a Docker engine is none."""


class RenderError(MailrigError):
    """A template failed, or what it gave is not a valid compose.yaml."""


class CheckError(MailrigError):
    """A daemon's own tools refuse the rendered configuration; every problem in it is listed."""


class Lockout(CheckError):
    """A release would lock out mail clients that the inventory requires."""


class EngineError(MailrigError):
    """The Docker engine refused a request, or failed at it."""


class EngineUnreachable(EngineError, ConnectionError):
    """No Docker engine answers at the address in the inventory."""


class EngineMissing(EngineUnreachable):
    """A host lets us in, and there is no Docker engine, or none that runs."""


class ForeignObject(EngineError):
    """A container, volume, network or port that is not ours stands where ours should."""


class ApplyError(MailrigError):
    """A deploy stopped before its end."""


class Locked(ApplyError):
    """Somebody else holds the lock of the site."""


class Outdated(ApplyError):
    """A saved plan cannot be applied any more: the inventory or the host has changed since."""


class UnknownRelease(ApplyError):
    """No release of that name is kept on the host."""


class HookError(MailrigError):
    """A hook of the inventory failed, or cannot be run."""


class NoAnswer(MailrigError, ConnectionError):
    """A DNS resolver does not answer."""


class HandshakeError(MailrigError, ValueError):
    """The bytes of a TLS handshake are not what they should be; says nothing of whether a client is let in."""


class VerifyError(MailrigError):
    """A probe failed: the server does not do what it should."""
