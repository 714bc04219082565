"""Which version of the Engine API is spoken with whom."""

from __future__ import annotations

import pytest

from mailrig.engine.versions import NEWEST, OLDEST, spoken
from mailrig.errors import EngineError
from mailrig.inventory.engine import parse

MX = parse("ssh://mx")


@pytest.mark.parametrize(
    ("theirs", "least", "version"),
    [
        (OLDEST, "1.12", OLDEST),  # Docker 20.10
        ("1.43", "1.12", "1.43"),
        (NEWEST, "1.24", NEWEST),
        ("1.52", "1.44", NEWEST),  # Docker 29
        ("1.99", "1.60", "1.60"),  # one that has left us behind
        ("1.100", "1.24", NEWEST),
    ],
)
def test_newest_version_that_both_know_is_spoken(theirs: str, least: str, version: str) -> None:
    """An engine that is newer than we know is spoken to in what we know, while it takes that."""
    assert spoken(MX, {"ApiVersion": theirs, "MinAPIVersion": least}) == version


@pytest.mark.parametrize("theirs", ["1.40", "1.9", "0.1", "none"])
def test_engine_that_is_too_old_is_refused(theirs: str) -> None:
    """With its own version, the one that is needed, and the cure."""
    with pytest.raises(EngineError, match=f"ssh://mx is too old: Docker 19.03.15 with API {theirs}") as refused:
        spoken(MX, {"ApiVersion": theirs, "MinAPIVersion": "1.12", "Version": "19.03.15"})
    assert OLDEST in str(refused.value)
    assert "20.10 or newer" in (refused.value.problems[0].hint or "")


def test_answer_without_a_version_is_none_of_an_engine() -> None:
    """Something else that speaks HTTP listens there."""
    with pytest.raises(EngineError, match="too old"):
        spoken(MX, {})
