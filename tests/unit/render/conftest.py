"""Inventories for the rendering tests: read from YAML, with what is usually generated held fixed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from mailrig.inventory import State, load
from mailrig.inventory.model import Inventory, KeyPair, Login
from mailrig.secret import Secret

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
PAIR = KeyPair("-----BEGIN CERTIFICATE-----\nfixed\n-----END CERTIFICATE-----\n", Secret("the private key\n"))
SESSION_KEY = Secret("0123456789abcdef01234567")
PROBE_HASH = Secret("{SHA512-CRYPT}$6$probe")

HASH = "{BLF-CRYPT}$2y$05$2wNPBZlxDyPBbUbaOiUTgei57zjHMn6RABvLZ4V.D7UwNDv8AH5bW"

SITE = f"""\
site: test
domains: [example.org, example.net]
hosts:
  home:
    hostname: mail.example.org
    certificate: {{source: demo-ca}}
    ports: {{imaps: 993, submission: 587, smtp: 25}}
accounts:
  alice@example.org: {{password: '{HASH}'}}
  bob@example.org: {{password: '{HASH}'}}
  carol@example.net: {{password: '{HASH}'}}
"""


Read = Callable[[Path], Inventory]


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    """What is generated for the inventories: one for all tests, since hashing a password takes a while by design."""
    return State(tmp_path_factory.mktemp("state"))


@pytest.fixture
def read(state: State) -> Read:
    """Return a function that loads an inventory's directory; its certificates and its probe are the same each time."""

    def make(directory: Path) -> Inventory:
        loaded = load(directory, state, NOW)
        return replace(
            loaded,
            certificates={host: (PAIR,) * len(pairs) for host, pairs in loaded.certificates.items()},
            trust={},
            session_keys=dict.fromkeys(loaded.session_keys, SESSION_KEY),
            probe=Login(loaded.probe.address, Secret("probe"), PROBE_HASH),
        )

    return make


@pytest.fixture
def inventory(tmp_path: Path, read: Read) -> Callable[..., Inventory]:
    """Return a function that reads a small inventory with more YAML at its end."""

    def make(more: str = "", site: str = SITE) -> Inventory:
        directory = tmp_path / "inventory"
        directory.mkdir(exist_ok=True)
        (directory / "site.yaml").write_text(site + more)
        return read(directory)

    return make
