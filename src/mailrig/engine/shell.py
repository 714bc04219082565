"""Commands in running containers, each with all of its output and its exit code; knows nothing of what is asked.

To start a process in a container from outside takes the engine some 50 ms; a shell that is in there already starts one
in one or two. So one stays, and is asked again. It reads from our connection, and ends with it.
"""

from __future__ import annotations

import secrets
import shlex
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from mailrig.errors import EngineError

if TYPE_CHECKING:
    from docker import APIClient

PROGRAM = "sh"

PATIENCE = 120  # seconds of silence after which a process is given up: its container may be paused

_FRAME_HEADER = 8  # bytes: stream, three zeros, and the length of what follows (Engine API, "Attach to a container")
STDOUT, STDERR = 1, 2


@dataclass(frozen=True)
class Output:
    """What a command wrote to its two streams, and its exit code."""

    code: int
    stdout: bytes
    stderr: bytes


class Ended(EngineError):
    """The process at the other end is gone."""


class Line:
    """The two-way connection to a process in a container: what docker-py returns for an attached one, with frames."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        # docker-py wraps the socket for reading only.
        self._socket: socket.socket = getattr(connection, "_sock", connection)
        self._socket.settimeout(PATIENCE)

    def send(self, text: str) -> None:
        """Write to its standard input; raise Ended when nobody reads there."""
        try:
            self._socket.sendall(text.encode())
        except OSError as error:
            raise Ended("the process in the container is gone") from error

    def receive(self) -> tuple[int, bytes]:
        """Return what it wrote next, and to which stream; raise Ended at its end."""
        try:
            header = self._exactly(_FRAME_HEADER)
            return header[0], self._exactly(int.from_bytes(header[4:], "big"))
        except (OSError, EOFError) as error:
            raise Ended("the process in the container does not answer any more") from error

    def _exactly(self, count: int) -> bytes:
        read = bytearray()
        while len(read) < count:
            more = self._socket.recv(count - len(read))
            if not more:
                raise EOFError("the process has ended")
            read += more
        return bytes(read)

    def close(self) -> None:
        """Hang up."""
        self._socket.close()
        self._connection.close()


class Shell:
    """A shell at the other end of a line: one command at a time."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def close(self) -> None:
        """Hang up, and let the shell end."""
        self._line.close()

    def run(self, argv: Sequence[str]) -> Output:
        """Run a command to its end; raise Ended when the shell, or its container, ends before."""
        mark = b"\0@" + secrets.token_hex(8).encode()
        said = {STDOUT: b"", STDERR: b""}
        # `exec`, so that a word which the shell knows itself means the program all the same.
        end = mark.decode().replace("\0", r"\0")
        self._line.send(f"(exec {shlex.join(argv)}) </dev/null; printf '{end} %d\\n' $?; printf '{end} \\n' >&2\n")
        while not all(_is_complete(text, mark) for text in said.values()):
            stream, text = self._line.receive()
            said[stream] += text
        stdout, _, code = said[STDOUT].rpartition(mark)
        return Output(int(code), stdout, said[STDERR].rpartition(mark)[0])


def _is_complete(text: bytes, mark: bytes) -> bool:
    return text.endswith(b"\n") and mark in text[-len(mark) - 8 :]


class Shells:
    """The shells that are open in the containers of one engine: as many in each as are used at once."""

    def __init__(self, api: APIClient) -> None:
        self._api = api
        self._idle: dict[str, list[Shell]] = {}
        self._lock = threading.Lock()

    def run(self, container: str, argv: Sequence[str]) -> Output:
        """Run a command in a running container; raise EngineError, or docker's APIError, where it does not run."""
        with self._lock:
            idle = self._idle.setdefault(container, [])
            shell = idle.pop() if idle else None
        if shell is None:
            return self._run_in(self._open(container), container, argv)
        try:
            return self._run_in(shell, container, argv)
        except Ended:  # as the container has, it seems, since the last command; what has its name now may run
            return self._run_in(self._open(container), container, argv)

    def close(self) -> None:
        """Let all of them end that are not at work."""
        with self._lock:
            for shell in chain.from_iterable(self._idle.values()):
                shell.close()
            self._idle.clear()

    def _run_in(self, shell: Shell, container: str, argv: Sequence[str]) -> Output:
        try:
            output = shell.run(argv)
        except BaseException:  # what it says from now on nobody waits for
            shell.close()
            raise
        with self._lock:
            self._idle.setdefault(container, []).append(shell)
        return output

    def _open(self, container: str) -> Shell:
        ticket = self._api.exec_create(container, [PROGRAM], stdin=True)["Id"]
        return Shell(Line(self._api.exec_start(ticket, socket=True)))
