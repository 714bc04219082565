"""The YAML files of a directory: which are read, and what YAML itself can say."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailrig.errors import InventoryError
from mailrig.inventory import State, load
from mailrig.inventory.document import read, shown

from .conftest import NOW, SITE, Load


def test_all_files_make_one_inventory(tmp_path: Path) -> None:
    """The keys of all *.yaml files count, in the order of the files' names; hidden and other files do not."""
    for name, text in {"b.yaml": "two: 2", "a.yaml": "one: 1", ".c.yaml": "three: 3", "d.txt": "four: 4"}.items():
        (tmp_path / name).write_text(text)

    assert [key.value for key, _ in read(tmp_path).entries] == ["one", "two"]


def test_an_empty_file_says_nothing(load_site: Load, tmp_path: Path) -> None:
    """A file with comments only is no problem beside others."""
    (tmp_path / "later.yaml").write_text("# accounts will be here\n")

    assert load_site().site.accounts == {}


def test_anchors_and_merge_keys(load_site: Load) -> None:
    """An anchor under a key of the user's own, `x-…`, can be merged, and merged further; own keys win."""
    site = load_site(
        """
x-usual: &usual {password: !generated, quota: 1G}
x-small: &small {<<: *usual, quota: 100M}
accounts:
  alice@example.org: *usual
  bob@example.org: {<<: *small, enabled: false}
  carol@example.org: {quota: 2G, <<: *small}
"""
    ).site

    assert [(account.quota, account.enabled) for account in site.accounts.values()] == [
        ("1G", True),
        ("100M", False),
        ("2G", True),
    ]


def test_a_missing_directory_is_named() -> None:
    """A directory that is not there is an error with a cure, not a traceback."""
    with pytest.raises(InventoryError, match="there is no inventory directory `nowhere`"):
        read(Path("nowhere"))


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    """What cannot be opened as a file is a problem at its place."""
    (tmp_path / "site.yaml").mkdir()

    (problem,) = read(tmp_path).problems

    assert problem.message == f"cannot read `{tmp_path / 'site.yaml'}`: Is a directory"


def test_places_are_relative_below_the_current_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Messages name a file as the user would, and in full when it is elsewhere."""
    monkeypatch.chdir(tmp_path)

    assert shown(tmp_path / "inventory" / "site.yaml") == Path("inventory/site.yaml")
    assert shown(Path("site.yaml")) == Path("site.yaml")
    assert shown(Path("/elsewhere/site.yaml")) == Path("/elsewhere/site.yaml")


def test_one_broken_file_hides_no_problem_of_the_others(tmp_path: Path) -> None:
    """A syntax error in one file is shown with the problems of the rest, and makes up no others."""
    (tmp_path / "accounts.yaml").write_text("accounts: [")
    (tmp_path / "aliases.yaml").write_text("aliases: {postmaster@example.org: alice@example.org}")
    (tmp_path / "site.yaml").write_text(SITE.replace("tested", "Tested"))

    with pytest.raises(InventoryError) as caught:
        load(tmp_path, State(tmp_path), NOW)

    syntax, name = caught.value.problems
    assert syntax.message.startswith("YAML syntax")
    assert name.message.startswith("`site` must be")
