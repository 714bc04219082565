"""One ssh process that carries an engine's socket here, and ends with us; knows nothing of what goes through it.

A keeper, a small shell, starts ssh and reads from a pipe of ours that nothing is ever written to. When we end, however
we end, there is nobody left at its other end: the keeper then ends ssh and removes the directory with the socket.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from mailrig.engine import ssh
from mailrig.engine.ssh_words import explained
from mailrig.errors import EngineError
from mailrig.inventory.engine import Ssh

PATIENCE = 60  # seconds for all that comes between a connection and the socket: jump hosts, a key on a token
_TICK = 0.01  # seconds
_GRACE = 5  # seconds

# A directory of the user's own may be too deep: the name of a socket has 104 bytes at most (sun_path in unix(7), and on
# macOS), and ssh adds some of its own while it makes one. A colon would end the name in `-L`.
_LONGEST = 60

# The first argument is the directory, the others are the program. What runs in the background has no standard input.
_KEEPER = """
directory=$1; shift
exec 3<&0 </dev/null
"$@" 3<&- & program=$!
trap 'kill "$program"' HUP INT TERM
(trap - HUP INT TERM; read -r _ <&3; kill "$program") 2>/dev/null & watch=$!
exec 3<&-
wait "$program"; code=$?
rm -rf -- "$directory"
kill "$watch" 2>/dev/null
exit "$code"
"""


class Tunnel:
    """An ssh connection with a directory of its own, while it lasts. ``forward`` is what it is told to carry."""

    def __init__(self, address: Ssh) -> None:
        self.address = address
        self.directory = Path(tempfile.mkdtemp(prefix="mailrig-", dir=_short_directory()))
        self._said: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as we
        self._keeper: subprocess.Popen[bytes] | None = None

    @property
    def socket(self) -> Path:
        """Where the engine is to be reached."""
        return self.directory / "docker.sock"

    def open(self, options: Sequence[str], appears: Path) -> None:
        """Start ssh, and wait until it has made the file ``appears``; raise EngineUnreachable with its words if not."""
        if shutil.which("ssh") is None:
            shutil.rmtree(self.directory)
            raise EngineError(
                "ssh is not installed here", hint="install OpenSSH's client: apt-get install openssh-client"
            )
        self._keeper = subprocess.Popen(
            ["sh", "-c", _KEEPER, "mailrig-ssh", self.directory, *ssh.command(self.address, ["-N", *options])],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            start_new_session=True,  # Ctrl-C is for us, and we still need the connection to tidy up
        )
        end = time.monotonic() + PATIENCE
        while not appears.exists():
            if not self.is_open or time.monotonic() > end:
                self.close()
                raise explained(self.address, self.said)
            time.sleep(_TICK)

    @property
    def is_open(self) -> bool:
        """Whether ssh still runs."""
        return self._keeper is not None and self._keeper.poll() is None

    @property
    def said(self) -> str:
        """What ssh wrote to its standard error so far."""
        return os.pread(self._said.fileno(), 2**16, 0).decode(errors="replace")

    def close(self) -> None:
        """End ssh, and remove the directory."""
        if self._keeper is None or self._keeper.stdin is None:
            shutil.rmtree(self.directory, ignore_errors=True)
            return
        self._keeper.stdin.close()
        try:
            self._keeper.wait(_GRACE)
        except subprocess.TimeoutExpired:  # it was stopped, or its disk hangs: it ends when it can
            return


def _short_directory() -> str | None:
    usual = tempfile.gettempdir()
    return "/tmp" if len(usual) > _LONGEST or ":" in usual else None  # noqa: S108 - mkdtemp makes it ours alone
