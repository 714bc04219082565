"""Where a Docker engine may be installed, and what is said where it may not."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from mailrig.engine import install
from mailrig.errors import EngineError, EngineUnreachable


def silent(_text: str) -> None:
    """Take note of nothing."""


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """No engine answers, and nothing may be started in earnest."""

    def refuse(address: str) -> Any:
        raise EngineUnreachable(f"no Docker engine answers at {address}")

    monkeypatch.setattr(install, "connect", refuse)
    monkeypatch.setattr(install, "_is_forbidden_socket", lambda: False)
    monkeypatch.setattr(install.subprocess, "run", lambda *_args, **_more: pytest.fail("started a program"))


@pytest.mark.usefixtures("unreachable")
def test_forbidden_installation_prints_the_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    """With MAILRIG_NO_ENGINE_INSTALL=1 the exact commands come instead."""
    monkeypatch.setenv("MAILRIG_NO_ENGINE_INSTALL", "1")
    monkeypatch.setattr(install, "_is_debian", lambda: True)
    with pytest.raises(EngineUnreachable) as raised:
        install.engine_at(install.LOCAL, silent)
    assert "apt-get install -y docker.io" in str(raised.value.problems[0].hint)


@pytest.mark.usefixtures("unreachable")
def test_without_root_the_commands_have_sudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """A person who is not root is told what to run as root."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(install, "_is_debian", lambda: True)
    with pytest.raises(EngineUnreachable) as raised:
        install.engine_at(install.LOCAL, silent)
    assert "sudo sh -c" in str(raised.value.problems[0].hint)


@pytest.mark.usefixtures("unreachable")
def test_engine_elsewhere_is_never_installed() -> None:
    """Only this machine's own socket is a reason to install."""
    with pytest.raises(EngineUnreachable):
        install.engine_at("unix:///somewhere/else.sock", silent)


@pytest.mark.usefixtures("unreachable")
def test_packages_where_none_may_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing tool is named with the command that brings it."""
    monkeypatch.setenv("MAILRIG_NO_ENGINE_INSTALL", "1")
    with pytest.raises(EngineError, match="mmdebstrap makes the base image") as raised:
        install.install_packages(["mmdebstrap"], "mmdebstrap makes the base image", silent)
    assert "apt-get install mmdebstrap" in str(raised.value.problems[0].hint)


def test_pid_files_of_a_killed_engine_are_removed(tmp_path: Path) -> None:
    """A number that now belongs to another program, or to none, keeps no engine from starting."""
    (tmp_path / "docker" / "containerd").mkdir(parents=True)
    (tmp_path / "docker.pid").write_text(str(os.getpid()))
    (tmp_path / "docker" / "containerd" / "containerd.pid").write_text("4194305\n")
    install.forget_dead_engine(tmp_path)
    assert not list(tmp_path.rglob("*.pid"))


def test_pid_file_of_a_living_program_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pid file of the program that wrote it is left alone."""
    (tmp_path / "docker.pid").write_text(str(os.getpid()))
    monkeypatch.setattr(install, "_is_alive", lambda pid, program: (pid, program) == (str(os.getpid()), "dockerd"))
    install.forget_dead_engine(tmp_path)
    assert (tmp_path / "docker.pid").exists()
