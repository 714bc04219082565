"""Known log lines of Dovecot and Postfix, read from signatures.yaml, the one table of them; judges no deployment."""

from __future__ import annotations

import enum
import functools
import re
from importlib import resources
from typing import Literal

import msgspec
from msgspec import Struct

ServiceName = Literal["dovecot", "postfix"]


class Kind(enum.StrEnum):
    """Where the cure lies, or that there may be nothing to cure."""

    SERVER = "server"
    """With the server's settings or files."""

    CLIENT = "client"
    """With the client: its age, its settings, what it trusts, its password."""

    DELIVERY = "delivery"
    """With mail that was accepted and does not get on."""

    HARMLESS = "harmless"
    """Taken alone it is no failure."""


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """A signature as it is written down; signatures.yaml says what its fields are."""

    services: tuple[ServiceName, ...]
    kind: Kind
    pattern: str
    cause: str
    cure: str
    is_vague: bool = False
    is_mostly_strangers: bool = False


class Signature(Struct, frozen=True):
    """A kind of log line: its name, what it means, and how much it says (the lower the rank, the more)."""

    name: str
    rank: int
    entry: Entry
    expression: re.Pattern[str]

    @property
    def kind(self) -> Kind:
        """Where the cure lies."""
        return self.entry.kind

    @property
    def is_vague(self) -> bool:
        """Whether the line only says that something failed."""
        return self.entry.is_vague

    def fits(self, text: str) -> bool:
        """Whether a line has this signature."""
        return self.expression.search(text) is not None


@functools.cache
def signatures(service: str) -> tuple[Signature, ...]:
    """Return the signatures of a service's lines; the first that fits is a line's."""
    return tuple(signature for signature in _all() if service in signature.entry.services)


@functools.cache
def _all() -> tuple[Signature, ...]:
    text = resources.files(__package__).joinpath("signatures.yaml").read_bytes()
    entries = msgspec.yaml.decode(text, type=dict[str, Entry])
    return tuple(
        Signature(name, rank, entry, re.compile(entry.pattern)) for rank, (name, entry) in enumerate(entries.items())
    )


_ROUTINE = ("connect from ", "disconnect from ", "Anonymous TLS connection established from ", "Info: Login: user=<")
"""How most lines of a busy day begin; none has a signature."""


def signature_of(service: str, text: str) -> Signature | None:
    """Return the signature of a line of ``service``, None when it is none that we know."""
    if text.startswith(_ROUTINE):
        return None
    return next((one for one in signatures(service) if one.fits(text)), None)
