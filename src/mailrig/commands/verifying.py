"""The verbs that ask every host from outside, and how its answers are shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from mailrig.commands.call import Call, rendered
from mailrig.commands.hosts import conclude, named, on_each
from mailrig.console import Console
from mailrig.errors import MailrigError, VerifyError

if TYPE_CHECKING:
    from mailrig.engine.connection import Engine
    from mailrig.inventory.model import Inventory
    from mailrig.render.release import Release
    from mailrig.verify.certificates.report import Report as CertificateReport
    from mailrig.verify.clients import Meetings
    from mailrig.verify.crowd import Crowd
    from mailrig.verify.matrix import Matrix
    from mailrig.verify.page import Section
    from mailrig.verify.report import Report
    from mailrig.verify.target import Inside, Target


def verify(call: Call, clients: bool = False, html: str | None = None) -> int:
    """Ask every host from outside, as a mail client would, whether it does what it should."""
    from mailrig.engine.inside import ContainersInside
    from mailrig.targets import target_of
    from mailrig.verify.survey import verify as ask

    inventory = call.load()
    releases = rendered(inventory)

    def asked(host: str) -> Answers:
        target = target_of(inventory, host)
        call.console.of(host, among=releases).step("verify", f"waiting for the answers of {target.hostname}")
        engine = call.engine(inventory, host)
        inside = ContainersInside(engine, releases[host])
        crowd, met = _crowd(engine, inventory, releases[host]) if clients or html else (None, [])
        report = ask(target, inside, crowd=crowd)
        matrix = _matrix(crowd, met[0]) if crowd and met else None
        return Answers(report, met, matrix, _section(target, inside, matrix, report) if html and matrix else None)

    def show_all(_: str, answers: Answers) -> None:
        if answers.matrix:
            _show_matrix(call.console, answers.matrix)
        show(call.console, answers.report)

    found, errors = on_each(call, releases, asked, show_all)
    if html:
        _write_page(call.console, Path(html), [one.section for one in found.values() if one.section])
    call.console.data([*(one.as_dict() for one in found.values()), *named(errors)])
    conclude(call, releases, errors)
    return 0 if all(one.report.ok for one in found.values()) and not errors else 1


@dataclass(frozen=True)
class Answers:
    """What a host answered, and how the mail clients fared that were asked for."""

    report: Report
    met: list[Meetings]
    matrix: Matrix | None
    section: Section | None

    def as_dict(self) -> dict[str, object]:
        """Return it as data."""
        return {**self.report.as_dict(), "clients": [one.as_dict() for all_ in self.met for one in all_.values()]}


def _crowd(engine: Engine, inventory: Inventory, release: Release) -> tuple[Crowd, list[Meetings]]:
    """Return the mail clients that count, with what the inventory's own configuration should offer them.

    Their answers, once they are there, are in the list.
    """
    from mailrig.apply.gate import clients_of
    from mailrig.apply.judgement import offered_alone
    from mailrig.verify.clients import AT_ONCE
    from mailrig.verify.crowd import Crowd

    met: list[Meetings] = []
    offered = {port: server for ports in offered_alone(engine, release).values() for port, server in ports.items()}
    return Crowd(clients_of(inventory), offered=offered, at_once=AT_ONCE, seen=met.append), met


def _matrix(crowd: Crowd, meetings: Meetings) -> Matrix:
    """Put together how everybody fared, and what was foreseen."""
    from mailrig.clients.prediction import predict
    from mailrig.verify.matrix import Matrix

    foreseen = {
        (client, port): predict(crowd.offered[port], one.client)
        for (client, port), one in meetings.items()
        if port in crowd.offered
    }
    return Matrix(meetings, foreseen)


def _show_matrix(console: Console, matrix: Matrix) -> None:
    """Print how each client fared on each port."""
    from mailrig.verify.matrix import STYLES

    for table in matrix.tables():
        console.table(table.columns, table.rows, STYLES)
    console.text(matrix.summary)
    for line in matrix.reasons():
        console.text(line)


def _section(target: Target, inside: Inside, matrix: Matrix, report: Report) -> Section:
    from datetime import UTC, datetime

    from mailrig.verify.certificates import certificates
    from mailrig.verify.page import Section

    return Section(target, matrix, certificates(target, inside, datetime.now(UTC)), report)


def _write_page(console: Console, file: Path, sections: list[Section]) -> None:
    """Write the page to send to somebody."""
    from datetime import UTC, datetime

    from mailrig import __version__
    from mailrig.verify.page import page

    try:
        file.write_text(page(sections, datetime.now(UTC), __version__), encoding="utf-8")
    except OSError as error:
        raise MailrigError(
            f"cannot write {file}: {error.strerror}", hint="name a file in a directory that is there"
        ) from None
    console.note(f"written to {file}")


def show(console: Console, report: Report) -> None:
    """Print a report as a table, and what failed with its cause."""
    from mailrig.verify import summary

    styles = {"passed": "green", "failed": "bold red", "skipped": "dim"}
    asked = [result for result in report.results if not result.skipped]
    passed = len(asked) - len(report.failed)
    with console.as_a_whole():
        console.table(summary.COLUMNS, summary.rows(report), styles)
        if found := summary.problems(report):
            console.error(VerifyError.of(found))
        console.text(f"{report.host}: {passed} of {len(asked)} probes passed in {report.seconds:.1f} s")


def certs(call: Call) -> int:
    """Show the certificate that each port really serves, beside the file it is from, and what is wrong with it."""
    from datetime import UTC, datetime

    from mailrig.engine.inside import ContainersInside
    from mailrig.targets import target_of
    from mailrig.verify.certificates import certificates

    inventory = call.load()
    releases = rendered(inventory)

    def asked(host: str) -> CertificateReport:
        target = target_of(inventory, host)
        call.console.of(host, among=releases).step("certs", f"waiting for the answers of {target.hostname}")
        inside = ContainersInside(call.engine(inventory, host), releases[host])
        return certificates(target, inside, datetime.now(UTC))

    reports, errors = on_each(call, releases, asked, lambda _, report: _show_certificates(call.console, report))
    call.console.data([*(report.as_dict() for report in reports.values()), *named(errors)])
    conclude(call, releases, errors)
    return 0 if all(report.ok for report in reports.values()) and not errors else 1


def _show_certificates(console: Console, report: CertificateReport) -> None:
    """Print a table, each certificate once in full, and what is wrong with its cure."""
    from mailrig.verify.certificates.report import COLUMNS, STYLES

    console.table(COLUMNS, report.rows(), STYLES)
    for line in report.details():
        console.text(line)
    console.warn(report.problems("warning"))
    if found := report.problems("error"):
        console.error(VerifyError.of(found))
