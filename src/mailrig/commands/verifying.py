"""The verbs that ask every host from outside, and how its answers are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailrig.commands.call import Call, rendered
from mailrig.console import Console
from mailrig.errors import VerifyError

if TYPE_CHECKING:
    from mailrig.verify.certificates.report import Report as CertificateReport
    from mailrig.verify.report import Report


def verify(call: Call) -> int:
    """Ask every host from outside, as a mail client would, whether it does what it should."""
    from mailrig.engine.connection import connect
    from mailrig.engine.inside import ContainersInside
    from mailrig.targets import target_of
    from mailrig.verify import verify as ask

    inventory = call.load()
    reports = []
    for host, release in rendered(inventory).items():
        target = target_of(inventory, host)
        call.console.step("verify", f"waiting for the answers of {target.hostname}")
        engine = connect(inventory.site.hosts[host].engine)
        reports.append(ask(target, ContainersInside(engine, release)))
        show(call.console, reports[-1])
    call.console.data([report.as_dict() for report in reports])
    return 0 if all(report.ok for report in reports) else 1


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
