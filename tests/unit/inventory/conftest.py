"""What the inventory's tests share: writing files, and loading what was written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailrig.inventory import State, load, passwords
from mailrig.inventory.model import Inventory

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SHA512_HASH = "{SHA512-CRYPT}$6$abcdefgh$" + "a" * 86

SITE = """\
site: tested
domains: [example.org]
hosts:
  home:
    hostname: mail.example.org
    certificate: {source: demo-ca}
    ports: {imaps: 993, submission: 587}
"""

Load = Callable[..., Inventory]


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with little memory: hashes are made in nearly every test, and only their form matters."""
    monkeypatch.setattr(passwords, "MEMORY_KIB", 64)


@pytest.fixture
def load_site(tmp_path: Path) -> Load:
    """Return a function that loads a small site with more text put after it, at some time."""

    def loaded(more: str = "", now: datetime = NOW) -> Inventory:
        (tmp_path / "site.yaml").write_text(SITE + more, encoding="utf-8")
        return load(tmp_path, State(tmp_path), now)

    return loaded
