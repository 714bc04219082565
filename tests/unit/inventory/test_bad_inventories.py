"""Every folder of tests/bad_inventories gives exactly the error in its file `expected`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailrig.errors import InventoryError
from mailrig.inventory import State, load

CASES = sorted(path for path in (Path(__file__).parents[2] / "bad_inventories").iterdir() if path.is_dir())
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_gives_the_expected_error(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bad inventory gives all its problems with their places and cures, tells no secret and writes nothing."""
    monkeypatch.chdir(case)
    monkeypatch.delenv("MAILRIG_TEST_UNSET", raising=False)

    with pytest.raises(InventoryError) as caught:
        load(Path(), State(Path()), NOW)

    assert f"{caught.value}\n" == Path("expected").read_text(encoding="utf-8")
    assert "hunter2" not in str(caught.value)  # the secret in all of them
    assert not Path(".state").exists()
