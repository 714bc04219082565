"""One page asked for as a browser does it, by the host's name whatever address is dialled; judges nothing."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Mapping
from dataclasses import dataclass, replace

from mailrig.verify.connection import TIMEOUT, context, endpoint, secured
from mailrig.verify.fault import text
from mailrig.verify.target import Target

_MOST = 2**20  # bytes that are read of a page

AGENT = "mailrig-verify"


@dataclass(frozen=True)
class Page:
    """An answer; the names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def line(self) -> str:
        """Say in one line what came: the status, where it leads, and how the text begins."""
        where = f" to {self.headers['location']}" if "location" in self.headers else ""
        words = text(self.body[:200])[:60] if self.headers.get("content-type", "").startswith("text/plain") else ""
        return f"{self.status}{where}{f': {words}' if words else ''}"


def get(target: Target, path: str, *, name: str | None = None, host: str | None = None) -> Page:
    """Ask for a page over TLS; ``name`` is the server that it is asked of, ``host`` what the request says instead."""
    asked = replace(target, hostname=name) if name else target
    with secured(target, "https", context(asked)) as (_, line):
        return _exchange(line, path, host or asked.hostname)


def get_clear(target: Target, path: str, host: str) -> Page:
    """Ask for a page in the clear."""
    to = endpoint(target, "http")
    with socket.create_connection((to.address, to.port), TIMEOUT) as line:
        return _exchange(line, path, host)


def _exchange(line: socket.socket, path: str, host: str) -> Page:
    session = http.client.HTTPConnection(host, timeout=TIMEOUT)
    session.sock = line
    session.request("GET", path, headers={"Host": host, "User-Agent": AGENT, "Connection": "close"})
    answer = session.getresponse()
    return Page(answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read(_MOST))
