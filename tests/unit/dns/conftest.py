"""Inventories for what belongs into the DNS, and a world that answers from a table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from mailrig.dns.answer import Answer, Ask, Question, Signed
from mailrig.inventory import State, load
from mailrig.inventory.model import Inventory

NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
HASH = "{BLF-CRYPT}$2y$05$2wNPBZlxDyPBbUbaOiUTgei57zjHMn6RABvLZ4V.D7UwNDv8AH5bW"
SITE = """\
site: test
domains: DOMAINS
hosts:
  home:
    hostname: HOSTNAME
    certificate: CERTIFICATE
    listen: LISTEN
    ports: PORTS
"""
VALUES = {
    "DOMAINS": "[example.org]",
    "HOSTNAME": "mail.example.org",
    "CERTIFICATE": "{source: demo-ca}",
    "LISTEN": "[192.0.2.10]",
    "PORTS": "{imaps: 993, submissions: 465, smtp: 25}",
}

Read = Callable[..., Inventory]
World = Callable[..., Ask]


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> State:
    """What is generated for the inventories: one for all tests, since hashing a password takes a while by design."""
    return State(tmp_path_factory.mktemp("state"))


@pytest.fixture
def read(tmp_path: Path, state: State) -> Read:
    """Return a function that reads a small inventory with other domains, hostname, listen or ports, and more YAML."""

    def make(more: str = "", **values: str) -> Inventory:
        site = SITE
        for key, value in VALUES.items():
            site = site.replace(key, values.get(key.lower(), value))
        (tmp_path / "site.yaml").write_text(site + more)
        return load(tmp_path, state, NOW)

    return make


@pytest.fixture
def world() -> World:
    """Return a function that makes a world of records: ``{"name TYPE": ["data", …]}``; a failure is a text."""

    def make(records: dict[str, Sequence[str] | str], signed: Signed = Signed.NO) -> Ask:
        def answer(question: Question) -> Answer:
            found = records.get(f"{question[0]} {question[1]}", ())
            if isinstance(found, str):
                return Answer(question, failure=found)
            texts = tuple(found) if question[1] == "TXT" else ()
            return Answer(question, values=tuple(found), texts=texts, signed=signed)

        return lambda questions: [answer(question) for question in questions]

    return make
