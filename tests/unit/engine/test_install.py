"""Where a Docker engine may be installed, and what is said where it may not."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from mailrig.engine import install
from mailrig.errors import EngineError, EngineUnreachable

SCRIPT = install._SCRIPT


def silent(_text: str) -> None:
    """Take note of nothing."""


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """No engine answers, and nothing may be started in earnest."""

    def refuse(address: str) -> Any:
        raise EngineUnreachable(f"no Docker engine answers at {address}")

    monkeypatch.setattr(install, "connect", refuse)
    monkeypatch.setattr(install, "_is_forbidden_socket", lambda: False)
    monkeypatch.setattr(install.subprocess, "Popen", lambda *_args, **_more: pytest.fail("started a program"))


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


def run_there(call: str, *, before: str = "") -> subprocess.CompletedProcess[str]:
    """Have a shell read the script's functions, then ``before``, then a call of one."""
    script = f"{SCRIPT.read_text()}\n{before}\n{call}\n"
    return subprocess.run(["sh"], input=script, capture_output=True, text=True, check=False)


def test_pid_files_of_a_killed_engine_are_removed(tmp_path: Path) -> None:
    """A number that now belongs to another program, or to none, keeps no engine from starting."""
    (tmp_path / "docker" / "containerd").mkdir(parents=True)
    (tmp_path / "docker.pid").write_text(str(os.getpid()))
    (tmp_path / "docker" / "containerd" / "containerd.pid").write_text("4194305\n")
    assert run_there(f"run={tmp_path}; forget_dead_engine", before='as_root() { "$@"; }').returncode == 0
    assert not list(tmp_path.rglob("*.pid"))


def test_pid_file_of_a_living_program_stays(tmp_path: Path) -> None:
    """The pid file of the program that wrote it is left alone."""
    with subprocess.Popen(["sleep", "60"]) as living:
        (tmp_path / "docker.pid").write_text(str(living.pid))
        call = f"run={tmp_path}; is_alive $run/docker.pid sleep && ! is_alive $run/docker.pid dockerd"
        assert run_there(call).returncode == 0
        living.kill()


@pytest.mark.parametrize(
    ("release", "is_one"),
    [
        ("ID=debian\n", True),
        ('ID=ubuntu\nID_LIKE=debian\nPRETTY_NAME="Ubuntu 24.04.1 LTS"\n', True),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"\n', True),
        ("ID=raspbian\nID_LIKE=debian\n", True),
        ('ID=rocky\nID_LIKE="rhel centos fedora"\n', False),
        ("ID=notdebian\n", False),
        ("", False),
    ],
)
def test_which_systems_are_kin(tmp_path: Path, release: str, *, is_one: bool) -> None:
    """Debian, Ubuntu and what says that it is made of one of them."""
    (tmp_path / "os-release").write_text(release)
    assert (run_there(f"os_release={tmp_path}/os-release; is_debian").returncode == 0) is is_one


def test_failure_is_told_with_a_programs_words_and_a_cure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the script marks as wrong becomes the error, with the last words of the program that failed."""
    script = tmp_path / "install.sh"
    script.write_text(f"{SCRIPT.read_text()}\ntry() {{ say begun; fail 'it broke' \"$(seq 20)\" 'mend it'; }}\n")
    monkeypatch.setattr(install, "_SCRIPT", script)
    told: list[str] = []
    with pytest.raises(EngineError) as raised:
        install._run(install.LOCAL, "try", told.append)
    assert told == ["begun"]
    [problem] = raised.value.problems
    assert problem.message == "\n".join(["it broke", *(f"  | {number}" for number in range(9, 21))])
    assert problem.hint == "mend it"


def test_shell_that_breaks_is_told_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What the shell says itself is not lost."""
    script = tmp_path / "install.sh"
    script.write_text("")
    monkeypatch.setattr(install, "_SCRIPT", script)
    with pytest.raises(EngineError, match=r"ended with 127\n  \| .*nonsense.*not found"):
        install._run(install.LOCAL, "nonsense", silent)


def test_script_reaches_the_shell_whole_or_does_nothing() -> None:
    """A connection that breaks while the script is sent has called no function."""
    lines = SCRIPT.read_text().splitlines()
    for end in range(0, len(lines), 7):
        cut = "\n".join(lines[:end])
        done = subprocess.run(["sh"], input=cut, capture_output=True, text=True, check=False)
        assert done.stdout == ""


def test_engine_on_a_port_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody could install one, that is said, and how it goes."""

    def refuse(address: object) -> Any:
        raise EngineUnreachable(f"no Docker engine answers at {address}")

    monkeypatch.setattr(install, "connect", refuse)
    with pytest.raises(EngineUnreachable) as raised:
        install.bootstrap(install.parse("tcp://mx.example.org:2376"), silent)
    assert "ssh://" in str(raised.value.problems[0].hint)
