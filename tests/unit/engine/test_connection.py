"""Engines, reached: simulated ones behind real sockets, and an ssh that forwards without a server."""

from __future__ import annotations

import gc
import json
import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from textwrap import dedent

import pytest

from mailrig.engine.connection import connect
from mailrig.engine.tunnels import Tunnels
from mailrig.errors import EngineError, EngineUnreachable
from mailrig.inventory.engine import Ssh

MX = Ssh("mx", "root")

# What OpenSSH's client does for us, without a host: it makes both sockets, carries what comes, and ends when told to.
STAND_IN = """\
    #!{python}
    import os, socket, sys, threading
    with open("{started}", "a") as file:
        print(os.getpid(), *sys.argv, file=file)
    words = sys.argv
    control = words[words.index("-S") + 1]
    here, _, there = words[words.index("-L") + 1].partition(":")
    def carry(one, other):
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    def listen(path):
        server = socket.socket(socket.AF_UNIX)
        server.bind(path)
        server.listen()
        return server
    forwarded, _ = listen(here), listen(control)
    while True:
        near, _ = forwarded.accept()
        far = socket.socket(socket.AF_UNIX)
        far.connect(there)
        for pair in ((near, far), (far, near)):
            threading.Thread(target=carry, args=pair, daemon=True).start()
"""


class SimulatedEngine(socketserver.ThreadingUnixStreamServer):
    """Answers /version and /_ping as an engine does, and notes what it was asked."""

    def __init__(self, path: Path, **version: str) -> None:
        self.asked: list[str] = []
        self.version = {"ApiVersion": "1.41", "MinAPIVersion": "1.12", "Version": "20.10.24", **version}
        super().__init__(str(path), _Answers)
        self.daemon_threads = True
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()


class _Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: SimulatedEngine

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        body = b"OK" if self.path.endswith("/_ping") else json.dumps(self.server.version).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "somebody"

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedEngine]:
    """An engine behind a socket."""
    with SimulatedEngine(tmp_path_factory.mktemp("engine") / "docker.sock") as server:
        yield server
        server.shutdown()


@pytest.fixture
def ssh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put the stand-in on the PATH; return the file in which it notes its starts."""
    program, started = tmp_path / "ssh", tmp_path / "started"
    program.write_text(dedent(STAND_IN).format(python=sys.executable, started=started))
    program.chmod(0o755)
    started.touch()
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return started


def starts(noted: Path) -> list[int]:
    """Return the process numbers of all that were started."""
    return [int(line.split()[0]) for line in noted.read_text().splitlines()]


def ended(pid: int) -> bool:
    """Whether a process ends soon."""
    for _ in range(500):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.01)
    return False


def on(engine: SimulatedEngine) -> Ssh:
    """Return the address of a simulated engine, as if it were on another host."""
    return Ssh("mx", "root", path=str(engine.server_address))


def test_version_is_negotiated(simulated: SimulatedEngine) -> None:
    """An engine is asked once, and spoken to in its own version from then on."""
    engine = connect(f"unix://{simulated.server_address}")
    engine.api.version()
    engine.close()
    assert simulated.asked == ["/version", "/v1.41/version"]


def test_engine_that_is_too_old_is_refused(simulated: SimulatedEngine) -> None:
    """Before anything else is asked of it."""
    simulated.version.update(ApiVersion="1.40", Version="19.03.15")
    with pytest.raises(EngineError, match=r"Docker 19\.03\.15 with API 1\.40, and 1\.41 is needed"):
        connect(f"unix://{simulated.server_address}")
    assert simulated.asked == ["/version"]


def test_engine_that_is_newer_than_we_know(simulated: SimulatedEngine) -> None:
    """It is spoken to in the newest version that we know."""
    simulated.version.update(ApiVersion="1.99", MinAPIVersion="1.44")
    engine = connect(f"unix://{simulated.server_address}")
    assert engine.api.api_version == "1.45"
    engine.close()


def test_one_ssh_process_for_all_who_connect(simulated: SimulatedEngine, ssh: Path) -> None:
    """From several threads at once, too; and it goes when the run ends, with its directory."""
    tunnels = Tunnels()
    with ThreadPoolExecutor(8) as threads:
        found = set(threads.map(lambda _: tunnels.to(on(simulated)), range(8)))
    assert len(found) == len(starts(ssh)) == 1
    directory = found.pop().socket.parent
    assert directory.stat().st_mode & 0o777 == 0o700
    tunnels.close()
    assert not directory.exists()
    assert ended(starts(ssh)[0])


def test_connection_that_ended_is_opened_anew(simulated: SimulatedEngine, ssh: Path) -> None:
    """Whoever asks for it after ssh has ended gets another one."""
    tunnels = Tunnels()
    first = tunnels.to(on(simulated))
    os.kill(starts(ssh)[0], signal.SIGKILL)
    assert ended(starts(ssh)[0])
    while first.is_open:
        time.sleep(0.01)
    assert tunnels.to(on(simulated)) is not first
    assert len(starts(ssh)) == 2
    tunnels.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_connection_that_is_cut_names_its_host(simulated: SimulatedEngine, ssh: Path) -> None:
    """What is asked afterwards fails at once, with the address and what to do."""
    engine = connect(on(simulated))
    os.kill(starts(ssh)[-1], signal.SIGKILL)
    with pytest.raises(EngineUnreachable, match=r"the connection to ssh://root@mx/.*docker\.sock was cut") as cut:
        engine.require_answer()
    assert "the next one puts right" in (cut.value.problems[0].hint or "")
    engine.close()
    del engine, cut
    gc.collect()  # docker-py leaves a socket open where nobody listens


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_nothing_is_left_of_a_run_that_is_killed(
    simulated: SimulatedEngine, ssh: Path, tmp_path: Path, number: signal.Signals
) -> None:
    """Neither ssh nor its directory, whatever it was killed with."""
    script = (
        "import os; from mailrig.engine.connection import connect; from mailrig.inventory.engine import Ssh;"
        f"connect(Ssh('mx', path={str(simulated.server_address)!r})); os.kill(os.getpid(), {int(number)})"
    )
    temporary = tmp_path / "t"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary)}
    done = subprocess.run([sys.executable, "-c", script], check=False, env=environment)
    assert done.returncode == -number
    assert ended(starts(ssh)[0])


def test_ssh_that_fails_is_explained(tmp_path: Path, ssh: Path) -> None:
    """In the words that belong to its own, and nothing stays behind."""
    (tmp_path / "ssh").write_text("#!/bin/sh\necho 'root@mx: Permission denied (publickey).' >&2; exit 255\n")
    with pytest.raises(EngineUnreachable, match=r"permission denied \(publickey\)"):
        connect(MX)


def test_missing_ssh_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the package that brings it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(EngineError, match="ssh is not installed here") as refused:
        connect(MX)
    assert "openssh-client" in (refused.value.problems[0].hint or "")


def test_port_without_tls_is_refused() -> None:
    """Also where no inventory was asked: whoever reaches an engine is root on its host."""
    with pytest.raises(EngineError, match="without certificates"):
        connect("tcp://192.0.2.1:2375")
