"""One ssh process that carries an engine's socket here, and ends with us; knows nothing of what goes through it.

A keeper, a small shell, starts ssh and reads from a pipe of ours that nothing is ever written to. When we end, however
we end, there is nobody left at its other end: the keeper then ends ssh and removes the directory with the sockets.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from mailrig.engine import ssh
from mailrig.engine.dial import Dialler, explained_dial
from mailrig.engine.ssh_words import explained
from mailrig.errors import EngineError, EngineUnreachable
from mailrig.inventory.engine import Ssh

PATIENCE = 60  # seconds for all that comes before the socket is there: jump hosts, a key on a token
_TICK = 0.01  # seconds
_GRACE = 5  # seconds
_LONGEST_SPEECH = 2**16  # bytes
_ANSWER = 10  # seconds that an engine may take to answer the first question
_DIALLED_ANSWER = 30  # seconds, with the start of a program on the host

# The name of a socket has 104 bytes at most (on macOS; 108 in Linux's unix(7)), and ssh adds some of its own while it
# makes one. A colon would end it in `-L`, and ssh takes some other characters for its own as well.
_USABLE = re.compile(r"[A-Za-z0-9/_.+-]{1,60}")

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
    """The connection to a host, while it lasts, and the socket on which its engine answers here."""

    def __init__(self, address: Ssh) -> None:
        self.address = address
        self._directory = Path(tempfile.mkdtemp(prefix="mailrig-", dir=_directory()))
        self._words: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as we do
        self._last_words = ""
        self._keeper: subprocess.Popen[bytes] | None = None
        self._dialler: Dialler | None = None

    @property
    def socket(self) -> Path:
        """Where the engine is to be reached."""
        return self._dialler.socket if self._dialler else self._forwarded

    @property
    def is_open(self) -> bool:
        """Whether ssh still runs, as far as its keeper has noticed."""
        return self._keeper is not None and self._keeper.poll() is None and self._directory.exists()

    @property
    def said(self) -> str:
        """What ssh wrote to its standard error so far."""
        if self._words.closed:
            return self._last_words
        beginning = max(0, os.fstat(self._words.fileno()).st_size - _LONGEST_SPEECH)
        return os.pread(self._words.fileno(), _LONGEST_SPEECH, beginning).decode(errors="replace")

    def open(self) -> None:
        """Connect, and see that the engine answers; raise EngineUnreachable with the cause when it does not."""
        try:
            self._start()
            if not answers(self.socket, _ANSWER):
                self._dial()
        except TimeoutError as error:
            self.close()
            raise EngineUnreachable(
                f"no Docker engine answers at {self.address}\nsomebody takes connections there, and says nothing",
                hint="the host's log says more: journalctl -u docker",
            ) from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End ssh, and remove the directory."""
        if self._dialler:
            self._dialler.refuse()  # first: a session needs the connection from its beginning
        if self._keeper is None or self._keeper.stdin is None:
            shutil.rmtree(self._directory, ignore_errors=True)
        else:
            self._keeper.stdin.close()
            with contextlib.suppress(subprocess.TimeoutExpired):  # it was stopped: it ends as soon as it goes on
                self._keeper.wait(_GRACE)
        if self._dialler:
            self._dialler.close()
        self._last_words = self.said
        self._words.close()

    def cut(self) -> EngineUnreachable:
        """Return what is to be said when the connection has ended before its time."""
        return EngineUnreachable(
            f"the connection to {self.address} was cut{_because(self.said)}",
            hint="try again when the host can be reached; what a deploy had begun there, the next one puts right",
        )

    @property
    def _forwarded(self) -> Path:
        return self._directory / "docker.sock"

    @property
    def _control(self) -> Path:
        return self._directory / "control"

    def _start(self) -> None:
        """Start ssh, and wait until it has connected: it makes the control socket last."""
        if shutil.which("ssh") is None:
            raise EngineError(
                "ssh is not installed here", hint="install OpenSSH's client: apt-get install openssh-client"
            )
        # Forwards of somebody's ssh_config may fail, where another session has them already.
        options = [
            *("-N", "-M", "-S", str(self._control), "-o", "ExitOnForwardFailure=no"),
            *("-L", f"{self._forwarded}:{self.address.path}"),
        ]
        self._keeper = subprocess.Popen(
            ["sh", "-c", _KEEPER, "mailrig-ssh", self._directory, *ssh.command(self.address, options)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self._words,
            start_new_session=True,  # Ctrl-C is for us, and we still need the connection to tidy up
        )
        end = time.monotonic() + PATIENCE
        while not self._control.exists():
            if not self.is_open or time.monotonic() > end:
                raise explained(self.address, self.said)
            time.sleep(_TICK)
        if not self._forwarded.exists():
            raise explained(self.address, self.said)

    def _dial(self) -> None:
        """Have each connection carried by a session on the same ssh connection: the server forwards no sockets.

        So it does too when there is nothing to forward to. A session says why.
        """
        self._dialler = Dialler(self.address, self._control, self._directory / "dialled.sock", self._words)
        before = len(self.said)
        if not answers(self.socket, _DIALLED_ANSWER):
            self._dialler.await_last()
            if not self.is_open:
                raise explained(self.address, self.said)
            raise explained_dial(self.address, self.said[before:])


def answers(path: Path, seconds: float) -> bool:
    """Whether an engine answers at a socket, and does not just hang up; raise TimeoutError when nothing happens."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(seconds)
        try:
            probe.connect(str(path))
            probe.sendall(b"GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n")
            return probe.recv(5) == b"HTTP/"
        except TimeoutError:
            raise
        except OSError:
            return False


def _because(said: str) -> str:
    last: Sequence[str] = [line for line in said.splitlines() if line.strip() and "open failed" not in line]
    return f": {last[-1].strip()}" if last else ""


def _directory() -> str | None:
    """Return where to make a directory, None for the usual place."""
    return None if _USABLE.fullmatch(tempfile.gettempdir()) else "/tmp"  # noqa: S108 - mkdtemp makes it ours alone
