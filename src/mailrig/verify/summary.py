"""Report → a table that a person reads at a glance; pure."""

from __future__ import annotations

from collections.abc import Iterable

from mailrig.errors import Problem
from mailrig.verify.report import Report, Result

COLUMNS = ("", "probe", "of", "seen")

Row = tuple[str, str, str, str]


def rows(report: Report) -> list[Row]:
    """Return one row a probe: its outcome, what it was asked of, and what the first of these answered.

    Failures have rows of their own; what was skipped shares one row a reason.
    """
    groups: dict[tuple[str, str], list[Result]] = {}
    for result in report.results:
        groups.setdefault(_group(result), []).append(result)
    ordered = sorted(groups.values(), key=lambda group: group[0].skipped)
    return [_row(group) for group in ordered]


def problems(report: Report) -> list[Problem]:
    """Return one problem a cause, with everything that failed of it: one dead daemon fails many probes."""
    causes: dict[str, list[Result]] = {}
    for result in report.failed:
        causes.setdefault(result.cause or f"no likely cause is known of: {result.name}", []).append(result)
    return [Problem(_what_failed(results), hint=cause) for cause, results in causes.items()]


def _what_failed(results: list[Result]) -> str:
    first = results[0]
    message = f"{first.name} failed: {' '.join(first.seen.split())}"
    others = [result.name for result in results[1:]]
    return f"{message}\n  and with it: {', '.join(others)}" if others else message


def _group(result: Result) -> tuple[str, str]:
    if result.skipped:
        return "skipped", result.seen
    return result.outcome, result.probe if result.ok else result.name


def _row(group: list[Result]) -> Row:
    first = group[0]
    probes = ", ".join(_distinct(result.probe for result in group))
    subjects = ", ".join(_distinct(result.subject for result in group))
    return first.outcome, probes, subjects, " ".join(first.seen.split())


def _distinct(words: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(words))
