"""What verify found out, as one HTML page that can be sent to somebody; pure, and needs neither network nor script.

Whatever comes from servers and files is text there: Jinja2 escapes it, and the page allows nothing but its own style.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import resources
from typing import Any

import jinja2
from markupsafe import Markup

from mailrig.clients.catalogue import Kind, Standing
from mailrig.clients.server import FOR_SERVERS
from mailrig.verify.certificates.certificate import SHORT
from mailrig.verify.certificates.presented import Presented
from mailrig.verify.certificates.report import Outcome as State
from mailrig.verify.certificates.report import Report as CertificateReport
from mailrig.verify.certificates.rules import Level
from mailrig.verify.clients import Verdict
from mailrig.verify.matrix import STANDINGS, Matrix, for_servers, title
from mailrig.verify.report import Report
from mailrig.verify.target import Target

LEVELS: tuple[Level, ...] = ("error", "warning")
SIGNS: Mapping[Verdict, str] = {"let in": "✓", "locked out": "✗", "unknown": "?"}
_CLASSES: Mapping[Verdict, str] = {"let in": "good", "locked out": "bad", "unknown": "unsure"}
_STATES: Mapping[State, tuple[str, str]] = {"fine": ("good", "✓"), "warning": ("unsure", "!"), "wrong": ("bad", "✗")}
_STANDINGS: Mapping[Standing, str] = {
    "required": "Required: a deploy must not lock them out",
    "legacy": "Legacy: reported, and stop nothing",
    "ignored": "Ignored: nobody here uses them",
}
_KINDS: Mapping[Kind, str] = {
    "mail-app": "the mail program itself",
    "stand-in": "stand-in: another program, on the same TLS stack",
    "os-stack": "the TLS stack of an operating system",
    "library": "a TLS library",
}

# Not allowed in HTML (controls, lone surrogates), or would show a text in another order than it has (bidi controls).
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


@dataclass(frozen=True)
class Section:
    """What is told of one host; ``certificates`` and ``report`` are None where they were not asked for."""

    target: Target
    matrix: Matrix
    certificates: CertificateReport | None = None
    report: Report | None = None

    @property
    def host(self) -> str:
        """Return the host's name in the inventory."""
        return self.target.host

    @property
    def hostname(self) -> str:
        """Return the name that mail clients use."""
        return self.target.hostname

    def number(self, port: str) -> int:
        """Return the number under which a port is published."""
        return self.target.endpoints[port].port

    @property
    def asked(self) -> int:
        """Return how many of the other probes were asked."""
        return sum(not result.skipped for result in self.report.results) if self.report else 0

    @property
    def certificate_summary(self) -> str:
        """Say in a few words what the certificates are like."""
        wrong, soon = (len(self.certificates.problems(level)) if self.certificates else 0 for level in LEVELS)
        if not wrong and not soon:
            return "nothing is wrong"
        return f"{_count(wrong, 'error')}, {_count(soon, 'warning')}"

    @property
    def presented(self) -> tuple[Presented, ...]:
        """Return each certificate once that a port shows."""
        shown = (one for port in self.certificates.ports for one in port.presented) if self.certificates else ()
        return tuple({one.leaf.fingerprint: one for one in shown}.values())

    @property
    def ok(self) -> bool:
        """Tell whether every required client got in, as foreseen, and nothing else is wrong."""
        matrix = self.matrix
        everybody_in = matrix.count("required", "let in") == len(matrix.standing("required"))
        return (
            everybody_in
            and not matrix.unforeseen
            and (self.certificates is None or self.certificates.ok)
            and (self.report is None or self.report.ok)
        )

    @property
    def verdict(self) -> str:
        """Say how the host fares in a few words."""
        return self.matrix.summary if self.ok else f"something is wrong; {self.matrix.summary}"


def page(sections: Sequence[Section], when: datetime, version: str) -> str:
    """Return the page of all hosts, as it is to be written (UTF-8); ``version`` is mailrig's."""
    style = _text("page.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        _environment()
        .from_string(_text("page.html.j2"))
        .render(
            sections=sections,
            when=when.astimezone(UTC),
            version=version,
            style=Markup(style),  # noqa: S704 - our own file
            style_digest=f"sha256-{digest}",
        )
    )


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=True, finalize=_printable
    )
    environment.filters["title_of"] = title
    environment.globals.update(
        title=title,
        for_servers=for_servers,
        is_for_servers=_is_for_servers,
        standings=STANDINGS,
        explained=_STANDINGS,
        kinds=_KINDS,
        signs=SIGNS,
        classes=_CLASSES,
        states=_STATES,
        short=SHORT,
    )
    return environment


def _printable(value: Any) -> Any:
    """Put a mark in the place of what must not stand in a page; our own markup is left as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _UNPRINTABLE.sub("\ufffd", value)
    return value


def _count(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"


def _is_for_servers(ports: Iterable[str]) -> bool:
    return not FOR_SERVERS.isdisjoint(ports)


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")
