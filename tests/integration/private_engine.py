"""A Docker engine of a test's own, which may be killed and started again without harm to anybody else's containers.

It needs root and `dockerd`. It makes no firewall rules and no default bridge, so that it and the machine's own engine
do not get in each other's way; published ports on loopback are served by its userland proxy.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

import docker
from docker.errors import DockerException


class PrivateEngine:
    """A dockerd with its state below ``directory``."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.address = f"unix://{directory}/docker.sock"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> docker.APIClient:
        """Start the engine and return a client once it answers."""
        command = [
            "dockerd",
            *("--host", self.address),
            *("--data-root", str(self.directory / "data")),
            *("--exec-root", str(self.directory / "exec")),
            *("--pidfile", str(self.directory / "docker.pid")),
            *("--bridge", "none"),
            # Nothing listens there: names are refused at once, where without firewall rules they would time out.
            *("--dns", "127.0.0.1"),
            "--iptables=false",
            "--ip6tables=false",
        ]
        log = (self.directory / "dockerd.log").open("ab")
        self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        log.close()
        return self._answering()

    def kill(self) -> None:
        """Kill the engine, its containerd and every container process, as a power cut would."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        self._process = None
        for pid in self._others():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        (self.directory / "docker.pid").unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop the engine in order, and whatever is left of it by force."""
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=60)
        self.kill()

    def _answering(self) -> docker.APIClient:
        end = time.monotonic() + 60
        while True:
            try:
                return docker.APIClient(base_url=self.address, version="auto")
            except DockerException:
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def _others(self) -> list[int]:
        """Return containerd and its shims of this engine, and all processes in their containers."""
        parents: dict[int, int] = {}
        ours: set[int] = set()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes()
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if str(self.directory).encode() in words and int(entry.name) != os.getpid():
                ours.add(int(entry.name))
        grown = True
        while grown:
            children = {pid for pid, parent in parents.items() if parent in ours and pid not in ours}
            ours |= children
            grown = bool(children)
        return sorted(ours)
