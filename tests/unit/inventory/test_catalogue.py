"""Finding an inventory by name or path."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailrig.errors import InventoryError
from mailrig.inventory import catalogue, find

ROOT = Path(__file__).parents[3]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to an empty directory and return it."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def wheel(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pretend that mailrig was installed from a wheel, and return where its inventories are."""
    shipped = tmp_path_factory.mktemp("site-packages") / "inventory"
    add(shipped / "demo")
    (shipped / "demo" / ".state").mkdir()
    monkeypatch.setattr(catalogue, "resource", lambda _: shipped)
    return shipped


def add(directory: Path) -> Path:
    """Make an inventory's directory."""
    directory.mkdir(parents=True)
    (directory / "site.yaml").write_text("site: here\n")
    return directory


def test_a_path_is_taken_as_it_is(here: Path) -> None:
    """A directory that holds YAML is an inventory wherever it is."""
    add(here / "elsewhere" / "mine")

    assert find("elsewhere/mine").directory == Path("elsewhere/mine")


def test_a_name_is_looked_for_here_first(here: Path) -> None:
    """inventory/NAME below the current directory goes before one that ships with mailrig."""
    add(here / "inventory" / "demo")

    assert find("demo").directory == Path("inventory/demo")


def test_the_default_is_the_demo_of_the_checkout(here: Path) -> None:
    """Without a name it is the demo, in a checkout where it lies."""
    found = find()

    assert found.directory == ROOT / "inventory" / "demo"
    assert found.note is None
    assert list(here.iterdir()) == []


def test_one_from_the_wheel_is_copied_first(here: Path, wheel: Path) -> None:
    """What a wheel carries is copied to inventory/NAME, which is said once; what was generated stays behind."""
    first, second = find("demo"), find("demo")

    assert first.directory == second.directory == Path("inventory/demo")
    assert first.note == "copied the inventory `demo` that comes with mailrig to inventory/demo"
    assert second.note is None
    assert [file.name for file in (here / "inventory" / "demo").iterdir()] == ["site.yaml"]


def test_where_nothing_can_be_copied(here: Path, wheel: Path) -> None:
    """A place that cannot hold the copy is an error with a cure."""
    (here / "inventory").write_text("in the way")

    with pytest.raises(InventoryError, match="cannot copy inventory `demo` to `inventory/demo`"):
        find("demo")


def test_a_name_that_is_not_known(here: Path) -> None:
    """A misspelt name is answered with the nearest, any other with all that are known, those here included."""
    add(here / "inventory" / "cottage")

    with pytest.raises(InventoryError) as misspelt:
        find("dmeo")
    with pytest.raises(InventoryError) as unknown:
        find("production/x")

    assert misspelt.value.problems[0].hint == "did you mean `demo`?"
    assert unknown.value.problems[0].hint == "known are cottage, demo, example; `mailrig init DIR` makes one"


def test_a_directory_without_an_inventory(here: Path) -> None:
    """An empty directory is not taken for an inventory."""
    (here / "empty").mkdir()

    with pytest.raises(InventoryError, match=r"no \*.yaml file is in `empty`"):
        find("empty")
