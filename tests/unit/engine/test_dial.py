"""Sessions that should carry an engine's socket: what they say when they do not, and that none is left."""

from __future__ import annotations

import os
import socket
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from mailrig.engine.dial import Dialler, explained_dial
from mailrig.inventory.engine import Ssh

MX = Ssh("mx", "deploy")


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        (
            "failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: permission denied\n",
            "deploy may not open the engine's socket /var/run/docker.sock there",
            "usermod -aG docker deploy",
        ),
        (
            "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n",
            "deploy may not open the engine's socket",
            "usermod -aG docker deploy",
        ),
        (
            "dial unix /var/run/docker.sock: connect: no such file or directory\n",
            "no engine listens there at /var/run/docker.sock",
            "systemctl status docker",
        ),
        (
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n",
            "no engine listens there at /var/run/docker.sock",
            "ssh://user@host/run/user/1000/docker.sock",
        ),
        ("bash: line 1: docker: command not found\n", "Docker is not installed there", "apt-get install docker.io"),
        ("This account is currently not available.\n", "This account is currently not available", "sshd_config"),
        ("", "it ended without a word", "sshd_config"),
    ],
)
def test_words_get_a_cause_and_a_cure(said: str, message: str, hint: str) -> None:
    """Each says why no engine answers, and what helps."""
    problem = explained_dial(MX, said).problems[0]
    assert problem.message.startswith("no Docker engine answers at ssh://deploy@mx\n")
    assert message in problem.message
    assert hint in (problem.hint or "")


@pytest.fixture
def started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The numbers of the processes that were started as `ssh`; each is one that has a connection of its own."""
    note = tmp_path / "started"
    note.touch()
    program = tmp_path / "ssh"
    program.write_text(f'#!/bin/sh\necho $$ >> "{note}"\nexec sleep 60\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return note


def _await(note: Path, count: int) -> list[int]:
    end = time.monotonic() + 10
    while len(note.read_text().split()) < count and time.monotonic() < end:
        time.sleep(0.01)
    return [int(word) for word in note.read_text().split()]


def test_sessions_beyond_those_that_a_server_shares_are_ended(started: Path) -> None:
    """None is left, though our side of its connection is still open."""
    with tempfile.TemporaryDirectory(dir="/tmp") as directory, tempfile.TemporaryFile() as said:
        dialler = Dialler(MX, Path(directory) / "control", Path(directory) / "engine", said)
        with socket.socket(socket.AF_UNIX) as one, socket.socket(socket.AF_UNIX) as other:
            one.connect(str(dialler.socket))
            other.connect(str(dialler.socket))
            processes = _await(started, 2)
            assert len(processes) == 2
            dialler.close()
            assert not [process for process in processes if Path(f"/proc/{process}").exists()]


def test_no_session_is_started_any_more(started: Path) -> None:
    """Whoever connects after that is refused."""
    with tempfile.TemporaryDirectory(dir="/tmp") as directory, tempfile.TemporaryFile() as said:
        dialler = Dialler(MX, Path(directory) / "control", Path(directory) / "engine", said)
        dialler.refuse()
        with socket.socket(socket.AF_UNIX) as late, pytest.raises(ConnectionRefusedError):
            late.connect(str(dialler.socket))
        dialler.close()
    assert not started.read_text()
