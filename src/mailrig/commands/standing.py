"""The verbs for a site as it stands: status, logs, restart, down."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mailrig.commands.call import Call, rendered, services_named
from mailrig.errors import MailrigError, Problem

if TYPE_CHECKING:
    from datetime import datetime

    from mailrig.diagnosis.lines import Line
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
    rows: list[dict[str, Any]] = []
    for host, release in rendered(inventory).items():
        observed = observe(call.engine(inventory, host), release)
        unchanged = {action.service for action in plan(release, observed).actions if action.verb is Verb.NOTHING}
        for service in release.services:
            container = observed.container(service.name)
            rows.append({"host": host, **standing(service, container), "up_to_date": service.name in unchanged})
    show_standing(call, rows)
    return 0 if all(row["is_fine"] for row in rows) else 1


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


def show_standing(call: Call, rows: list[dict[str, Any]]) -> None:
    """Show how services stand, and why one does not serve a renewed certificate."""
    call.console.data(rows)
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
    for release, wanted in services_named(rendered(inventory), service):
        host, engine = release.host, call.engine(inventory, release.host)
        for name, line in read(engine, release, wanted, count=LINES if count is None else count, follow=follow):
            if call.console.is_json:
                call.console.line({"host": host, "service": name, "line": line})
            else:
                call.console.text(f"{name:<8} {line}", "red" if ALARM in line else "")
    return 0


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
    found = []
    for release, services in services_named(rendered(inventory), service):
        host, engine = release.host, call.engine(inventory, release.host)
        said = _logged(engine, release, services, since, count)
        names = used_by_probes(target_of(inventory, host))
        diagnosis = diagnose(said, names, names_of(engine, release.project))
        call.console.text(f"{host}, {text(diagnosis, asked)}\n")
        found.append({"host": host, **as_dict(diagnosis)})
    call.console.data(found)
    return 0


def _logged(
    engine: Engine, release: Release, services: list[Service], since: datetime, count: int | None
) -> list[Line]:
    """Return the lines of the services' log files, since a moment, or so many of each."""
    from mailrig.diagnosis.lines import FILES, parsed
    from mailrig.engine.logfiles import read
    from mailrig.engine.observation import deployed

    said = []
    for service in services:
        files = read(engine, deployed(engine, release, service), FILES[service.name], since)
        for lines in files.values():
            last = lines if count is None else lines[len(lines) - min(count, len(lines)) :]
            said += [line for line in parsed(service.name, last) if line.time >= since]
    return said


def restart(call: Call, service: tuple[str, ...] = ()) -> int:
    """Restart services, in the order in which they depend on each other, and wait until they serve."""
    from mailrig.apply.standing import restart as restart_services

    inventory = call.load()
    done = []
    for release, services in services_named(rendered(inventory), service):
        restart_services(call.engine(inventory, release.host), release, services, call.console.step)
        done += [{"host": release.host, "service": one.name, "restarted": True} for one in services]
    call.console.data(done)
    return 0


def down(call: Call, volumes: tuple[str, ...] = ()) -> int:
    """Stop and remove the containers and the network; volumes stay, but for those named."""
    from mailrig.apply.standing import take_down

    inventory = call.load()
    removed = []
    for host, release in rendered(inventory).items():
        engine = call.engine(inventory, host)
        outcome = take_down(engine, release, volumes, call.console.step)
        removed.append({"host": host, **asdict(outcome)})
        call.console.text(f"{host}: down; volumes kept: {', '.join(outcome.kept_volumes) or 'none'}")
    call.console.data(removed)
    return 0


def _yes(value: object) -> str:
    return "yes" if value else "no"
