"""The verb `account` around the edit itself: passwords, dry runs, and others at work on the same file."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from argon2 import PasswordHasher

from mailrig.commands import Call, account, editing
from mailrig.commands.asking import Obtained
from mailrig.console import Console
from mailrig.errors import MailrigError

SITE = """\
site: tested
domains: [example.org]
hosts:
  home:
    hostname: mail.example.org
    certificate: {source: demo-ca}
    ports: {imaps: 993, submission: 587}
"""
ACCOUNTS = "accounts:\n  alice@example.org:\n    password: !generated  # made here\n"


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Call:
    """A run on an inventory of one account; nobody is asked for a plan."""
    (tmp_path / "site.yaml").write_text(SITE)
    (tmp_path / "accounts.yaml").write_text(ACCOUNTS)
    monkeypatch.setattr(editing, "plan", lambda _: 0)
    return Call(Console(is_json=True), str(tmp_path))


def password_of(directory: Path, address: str) -> str:
    """Return what stands as a password in the inventory, without its scheme."""
    loaded = yaml.safe_load((directory / "accounts.yaml").read_text().replace("!generated", "generated"))
    return str(loaded["accounts"][address]["password"]).removeprefix("{ARGON2ID}")


@pytest.mark.parametrize("reveal", [False, True])
def test_a_generated_password_is_told_once(
    call: Call, tmp_path: Path, capsys: pytest.CaptureFixture[str], reveal: bool
) -> None:
    """It is shown beside the data, is in the data only when that is asked for, and opens what is stored."""
    account(call, ("add", "bob@example.org"), generate=True, reveal=reveal)

    out, err = capsys.readouterr()
    told = err.partition("bob@example.org  ")[2].split()[0]
    assert PasswordHasher().verify(password_of(tmp_path, "bob@example.org"), told)
    assert json.loads(out).get("passwords") == ({"bob@example.org": told} if reveal else None)
    assert not any(told in file.read_text() for file in tmp_path.rglob("*") if file.is_file())


def test_a_kept_password_is_made_anew(call: Call, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`passwd --kept` leaves the tag in the text, and another password in the state."""
    call.load()
    call.keep_generated()
    kept = tmp_path / ".state" / "passwords.yaml"
    before = yaml.safe_load(kept.read_text())["passwords"]["alice@example.org"]["password"]

    assert account(Call(call.console, call.inventory), ("passwd", "alice@example.org"), kept=True) == 0

    after = yaml.safe_load(kept.read_text())["passwords"]["alice@example.org"]["password"]
    assert after != before
    assert f"alice@example.org  {after}" in capsys.readouterr().err
    assert (tmp_path / "accounts.yaml").read_text() == ACCOUNTS


def test_a_dry_run_shows_the_change_and_no_hash(
    call: Call, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written, and what would be is shown with fingerprints for hashes."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"long enough")))
    account(Call(Console(), call.inventory), ("add", "bob@example.org"), stdin=True, dry_run=True)

    shown = capsys.readouterr().out
    assert "+  bob@example.org:\n+    password: '<secret " in shown
    assert "argon2id" not in shown
    assert (tmp_path / "accounts.yaml").read_text() == ACCOUNTS
    assert not (tmp_path / ".state").exists()


def test_what_somebody_else_wrote_meanwhile_stays(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one is asked for a password another edits the file: the first is told so, and the second loses nothing."""
    file = tmp_path / "accounts.yaml"

    def slow(*_: Any) -> Obtained:
        file.write_text(ACCOUNTS + "# theirs\n")
        return Obtained(None)

    monkeypatch.setattr("mailrig.commands.accounts.password", slow)
    with pytest.raises(MailrigError, match="changed by somebody else in between; nothing was written"):
        account(call, ("add", "bob@example.org"), kept=True)
    assert file.read_text() == ACCOUNTS + "# theirs\n"


@pytest.mark.parametrize(
    ("words", "options", "message"),
    [
        (("ad", "x"), {}, "`account` does not know `ad`"),
        (("add",), {}, "`account add` takes one ADDRESS"),
        (("disable",), {}, "`account disable` takes an ADDRESS, or several"),
        (("import", "a", "b"), {}, "`account import` takes one FILE"),
        (("list",), {"apply": True}, "--apply does not go with `account list`"),
        (("disable", "x"), {"quota": "1G"}, "--quota does not go with `account disable`"),
        (("add", "x"), {"stdin": True, "generate": True}, "--stdin, --generate and --kept exclude one another"),
        (("add", "x"), {"hashed": True}, "--hashed goes with --stdin"),
        (("add", "x"), {"apply": True, "dry_run": True, "kept": True}, "--apply does not go with --dry-run"),
        (("remove",), {"purge": "x", "apply": True}, "--purge goes with no other option"),
        (("remove", "x@example.org"), {"purge": "x@example.org"}, "`x@example.org` is to be removed first"),
        (("remove",), {"purge": "alice@example.org"}, "`alice@example.org` is still an account; nothing was deleted"),
        (("remove",), {"purge": "mailrig-probe@example.org"}, "is the probe; nothing was deleted"),
        (("remove",), {"purge": "../alice@example.org"}, "is not a valid address"),
        (("import", "nowhere.csv"), {}, "cannot read `nowhere.csv`"),
    ],
)
def test_what_does_not_go_together(call: Call, words: tuple[str, ...], options: dict[str, Any], message: str) -> None:
    """What is asked for must make sense, and be said whole."""
    with pytest.raises(MailrigError) as caught:
        account(call, words, **options)
    assert message in str(caught.value)
