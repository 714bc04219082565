"""A shell's answers about its host, read."""

from __future__ import annotations

import subprocess

import pytest

from mailrig.check.hosts import Clock, Disk
from mailrig.engine import condition
from mailrig.engine.condition import _listening, _port, _read, _seconds, _Told

SAID = """time 1000.5
disk 7000 20000
address 127.0.0.1/8
address 203.0.113.9/24
address 2001:db8::9/64
listening
LISTEN 0      128          0.0.0.0:22        0.0.0.0:*    users:(("sshd",pid=7,fd=3))
LISTEN 0      511                *:80              *:*    users:(("nginx",pid=81,fd=6),("nginx",pid=80,fd=6))
LISTEN 0      4096  127.0.0.53%lo:53         0.0.0.0:*
LISTEN 0      100             [::1]:25           [::]:*
"""
LISTENING = {
    ("0.0.0.0", 22): "sshd (pid 7)",
    ("", 80): "nginx (pid 81)",
    ("127.0.0.53", 53): "a program",
    ("::1", 25): "a program",
}


def test_answers_are_read() -> None:
    """Clock, disk, addresses, and who listens where."""
    told = _read(SAID.splitlines(), "/data", 1000.0, 1001.0)
    assert told.clock == Clock(0.0, 0.5)
    assert told.disk == Disk("/data", 7000 * 1024, 20000 * 1024)
    assert told.addresses == ("127.0.0.1", "203.0.113.9", "2001:db8::9")
    assert told.listening == LISTENING


@pytest.mark.parametrize(("said", "listening"), [("", None), ("time 1.0", None), ("time 1.0\nlistening", {})])
def test_what_was_not_said_is_not_known(said: str, listening: dict[tuple[str, int], str] | None) -> None:
    """A host without `ss` is not one on which nobody listens."""
    assert _read(said.splitlines(), "/data", 0, 1).listening == listening


def test_this_machines_shell_answers() -> None:
    """The script runs in whatever shell there is, and asks for a directory that is not there yet."""
    done = subprocess.run(
        ["sh", "-s", "/nowhere/yet"], input=condition._SCRIPT, capture_output=True, text=True, check=False
    )
    told = _read(done.stdout.splitlines(), "/nowhere/yet", 0, 0)
    assert told.disk is not None
    assert told.disk.size > 0
    assert told.clock is not None


@pytest.mark.parametrize(
    ("address", "port", "holder"),
    [
        ("203.0.113.9", 22, "sshd (pid 7) listens there"),
        ("203.0.113.9", 80, "nginx (pid 81) listens there"),
        ("203.0.113.9", 25, ""),
        ("0.0.0.0", 25, "a program listens there"),
        ("198.51.100.1", 993, "the host does not have the address (is the VPN up?)"),
        ("127.0.0.7", 993, ""),
        ("::", 993, ""),
    ],
)
def test_who_holds_a_port(address: str, port: int, holder: str) -> None:
    """Whoever listens on that address or on all of them does; and nobody can have one that is not there."""
    told = _Told(addresses=("127.0.0.1", "203.0.113.9"), listening=_listening(SAID.splitlines()[6:]))
    assert _port("smtp", (address, port), [], told, "mailrig-demo").holder == holder


def test_containers_come_first() -> None:
    """What Docker's proxy holds is a container's, and our own is in nobody's way."""
    ours = {"Labels": {}, "Names": ["/web"], "Ports": [{"Type": "tcp", "PublicPort": 25, "IP": "0.0.0.0"}]}
    told = _Told(listening={("0.0.0.0", 25): "docker-proxy (pid 9)"})
    port = _port("smtp", ("127.0.0.1", 25), [ours], told, "mailrig-demo")
    assert (port.holder, port.is_ours) == ("the container web", False)
    labelled = {**ours, "Labels": {"com.docker.compose.project": "mailrig-demo", "io.mailrig.site": "demo"}}
    assert _port("smtp", ("127.0.0.1", 25), [labelled], told, "mailrig-demo").is_ours


def test_time_of_an_engine() -> None:
    """It has nine digits behind the point, and a zone."""
    assert _seconds("1970-01-01T01:00:01.123456789+01:00") == pytest.approx(1.123456)
    assert _seconds("1970-01-01T00:00:01Z") == 1.0
