"""Commands in running containers, each with all of its output and its exit code; knows nothing of what is asked.

To start a process in a container from outside takes the engine some 50 ms; a shell that is in there already starts one
in one or two. So one stays, and is asked again. It reads from our connection, and ends with it.
"""

from __future__ import annotations

import re
import secrets
import shlex
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from docker.errors import DockerException
from requests.exceptions import RequestException

from mailrig.errors import EngineError

if TYPE_CHECKING:
    from docker import APIClient

PROGRAM = "sh"

PATIENCE = 120  # seconds of silence after which a process is given up: its container may be paused

PROMPTLY = 5  # seconds in which a shell that has nothing to do answers

_FRAME_HEADER = 8  # bytes: stream, three zeros, and the length of what follows (Engine API, "Attach to a container")
STDOUT, STDERR = 1, 2
_LONGEST_MARK = 32  # bytes, its exit code included


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

    @contextmanager
    def patience(self, seconds: float) -> Iterator[None]:
        """Wait no longer than this for an answer meanwhile."""
        self._socket.settimeout(seconds)
        try:
            yield
        finally:
            self._socket.settimeout(PATIENCE)

    def send(self, content: bytes) -> None:
        """Write to its standard input; raise Ended when nobody reads there."""
        try:
            self._socket.sendall(content)
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
        with suppress(OSError):  # it may be closed at the other end
            # With TLS, docker-py's response holds the connection open until it is collected, which may be never.
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._connection.close()


class Shell:
    """A shell at the other end of a line: one command at a time."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def close(self) -> None:
        """Hang up, and let the shell end."""
        self._line.close()

    def is_there(self) -> bool:
        """Whether it still answers, and soon: its container may have been stopped, restarted or paused since."""
        try:
            with self._line.patience(PROMPTLY):
                self._ask("true")
        except Ended:
            return False
        return True

    def run(self, argv: Sequence[str]) -> Output:
        """Run a command to its end; raise Ended when the shell, or its container, ends before."""
        # `exec`, so that a word which the shell knows itself means the program all the same.
        return self._ask(f"(exec {shlex.join(argv)}) </dev/null")

    def _ask(self, command: str) -> Output:
        """Let it do something between two marks: what an earlier command left behind may still write."""
        name = secrets.token_hex(8)
        marks = [f"printf '{form}'; printf '{form}' >&2" for form in (rf"\0<{name}\n", rf"\0>{name} '$code'\n")]
        self._line.send(f"{marks[0]}; {command}; code=$?; {marks[1]}\n".encode())
        streams = {number: _Between(name.encode()) for number in (STDOUT, STDERR)}
        while not all(stream.is_complete for stream in streams.values()):
            number, text = self._line.receive()
            if number in streams:
                streams[number].add(text)
        code, stdout = streams[STDOUT].content
        return Output(code, stdout, streams[STDERR].content[1])


class _Between:
    """What comes on one stream between two marks; the second is followed by an exit code."""

    def __init__(self, name: bytes) -> None:
        self._begin = b"\0<" + name + b"\n"
        self._end = re.compile(rb"\0>" + name + rb" (\d+)\n")
        self._text = bytearray()
        self._found: re.Match[bytes] | None = None

    def add(self, text: bytes) -> None:
        """Take in what came next; nothing counts after the second mark."""
        if self._found:
            return
        unseen = max(0, len(self._text) - _LONGEST_MARK)
        self._text += text
        self._found = self._end.search(bytes(self._text[unseen:]))
        if self._found:
            self._text = self._text[: unseen + self._found.start()]

    @property
    def is_complete(self) -> bool:
        """Whether the second mark has come."""
        return self._found is not None

    @property
    def content(self) -> tuple[int, bytes]:
        """Return the exit code, and what came between."""
        return int(self._found[1]) if self._found else -1, bytes(self._text.partition(self._begin)[2])


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
        if shell is not None and not shell.is_there():
            shell.close()
            shell = None
        return self._run_in(shell or self._open(container), container, argv)

    def close(self) -> None:
        """Let all of them end that are not at work."""
        with self._lock:
            for shell in chain.from_iterable(self._idle.values()):
                shell.close()
            self._idle.clear()

    def _run_in(self, shell: Shell, container: str, argv: Sequence[str]) -> Output:
        try:
            output = shell.run(argv)
        except BaseException as error:  # what it says from now on nobody waits for
            shell.close()
            if isinstance(error, Ended):
                self._require_engine()
            raise
        with self._lock:
            self._idle.setdefault(container, []).append(shell)
        return output

    def _require_engine(self) -> None:
        """Raise EngineUnreachable where it is not the process that is gone, but the way to it."""
        with suppress(DockerException, RequestException):
            self._api.ping()

    def _open(self, container: str) -> Shell:
        ticket = self._api.exec_create(container, [PROGRAM], stdin=True)["Id"]
        return Shell(Line(self._api.exec_start(ticket, socket=True)))
