"""What the daemons' tools print, as problems with a place in the inventory."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from mailrig.check.validation import problems
from mailrig.errors import Problem
from mailrig.inventory.loader import load
from mailrig.inventory.model import Inventory
from mailrig.inventory.state import State
from mailrig.render.host import render
from mailrig.render.release import Service

SITE = """\
site: t
domains: [example.test]
hosts:
  home:
    hostname: mail.example.test
    certificate: {source: demo-ca}
    ports: {imaps: 993, submission: 587}
"""


def loaded(directory: Path, extra: str) -> Inventory:
    """Return an inventory with that text at the end of its site.yaml."""
    (directory / "site.yaml").write_text(SITE + extra)
    return load(directory, State(directory / ".state"), dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def rendered(inventory: Inventory, name: str) -> Service:
    """Return a service of the one host."""
    return next(service for service in render(inventory, "home").services if service.name == name)


def line_of(service: Service, path: str, text: str) -> int:
    """Return the number of the last line of a rendered file that is ``text``."""
    content = next(file.content.decode() for file in service.files if file.path == path)
    return max(number for number, line in enumerate(content.splitlines(), 1) if line.strip() == text)


def judged(inventory: Inventory, name: str, path: str, text: str) -> tuple[Problem, int]:
    """Return the one problem when the tool complains about the line ``text``, and that line's number."""
    service = rendered(inventory, name)
    line = line_of(service, path, text)
    (problem,) = problems(service, f"== errors\n{path}:{line}: no: good\n== effective\nx = y\n", inventory, "home")
    return problem, line


@pytest.mark.parametrize("blank", ["", "\n", "\n\n"])
def test_line_of_a_literal_block(tmp_path: Path, blank: str) -> None:
    """A line of `extra.dovecot` is found again in the inventory, also below empty lines."""
    inventory = loaded(tmp_path, f"extra:\n  dovecot: |\n{blank}    first = 1\n\n    second = 2\n")

    problem, _ = judged(inventory, "dovecot", "dovecot.conf", "second = 2")

    lines = (tmp_path / "site.yaml").read_text().splitlines()
    assert problem.message == "dovecot: no: good (`second`)"
    assert problem.location
    assert problem.location.file.name == "site.yaml"
    assert lines[problem.location.line - 1].strip() == "second = 2"
    assert problem.hint == "correct it in `extra.dovecot`, or take it out"


@pytest.mark.parametrize(
    "extra", ["dovecot: >\n    first = 1\n\n    second = 2\n", 'dovecot: "first = 1\\nsecond = 2"\n']
)
def test_line_of_another_style(tmp_path: Path, extra: str) -> None:
    """Where lines of the file are not lines of the value, the key's place is given."""
    inventory = loaded(tmp_path, f"extra:\n  {extra}")

    problem, _ = judged(inventory, "dovecot", "dovecot.conf", "second = 2")

    assert problem.location == inventory.at("extra", "dovecot")
    assert problem.location


def test_line_of_ours(tmp_path: Path) -> None:
    """A line that is not the user's own is named by the rendered file."""
    inventory = loaded(tmp_path, "extra:\n  dovecot: |\n    first = 1\n")

    problem, line = judged(inventory, "dovecot", "dovecot.conf", "ssl = required")

    assert problem == Problem(f"dovecot: dovecot.conf:{line}: no: good")


@pytest.mark.parametrize(
    ("section", "path", "name"),
    [
        ("postfix", "main.settings", "smtpd_banner"),
        ("postfix_master", "master.settings", "submissions/inet/smtpd_banner"),
    ],
)
def test_setting_of_postfix(tmp_path: Path, section: str, path: str, name: str) -> None:
    """A setting of `extra.postfix` or `extra.postfix_master` is found again by its name."""
    inventory = loaded(tmp_path, f"extra:\n  {section}:\n    {name}: hello\n")
    sign = " = " if section == "postfix" else "="

    problem, _ = judged(inventory, "postfix", path, f"{name}{sign}hello")

    assert problem.location == inventory.at("extra", section, name)
    assert problem.location
    assert problem.location.line == len(SITE.splitlines()) + 3


def test_setting_of_ours_in_postfix(tmp_path: Path) -> None:
    """One that is set by us, above the user's own, is named by the rendered file, though the user sets others."""
    inventory = loaded(tmp_path, "extra:\n  postfix:\n    smtpd_banner: hello\n")

    problem, line = judged(inventory, "postfix", "main.settings", "biff = no")

    assert problem == Problem(f"postfix: main.settings:{line}: no: good")


def test_without_an_inventory(tmp_path: Path) -> None:
    """At a rollback there is no inventory: file and line must do."""
    service = rendered(loaded(tmp_path, "extra:\n  dovecot: |\n    first = 1\n"), "dovecot")

    found = problems(
        service, "== errors\ndovecot.conf:3: wrong\ntls.crt:0: expired\nodd\n== effective\na:1: b\n", None, "home"
    )

    assert [problem.message for problem in found] == [
        "dovecot: dovecot.conf:3: wrong",
        "dovecot: tls.crt: expired",
        "dovecot: odd",
    ]


def test_nothing_wrong(tmp_path: Path) -> None:
    """No line below the heading is no problem."""
    service = rendered(loaded(tmp_path, ""), "dovecot")

    assert problems(service, "== errors\n== effective\nssl = required\n", None, "home") == []


@pytest.mark.parametrize("output", ["", "exec: mailrig-check: not found\n"])
def test_tool_that_did_not_run(tmp_path: Path, output: str) -> None:
    """A tool that said nothing of errors has judged nothing, and that is a problem of its own."""
    service = rendered(loaded(tmp_path, ""), "dovecot")

    (problem,) = problems(service, output, None, "home")

    assert problem.message.startswith("dovecot: the configuration could not be judged: ")
