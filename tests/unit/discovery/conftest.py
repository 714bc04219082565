"""The files that an inventory must give for mail programs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).with_name("golden")


@pytest.fixture
def golden() -> Callable[[str, bytes], None]:
    """Return a function that compares with a file of golden/; MAILRIG_UPDATE_GOLDEN=1 writes it anew."""

    def compare(name: str, content: bytes) -> None:
        if os.environ.get("MAILRIG_UPDATE_GOLDEN"):
            (GOLDEN / name).write_bytes(content)
        assert content.decode() == (GOLDEN / name).read_text()

    return compare
