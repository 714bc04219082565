"""A plan that is kept in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailrig.apply.saved import read, save
from mailrig.errors import ApplyError, Outdated

HOSTS = {"home": {"release": "abc", "fingerprint": "f1", "actions": []}}


def test_plan_comes_back(tmp_path: Path) -> None:
    """A plan for the same release gives the fingerprint of the host that it was made for."""
    save(tmp_path / "plan", "demo", HOSTS)
    assert read(tmp_path / "plan", "demo", {"home": "abc"}) == {"home": "f1"}


def test_changed_inventory_is_refused(tmp_path: Path) -> None:
    """A plan whose release is not what the inventory renders to now is refused, with the host's name."""
    save(tmp_path / "plan", "demo", HOSTS)
    with pytest.raises(Outdated, match=r"the inventory has changed since the plan .* for home"):
        read(tmp_path / "plan", "demo", {"home": "abd"})


def test_added_host_is_refused(tmp_path: Path) -> None:
    """A host that the plan does not know is not deployed by it."""
    save(tmp_path / "plan", "demo", HOSTS)
    with pytest.raises(Outdated, match="for mx"):
        read(tmp_path / "plan", "demo", {"home": "abc", "mx": "x"})


def test_plan_of_another_site_is_refused(tmp_path: Path) -> None:
    """A plan is for one site."""
    save(tmp_path / "plan", "demo", HOSTS)
    with pytest.raises(Outdated, match="for the site `demo`"):
        read(tmp_path / "plan", "other", {"home": "abc"})


@pytest.mark.parametrize("content", ["", "[]", '{"mailrig_plan": 99}'])
def test_what_is_no_plan_is_refused(tmp_path: Path, content: str) -> None:
    """Any other file is named as such."""
    (tmp_path / "plan").write_text(content)
    with pytest.raises(ApplyError, match="is not a plan"):
        read(tmp_path / "plan", "demo", {})


def test_missing_plan_is_named(tmp_path: Path) -> None:
    """A file that is not there is an error with its name."""
    with pytest.raises(ApplyError, match=r"cannot read the plan in .*nowhere"):
        read(tmp_path / "nowhere", "demo", {})
