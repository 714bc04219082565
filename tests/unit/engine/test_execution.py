"""The output of a command in a container, asked of an engine that answers as fast as it can."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import docker
import pytest
from docker.errors import APIError

from mailrig.engine.connection import Engine
from mailrig.engine.execution import execute, split


def frame(stream: int, content: bytes) -> bytes:
    """Return a piece of output as an engine sends it."""
    return struct.pack(">B3xL", stream, len(content)) + content


def answer(status: str, content: bytes, kind: str = "application/vnd.docker.raw-stream") -> bytes:
    """Return headers and content of an answer that ends with the connection."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nConnection: close\r\n\r\n".encode() + content


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[[bytes], Engine]]:
    """Serves one command, in one write for its headers and all of its output."""
    address = tmp_path / "engine.sock"
    with socket.socket(socket.AF_UNIX) as server, closing(docker.APIClient(f"unix://{address}", version="1.41")) as api:
        server.bind(str(address))
        server.listen()

        def serve(started: bytes) -> Engine:
            created = answer("201 Created", b'{"Id": "ticket"}', "application/json")
            threading.Thread(target=respond, args=(server, [created, started]), daemon=True).start()
            return Engine(f"unix://{address}", api)

        yield serve


def respond(server: socket.socket, answers: list[bytes]) -> None:
    """Answer one request on each connection."""
    for content in answers:
        connection, _ = server.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(content)


def test_output_that_comes_with_the_headers(serving: Callable[[bytes], Engine]) -> None:
    """What a quick command has written before we read the headers is not lost, and the two streams are kept apart."""
    engine = serving(answer("200 OK", frame(1, b"a\n\0") + frame(2, b"oops\n") + frame(1, b"b" * 70000)))
    output = execute(engine, "c", ["true"])
    assert output.stdout == b"a\n\0" + b"b" * 70000
    assert (output.stderr, output.ticket) == (b"oops\n", "ticket")


def test_refusal_is_an_error(serving: Callable[[bytes], Engine]) -> None:
    """An engine that refuses, since the container has stopped, is quoted."""
    refusal = b'{"message": "Container c is not running"}'
    engine = serving(answer("409 Conflict", refusal, "application/json"))
    with pytest.raises(APIError, match="is not running"):
        execute(engine, "c", ["true"])


@pytest.mark.parametrize("content", [b"OCI runtime exec failed\r\n", b"x", b"\1\0\0", b"\1\1\0\0\0\0\0\1a"])
def test_complaint_without_a_frame(content: bytes) -> None:
    """What is no frame is no output of the command."""
    assert split(content) == (b"", content)
    assert split(frame(1, b"a") + content) == (b"a", content)


def test_output_that_was_cut_off() -> None:
    """Of a frame that was cut off there is what came."""
    assert split(frame(1, b"abc")[:-1]) == (b"ab", b"")
    assert split(b"") == (b"", b"")
