"""The verbs for a site as it stands: status, logs, restart, down."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from mailrig.commands.call import Call, rendered, services_named
from mailrig.commands.hosts import conclude, named, on_each
from mailrig.errors import MailrigError, Problem

if TYPE_CHECKING:
    from datetime import datetime

    from mailrig.apply.standing import TakenDown
    from mailrig.diagnosis.lines import Line
    from mailrig.diagnosis.report import Diagnosis
    from mailrig.engine.connection import Engine
    from mailrig.plan.observed import Container
    from mailrig.render.release import Release, Service

LINES = 50
"""How many of the last lines `logs` shows."""

ALARM = "the certificate is not renewed"
"""What the containers log when they refuse a certificate (mailrig-certificates): `logs` shows such a line in red."""

HOURS = 24
"""How far back `logs --explain` looks: a telephone asks every quarter of an hour, a person perhaps once a day."""


def status(call: Call) -> int:
    """Show each service: its container, its health, and the release it works with."""
    from mailrig.engine.observation import observe
    from mailrig.plan.actions import Verb
    from mailrig.plan.planner import plan

    inventory = call.load()
    releases = rendered(inventory)

    def look(host: str) -> list[dict[str, Any]]:
        release = releases[host]
        observed = observe(call.engine(inventory, host), release)
        unchanged = {action.service for action in plan(release, observed).actions if action.verb is Verb.NOTHING}
        return [
            {
                "host": host,
                **standing(service, observed.container(service.name)),
                "up_to_date": service.name in unchanged,
            }
            for service in release.services
        ]

    found, errors = on_each(call, releases, look, lambda *_: None)
    rows = [row for rows in found.values() for row in rows]
    show_standing(call, rows, named(errors))
    conclude(call, releases, errors)
    return 0 if all(row["is_fine"] for row in rows) and not errors else 1


def standing(service: Service, container: Container | None) -> dict[str, Any]:
    """Return how a service stands, as data."""
    if container is None:
        names = {"service": service.name, "container": service.spec["container_name"]}
        return {**names, "state": "missing", "release": "", "certificate_refused": [], "is_fine": False}
    return {
        "service": service.name,
        "container": container.name,
        "state": container.status,
        "release": container.loaded or container.delivered or "",
        "certificate_refused": list(container.refused),
        "is_fine": container.is_running and not container.is_unhealthy and not container.refused,
    }


def show_standing(call: Call, rows: list[dict[str, Any]], missing: Iterable[dict[str, Any]] = ()) -> None:
    """Show how services stand, and why one does not serve a renewed certificate; ``missing`` could not be asked."""
    call.console.data([*rows, *missing])
    call.console.table(
        ("host", "service", "container", "state", "configuration", "as in the inventory"),
        [
            (*(str(row[key]) for key in ("host", "service", "container", "state", "release")), _yes(row["up_to_date"]))
            for row in rows
        ],
        {"yes": "green", "no": "red", "missing": "red"},
    )
    for row in rows:
        for reason in row["certificate_refused"]:
            problem = Problem(
                f"{row['host']}: {row['service']} does not serve the renewed certificate, but the one before: {reason}",
                hint="mend the files, and they are served within a minute; `certs` has more",
            )
            call.console.error(MailrigError.of([problem]))


def logs(
    call: Call,
    service: tuple[str, ...] = (),
    follow: bool = False,
    lines: str | None = None,
    explain: bool = False,
) -> int:
    """Show what the services logged; with --explain, who cannot log in or send, why, and what helps.

    --explain reads the log files, the rotated ones too, of the last 24 hours or of --lines each.
    """
    count = None if lines is None else _count(lines)
    if explain and follow:
        raise MailrigError("--explain looks back, and cannot --follow", hint="leave one of them out")
    if explain:
        return _explain(call, service, count)
    from mailrig.engine.logs import read

    inventory = call.load()
    releases = rendered(inventory)
    wanted = {release.host: services for release, services in services_named(releases, service)}

    def read_out(host: str) -> Iterable[tuple[str, str]]:
        shown = LINES if count is None else count
        return read(call.engine(inventory, host), releases[host], wanted[host], count=shown, follows=follow)

    opened, errors = on_each(call, wanted, read_out, lambda *_: None)
    for host, name, line in _lines(opened, follow):
        _show_line(call, host, name, line, among=wanted)
    conclude(call, wanted, errors)
    return 1 if errors else 0


def _lines(opened: Mapping[str, Iterable[tuple[str, str]]], follow: bool) -> Iterable[tuple[str, str, str]]:
    """Return host, service and line: host by host, or as they come."""
    from mailrig.engine.logs import merged

    def on(host: str) -> Iterable[tuple[str, str, str]]:
        return ((host, name, line) for name, line in opened[host])

    return merged([partial(on, host) for host in opened]) if follow else chain.from_iterable(map(on, opened))


def _show_line(call: Call, host: str, service: str, line: str, among: Collection[str]) -> None:
    if call.console.is_json:
        call.console.line({"host": host, "service": service, "line": line})
        return
    name = f"{host + ':':<{max(map(len, among)) + 1}} " if len(among) > 1 else ""
    call.console.text(f"{name}{service:<9} {line}", "red" if ALARM in line else "")


def _count(lines: str) -> int:
    """Read a number of lines."""
    if not lines.isdecimal():
        raise MailrigError(f"--lines {lines}: there is no such number of lines")
    return int(lines)


def _explain(call: Call, service: tuple[str, ...], count: int | None) -> int:
    """Read the log files of each host, and say who has which trouble."""
    from datetime import UTC, datetime, timedelta

    from mailrig.diagnosis.report import diagnose
    from mailrig.diagnosis.text import as_dict, text
    from mailrig.engine.addresses import names_of
    from mailrig.targets import target_of
    from mailrig.verify.names import used_by_probes

    inventory = call.load()
    since = datetime.now(UTC) - timedelta(hours=HOURS) if count is None else datetime.fromtimestamp(0, UTC)
    asked = f"in the last {HOURS} hours" if count is None else f"in the last {count} lines of each log"
    releases = rendered(inventory)
    wanted = {release.host: services for release, services in services_named(releases, service)}

    def read_up(host: str) -> Diagnosis:
        engine, release = call.engine(inventory, host), releases[host]
        said = _logged(engine, release, wanted[host], since, count)
        names = used_by_probes(target_of(inventory, host))
        return diagnose(said, names, names_of(engine, release.project))

    found, errors = on_each(
        call, wanted, read_up, lambda host, diagnosis: call.console.text(f"{host}, {text(diagnosis, asked)}\n")
    )
    call.console.data([*({"host": host, **as_dict(one)} for host, one in found.items()), *named(errors)])
    conclude(call, wanted, errors)
    return 1 if errors else 0


def _logged(
    engine: Engine, release: Release, services: list[Service], since: datetime, count: int | None
) -> list[Line]:
    """Return the lines of the services' log files, since a moment, or so many of each."""
    from mailrig.diagnosis.lines import FILES, parsed
    from mailrig.engine.logfiles import read
    from mailrig.engine.observation import deployed

    said = []
    for service in (one for one in services if one.name in FILES):
        files = read(engine, deployed(engine, release, service), FILES[service.name], since)
        for lines in files.values():
            last = lines if count is None else lines[len(lines) - min(count, len(lines)) :]
            said += [line for line in parsed(service.name, last) if line.time >= since]
    return said


