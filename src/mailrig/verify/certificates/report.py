"""What was found out about a host's certificates, as data and as the rows that a person reads; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from mailrig.errors import Problem
from mailrig.verify.certificates.certificate import SHORT, Certificate
from mailrig.verify.certificates.configured import Configured, Setup
from mailrig.verify.certificates.presented import Port, Presented
from mailrig.verify.certificates.rules import Finding, Level, age, counterpart, findings, grouped

COLUMNS = ("", "port", "certificate", "key", "days left", "chain", "file")
STYLES = {"fine": "green", "warning": "yellow", "wrong": "bold red"}

Row = tuple[str, str, str, str, str, str, str]
Outcome = Literal["fine", "warning", "wrong"]


@dataclass(frozen=True)
class Report:
    """The certificates of one host at the time ``now``: what each port shows, and what it is configured with."""

    host: str
    hostname: str
    now: datetime
    ports: tuple[Port, ...]
    setups: Mapping[str, Setup]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return all that is wrong, or soon will be, port by port."""
        return tuple(
            finding
            for port in self.ports
            for finding in findings(port, self.setups[port.name], self.hostname, self.now)
        )

    @property
    def ok(self) -> bool:
        """Tell whether nothing is wrong yet."""
        return all(finding.level != "error" for finding in self.findings)

    def problems(self, level: Level) -> list[Problem]:
        """Return each thing once that is wrong, with the ports that it is of."""
        return [
            Problem(f"{', '.join(ports)}: {finding.message}", hint=finding.hint)
            for finding, ports in grouped(self.findings)
            if finding.level == level
        ]

    def rows(self) -> list[Row]:
        """Return one row a port, two where it shows two certificates."""
        return [row for port in self.ports for row in self._rows(port)]

    def details(self) -> Iterator[str]:
        """Yield the lines that describe each certificate that is served."""
        leaves = {shown.leaf: shown.chain for port in self.ports for shown in port.presented}
        for leaf, chain in leaves.items():
            yield leaf.fingerprint
            yield f"  names    {', '.join(leaf.names) or 'none'}"
            yield f"  key      {leaf.key}"
            yield f"  issuer   {leaf.issuer}, by {leaf.signature}"
            yield f"  valid    {leaf.not_before:%Y-%m-%d} to {leaf.not_after:%Y-%m-%d}"
            root = () if chain[-1].is_self_issued else (chain[-1].issuer,)
            yield f"  chain    {' → '.join((*(one.subject for one in chain), *root))}"

    def as_dict(self) -> Mapping[str, Any]:
        """Return the report for JSON."""
        return {
            "host": self.host,
            "hostname": self.hostname,
            "ok": self.ok,
            "ports": [self._port(port) for port in self.ports],
            "findings": [
                {"level": finding.level, "ports": ports, "message": finding.message, "hint": finding.hint}
                for finding, ports in grouped(self.findings)
            ],
        }

    def _rows(self, port: Port) -> Iterator[Row]:
        setup = self.setups[port.name]
        if not port.presented:
            yield self._outcome(port, None), port.title, "", "", "", "", port.fault or ""
        for shown in port.presented:
            leaf, file = shown.leaf, counterpart(shown, port, setup)
            yield (
                self._outcome(port, leaf.fingerprint),
                port.title,
                leaf.fingerprint[:SHORT],
                leaf.key,
                str(leaf.days_left(self.now)),
                "complete" if shown.distrust is None else "not trusted",
                f"{age(file, shown)}: {file.path}" if file else "unknown",
            )

    def _outcome(self, port: Port, fingerprint: str | None) -> Outcome:
        found = [one for one in self.findings if one.port == port.name and one.fingerprint in (None, fingerprint)]
        if any(one.level == "error" for one in found):
            return "wrong"
        return "warning" if found else "fine"

    def _port(self, port: Port) -> Mapping[str, Any]:
        setup = self.setups[port.name]
        return {
            "port": port.name,
            "address": port.address,
            "service": port.service,
            "fault": port.fault,
            "is_whole": port.is_whole,
            "served": [self._served(shown, port, setup) for shown in port.presented],
            "configured": [self._file(file) for file in setup.files],
        }

    def _served(self, shown: Presented, port: Port, setup: Setup) -> Mapping[str, Any]:
        file = counterpart(shown, port, setup)
        return {
            **self._certificate(shown.leaf),
            "covers_hostname": shown.leaf.covers(self.hostname),
            "chain": [self._certificate(one) for one in shown.chain[1:]],
            "chain_complete": shown.distrust is None,
            "distrust": shown.distrust.message if shown.distrust else None,
            "hellos": shown.hellos,
            "file": file.path if file else None,
            "file_is": age(file, shown) if file else None,
        }

    def _file(self, file: Configured) -> Mapping[str, Any]:
        return {
            "path": file.path,
            "key_path": file.key_path,
            "key_matches": file.key_matches,
            "modified": file.modified.isoformat() if file.modified else None,
            "fault": file.fault,
            "chain": [self._certificate(one) for one in file.chain],
        }

    def _certificate(self, one: Certificate) -> Mapping[str, Any]:
        return {
            "fingerprint": one.fingerprint,
            "subject": one.subject,
            "issuer": one.issuer,
            "names": one.names,
            "kind": one.kind,
            "key": one.key,
            "signature": one.signature,
            "not_before": one.not_before.isoformat(),
            "not_after": one.not_after.isoformat(),
            "days_left": one.days_left(self.now),
        }
