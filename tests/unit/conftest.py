"""An inventory for what mail programs are told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from mailrig.inventory import State, load
from mailrig.inventory.model import Inventory

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
HASH = "{BLF-CRYPT}$2y$05$2wNPBZlxDyPBbUbaOiUTgei57zjHMn6RABvLZ4V.D7UwNDv8AH5bW"
SITE = f"""\
site: test
domains: [example.org, example.net]
hosts:
  home:
    hostname: mail.example.org
    certificate: {{source: demo-ca}}
    ports: {{PORTS}}
accounts:
  anna@example.org: {{password: '{HASH}'}}
  gone@example.org: {{password: '{HASH}', enabled: false}}
aliases:
  team@example.org: [anna@example.org, ben@example.com]
  "@example.net": anna@example.org
"""
ALL = "imap: 143, imaps: 993, pop3: 110, pop3s: 995, submission: 587, submissions: 465, managesieve: 4190, smtp: 25"

Read = Callable[..., Inventory]


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    """What is generated for the inventories: one for all tests, since hashing a password takes a while by design."""
    return State(tmp_path_factory.mktemp("state"))


@pytest.fixture
def read(tmp_path: Path, state: State) -> Read:
    """Return a function that reads a small inventory which publishes ``ports``."""

    def make(ports: str = ALL) -> Inventory:
        (tmp_path / "site.yaml").write_text(SITE.replace("PORTS", ports))
        return load(tmp_path, state, NOW)

    return make
