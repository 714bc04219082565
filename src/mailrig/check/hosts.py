"""What a deploy needs of a host, and how far the host has it; knows nothing of how a host is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from mailrig.errors import Problem

GIGABYTE = 10**9
LITTLE_SPACE = 3 * GIGABYTE  # images of two releases, and some mail
NO_SPACE = GIGABYTE  # less than the images take, while they are loaded
DRIFTING = 5  # seconds: log lines of two hosts are hard to put together
WRONG = 60  # seconds: a new certificate is not valid yet, and Dovecot stops when its clock is set back

State = Literal["ok", "warning", "failed", "unknown"]


@dataclass(frozen=True)
class Docker:
    """The engine that answered, with the version of its API and the oldest that will do."""

    version: str
    api: str
    least_api: str


@dataclass(frozen=True)
class Disk:
    """The disk with the engine's data, in bytes."""

    path: str
    free: int
    size: int


@dataclass(frozen=True)
class Clock:
    """How far a host's clock is ahead of ours, and how far that may be wrong, in seconds."""

    ahead: float
    uncertainty: float


@dataclass(frozen=True)
class PublishedPort:
    """A port that the inventory publishes: who holds it, if anybody, and whether that is the site itself.

    ``is_known`` is False where nobody could tell of programs that are no containers.
    """

    name: str
    address: str
    port: int
    holder: str = ""
    is_ours: bool = False
    is_known: bool = True

    @property
    def place(self) -> str:
        """Return address and port as they are written."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


@dataclass(frozen=True)
class Condition:
    """What is known of a host. ``trouble`` is why its engine cannot be used; what could not be asked is None."""

    host: str
    address: str
    is_reachable: bool
    trouble: tuple[Problem, ...] = ()
    docker: Docker | None = None
    disk: Disk | None = None
    clock: Clock | None = None
    ports: tuple[PublishedPort, ...] = ()


@dataclass(frozen=True)
class Finding:
    """One thing that a deploy needs, and what was seen of it; ``hint`` says what helps."""

    what: str
    state: State
    seen: str
    hint: str | None = None


def findings(condition: Condition) -> tuple[Finding, ...]:
    """Judge a host; what cannot be asked of one that is not reached is left out."""
    found = [_reachable(condition)]
    if condition.is_reachable:
        found += [_engine(condition), _disk(condition), _clock(condition), *_ports(condition.ports)]
    return tuple(found)


def is_fit(condition: Condition) -> bool:
    """Whether nothing speaks against a deploy to the host."""
    return all(finding.state != "failed" for finding in findings(condition))


def as_dict(condition: Condition) -> Mapping[str, Any]:
    """Return all of it for JSON."""
    return {
        "host": condition.host,
        "engine": condition.address,
        "ok": is_fit(condition),
        "reachable": condition.is_reachable,
        "docker": asdict(condition.docker) if condition.docker else None,
        "disk": asdict(condition.disk) if condition.disk else None,
        "clock": asdict(condition.clock) if condition.clock else None,
        "ports": [asdict(port) for port in condition.ports],
        "findings": [asdict(finding) for finding in findings(condition)],
    }


def _reachable(condition: Condition) -> Finding:
    if condition.is_reachable:
        return Finding("reachable", "ok", condition.address)
    return _trouble("reachable", condition)


def _trouble(what: str, condition: Condition) -> Finding:
    said = "; ".join(_reason(problem.message) for problem in condition.trouble)
    hints = [problem.hint for problem in condition.trouble if problem.hint]
    return Finding(what, "failed", said, "\n".join(hints) or None)


def _reason(message: str) -> str:
    """Return a message in one line, without its first where others say why."""
    first, *others = message.splitlines()
    return " ".join(others) or first


def _engine(condition: Condition) -> Finding:
    if condition.docker is None:
        return _trouble("engine", condition)
    docker = condition.docker
    return Finding("engine", "ok", f"Docker {docker.version}, API {docker.api} (needed: {docker.least_api})")


def _disk(condition: Condition) -> Finding:
    disk = condition.disk
    if disk is None:
        return Finding("disk", "unknown", "only a host on ssh://, or this machine, can be asked for it")
    seen = f"{disk.free / GIGABYTE:.1f} of {disk.size / GIGABYTE:.1f} GB free at {disk.path}"
    if disk.free >= LITTLE_SPACE:
        return Finding("disk", "ok", seen)
    hint = f"deploys want {LITTLE_SPACE / GIGABYTE:.0f} GB; `docker system df` says what takes the space"
    return Finding("disk", "failed" if disk.free < NO_SPACE else "warning", seen, hint)


def _clock(condition: Condition) -> Finding:
    clock = condition.clock
    if clock is None:
        return Finding("clock", "unknown", "nobody there could be asked for the time")
    way = "ahead of" if clock.ahead > 0 else "behind"
    seen = f"{abs(clock.ahead):.1f} s {way} ours, give or take {clock.uncertainty:.1f} s"
    surely = abs(clock.ahead) - clock.uncertainty
    if surely <= DRIFTING:
        return Finding("clock", "ok", seen)
    hint = "certificates and logs go by it: one of the two clocks is not kept (timedatectl; apt-get install chrony)"
    return Finding("clock", "failed" if surely > WRONG else "warning", seen, hint)


def _ports(ports: Iterable[PublishedPort]) -> Iterator[Finding]:
    """Yield what is in the way, each by itself, and the others together."""
    good: dict[tuple[str, str], list[str]] = {}
    for port in ports:
        if port.holder and not port.is_ours:
            hint = f"stop that, or publish another port or address: `ports` and `listen` of the host, `{port.name}`"
            yield Finding(f"port {port.name}", "failed", f"{port.place}: {port.holder}", hint)
        else:
            free = "free" if port.is_known else "no container publishes it"
            state = f"held by {port.holder}" if port.holder else free
            good.setdefault((port.address, state), []).append(f"{port.name} {port.port}")
    for (address, state), names in good.items():
        yield Finding("ports", "ok", f"{address}: {', '.join(names)}: {state}")
