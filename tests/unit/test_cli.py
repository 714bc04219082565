"""How verbs are spoken to, through invoke's own parser."""

from __future__ import annotations

import subprocess
import sys
from types import ModuleType
from typing import Any

import pytest
from invoke import Collection, Program

from mailrig import commands
from mailrig.cli import VERBS, Verb, collection_of
from mailrig.errors import Location, MailrigError


def spoken(*words: str, verb: Verb) -> int:
    """Run one verb as `invoke` does with a tasks.py, and return its exit code."""
    try:
        Program(namespace=loaded(verb)).run(["mailrig", *words])
    except SystemExit as exit_:
        return int(exit_.code or 0)
    return 0


def loaded(verb: Verb) -> Collection:
    """Return the collection that invoke makes of a module whose `ns` holds the verb."""
    tasks = ModuleType("tasks")
    tasks.ns = collection_of(verb)  # type: ignore[attr-defined]
    return Collection.from_module(tasks)


@pytest.fixture
def heard() -> list[Any]:
    """What the verb was told, call by call."""
    return []


@pytest.fixture
def verb(heard: list[Any]) -> Verb:
    """A verb that remembers what it was told."""

    def logs(call: commands.Call, service: tuple[str, ...] = (), follow: bool = False, lines: int = 50) -> int:
        heard.append((list(service), follow, lines, call.inventory, call.console.is_json))
        return 3

    return Verb(logs, short={"follow": "f"}, operands="service")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), ([], False, 50, None, False)),
        (("dovecot",), (["dovecot"], False, 50, None, False)),
        (("dovecot", "postfix", "-f"), (["dovecot", "postfix"], True, 50, None, False)),
        (("-f", "dovecot", "--lines", "5"), (["dovecot"], True, 5, None, False)),
        (("--inventory", "demo", "dovecot", "--json"), (["dovecot"], False, 50, "demo", True)),
        (("--service", "dovecot"), (["dovecot"], False, 50, None, False)),
    ],
)
def test_words_and_flags(words: tuple[str, ...], expected: object, verb: Verb, heard: list[Any]) -> None:
    """Bare words are operands, wherever they stand among the flags, and the verb's result is the exit code."""
    assert spoken("logs", *words, verb=verb) == 3
    assert heard == [expected]


def test_option_that_may_come_several_times() -> None:
    """An option with many values keeps each of them whole."""
    heard = []

    def down(call: commands.Call, volumes: tuple[str, ...] = ()) -> int:
        heard.append(list(volumes))
        return 0

    assert spoken("down", "--volumes", "mail_data", "--volumes", "logs", verb=Verb(down)) == 0
    assert heard == [["mail_data", "logs"]]


def test_verbs_one_after_another() -> None:
    """After a verb that succeeds the next one runs, and after one that fails it does not."""
    heard: list[str] = []

    def first(call: commands.Call) -> int:
        heard.append("first")
        return 0

    def failing(call: commands.Call) -> int:
        heard.append("failing")
        return 2

    tasks = ModuleType("tasks")
    tasks.ns = collection_of(Verb(first), Verb(failing))  # type: ignore[attr-defined]
    with pytest.raises(SystemExit) as exit_:
        Program(namespace=Collection.from_module(tasks)).run(["mailrig", "first", "failing", "first"])
    assert exit_.value.code == 2
    assert heard == ["first", "failing"]


def test_empty_inventory_name_is_not_the_demo(capsys: pytest.CaptureFixture[str]) -> None:
    """A variable that is not set does not send a deploy to the demo."""

    def load(call: commands.Call) -> int:
        call.load()
        return 0

    assert spoken("load", "--inventory=", verb=Verb(load)) == 1
    assert "--inventory is empty" in capsys.readouterr().err


def test_unknown_flag_is_not_an_operand(verb: Verb, heard: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt flag is refused by name."""
    assert spoken("logs", "--folow", verb=verb) == 1
    assert "--folow" in capsys.readouterr().err
    assert not heard


def test_help_of_a_verb(verb: Verb, capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` after a verb explains it, although the verb takes words."""
    assert spoken("logs", "--help", verb=verb) == 0
    assert "--follow" in capsys.readouterr().out


def test_error_becomes_a_message(capsys: pytest.CaptureFixture[str], tmp_path: Any) -> None:
    """What a verb raises is shown with its place and cure, without a traceback, and the exit code is 1."""

    def fail(call: commands.Call) -> int:
        raise MailrigError("it broke", location=Location(tmp_path / "a.yaml", 3, 5), hint="mend it")

    assert spoken("fail", verb=Verb(fail)) == 1
    assert capsys.readouterr().err == f"error: it broke\n  --> {tmp_path}/a.yaml:3:5\n\nhint: mend it\n"


def test_defect_of_ours_is_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    """An exception that nobody foresaw asks for a report, in two lines."""

    def fail(call: commands.Call) -> int:
        return 1 // 0

    assert spoken("fail", verb=Verb(fail)) == 1
    shown = capsys.readouterr().err
    assert "ZeroDivisionError" in shown
    assert "Traceback" not in shown
    assert "--debug" in shown


def test_debug_shows_the_traceback() -> None:
    """With --debug the error itself comes through."""

    def fail(call: commands.Call) -> int:
        raise MailrigError("it broke")

    with pytest.raises(MailrigError):
        Program(namespace=loaded(Verb(fail))).run(["mailrig", "fail", "--debug"])


def test_every_option_has_help() -> None:
    """No verb has an option that --help leaves unexplained."""
    for verb in VERBS:
        assert {option.name for option in verb.options} == set(verb.help), verb.run.__name__


def test_listing_imports_nothing_heavy() -> None:
    """Loading the verbs imports neither Docker nor a template engine nor the table printer."""
    code = "import sys, mailrig.cli; print(sorted({'docker', 'jinja2', 'rich', 'msgspec'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