def restart(call: Call, service: tuple[str, ...] = ()) -> int:
    """Restart services, in the order in which they depend on each other, and wait until they serve."""
    from mailrig.apply.standing import restart as restart_services

    inventory = call.load()
    releases = rendered(inventory)
    wanted = {release.host: services for release, services in services_named(releases, service)}

    def restarted(host: str) -> list[dict[str, Any]]:
        progress = call.console.of(host, among=wanted).step
        restart_services(call.engine(inventory, host), releases[host], wanted[host], progress)
        return [{"host": host, "service": one.name, "restarted": True} for one in wanted[host]]

    done, errors = on_each(call, wanted, restarted, lambda *_: None)
    call.console.data([*(row for rows in done.values() for row in rows), *named(errors)])
    conclude(call, wanted, errors)
    return 1 if errors else 0


def down(call: Call, volumes: tuple[str, ...] = ()) -> int:
    """Stop and remove the containers and the network; volumes stay, but for those named."""
    from mailrig.apply.standing import take_down

    inventory = call.load()
    releases = rendered(inventory)

    def taken_down(host: str) -> TakenDown:
        progress = call.console.of(host, among=releases).step
        return take_down(call.engine(inventory, host), releases[host], volumes, progress)

    def show(host: str, outcome: TakenDown) -> None:
        call.console.text(f"{host}: down; volumes kept: {', '.join(outcome.kept_volumes) or 'none'}")

    removed, errors = on_each(call, releases, taken_down, show)
    call.console.data([*({"host": host, **asdict(one)} for host, one in removed.items()), *named(errors)])
    conclude(call, releases, errors)
    return 1 if errors else 0


def _yes(value: object) -> str:
    return "yes" if value else "no"
