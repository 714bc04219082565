"""One run of a verb: where it prints, which inventory it is about, and what several verbs need of that."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mailrig.console import Console
from mailrig.errors import EngineMissing, MailrigError

if TYPE_CHECKING:
    from mailrig.apply.ahead import Ahead
    from mailrig.engine.connection import Engine
    from mailrig.inventory.engine import EngineAddress
    from mailrig.inventory.model import Inventory
    from mailrig.inventory.state import State
    from mailrig.render.release import Release, Service

DEFAULT_INVENTORY = "demo"


@dataclass
class Call:
    """One run of a verb: where it prints, which inventory it is about, and what is begun on its hosts already."""

    console: Console
    inventory: str | None = None
    ahead: Ahead | None = field(default=None, repr=False)
    _loaded: tuple[Inventory, State] | None = field(default=None, repr=False)
    _is_kept: bool = field(default=False, repr=False)

    @property
    def inventory_name(self) -> str:
        """What was asked for: the flag, else the environment, else the demo."""
        if self.inventory is not None:
            return self.inventory
        return os.environ.get("MAILRIG_INVENTORY") or DEFAULT_INVENTORY

    def directory(self) -> Path:
        """Return the directory of the inventory."""
        from mailrig.inventory import find

        if not self.inventory_name:
            raise MailrigError("--inventory is empty", hint="is the variable set that it was to come from?")
        found = find(self.inventory_name)
        if found.note:
            self.console.note(found.note)
        return found.directory

    def load(self) -> Inventory:
        """Load the inventory, once; what had to be generated for it is kept in memory until ``keep_generated``."""
        from datetime import UTC, datetime

        from mailrig.inventory import State, load

        if self._loaded is None:
            directory = self.directory()
            state = State(directory)
            self._loaded = load(directory, state, datetime.now(UTC)), state
        return self._loaded[0]

    def adopt(self, inventory: Inventory, state: State) -> None:
        """Go on with an inventory that was loaded elsewhere, and what was generated for it."""
        self._loaded = inventory, state

    @property
    def loaded(self) -> Inventory | None:
        """The inventory, when one was loaded."""
        return self._loaded[0] if self._loaded else None

    def engine(self, inventory: Inventory, host: str, *, may_install: bool = False) -> Engine:
        """Return the engine of a host; raise EngineUnreachable, with its place, when none answers.

        With ``may_install`` one is installed and started where it is this machine's own, and there is none.
        """
        from mailrig.engine.connection import connect
        from mailrig.engine.install import engine_at

        address = inventory.engine(host)
        try:
            if may_install:
                return engine_at(address, lambda text: self.console.step("engine", text))
            return connect(address)
        except MailrigError as error:
            at = inventory.at("hosts", host, "engine")
            problems = [replace(one, location=one.location or at) for one in error.problems]
            if isinstance(error, EngineMissing):
                cure = f"`mailrig host bootstrap {host}` installs and starts one"
                problems = [replace(one, hint=cure) for one in problems]
            raise type(error).of(problems) from error

    def begin(self, site: str, engines: Mapping[str, str | None]) -> None:
        """Begin on the hosts of a site that is about to be deployed, before its inventory is loaded."""
        from mailrig.apply.ahead import Ahead
        from mailrig.engine.labels import PREFIX

        self.ahead = Ahead(engines, PREFIX + site, "deploy")

    def close(self) -> None:
        """Give back what was begun and nobody has gone on with."""
        if self.ahead:
            self.ahead.close()

    def keep_generated(self) -> None:
        """Write down what was generated for the inventory."""
        if self._loaded is not None:
            self._loaded[1].save()
            self._is_kept = True

    def show_new_passwords(self) -> None:
        """Show the passwords that were generated and kept in this run; nothing shows them again."""
        if self._loaded is None or not self._is_kept:
            return
        inventory, state = self._loaded
        new = [login for login in state.new_passwords if login.address in inventory.site.accounts]
        if new:
            self.console.note(f"generated passwords, shown this once and kept in {inventory.directory / '.state'}:")
        for login in new:
            self.console.note(f"  {login.address}  {login.password.reveal()}")
        state.new_passwords.clear()


@dataclass(frozen=True)
class Place:
    """A site on one host: where what a deploy notes is to be found. ``host`` is empty when no inventory names it."""

    host: str
    engine: Engine
    project: str


def places(call: Call, site: str | None, engine: str | None) -> dict[str, Callable[[], Place]]:
    """Return how to get to each host of the inventory, or with ``site`` to the one at ``engine`` (or here)."""
    from mailrig.engine.connection import connect
    from mailrig.engine.labels import PREFIX

    if site:
        return {"": lambda: Place("", connect(_named(engine)), PREFIX + site)}
    if engine:
        raise MailrigError("--engine goes with --site", hint="an inventory names its engines itself")
    inventory = call.load()

    def reached(host: str) -> Place:
        return Place(host, call.engine(inventory, host), PREFIX + inventory.site.site)

    return {host: partial(reached, host) for host in inventory.site.hosts}


def _named(engine: str | None) -> EngineAddress:
    """Return the address of an engine that no inventory names; its certificates are where Docker's own client looks."""
    from mailrig.inventory.engine import LOCAL, ClientTls, Tcp, parse

    address = parse(engine) if engine else LOCAL
    directory = os.environ.get("DOCKER_CERT_PATH")
    if isinstance(address, Tcp) and directory:
        files = (Path(directory) / name for name in ("ca.pem", "cert.pem", "key.pem"))
        return replace(address, tls=ClientTls(*files))
    return address


def rendered(inventory: Inventory) -> Mapping[str, Release]:
    """Render and check every host of an inventory."""
    from mailrig.check import check
    from mailrig.render import render as render_host
    from mailrig.render.templates import Templates

    templates = Templates()
    releases = {host: render_host(inventory, host, templates) for host in inventory.site.hosts}
    for release in releases.values():
        check(release)
    return releases


def build_root(inventory: Inventory) -> Path:
    """Return the `build` directory: beside the `inventory` directory where there is one, else here."""
    parent = inventory.directory.parent
    return (parent.parent if parent.name == "inventory" else Path.cwd()) / "build"


def services_named(releases: Mapping[str, Release], names: tuple[str, ...]) -> Iterator[tuple[Release, list[Service]]]:
    """Yield each host's release with its services of these names, without one all of them, in the order of their start.

    A host that runs none of them is left out; a name that no host runs is an error.
    """
    known = list(dict.fromkeys(service.name for release in releases.values() for service in release.services))
    for name in names:
        if name not in known:
            raise MailrigError(f"there is no service `{name}`", hint=f"the services are: {', '.join(known)}")
    for release in releases.values():
        if named := [service for service in release.services if not names or service.name in names]:
            yield release, named
