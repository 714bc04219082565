"""Docker engines that are played back: what a real one answered, with its delays, from a process of its own.

A `Recorder` stands between a client and a real engine, and notes each answer with the time that it took. The program
``engines.py DIRECTORY`` then answers for as many engines as there are recordings, ``<name>.json`` at ``<name>.sock``:
each request as the real engine did, each command in a container as it was answered there. A request that was never
recorded gets 501, so that nothing is measured which no engine would have said.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import json
import re
import selectors
import socket
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

_END_OF_HEAD = b"\r\n\r\n"
_HIJACKED = b"101"
# What engine/shell.py says: a command between two marks with a name that is another each time.
_NAME = re.compile(rb"\\0<([0-9a-f]{16})\\n")
_NEW_PROCESS = re.compile(rb'\r\n\r\n\{"Id":"([0-9a-f]{64})"\}')  # the answer to POST /containers/NAME/exec
_END_OF_COMMAND = b"'$code'\\n' >&2\n"

Recording = dict[str, Any]


class Recorder:
    """Listens at a socket, passes everything on to a real engine, and notes what that answers."""

    def __init__(self, path: Path, engine: str) -> None:
        self.forget()
        self._engine = engine
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen()
        self._path = path
        threading.Thread(target=self._serve, daemon=True).start()

    def forget(self) -> None:
        """Begin anew."""
        self.answers: Recording = {"requests": {}, "commands": {}, "processes": {}}

    def close(self, file: Path) -> None:
        """Stop, and write down what was answered."""
        self._server.close()
        self._path.unlink()
        file.write_text(json.dumps(self.answers))

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._server.accept()
                threading.Thread(target=self._pass_on, args=(client,), daemon=True).start()

    def _pass_on(self, client: socket.socket) -> None:
        upstream = socket.socket(socket.AF_UNIX)
        upstream.connect(self._engine)
        with contextlib.suppress(OSError), client, upstream:
            while request := _message(client):
                started = time.monotonic()
                upstream.sendall(request)
                answer = _message(upstream)
                entry = _entry(answer, time.monotonic() - started)
                client.sendall(answer)
                self.answers["requests"][_key(request)] = entry
                if made := _NEW_PROCESS.search(answer):
                    self.answers["processes"][made[1].decode()] = _path(request)
                if _status(answer) == _HIJACKED:
                    self._pass_on_commands(client, upstream, _asked(self.answers, request))

    def _pass_on_commands(self, client: socket.socket, upstream: socket.socket, asked: str) -> None:
        """Pass both directions on; an answer is all that comes until the next command."""
        command = answer = b""
        started = ended = 0.0
        with selectors.DefaultSelector() as ready:
            ready.register(client, selectors.EVENT_READ)
            ready.register(upstream, selectors.EVENT_READ)
            while True:
                for key, _ in ready.select():
                    data = key.fileobj.recv(65536)  # type: ignore[union-attr]
                    if key.fileobj is client and data:
                        if answer:
                            self._note(asked, command, answer, ended - started)
                            command = answer = b""
                        command += data
                        started = time.monotonic()
                        upstream.sendall(data)
                    elif data:
                        answer += data
                        ended = time.monotonic()
                        client.sendall(data)
                    else:
                        self._note(asked, command, answer, ended - started)
                        return

    def _note(self, asked: str, command: bytes, answer: bytes, seconds: float) -> None:
        if found := _NAME.search(command):
            plain = command.replace(found[1], b"")
            self.answers["commands"][f"{asked} {_text(plain)}"] = {"name": found[1].decode(), **_entry(answer, seconds)}


def _message(connection: socket.socket) -> bytes:
    """Read one HTTP message as it is; empty at the end of the connection."""
    data = b""
    while _END_OF_HEAD not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(_END_OF_HEAD)
    while not _is_whole(head, body):
        more = connection.recv(65536)
        if not more:
            break
        body += more
    return head + _END_OF_HEAD + body


def _is_whole(head: bytes, body: bytes) -> bool:
    """Whether a message's body has come: by its length, or by its last chunk (RFC 9112, section 6)."""
    lowered = head.lower()
    if b"transfer-encoding: chunked" in lowered:
        return body.endswith(b"0\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: *(\d+)", lowered)
    return len(body) >= int(length[1]) if length else True


def _key(request: bytes) -> str:
    """Return method and path."""
    return b" ".join(request.split(b" ", 2)[:2]).decode()


def _path(request: bytes) -> str:
    return request.split(b" ", 2)[1].decode()


def _asked(recording: Recording, request: bytes) -> str:
    """Return who is asked by a request that takes commands: containers are asked the same, and answer otherwise."""
    path = _path(request)
    return str(recording["processes"].get(path.split("/")[-2], path))


def _status(answer: bytes) -> bytes:
    return answer.split(b" ", 2)[1]


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _entry(answer: bytes, seconds: float) -> dict[str, Any]:
    return {"answer": _text(answer), "seconds": round(seconds, 5)}


async def _play(recording: Recording, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer one connection."""
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = await reader.readuntil(_END_OF_HEAD)
            if length := re.search(rb"\r\ncontent-length: *(\d+)", head.lower()):
                await reader.readexactly(int(length[1]))
            entry = recording["requests"].get(_key(head))
            answer = (
                await _answered(entry, writer) if entry else b"HTTP/1.1 501 Never Recorded\r\nContent-Length: 0\r\n\r\n"
            )
            if entry is None:
                print("never recorded:", _key(head), file=sys.stderr, flush=True)
                writer.write(answer)
            elif _status(answer) == _HIJACKED:
                await _play_commands(recording, reader, writer, _asked(recording, head))
    writer.close()


async def _answered(entry: dict[str, Any], writer: asyncio.StreamWriter, new: bytes = b"") -> bytes:
    """Give an answer after its delay, with the marks of a command that is asked now."""
    await asyncio.sleep(entry["seconds"])
    answer = base64.b64decode(entry["answer"])
    writer.write(answer.replace(entry["name"].encode(), new) if new else answer)
    return answer


async def _play_commands(
    recording: Recording, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, asked: str
) -> None:
    while True:
        command = await reader.readuntil(_END_OF_COMMAND)
        found = _NAME.search(command)
        name = found[1] if found else b""
        entry = recording["commands"].get(f"{asked} {_text(command.replace(name, b''))}")
        if entry is None:
            print("never recorded:", command, file=sys.stderr, flush=True)
            return
        await _answered(entry, writer, name)


async def main(recordings: dict[Path, Recording]) -> None:
    """Answer for all recordings, by their files, until killed."""
    for file, recording in recordings.items():
        await asyncio.start_unix_server(partial(_play, recording), file.with_suffix(".sock"), limit=2**24)
    print("ready", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main({file: json.loads(file.read_text()) for file in Path(sys.argv[1]).glob("*.json")}))
