"""The verbs for a site as it stands: status, logs, restart, down."""

from __future__ import annotations

from dataclasses import asdict

from mailrig.commands.call import Call, rendered, services_named
from mailrig.errors import MailrigError


def status(call: Call) -> int:
    """Show each service: its container, its health, and the release it works with."""
    from mailrig.engine.connection import connect
    from mailrig.engine.observation import observe
    from mailrig.plan.actions import Verb
    from mailrig.plan.planner import plan

    inventory = call.load()
    rows = []
    for host, release in rendered(inventory).items():
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
    for host, release in rendered(inventory).items():
        engine = connect(inventory.site.hosts[host].engine)
        wanted = services_named(release, service)
        for name, line in read(engine, release, wanted, count=lines, follow=follow):
            if call.console.is_json:
                call.console.line({"host": host, "service": name, "line": line})
            else:
                call.console.text(f"{name:<8} {line}")
    return 0


def restart(call: Call, service: tuple[str, ...] = ()) -> int:
    """Restart services, in the order in which they depend on each other, and wait until they serve."""
    from mailrig.apply.standing import restart as restart_services
    from mailrig.engine.connection import connect

    inventory = call.load()
    done = []
    for host, release in rendered(inventory).items():
        engine = connect(inventory.site.hosts[host].engine)
        services = services_named(release, service)
        restart_services(engine, release, services, call.console.step)
        done += [{"host": host, "service": one.name, "restarted": True} for one in services]
    call.console.data(done)
    return 0


def down(call: Call, volumes: tuple[str, ...] = ()) -> int:
    """Stop and remove the containers and the network; volumes stay, but for those named."""
    from mailrig.apply.standing import take_down
    from mailrig.engine.connection import connect

    inventory = call.load()
    removed = []
    for host, release in rendered(inventory).items():
        engine = connect(inventory.site.hosts[host].engine)
        outcome = take_down(engine, release, volumes, call.console.step)
        removed.append({"host": host, **asdict(outcome)})
        call.console.text(f"{host}: down; volumes kept: {', '.join(outcome.kept_volumes) or 'none'}")
    call.console.data(removed)
    return 0


def _yes(value: object) -> str:
    return "yes" if value else "no"
