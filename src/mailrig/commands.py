"""One function per verb: wires the layers together and decides nothing itself.

Everything heavy is imported where it is used, so that `invoke --list` stays quick.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from mailrig.console import Console
from mailrig.errors import MailrigError, VerifyError

if TYPE_CHECKING:
    from mailrig.engine.connection import Engine
    from mailrig.inventory.model import Inventory
    from mailrig.inventory.state import State
    from mailrig.render.release import Release, Service
    from mailrig.verify.report import Report

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

    def load(self) -> Inventory:
        """Load the inventory; what had to be generated for it is kept in memory until ``keep``."""
        from datetime import UTC, datetime

        from mailrig.inventory import State, find, load

        if not self.inventory_name:
            raise MailrigError("--inventory is empty", hint="is the variable set that it was to come from?")
        found = find(self.inventory_name)
        if found.note:
            self.console.note(found.note)
        state = State(found.directory)
        self._loaded = load(found.directory, state, datetime.now(UTC)), state
        return self._loaded[0]

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


def deploy(call: Call, rebuild: bool = False) -> int:
    """Bring every host to what the inventory says, then verify it from outside."""
    from mailrig.engine.install import engine_at

    inventory = call.load()
    releases = _render_all(inventory)
    engines = {
        host: engine_at(inventory.site.hosts[host].engine, lambda text: call.console.step("engine", text))
        for host in releases
    }
    try:
        outcomes = [
            _deploy_host(call, inventory, release, engines[host], rebuild=rebuild) for host, release in releases.items()
        ]
    finally:
        call.show_new_passwords()
    call.console.data([outcome for outcome, _ in outcomes])
    return 0 if all(ok for _, ok in outcomes) else 1


def _deploy_host(
    call: Call, inventory: Inventory, release: Release, engine: Engine, *, rebuild: bool
) -> tuple[dict[str, object], bool]:
    """Plan, apply and verify one host; return what happened as data, and whether all is well."""
    from mailrig.apply.executor import Executor, clear_leftovers, refuse_foreign
    from mailrig.apply.verification import is_verified, note_verified
    from mailrig.apply.waiting import await_service
    from mailrig.engine.observation import observe
    from mailrig.plan.planner import plan
    from mailrig.plan.text import as_dict, text
    from mailrig.render.schema import validate

    observed = observe(engine, release)
    refuse_foreign(observed)
    clear_leftovers(engine, release)
    planned = plan(release, observed, rebuild=rebuild)
    outcome: dict[str, object] = {"plan": as_dict(planned), "release": release.id, "changed": not planned.is_empty}
    if planned.is_empty and is_verified(release, observed):
        call.console.text(f"{release.host}: nothing changed, release {release.id} is in force")
        return outcome, True
    if planned.is_empty:
        call.console.text(f"{release.host}: nothing changed, and release {release.id} has not passed since it started")
        for service in release.services:
            await_service(engine, release, service, call.console.step)
    else:
        validate(release.model)
        call.keep_generated()
        call.console.note(text(planned))
        Executor(engine, release, observed, call.console.step).apply(planned)
    report = _verify_host(call, inventory, release, engine)
    if report.ok:
        note_verified(engine, release)
    outcome["verify"] = report.as_dict()
    return outcome, report.ok


def verify(call: Call) -> int:
    """Ask every host from outside, as a mail client would, whether it does what it should."""
    from mailrig.engine.connection import connect

    inventory = call.load()
    reports = [
        _verify_host(call, inventory, release, connect(inventory.site.hosts[host].engine))
        for host, release in _render_all(inventory).items()
    ]
    call.console.data([report.as_dict() for report in reports])
    return 0 if all(report.ok for report in reports) else 1


def _verify_host(call: Call, inventory: Inventory, release: Release, engine: Engine) -> Report:
    from mailrig.engine.inside import ContainersInside
    from mailrig.targets import target_of
    from mailrig.verify import verify as ask

    target = target_of(inventory, release.host)
    call.console.step("verify", f"waiting for the answers of {target.hostname}")
    report = ask(target, ContainersInside(engine, release))
    _show(call.console, report)
    return report


def _show(console: Console, report: Report) -> None:
    """Print a report as a table, and what failed with its cause."""
    from mailrig.verify import summary

    console.table(summary.COLUMNS, summary.rows(report), {"passed": "green", "failed": "bold red", "skipped": "dim"})
    if found := summary.problems(report):
        console.error(VerifyError.of(found))
    asked = [result for result in report.results if not result.skipped]
    passed = len(asked) - len(report.failed)
    console.text(f"{report.host}: {passed} of {len(asked)} probes passed in {report.seconds:.1f} s")


def status(call: Call) -> int:
    """Show each service: its container, its health, and the release it works with."""
    from mailrig.engine.connection import connect
    from mailrig.engine.observation import observe
    from mailrig.plan.actions import Verb
    from mailrig.plan.planner import plan

    inventory = call.load()
    rows = []
    for host, release in _render_all(inventory).items():
        observed = observe(connect(inventory.site.hosts[host].engine), release)
        unchanged = {action.service for action in plan(release, observed).actions if action.verb is Verb.NOTHING}
        for service in release.services:
            container = observed.container(service.name)
            rows.append(
                {
                    "host": host,
                    "service": service.name,
                    "container": container.name if container else service.spec["container_name"],
                    "state": container.status if container else "missing",
                    "release": (container.loaded or container.delivered or "") if container else "",
                    "up_to_date": service.name in unchanged,
                    "is_fine": container is not None and container.is_running and not container.is_unhealthy,
                }
            )
    call.console.data(rows)
    call.console.table(
        ("host", "service", "container", "state", "configuration", "as in the inventory"),
        [
            (*(str(row[key]) for key in ("host", "service", "container", "state", "release")), _yes(row["up_to_date"]))
            for row in rows
        ],
        {"yes": "green", "no": "red", "missing": "red"},
    )
    return 0 if all(row["is_fine"] for row in rows) else 1


def logs(call: Call, service: tuple[str, ...] = (), follow: bool = False, lines: int = 50) -> int:
    """Show what the services logged; with --json one document a line."""
    if lines < 0:
        raise MailrigError(f"--lines {lines}: there is no such number of lines")
    from mailrig.engine.connection import connect
    from mailrig.engine.logs import read

    inventory = call.load()
    for host, release in _render_all(inventory).items():
        engine = connect(inventory.site.hosts[host].engine)
        wanted = _services(release, service)
        for name, line in read(engine, release, wanted, count=lines, follow=follow):
            if call.console.is_json:
                call.console.line({"host": host, "service": name, "line": line})
            else:
                call.console.text(f"{name:<8} {line}")
    return 0


def restart(call: Call, service: tuple[str, ...] = ()) -> int:
    """Restart services, in the order in which they depend on each other, and wait until they serve."""
    from mailrig.apply.standing import restart as restart_service
    from mailrig.engine.connection import connect

    inventory = call.load()
    done = []
    for host, release in _render_all(inventory).items():
        engine = connect(inventory.site.hosts[host].engine)
        for one in _services(release, service):
            restart_service(engine, release, one, call.console.step)
            done.append({"host": host, "service": one.name, "restarted": True})
    call.console.data(done)
    return 0


def render(call: Call, dry_run: bool = False) -> int:
    """Write what would be deployed to build/<inventory>/<host>/, secrets as fingerprints."""
    from mailrig.render import folder

    inventory = call.load()
    root = build_root(inventory)
    written = []
    for host, release in _render_all(inventory).items():
        directory = root / inventory.name / host
        difference = folder.diff(release, directory)
        written.append({"host": host, "release": release.id, "directory": str(directory), "diff": difference})
        if dry_run:
            call.console.text(difference or f"{host}: nothing would change in {directory}")
        else:
            folder.write(release, directory)
            call.console.text(f"{host}: release {release.id} in {directory}")
    if not dry_run:
        call.keep_generated()
        call.show_new_passwords()
    call.console.data(written)
    return 0


def down(call: Call, volumes: tuple[str, ...] = ()) -> int:
    """Stop and remove the containers and the network; volumes stay, but for those named."""
    from mailrig.apply.standing import take_down
    from mailrig.engine.connection import connect

    inventory = call.load()
    removed = []
    for host, release in _render_all(inventory).items():
        engine = connect(inventory.site.hosts[host].engine)
        outcome = take_down(engine, release, volumes, call.console.step)
        removed.append({"host": host, **asdict(outcome)})
        call.console.text(f"{host}: down; volumes kept: {', '.join(outcome.kept_volumes) or 'none'}")
    call.console.data(removed)
    return 0


def init(call: Call, directory: tuple[str, ...] = ()) -> int:
    """Write a commented inventory to start from: init DIR."""
    from mailrig.inventory import init as write

    if len(directory) != 1:
        raise MailrigError("init takes one directory", hint="for instance: init inventory/home")
    files = write(Path(directory[0]))
    call.console.data([str(path) for path in files])
    for path in files:
        call.console.text(f"wrote {path}")
    call.console.text(f"next: edit {files[0]}, then deploy --inventory {directory[0]}")
    return 0


def schema(call: Call) -> int:
    """Print the JSON Schema of an inventory, for editors."""
    from mailrig.inventory import json_schema

    call.console.document(json_schema())
    return 0


def build_root(inventory: Inventory) -> Path:
    """Return the `build` directory: beside the `inventory` directory where there is one, else here."""
    parent = inventory.directory.parent
    return (parent.parent if parent.name == "inventory" else Path.cwd()) / "build"


def _render_all(inventory: Inventory) -> dict[str, Release]:
    from mailrig.check import check
    from mailrig.render import render as render_host

    releases = {host: render_host(inventory, host) for host in inventory.site.hosts}
    for release in releases.values():
        check(release)
    return releases


def _services(release: Release, names: tuple[str, ...]) -> list[Service]:
    known = [service.name for service in release.services]
    for name in names:
        if name not in known:
            raise MailrigError(f"there is no service `{name}`", hint=f"the services are: {', '.join(known)}")
    return [service for service in release.services if not names or service.name in names]


def _yes(value: object) -> str:
    return "yes" if value else "no"
