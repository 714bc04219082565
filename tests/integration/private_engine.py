"""A Docker engine of a test's own, which may be killed and started again without harm to anybody else's containers.

It needs root, `dockerd` and `ip`. It runs in a network namespace of its own: two engines in one would remove each
other's bridges and firewall rules. A veth pair leads there, so that what is published is reached at ``published``.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from sites import answers


@contextlib.contextmanager
def private_engine(directory: Path) -> Iterator[PrivateEngine]:
    """Make an engine, not started yet; where it cannot be, the test fails in CI, and is skipped elsewhere."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("dockerd", "ip", "nsenter"))):
        reason = "an engine of the test's own needs root, dockerd, ip and nsenter"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    engine = PrivateEngine(directory)
    try:
        yield engine
    finally:
        engine.stop()


class PrivateEngine:
    """A dockerd with its state below ``directory``, publishing on the address ``published``."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.address = f"unix://{directory}/docker.sock"
        number = os.getpid() % 16384  # two runs side by side: the process ids differ
        self.published = f"172.31.{128 + number // 128}.{number % 128 * 2 + 1}"
        self.gateway = f"172.31.{128 + number // 128}.{number % 128 * 2}"
        self._namespace = f"mailrig-{number}"
        self._process: subprocess.Popen[bytes] | None = None
        self._make_network(number)

    @contextlib.contextmanager
    def strangers(self) -> Iterator[tuple[str, str]]:
        """Give either end another address, and yield them: one of the tests' own host, one of the engine's host."""
        outside, inside = (self.published.replace("172.31.", f"198.{last}.") for last in (18, 19))
        for command in (
            ("ip", "addr", "add", f"{outside}/32", "dev", self._outer),
            ("ip", "route", "add", f"{inside}/32", "dev", self._outer),
            ("ip", "-n", self._namespace, "addr", "add", f"{inside}/32", "dev", self._inner),
        ):
            subprocess.run(command, check=True)
        try:
            yield outside, inside
        finally:
            subprocess.run(("ip", "route", "del", f"{inside}/32"), check=True)
            subprocess.run(("ip", "addr", "del", f"{outside}/32", "dev", self._outer), check=True)
            subprocess.run(("ip", "-n", self._namespace, "addr", "del", f"{inside}/32", "dev", self._inner), check=True)

    def run(self, script: str, *words: str) -> str:
        """Run a Python script on the engine's host, and return what it printed."""
        command = ("nsenter", f"--net=/run/netns/{self._namespace}", sys.executable, "-c", script, *words)
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _make_network(self, number: int) -> None:
        """Make the namespace, and the pair of interfaces that leads there (a /31, RFC 3021)."""
        self._outer, self._inner = outer, inner = f"mrh{number}", f"mrc{number}"
        inside = ("ip", "-n", self._namespace)
        for command in (
            ("ip", "netns", "add", self._namespace),
            ("ip", "link", "add", outer, "type", "veth", "peer", "name", inner, "netns", self._namespace),
            ("ip", "addr", "add", f"{self.gateway}/31", "dev", outer),
            ("ip", "link", "set", outer, "up"),
            (*inside, "addr", "add", f"{self.published}/31", "dev", inner),
            (*inside, "link", "set", inner, "up"),
            (*inside, "link", "set", "lo", "up"),
            (*inside, "route", "add", "default", "via", self.gateway),
        ):
            subprocess.run(command, check=True)

    def start(self) -> None:
        """Start the engine and wait until it answers."""
        command = [
            *("nsenter", f"--net=/run/netns/{self._namespace}"),  # unlike `ip netns exec`, it leaves /sys as it is
            "dockerd",
            *("--host", self.address),
            *("--data-root", str(self.directory / "data")),
            *("--exec-root", str(self.directory / "exec")),
            *("--pidfile", str(self.directory / "docker.pid")),
            *("--dns", "127.0.0.1"),  # nothing listens there: a name is refused at once, where it would time out
        ]
        log = (self.directory / "dockerd.log").open("ab")
        self._process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        log.close()
        self._await_answer()

    def take_images(self, source: docker.APIClient, tags: list[str]) -> None:
        """Load images from another engine."""
        with contextlib.closing(docker.APIClient(base_url=self.address, version="auto")) as client:
            for tag in tags:
                client.load_image(b"".join(source.get_image(tag)))

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
        self._forget_what_is_in_memory()

    def stop(self) -> None:
        """Stop the engine in order, and whatever is left of it by force."""
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=60)
        self.kill()
        subprocess.run(["ip", "netns", "delete", self._namespace], check=True)

    def _forget_what_is_in_memory(self) -> None:
        """Undo mounts and remove what lies in /run on a real host: after a power cut they are gone."""
        mounted = [line.split()[1] for line in Path("/proc/self/mounts").read_text().splitlines()]
        for mount in reversed([path for path in mounted if path.startswith(f"{self.directory}/")]):
            subprocess.run(["umount", "--lazy", mount], check=True)
        shutil.rmtree(self.directory / "exec", ignore_errors=True)
        (self.directory / "docker.pid").unlink(missing_ok=True)

    def _await_answer(self) -> None:
        end = time.monotonic() + 60
        while not answers(self.address):
            if time.monotonic() > end:
                raise TimeoutError((self.directory / "dockerd.log").read_text()[-2000:])
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
