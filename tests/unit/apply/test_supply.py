"""Where an image is taken from, where it is built, and that it is built once."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from mailrig.apply import supply as module
from mailrig.apply.supply import Supply
from mailrig.engine.connection import Engine
from mailrig.errors import EngineError, EngineUnreachable
from mailrig.render.release import Release

TAG = "mailrig/postfix:1"
HOSTS = ("home", "mx", "relay")


@dataclass(frozen=True)
class Address:
    """Where a stand-in for an engine is."""

    name: str

    @property
    def plain(self) -> Address:
        """It has one spelling."""
        return self

    def __str__(self) -> str:
        return self.name


@dataclass
class World:
    """Engines by name, with what they have; `here` is this machine's, and whoever is not in it does not answer."""

    has: dict[str, set[str]] = field(default_factory=dict)
    kinds: Mapping[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    building: Callable[[], None] = lambda: None

    def engine(self, name: str) -> Engine:
        """Return an engine that answers."""
        if name not in self.has:
            raise EngineUnreachable(f"no Docker engine answers at {name}")
        return cast(Engine, SimpleNamespace(address=Address(name), is_local=name == "here"))

    def build(self, engine: Engine, tag: str, *_: object) -> None:
        """Build an image."""
        self.building()
        self.has[str(engine.address)].add(tag)
        self.said.append(f"built at {engine.address}")

    def fetch(self, engine: Engine, tag: str) -> object:
        """Fetch an image."""
        assert tag in self.has[str(engine.address)]
        self.said.append(f"fetched from {engine.address}")
        return SimpleNamespace(file=io.BytesIO())

    def send(self, _archive: object, tag: str, engine: Engine, *_: object) -> None:
        """Send an image."""
        self.has[str(engine.address)].add(tag)
        self.said.append(f"sent to {engine.address}")

    def supply(self) -> Supply:
        """Return the supply of one run over all hosts."""
        return Supply({host: lambda host=host: self.engine(host) for host in HOSTS})  # type: ignore[misc]

    def provide(self, supply: Supply, host: str, *, rebuild: bool = False) -> None:
        """Let a host have the image."""
        service = SimpleNamespace(name="postfix", spec={"image": TAG})
        release = cast(Release, SimpleNamespace(host=host, services=(service,)))
        supply.provide(self.engine(host), release, [TAG], lambda *_: None, rebuild=rebuild)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """Three hosts and this machine, all empty."""
    made = World({name: set() for name in ("here", *HOSTS)})
    there: dict[str, Any] = {
        "images.base_image": lambda *_: "base",
        "images.build": made.build,
        "images.has_image": lambda engine, tag: tag in made.has[str(engine.address)],
        "transfer.architecture": lambda engine: made.kinds.get(str(engine.address), "amd64"),
        "transfer.fetch": made.fetch,
        "transfer.send": made.send,
        "_this_machine": lambda: made.engine("here"),
    }
    for name, stand_in in there.items():
        monkeypatch.setattr(f"{module.__name__}.{name}", stand_in)
    return made


def test_image_is_built_here_once_and_sent_to_all(world: World) -> None:
    """One build, one fetching, and as many transfers as there are hosts elsewhere."""
    supply = world.supply()
    for host in HOSTS:
        world.provide(supply, host)
    sent = ["built at here", "fetched from here", "sent to home", "sent to mx", "sent to relay"]
    assert world.said == sent


def test_without_an_engine_here_the_first_host_builds(world: World) -> None:
    """It is no transfer from a host to itself."""
    del world.has["here"]
    supply = world.supply()
    for host in HOSTS:
        world.provide(supply, host)
    assert world.said == ["built at home", "fetched from home", "sent to mx", "sent to relay"]


@pytest.mark.parametrize("owner", ["here", "home"])
def test_image_that_is_there_is_not_built_again(world: World, owner: str) -> None:
    """It is taken from this machine, or from a host before."""
    world.has[owner].add(TAG)
    world.provide(world.supply(), "mx")
    assert world.said == [f"fetched from {owner}", "sent to mx"]


def test_no_host_runs_what_one_after_it_has(world: World) -> None:
    """A gateway that somebody else has taken over cannot say what runs at home."""
    world.has["mx"].add(TAG)
    world.provide(world.supply(), "home")
    assert world.said == ["built at here", "fetched from here", "sent to home"]


def test_host_that_does_not_answer_holds_up_nobody(world: World) -> None:
    """The next one that answers builds."""
    del world.has["here"], world.has["home"]
    world.provide(world.supply(), "mx")
    assert world.said == ["built at mx"]


def test_image_for_another_kind_of_machine_is_built_there(world: World) -> None:
    """The first host of each architecture builds for the others of its kind."""
    world.kinds = {"mx": "arm64", "relay": "arm64"}
    world.has["here"].add(TAG)
    supply = world.supply()
    for host in HOSTS:
        world.provide(supply, host)
    assert world.said == ["fetched from here", "sent to home", "built at mx", "fetched from mx", "sent to relay"]


def test_who_cannot_build_is_not_asked_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where this machine reaches no packages, the first host builds, and the others get theirs from it."""
    tried: list[str] = []

    def build(engine: Engine, tag: str, *more: object) -> None:
        tried.append(str(engine.address))
        if engine.is_local:
            raise EngineError("cannot build it\n  | no way to the packages")
        world.build(engine, tag, *more)

    monkeypatch.setattr(f"{module.__name__}.images.build", build)
    supply = world.supply()
    for host in HOSTS:
        world.provide(supply, host)
    world.has["mx"].clear()
    world.provide(supply, "mx", rebuild=True)
    assert tried == ["here", "home"]
    assert world.said == ["built at home", "fetched from home", "sent to mx", "sent to relay", "sent to mx"]


def test_host_that_cannot_build_itself_fails(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nobody can, the last one's words are the error."""

    def build(engine: Engine, *_: object) -> None:
        raise EngineError(f"{engine.address} cannot build")

    monkeypatch.setattr(f"{module.__name__}.images.build", build)
    with pytest.raises(EngineError, match="home cannot build"):
        world.provide(world.supply(), "home")


def test_rebuilding_takes_none_that_was_there_before(world: World) -> None:
    """Every host gets the one that this run has built."""
    for name in world.has:
        world.has[name].add(TAG)
    supply = world.supply()
    for host in HOSTS[:2]:
        world.provide(supply, host, rebuild=True)
    assert world.said == ["built at here", "fetched from here", "sent to home", "sent to mx"]


def test_host_that_is_this_machine_needs_no_transfer(world: World) -> None:
    """What is built for it is there, also when another host needed it first."""
    supply = Supply({"home": lambda: world.engine("here"), "mx": lambda: world.engine("mx")})
    world.provide(supply, "mx", rebuild=True)
    service = SimpleNamespace(name="postfix", spec={"image": TAG})
    release = cast(Release, SimpleNamespace(host="home", services=(service,)))
    supply.provide(world.engine("here"), release, [TAG], lambda *_: None, rebuild=True)
    assert world.said == ["built at here", "fetched from here", "sent to mx"]


def test_hosts_that_need_the_same_at_once_wait_for_one_build(world: World) -> None:
    """The second thread comes while the first one builds."""
    is_building, second = threading.Event(), threading.Event()

    def building() -> None:
        is_building.set()
        second.wait(10)
        time.sleep(0.1)

    world.building = building
    supply = world.supply()
    with ThreadPoolExecutor() as threads:
        first = threads.submit(world.provide, supply, "home")
        is_building.wait(10)
        other = threads.submit(lambda: (second.set(), world.provide(supply, "mx")))
        first.result()
        other.result()
    assert world.said.count("built at here") == 1
    assert {"sent to home", "sent to mx"} < set(world.said)
