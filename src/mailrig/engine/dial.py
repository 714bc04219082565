"""An engine's socket where the server forwards none: each connection is a session that runs `docker system dial-stdio`.

The sessions share the one connection that there is already (ControlMaster in ssh_config(5)), up to the server's
MaxSessions; beyond it, ssh makes a connection for each by itself.
"""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import threading
from pathlib import Path
from typing import IO

from mailrig.engine import ssh
from mailrig.engine.ssh_words import lines
from mailrig.errors import EngineMissing, EngineUnreachable
from mailrig.inventory.engine import SOCKET, Ssh

_GRACE = 5  # seconds
_TICK = 0.1  # seconds
_BACKLOG = 64


class Dialler:
    """A socket of ours, with a session for whoever connects to it."""

    def __init__(self, address: Ssh, control: Path, path: Path, said: IO[bytes]) -> None:
        self.socket = path
        self._address = address
        self._control = control
        self._said = said
        self._sessions: list[subprocess.Popen[bytes]] = []
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen(_BACKLOG)
        self._listener.settimeout(_TICK)
        self._refusing = threading.Event()
        self._server = threading.Thread(target=self._serve, daemon=True)
        self._server.start()

    def await_last(self) -> None:
        """Wait until the session that was opened last has said why it ends."""
        for session in self._sessions[-1:]:
            with contextlib.suppress(subprocess.TimeoutExpired):
                session.wait(_GRACE)

    def refuse(self) -> None:
        """Take no more connections."""
        self._refusing.set()
        self._server.join()
        self._listener.close()

    def close(self) -> None:
        """End the sessions, also those that did not end with the connection that the others share."""
        self.refuse()
        for session in self._sessions:
            session.terminate()
        for session in self._sessions:
            try:
                session.wait(_GRACE)
            except subprocess.TimeoutExpired:
                session.kill()
                session.wait()

    def _serve(self) -> None:
        while not self._refusing.is_set():
            try:
                connection, _ = self._listener.accept()
            except TimeoutError:
                continue
            with connection:
                self._sessions = [session for session in self._sessions if session.poll() is None]
                self._sessions.append(self._session(connection))

    def _session(self, connection: socket.socket) -> subprocess.Popen[bytes]:
        remote = ["docker", "--host", f"unix://{self._address.path}", "system", "dial-stdio"]
        return subprocess.Popen(
            ssh.command(self._address, ["-S", str(self._control)], remote),
            stdin=connection.fileno(),
            stdout=connection.fileno(),
            stderr=self._said,
            start_new_session=True,  # Ctrl-C is for us
        )


def explained_dial(address: Ssh, said: str) -> EngineUnreachable:
    """Return why no engine answers, from what a session ``said`` on standard error."""
    if re.search(r"docker\.sock.*permission denied|permission denied.*(daemon|docker).*socket", said, re.IGNORECASE):
        why = f"{address.user or 'the user'} may not open the engine's socket {address.path} there"
        hint = (
            f"have the user join its group: usermod -aG docker {address.user or 'USER'}, then try again"
            "\n      (whoever is in it has the power of root there)"
        )
    elif re.search(r"no such file or directory|connection refused|Is the docker daemon running", said):
        why = f"{address.host} lets us in, and no engine listens there at {address.path}"
        hint = "does it run? (systemctl status docker)"
        if address.path == SOCKET:
            hint += " One without root listens elsewhere: ssh://user@host/run/user/1000/docker.sock"
        return EngineMissing(f"no Docker engine answers at {address}\n{why}", hint=hint)
    elif "not found" in said:
        why = f"{address.host} lets us in, and Docker is not installed there, or not for this user"
        hint = "install it: apt-get install docker.io"
        return EngineMissing(f"no Docker engine answers at {address}\n{why}", hint=hint)
    else:
        words = "; ".join(lines(said)[-3:]) or "it ended without a word"
        why = f"{address.host} forwards no sockets, and `docker system dial-stdio` fails there: {words}"
        hint = "allow one of the two, in its sshd_config: AllowStreamLocalForwarding yes"
    return EngineUnreachable(f"no Docker engine answers at {address}\n{why}", hint=hint)
