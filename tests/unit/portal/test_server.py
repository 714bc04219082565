"""The server, over real sockets: what strangers do to it, and that it goes on serving."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress

import pytest

from mailrig.discovery.site import dump
from mailrig.portal.app import AUTODISCOVER

from .conftest import HOST, SITE


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The port of a server that runs as it does in its container."""
    file = tmp_path_factory.mktemp("portal") / "site.json"
    file.write_text(dump(SITE))
    command = [sys.executable, "-m", "mailrig.portal", str(file), "--listen", "127.0.0.1:0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        while "serves at port" not in (line := process.stderr.readline()):
            assert line, "it has ended"
        yield int(line.rpartition(" ")[2])
        assert process.poll() is None
        process.terminate()
        assert "Traceback" not in process.stderr.read()


def said(port: int, request: bytes) -> bytes:
    """Return all that the server says to these bytes, until it closes the connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        thread = threading.Thread(target=_send, args=(connection, request))
        thread.start()
        answer = bytearray()
        while part := _received(connection):
            answer += part
        thread.join()
        return bytes(answer)


def _send(connection: socket.socket, request: bytes) -> None:
    with suppress(OSError):  # it has heard enough
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)


def _received(connection: socket.socket) -> bytes:
    try:
        return connection.recv(65536)
    except ConnectionResetError:
        return b""


def request(line: str, *headers: str, body: bytes = b"") -> bytes:
    """Return a request as it is on the wire."""
    lines = (line, f"Host: {HOST}", *headers, f"Content-Length: {len(body)}", "Connection: close")
    return "\r\n".join((*lines, "", "")).encode("latin-1") + body


def serves(port: int) -> bool:
    """Whether the server is well."""
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200


def test_page_is_served(port: int) -> None:
    """With its headers, and without the server's name."""
    answer = said(port, request("GET /setup?address=anna@example.org HTTP/1.1", "Accept-Language: ja,en;q=0.5"))
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert head.startswith(b"http/1.1 200 ok")
    assert b"content-security-policy: default-src 'none'" in head
    assert b"server:" not in head
    assert "お使いの機器".encode() in answer


def test_client_of_the_web_server_reaches_the_door(port: int) -> None:
    """The server leaves the headers that name it; nobody but the web server is believed, though."""
    answer = said(port, request("GET /limit HTTP/1.1", "X-Forwarded-For: 203.0.113.5", "X-Forwarded-Method: GET"))
    assert answer.startswith(b"HTTP/1.1 204 ")


def test_nobody_waits_for_a_body_that_does_not_come(port: int) -> None:
    """The web server asks the door with the headers of a request that has one: a client that would like to hear 100."""
    lines = ("GET /limit HTTP/1.1", f"Host: {HOST}", "Expect: 100-continue", "Connection: close", "", "")
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall("\r\n".join(lines).encode())
        assert connection.recv(65536).startswith(b"HTTP/1.1 204 ")


@pytest.mark.parametrize("size", [70_000, 10_000_000, 40_000_000])
def test_large_bodies_are_refused_in_autodiscovers_form(port: int, size: int) -> None:
    """However large; the server goes on."""
    body = b"<a>" + b"x" * size
    answer = said(port, request("POST /Autodiscover/Autodiscover.xml HTTP/1.1", "Content-Type: text/xml", body=body))
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"<ErrorCode>600</ErrorCode>" in answer
    assert serves(port)


@pytest.mark.parametrize("chunks", [20, 2_000, 10_000])
def test_large_bodies_in_chunks_are_refused_likewise(port: int, chunks: int) -> None:
    """Where no length was announced."""
    lines = (f"POST {AUTODISCOVER} HTTP/1.1", f"Host: {HOST}", "Transfer-Encoding: chunked", "Connection: close")
    head = "".join(f"{line}\r\n" for line in (*lines, "")).encode()
    answer = said(port, head + (b"1000\r\n" + b"x" * 0x1000 + b"\r\n") * chunks + b"0\r\n\r\n")
    assert b" 413 " in answer.partition(b"\r\n")[0]
    assert b"<ErrorCode>600</ErrorCode>" in answer
    assert serves(port)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request("POST /setup HTTP/1.1", body=b"x" * 1_000_000), b"405"),
        (request("GET /setup?address=" + "a" * 100_000 + " HTTP/1.1"), b"431"),
        (request("GET /setup HTTP/1.1", "X: " + "a" * 100_000), b"431"),
        (request("GET /setup/../../../../etc/passwd HTTP/1.1"), b"404"),
        (request("GET /.well-known/%2e%2e/%2e%2e/etc/passwd HTTP/1.1"), b"404"),
        (request("GET /setup%00 HTTP/1.1"), b"404"),
        (request("GET /setup?address=%00%ff%fe HTTP/1.1"), b"400"),
        (request("GET /setup HTTP/1.1", "Content-Length: x"), b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(400) + b"\r\n\r\n", b"40"),
        (b"GARBAGE\r\n\r\n", b"40"),  # 400 by waitress 3, 404 by that of Debian bookworm
    ],
    ids=lambda value: repr(value[:40]) if isinstance(value, bytes) else None,
)
def test_bad_requests_are_refused(port: int, sent: bytes, status: bytes) -> None:
    """With a status, without a trace of Python; and the server goes on."""
    answer = said(port, sent)
    assert answer.split(b" ", 2)[1].startswith(status), answer[:200]
    assert b"Traceback" not in answer
    assert b"root:" not in answer
    assert serves(port)


def test_connections_that_say_nothing_keep_nobody_out(port: int) -> None:
    """A hundred of them, each with half a request."""
    silent = [socket.create_connection(("127.0.0.1", port), timeout=20) for _ in range(100)]
    for connection in silent:
        connection.sendall(b"GET /setup HTTP/1.1\r\nHost: ")
    assert serves(port)
    for connection in silent:
        connection.close()
