"""How a host is: asked of its engine, and of a shell there where one can be had; judges nothing."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from mailrig.check.hosts import Clock, Condition, Disk, Docker, PublishedPort
from mailrig.engine import labels, ssh
from mailrig.engine.connection import Engine, refusals
from mailrig.engine.ports import ANY, Binding, bindings, clash
from mailrig.engine.versions import OLDEST
from mailrig.errors import EngineError, EngineMissing, EngineUnreachable
from mailrig.inventory.engine import EngineAddress, Ssh

DATA = "/var/lib/docker"  # where an engine keeps its data unless it is told otherwise
PATIENCE = 60  # seconds for a shell's answers

# What does not exist yet will be on the disk of the nearest directory above it that does.
_SCRIPT = """
export LC_ALL=C PATH="$PATH:/usr/sbin:/sbin"
root=$1
while ! [ -d "$root" ]; do root=$(dirname "$root"); done
echo "time $(date +%s.%N)"
df -kP "$root" | awk 'NR == 2 { print "disk", $4, $2 }'
command -v ip >/dev/null && ip -o addr | awk '{ print "address", $4 }'
command -v ss >/dev/null && echo listening && ss -Hltnp
exit 0
"""


@dataclass(frozen=True)
class _Told:
    """What a shell on the host said; None where it could not."""

    clock: Clock | None = None
    disk: Disk | None = None
    addresses: tuple[str, ...] = ()
    listening: Mapping[Binding, str] | None = field(default=None)


def condition(
    host: str, address: EngineAddress, reach: Callable[[], Engine], wanted: Iterable[tuple[str, Binding]], project: str
) -> Condition:
    """Ask a host for all of it; ``wanted`` are the ports that the inventory publishes there, by name.

    Raises nothing: what went wrong is in the answer.
    """
    try:
        engine = reach()
        found = Condition(host, str(address), is_reachable=True, docker=_docker(engine))
        info = _timed_info(engine)
        told = _told(address, info.root)
        containers = _containers(engine)
    except EngineError as error:
        is_silent = isinstance(error, EngineUnreachable) and not isinstance(error, EngineMissing)
        is_there = address.is_this_machine or not is_silent
        found = Condition(host, str(address), is_reachable=is_there, trouble=error.problems)
        if not is_there:
            return found
        info, told, containers = _Info(DATA, None), _told(address, DATA), []
    ports = tuple(_port(name, binding, containers, told, project) for name, binding in wanted)
    return replace(found, disk=told.disk, clock=info.clock or told.clock, ports=ports)


@dataclass(frozen=True)
class _Info:
    root: str
    clock: Clock | None


def _docker(engine: Engine) -> Docker:
    with refusals("cannot ask for the engine's version"):
        version = engine.api.version()
    return Docker(str(version["Version"]), str(version["ApiVersion"]), OLDEST)


def _timed_info(engine: Engine) -> _Info:
    with refusals("cannot ask the engine how it is"):
        before = time.time()
        info = engine.api.info()
        after = time.time()
    return _Info(str(info.get("DockerRootDir") or DATA), _clock(_seconds(str(info["SystemTime"])), before, after))


def _seconds(time_: str) -> float:
    """Return a time of the engine's, which has nine digits behind the point, as seconds since the epoch."""
    shortened = re.sub(r"(\.\d{6})\d+", r"\1", time_)
    return dt.datetime.fromisoformat(shortened).timestamp()


def _clock(theirs: float, before: float, after: float) -> Clock:
    """Compare a host's clock with ours before and after it was asked."""
    return Clock(round(theirs - (before + after) / 2, 3), round((after - before) / 2, 3))


def _containers(engine: Engine) -> list[dict[str, Any]]:
    with refusals("cannot list containers"):
        found: list[dict[str, Any]] = engine.api.containers()
        return found


def _told(address: EngineAddress, root: str) -> _Told:
    """Have a shell tell what no engine does, where there is one to be had."""
    if isinstance(address, Ssh):
        command = ssh.command(address, remote=["sh", "-s", root])
    elif address.is_this_machine:
        command = ["sh", "-s", root]
    else:
        return _Told()
    before = time.time()
    try:
        done = subprocess.run(
            command, input=_SCRIPT, capture_output=True, text=True, errors="replace", timeout=PATIENCE, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return _Told()
    return _read(done.stdout.splitlines(), root, before, time.time())


def _read(lines: Sequence[str], root: str, before: float, after: float) -> _Told:
    facts, _, listening = "\n".join(lines).partition("\nlistening")
    words: dict[str, list[list[str]]] = {}
    for line in facts.splitlines():
        name, *values = line.split()
        words.setdefault(name, []).append(values)
    times, disks = words.get("time"), words.get("disk")
    return _Told(
        _clock(float(times[0][0]), before, after) if times else None,
        Disk(root, *(int(number) * 1024 for number in disks[0])) if disks else None,
        tuple(values[0].partition("/")[0] for values in words.get("address", ())),
        _listening(listening.splitlines()) if "listening" in lines else None,
    )


def _listening(lines: Iterable[str]) -> dict[Binding, str]:
    """Return who listens where, out of the lines of ``ss -Hltnp``; without root it does not say who."""
    found = {}
    for line in lines:
        if len(words := line.split()) > 3:  # noqa: PLR2004 - the local address is the fourth
            address, _, port = words[3].rpartition(":")
            address = address.strip("[]").partition("%")[0]
            who = re.search(r'\(\("([^"]+)",pid=(\d+)', line)
            found["" if address == "*" else address, int(port)] = f"{who[1]} (pid {who[2]})" if who else "a program"
    return found


def _port(
    name: str, binding: Binding, containers: Iterable[Mapping[str, Any]], told: _Told, project: str
) -> PublishedPort:
    port = PublishedPort(name, *binding, is_known=told.listening is not None)
    for entry in containers:
        if any(clash(held, binding) for held in bindings(entry)):
            is_ours = labels.is_ours(entry["Labels"], project)
            return replace(port, holder=f"the container {entry['Names'][0].lstrip('/')}", is_ours=is_ours)
    for held, who in (told.listening or {}).items():
        if clash(held, binding):
            return replace(port, holder=f"{who} listens there")
    if told.addresses and binding[0] not in ANY and binding[0] not in told.addresses and not _is_loopback(binding[0]):
        return replace(port, holder="the host does not have the address (is the VPN up?)")
    return port


def _is_loopback(address: str) -> bool:
    return address.startswith("127.")
