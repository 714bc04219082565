"""Commands given to a real shell, whose output reaches us in frames, as an engine sends it."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from mailrig.engine.shell import STDERR, STDOUT, Ended, Line, Shell, Shells


class Containers:
    """Stands in for the engine: each container is a shell on this machine, reached as through a hijacked connection."""

    def __init__(self) -> None:
        self.shells: list[subprocess.Popen[bytes]] = []
        self.hanging_up: list[threading.Thread] = []

    def ping(self) -> bool:
        """Answer, as an engine does whose container has ended."""
        return True

    def exec_create(self, _container: str, argv: list[str], *, stdin: bool) -> dict[str, str]:
        """Return a ticket."""
        assert stdin
        return {"Id": argv[0]}

    def exec_start(self, ticket: str, *, socket: bool) -> socket.socket:
        """Start the process, and return its connection."""
        assert socket
        return self.attach(ticket)

    def attach(self, program: str = "sh") -> socket.socket:
        """Start a shell; frame what it writes, and hang up at its end."""
        ours, theirs = socket.socketpair()
        pipe = subprocess.PIPE
        process = subprocess.Popen([program], stdin=theirs.fileno(), stdout=pipe, stderr=pipe)
        self.shells.append(process)
        assert process.stdout
        assert process.stderr
        streams = {STDOUT: process.stdout.fileno(), STDERR: process.stderr.fileno()}
        lock = threading.Lock()

        def pump(stream: int, source: int) -> None:
            with suppress(OSError):  # whoever listened has hung up
                while content := os.read(source, 3000):
                    with lock:
                        theirs.sendall(struct.pack(">B3xL", stream, len(content)) + content)

        pumps = [threading.Thread(target=pump, args=item, daemon=True) for item in streams.items()]

        def hang_up() -> None:
            for one in pumps:
                one.join()
            theirs.close()

        self.hanging_up.append(threading.Thread(target=hang_up, daemon=True))
        for one in (*pumps, self.hanging_up[-1]):
            one.start()
        return ours


@pytest.fixture
def containers() -> Iterator[Containers]:
    """Containers, which end with the test."""
    made = Containers()
    yield made
    for process in made.shells:
        process.kill()
        process.communicate()
    for thread in made.hanging_up:
        thread.join()


@pytest.fixture
def shells(containers: Containers) -> Iterator[Shells]:
    """The shells in these containers."""
    with closing(Shells(containers)) as made:  # type: ignore[arg-type]
        yield made


@pytest.fixture
def run(containers: Containers) -> Iterator[Callable[..., tuple[int, bytes, bytes]]]:
    """Runs a command in one shell after the other commands."""
    shell = Shell(Line(containers.attach()))

    def run(*argv: str) -> tuple[int, bytes, bytes]:
        output = shell.run(argv)
        return output.code, output.stdout, output.stderr

    yield run
    shell.close()


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (("true",), (0, b"", b"")),
        (("sh", "-c", "exit 7"), (7, b"", b"")),
        (("printf", r"a\n\0b"), (0, b"a\n\0b", b"")),  # a tar archive has any byte in it
        (("sh", "-c", "printf out; printf err >&2"), (0, b"out", b"err")),
        (("sh", "-c", 'printf "%s|" "$@"', "sh", "a b", "it's", 'a"$HOME', "", "*", "new\nline"),
         (0, b"a b|it's|a\"$HOME||*|new\nline|", b"")),
        (("cat",), (0, b"", b"")),  # it does not read the commands that come after it
        (("echo", "-n"), (0, b"", b"")),  # the program, and not what the shell makes of the word
    ],
)  # fmt: skip
def test_output_and_exit_code(
    run: Callable[..., tuple[int, bytes, bytes]], argv: tuple[str, ...], said: tuple[int, bytes, bytes]
) -> None:
    """A command's words arrive as they are, and all that it says comes back; twice, since the shell stays."""
    assert [run(*argv), run(*argv)] == [said, said]


def test_long_output_of_two_streams(run: Callable[..., tuple[int, bytes, bytes]]) -> None:
    """Frames of both streams come in any order."""
    code, stdout, stderr = run("sh", "-c", "head -c 300000 /dev/zero; head -c 200000 /dev/zero >&2")
    assert (code, len(stdout), len(stderr)) == (0, 300000, 200000)


def test_unknown_command(run: Callable[..., tuple[int, bytes, bytes]]) -> None:
    """What cannot be run has a shell's exit code for that, and leaves the shell alive."""
    code, _, stderr = run("no-such-program")
    assert code == 127
    assert b"no-such-program" in stderr
    assert run("true")[0] == 0


def test_shell_that_dies_in_between(run: Callable[..., tuple[int, bytes, bytes]]) -> None:
    """A container that stops while a command runs in it is an error, and no half of an answer."""
    with pytest.raises(Ended):
        run("sh", "-c", "echo begun; kill -9 $PPID; sleep 1")
    with pytest.raises(Ended):
        run("true")


def test_shells_stay_open(containers: Containers, shells: Shells) -> None:
    """Commands one after the other share a shell; commands at once do not wait for each other."""
    for _ in range(3):
        assert shells.run("c", ["echo", "hello"]).stdout == b"hello\n"
    assert len(containers.shells) == 1
    meeting = threading.Barrier(2)
    numbers = itertools.count()

    def meet() -> None:
        meeting.wait()
        assert shells.run("c", ["sleep", "0.3"]).code == 0
        next(numbers)

    threads = [threading.Thread(target=meet) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert next(numbers) == len(containers.shells) == 2


def test_restarted_container(containers: Containers, shells: Shells) -> None:
    """The shell of a container that was restarted since is replaced by one in what runs now."""
    shells.run("c", ["true"])
    containers.shells[0].kill()
    containers.shells[0].wait()
    assert shells.run("c", ["echo", "again"]).stdout == b"again\n"


def test_what_comes_late_is_nobodys(run: Callable[..., tuple[int, bytes, bytes]]) -> None:
    """A process that a command left behind does not write into the answer of the next."""
    assert run("sh", "-c", "(sleep 0.2; echo LATE; echo LATE >&2) & echo now")[1] == b"now\n"
    assert run("sh", "-c", "sleep 0.4") == (0, b"LATE\n", b"LATE\n"), "it writes while the next one runs"
    assert run("sh", "-c", "(sleep 0.2; echo LATE) & echo now")[1] == b"now\n"
    time.sleep(0.4)
    assert run("echo", "clean") == (0, b"clean\n", b"")


def test_stopped_shell_is_not_waited_for(containers: Containers, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell that does not answer, as in a paused container, is left; what was asked of it never runs there."""
    monkeypatch.setattr("mailrig.engine.shell.PROMPTLY", 0.2)
    with closing(Shells(containers)) as shells:  # type: ignore[arg-type]
        shells.run("c", ["true"])
        containers.shells[0].send_signal(signal.SIGSTOP)
        assert shells.run("c", ["sh", "-c", "echo $PPID"]).stdout == b"%d\n" % containers.shells[1].pid


def test_no_command_runs_twice(containers: Containers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the answer does not come, the command has been given all the same: it is an error, and not tried again."""
    monkeypatch.setattr("mailrig.engine.shell.PATIENCE", 0.3)
    with closing(Shells(containers)) as shells:  # type: ignore[arg-type]
        shells.run("c", ["true"])
        with pytest.raises(Ended):
            shells.run("c", ["sh", "-c", f"echo once >>{tmp_path}/runs; sleep 1"])
    assert (tmp_path / "runs").read_text() == "once\n"
