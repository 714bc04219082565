"""A site and its portal, asked through Werkzeug's test client."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from mailrig.discovery import Server
from mailrig.discovery.settings import PORTS
from mailrig.discovery.site import Site, dump
from mailrig.portal.app import portal
from mailrig.portal.door import Door

HOST = "mail.example.org"
NUMBERS = {
    "imaps": 993,
    "imap": 143,
    "pop3s": 995,
    "pop3": 110,
    "submissions": 465,
    "submission": 587,
    "managesieve": 4190,
}
SITE = Site(
    hostname=HOST,
    origin=f"https://{HOST}",
    domains=("example.org", "sub.example.org", "example.net", "xn--mller-kva.example"),
    servers=tuple(Server(name, protocol, HOST, NUMBERS[name], tls, "home") for name, protocol, tls in PORTS),
)

Ask = Callable[..., Client]


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return a function that makes a client of a portal; ``changes`` are to the site."""

    def make(signer: Path | None = None, door: Door | None = None, **changes: Any) -> Client:
        file = tmp_path / "site.json"
        file.write_text(dump(replace(SITE, **changes)))
        return Client(portal(file, signer, door))

    return make


@pytest.fixture
def client(ask: Ask) -> Client:
    """A client of the site that publishes everything."""
    return ask()


def servers(*names: str) -> tuple[Server, ...]:
    """Return those of the site's servers that are on ports of these names."""
    return tuple(server for server in SITE.servers if server.name in names)
