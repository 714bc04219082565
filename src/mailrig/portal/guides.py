"""What each mail program asks for, and what is to be answered; must not know in which language, nor how it looks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, get_args

from mailrig.discovery import Server, Settings

Host = Literal["host", "incoming_host", "outgoing_host", "smtp_host"]  # as each program calls it
Field = Host | Literal["port", "security", "protocol", "user", "password", "authentication", "login", "spa"]

_SECURITY = {"implicit": "SSL/TLS", "starttls": "STARTTLS"}
_PROTOCOLS = {"imap": "IMAP", "pop3": "POP", "smtp": "SMTP", "managesieve": "ManageSieve"}

# Each program's own fields for incoming and for outgoing mail, in the order in which it asks.
FIELDS: dict[str, tuple[tuple[Field, ...], tuple[Field, ...]]] = {
    "ios": (
        ("host", "user", "password", "security", "port"),
        ("host", "user", "password", "security", "port"),
    ),
    "gmail": (
        ("user", "password", "host", "port", "security"),
        ("login", "user", "password", "smtp_host", "port", "security"),
    ),
    "outlook": (
        ("user", "host", "port", "security", "spa"),
        ("user", "host", "port", "security", "spa"),
    ),
    "mac": (
        ("user", "password", "protocol", "incoming_host"),
        ("outgoing_host",),
    ),
    "thunderbird": (
        ("protocol", "host", "port", "security", "authentication", "user"),
        ("host", "port", "security", "authentication", "user"),
    ),
}

# Fields whose value is one of the page's own words.
_WORDS: dict[Field, str] = {"password": "password", "authentication": "normal_password", "login": "on", "spa": "off"}


@dataclass(frozen=True)
class Row:
    """A field as a program calls it, and its value; ``word`` in its place names one of the page's own words."""

    label: str
    value: str = ""
    word: str = ""


@dataclass(frozen=True)
class Block:
    """The fields for one direction: ``title`` and each label are names in the catalogue."""

    title: str
    rows: tuple[Row, ...]


def blocks(program: str, settings: Settings, address: str) -> tuple[Block, Block]:
    """Return a program's fields for incoming and outgoing mail."""
    servers = (settings.incoming[0], settings.outgoing[0])
    incoming, outgoing = (
        Block(f"{program}.{way}", tuple(_row(program, field, server, address) for field in fields))
        for way, fields, server in zip(("incoming", "outgoing"), FIELDS[program], servers, strict=True)
    )
    return incoming, outgoing


def _row(program: str, field: Field, server: Server, address: str) -> Row:
    label = f"{program}.fields.{field}"
    if program == "ios" and field == "security":
        return Row(label, word="on")
    if field in _WORDS:
        return Row(label, word=_WORDS[field])
    values = {
        **dict.fromkeys(get_args(Host), server.hostname),
        "port": str(server.port),
        "security": security(server),
        "protocol": protocol(server),
        "user": address,
    }
    return Row(label, values[field])


def security(server: Server) -> str:
    """Return what programs call the encryption."""
    return _SECURITY[server.tls]


def protocol(server: Server) -> str:
    """Return what programs call the protocol."""
    return _PROTOCOLS[server.protocol]


# The guide that is open at first, by what the browser says of its device. An iPad may say that it is a Mac.
_DEVICES = (
    ("iPhone|iPad|iPod", "ios"),
    ("Android", "thunderbird_phone"),
    ("Macintosh", "mac"),
    ("Windows", "outlook"),
    ("Linux|BSD|CrOS", "thunderbird"),
)


def likely(user_agent: str) -> str:
    """Return the guide that somebody needs most likely."""
    return next((guide for pattern, guide in _DEVICES if re.search(pattern, user_agent)), "ios")
