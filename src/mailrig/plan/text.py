"""Plan → lines for a person; pure, readable without colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from mailrig.plan.actions import Action, Plan, Verb

_SIGNS = {Verb.NOTHING: "=", Verb.CREATE: "+", Verb.REMOVE: "-"}
_COUNTED = {
    Verb.CREATE: "created",
    Verb.RELOAD: "reloaded",
    Verb.REFRESH: "refreshed",
    Verb.START: "started",
    Verb.RESTART: "restarted",
    Verb.RECREATE: "recreated",
    Verb.REMOVE: "removed",
}


def text(plan: Plan) -> str:
    """Return the plan, one line an action: sign, subject, what is done, why, and what users will notice."""
    rows = [
        *(("+", "image", "build", tag, "") for tag in plan.images),
        *(("+", "network", "create", name, "") for name in plan.networks),
        *(("+", "volume", "create", name, "") for name in plan.volumes),
        *(_row(action) for action in plan.actions),
    ]
    return "\n".join([plan.host, *_aligned(rows), summary(plan)])


def summary(plan: Plan) -> str:
    """Return the last line: how many services undergo what."""
    counts = Counter(action.verb for action in plan.actions)
    parts = [f"{counts[verb]} {word}" for verb, word in _COUNTED.items() if counts[verb]]
    if plan.is_empty:
        return "Plan: nothing to do"
    return f"Plan: {', '.join(parts) or 'no service is touched'}"


def _row(action: Action) -> tuple[str, str, str, str, str]:
    sign = _SIGNS.get(action.verb, "~")
    return sign, action.service, action.verb.value, ", ".join(action.causes), action.interruption


def _aligned(rows: list[tuple[str, str, str, str, str]]) -> Iterable[str]:
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(5)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {next(cells)} {'   '.join(cells)}".rstrip()


def as_dict(plan: Plan) -> dict[str, object]:
    """Return the plan as plain data."""
    return {
        "host": plan.host,
        "images": list(plan.images),
        "networks": list(plan.networks),
        "volumes": list(plan.volumes),
        "actions": [
            {
                "service": action.service,
                "action": action.verb.value,
                "causes": list(action.causes),
                "interruption": action.interruption,
            }
            for action in plan.actions
        ],
    }
