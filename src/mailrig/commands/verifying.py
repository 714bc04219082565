"""The verbs that ask every host from outside, and how its answers are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailrig.commands.call import Call, rendered
from mailrig.console import Console
from mailrig.errors import VerifyError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mailrig.engine.connection import Engine
    from mailrig.inventory.model import Inventory
    from mailrig.render.release import Release
    from mailrig.verify.certificates.report import Report as CertificateReport
    from mailrig.verify.clients import Meeting, Meetings
    from mailrig.verify.crowd import Crowd
    from mailrig.verify.report import Report


def verify(call: Call, clients: bool = False) -> int:
    """Ask every host from outside, as a mail client would, whether it does what it should."""
    from mailrig.engine.connection import connect
    from mailrig.engine.inside import ContainersInside
    from mailrig.targets import target_of
    from mailrig.verify.survey import verify as ask

    inventory = call.load()
    reports, data = [], []
    for host, release in rendered(inventory).items():
        target = target_of(inventory, host)
        call.console.step("verify", f"waiting for the answers of {target.hostname}")
        engine = connect(inventory.site.hosts[host].engine)
        met: list[Meetings] = []
        crowd = _crowd(engine, inventory, release, met.append) if clients else None
        reports.append(ask(target, ContainersInside(engine, release), crowd=crowd))
        for meetings in met:
            _show_matrix(call.console, meetings)
        show(call.console, reports[-1])
        data.append({**reports[-1].as_dict(), "clients": [one.as_dict() for all_ in met for one in all_.values()]})
    call.console.data(data)
    return 0 if all(report.ok for report in reports) else 1


def _crowd(engine: Engine, inventory: Inventory, release: Release, seen: Callable[[Meetings], None]) -> Crowd:
    """Return the mail clients that count, with what the inventory's own configuration should offer them."""
    from mailrig.apply.gate import clients_of
    from mailrig.apply.judgement import offered_alone
    from mailrig.verify.clients import AT_ONCE
    from mailrig.verify.crowd import Crowd

    offered = {port: server for ports in offered_alone(engine, release).values() for port, server in ports.items()}
    return Crowd(clients_of(inventory), offered=offered, at_once=AT_ONCE, seen=seen)


def _show_matrix(console: Console, meetings: Meetings) -> None:
    """Print how each client fared on each port."""
    ports = list(dict.fromkeys(port for _, port in meetings))
    clients = {one.client.id: one.client for one in meetings.values()}
    console.table(
        ("client", "standing", *ports),
        [
            (client.title, client.entry.standing, *(_short(meetings[id_, port]) for port in ports))
            for id_, client in clients.items()
        ],
        {"locked out": "bold red"},
    )


def _short(one: Meeting) -> str:
    from mailrig.clients.words import version_name

    return version_name(one.answer.version or 0) if one.answer and one.answer.is_let_in else one.verdict


def show(console: Console, report: Report) -> None:
    """Print a report as a table, and what failed with its cause."""
    from mailrig.verify import summary

    console.table(summary.COLUMNS, summary.rows(report), {"passed": "green", "failed": "bold red", "skipped": "dim"})
    if found := summary.problems(report):
        console.error(VerifyError.of(found))
    asked = [result for result in report.results if not result.skipped]
    passed = len(asked) - len(report.failed)
    console.text(f"{report.host}: {passed} of {len(asked)} probes passed in {report.seconds:.1f} s")


def certs(call: Call) -> int:
    """Show the certificate that each port really serves, beside the file it is from, and what is wrong with it."""
    from datetime import UTC, datetime

    from mailrig.engine.connection import connect
    from mailrig.engine.inside import ContainersInside
    from mailrig.targets import target_of
    from mailrig.verify.certificates import certificates

    inventory = call.load()
    reports = []
    for host, release in rendered(inventory).items():
        target = target_of(inventory, host)
        call.console.step("certs", f"waiting for the answers of {target.hostname}")
        engine = connect(inventory.site.hosts[host].engine)
        reports.append(certificates(target, ContainersInside(engine, release), datetime.now(UTC)))
        _show_certificates(call.console, reports[-1])
    call.console.data([report.as_dict() for report in reports])
    return 0 if all(report.ok for report in reports) else 1


def _show_certificates(console: Console, report: CertificateReport) -> None:
    """Print a table, each certificate once in full, and what is wrong with its cure."""
    from mailrig.verify.certificates.report import COLUMNS, STYLES

    console.table(COLUMNS, report.rows(), STYLES)
    for line in report.details():
        console.text(line)
    console.warn(report.problems("warning"))
    if found := report.problems("error"):
        console.error(VerifyError.of(found))
