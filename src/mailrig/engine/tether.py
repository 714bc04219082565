"""Containers that live as long as our connection to them; knows nothing of what is done in them.

Their process reads from us, and ends when there is nobody to read from: the engine closes its standard input when our
connection ends, however we ended, and then removes the container. So whoever is killed leaves nothing behind.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from mailrig.engine.connection import Engine, refusals
from mailrig.engine.containers import remove
from mailrig.engine.shell import STDOUT, Line, Output, Shell
from mailrig.errors import EngineError, EngineUnreachable

# What a container needs that shall do nothing but work on the volumes it is given.
_CONFINED = {
    "NetworkMode": "none",
    "ReadonlyRootfs": True,
    "CapDrop": ["ALL"],
    "SecurityOpt": ["no-new-privileges:true"],
    "AutoRemove": True,
}


class Tether:
    """A container that ends with us. ``create`` and ``start`` are apart, so that it can be filled in between."""

    def __init__(self, engine: Engine, container: str) -> None:
        self.engine = engine
        self.id = container
        self._line: Line | None = None
        self._speaking = threading.Lock()

    @classmethod
    def create(cls, engine: Engine, image: str, argv: Sequence[str], host: Mapping[str, Any], **more: Any) -> Tether:
        """Create the container; ``host`` is added to its HostConfig, ``more`` to the rest of the API's body.

        ``name`` among ``more`` names it, and makes an APIError of status 409 where that name is taken.
        """
        name = more.pop("name", None)
        body = {
            "Image": image,
            "Entrypoint": list(argv),
            "Cmd": [],
            "Healthcheck": {"Test": ["NONE"]},
            "AttachStdin": True,
            "AttachStdout": True,
            "AttachStderr": True,
            "OpenStdin": True,
            "StdinOnce": True,
            "HostConfig": {**_CONFINED, **host},
            **more,
        }
        return cls(engine, str(engine.api.create_container_from_config(body, name)["Id"]))

    def start(self) -> None:
        """Attach to the container, so that it has something to lose, and start it."""
        params = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
        with refusals("cannot start a helper container"):
            self._line = Line(self.engine.api.attach_socket(self.id, params=params))
            self.engine.api.start(self.id)

    def ask(self, line: str, content: bytes = b"") -> str:
        """Send a line to its process, and what belongs to it; return the line that it answers.

        Raise EngineError when it is gone.
        """
        with self._speaking:
            self._send(line.encode() + b"\n" + content)
            said = b""
            while not said.endswith(b"\n"):
                stream, text = self._attached.receive()
                said += text if stream == STDOUT else b""
            return said.decode().rstrip("\n")

    def tell(self, line: str = "") -> None:
        """Send a line that has no answer."""
        with self._speaking:
            self._send(line.encode() + b"\n")

    def run(self, argv: Sequence[str]) -> Output:
        """Run a command, where its process is a shell; raise EngineError when it is gone."""
        with self._speaking:
            return Shell(self._attached).run(argv)

    def close(self) -> None:
        """Let go: the process ends, and the engine removes its container; wait until it is gone."""
        if self._line is not None:
            self._line.close()
        with suppress(EngineUnreachable):  # then it has ended with the connection
            remove(self.engine, self.id)

    @property
    def _attached(self) -> Line:
        if self._line is None:
            raise EngineError("the helper container was not started")
        return self._line

    def _send(self, content: bytes) -> None:
        self._attached.send(content)
