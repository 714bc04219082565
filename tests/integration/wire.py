"""A wire to a Docker engine that counts what is sent over it, and can be cut."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

CONNECTIONS = 64  # at a time


class Wire:
    """Passes connections on from one socket to another; ``sent`` counts bytes towards the engine."""

    def __init__(self, listener: socket.socket, target: str) -> None:
        self.sent = 0
        self.cut_after: int | None = None
        self._listener = listener
        self._target = target

    def serve(self) -> None:
        """Pass on whoever connects, until the listener is closed."""
        with suppress(OSError), ThreadPoolExecutor(CONNECTIONS) as threads:
            while True:
                client, _ = self._listener.accept()
                threads.submit(self._connect, client)

    def _connect(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as engine, ThreadPoolExecutor(1) as back:
            engine.connect(self._target)
            back.submit(self._pass, engine, client, counts=False)
            self._pass(client, engine, counts=True)

    def _pass(self, source: socket.socket, target: socket.socket, *, counts: bool) -> None:
        with suppress(OSError):
            while data := source.recv(2**18):
                self.sent += len(data) if counts else 0
                if self.cut_after is not None and self.sent > self.cut_after:
                    source.shutdown(socket.SHUT_RDWR)
                    break
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@contextmanager
def wire(address: str, path: Path) -> Iterator[tuple[Wire, str]]:
    """Lay a wire to the engine at ``unix://…``; yields it and its own address."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()
        laid = Wire(listener, address.removeprefix("unix://"))
        serving = threading.Thread(target=laid.serve)
        serving.start()
        try:
            yield laid, f"unix://{path}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            serving.join()
