"""One run of a verb: where it prints, which inventory it is about, and what several verbs need of that."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mailrig.console import Console
from mailrig.errors import MailrigError

if TYPE_CHECKING:
    from mailrig.engine.connection import Engine
    from mailrig.inventory.model import Inventory
    from mailrig.inventory.state import State
    from mailrig.render.release import Release, Service

DEFAULT_INVENTORY = "demo"


@dataclass
class Call:
    """One run of a verb: where it prints, and which inventory it is about."""

    console: Console
    inventory: str | None = None
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

    def engine(self, inventory: Inventory, host: str) -> Engine:
        """Return the engine of a host; raise EngineUnreachable when none answers."""
        from mailrig.engine.connection import connect

        return connect(inventory.site.hosts[host].engine)

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


def places(call: Call, site: str | None, engine: str | None) -> Iterator[Place]:
    """Yield each host of the inventory, or with ``site`` the one at ``engine`` (default: this machine's)."""
    from mailrig.engine.connection import connect
    from mailrig.engine.install import LOCAL
    from mailrig.engine.labels import PREFIX

    if site:
        yield Place("", connect(engine or LOCAL), PREFIX + site)
        return
    if engine:
        raise MailrigError("--engine goes with --site", hint="an inventory names its engines itself")
    inventory = call.load()
    for name in inventory.site.hosts:
        yield Place(name, call.engine(inventory, name), PREFIX + inventory.site.site)


def rendered(inventory: Inventory) -> Mapping[str, Release]:
    """Render and check every host of an inventory."""
    from mailrig.check import check
    from mailrig.render import render as render_host

    releases = {host: render_host(inventory, host) for host in inventory.site.hosts}
    for release in releases.values():
        check(release)
    return releases


def build_root(inventory: Inventory) -> Path:
    """Return the `build` directory: beside the `inventory` directory where there is one, else here."""
    parent = inventory.directory.parent
    return (parent.parent if parent.name == "inventory" else Path.cwd()) / "build"


def services_named(release: Release, names: tuple[str, ...]) -> list[Service]:
    """Return the services of these names, without one all of them, in the order in which they start."""
    known = [service.name for service in release.services]
    for name in names:
        if name not in known:
            raise MailrigError(f"there is no service `{name}`", hint=f"the services are: {', '.join(known)}")
    return [service for service in release.services if not names or service.name in names]
