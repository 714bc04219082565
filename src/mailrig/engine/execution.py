"""A command in a running container, with all of its output; knows nothing of what is asked."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

from docker.errors import create_api_error_from_http_exception
from requests.exceptions import HTTPError

from mailrig.engine.connection import TIMEOUT, Engine

_FRAME = struct.Struct(">B3xL")  # stream and length (Engine API, "Attach to a container": stream format)
_STDOUT, _STDERR = 1, 2
_STREAMS = (_STDOUT, _STDERR)


@dataclass(frozen=True)
class Output:
    """What a command wrote to its two streams, and the ticket under which the engine knows its exit code."""

    ticket: str
    stdout: bytes
    stderr: bytes


def execute(engine: Engine, container: str, argv: Sequence[str]) -> Output:
    """Run a command to its end; raise docker's APIError where the engine refuses.

    docker-py's own `exec_start` reads from the socket below a buffer that the answer's headers were read through. What
    a quick command has written by then is in that buffer, and is lost. A plain request reads all through it.
    """
    api = engine.api
    ticket = str(api.exec_create(container, list(argv))["Id"])
    url = f"{api.base_url}/v{api.api_version}/exec/{ticket}/start"
    answer = api.post(url, json={"Detach": False, "Tty": False}, timeout=TIMEOUT)
    try:
        answer.raise_for_status()
    except HTTPError as error:
        create_api_error_from_http_exception(error)
    return Output(ticket, *split(answer.content))


def split(content: bytes) -> tuple[bytes, bytes]:
    """Tell the two streams apart; what has no frame is the engine's own complaint, and counts as an error stream."""
    streams: tuple[list[bytes], list[bytes]] = ([], [])
    start = 0
    while start < len(content):
        begin = start + _FRAME.size
        if len(content) < begin or content[start] not in _STREAMS or any(content[start + 1 : start + 4]):
            streams[1].append(content[start:])
            break
        stream, length = _FRAME.unpack_from(content, start)
        start = begin + length
        streams[stream == _STDERR].append(content[begin:start])
    return b"".join(streams[0]), b"".join(streams[1])
