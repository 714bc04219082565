"""What verify found out, as plain data; knows nothing of how it was asked or of how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Result:
    """The answer to one probe.

    ``probe`` and ``subject`` together are its stable name; ``seen`` says what the server did, or, when the
    probe was skipped, why; ``cause`` is the likely reason of a failure. A skipped probe counts as ok.
    """

    probe: str
    subject: str
    ok: bool
    seen: str
    cause: str | None = None
    seconds: float = 0.0
    skipped: bool = False

    @property
    def name(self) -> str:
        """Return the name by which two reports are compared, such as ``tls-1.2 imaps``."""
        return f"{self.probe} {self.subject}"

    @property
    def outcome(self) -> Literal["passed", "failed", "skipped"]:
        """Return the result in one word."""
        if self.skipped:
            return "skipped"
        return "passed" if self.ok else "failed"

    def as_dict(self) -> Mapping[str, Any]:
        """Return the result for JSON."""
        return {
            "probe": self.probe,
            "subject": self.subject,
            "outcome": self.outcome,
            "seen": self.seen,
            "cause": self.cause,
            "seconds": round(self.seconds, 3),
        }


@dataclass(frozen=True)
class Report:
    """All answers of one host, in the order in which the probes are listed."""

    host: str
    results: tuple[Result, ...]
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        """Tell whether no probe failed."""
        return not self.failed

    @property
    def failed(self) -> tuple[Result, ...]:
        """Return the results of the probes that failed."""
        return tuple(result for result in self.results if not result.ok)

    def as_dict(self) -> Mapping[str, Any]:
        """Return the report for JSON."""
        return {
            "host": self.host,
            "ok": self.ok,
            "seconds": round(self.seconds, 3),
            "results": [result.as_dict() for result in self.results],
        }
