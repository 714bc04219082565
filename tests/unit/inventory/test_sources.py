"""Secrets from outside: where they are looked for, and that they show nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mailrig.inventory import sources
from mailrig.inventory.sources import Unavailable, fetch

from .conftest import Load

RELAY = "relay:\n  host: smtp.example.com\n  user: me\n  password: "


def test_from_the_environment(load_site: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """`!env NAME` is the variable's value."""
    monkeypatch.setenv("RELAY_PASSWORD", "hunter2")

    relay = load_site(RELAY + "!env RELAY_PASSWORD").site.relay

    assert relay is not None
    assert relay.password is not None
    assert relay.password.reveal() == "hunter2"
    assert "hunter2" not in repr(relay)


def test_from_a_file_beside_the_inventory(tmp_path: Path) -> None:
    """`!file PATH` starts at the inventory's directory, and one line break at the end is not part of the secret."""
    (tmp_path / "secret").write_text("hunter2 \n")

    assert fetch("!file", "secret", tmp_path).reveal() == "hunter2 "


def test_from_a_command(tmp_path: Path) -> None:
    """`!command` runs a program in the inventory's directory with its words as arguments, and without a shell."""
    (tmp_path / "secret").write_text("hunter2\n")

    assert fetch("!command", "cat secret", tmp_path).reveal() == "hunter2"
    assert fetch("!command", "echo 'a  b' $HOME", tmp_path).reveal() == "a  b $HOME"


def test_a_command_has_limited_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that does not end is stopped and named."""
    monkeypatch.setattr(sources, "COMMAND_SECONDS", 0.1)

    with pytest.raises(Unavailable, match="command `sleep` did not end"):
        fetch("!command", "sleep 60", tmp_path)


def test_a_command_that_waits_for_input_gets_none(tmp_path: Path) -> None:
    """A command that asks for a passphrase fails at once, and does not take what is typed for somebody else."""
    reading, writing = os.pipe()
    os.write(writing, b"typed\n")
    terminal = os.dup(0)
    os.dup2(reading, 0)
    try:
        with pytest.raises(Unavailable, match="command `sh` failed with status 1"):
            fetch("!command", "sh -c 'read answer && echo $answer'", tmp_path)
    finally:
        os.dup2(terminal, 0)
        for end in (reading, writing, terminal):
            os.close(end)


@pytest.mark.parametrize(
    ("tag", "argument", "message"),
    [
        ("!command", "", "names no command"),
        ("!command", "printf '\\377'", "did not print text"),
        ("!command", ".", "cannot be run: Permission denied"),
        ("!file", ".", "cannot read secret file `.`: Is a directory"),
        ("!file", "binary", "secret file `binary` is not text"),
    ],
)
def test_what_cannot_be_a_secret(tag: str, argument: str, message: str, tmp_path: Path) -> None:
    """Whatever goes wrong is said in words, without what was read."""
    (tmp_path / "binary").write_bytes(b"hunter2\xff")

    with pytest.raises(Unavailable) as caught:
        fetch(tag, argument, tmp_path)

    assert message in str(caught.value)
    assert "hunter2" not in str(caught.value)
