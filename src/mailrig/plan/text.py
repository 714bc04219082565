"""Plan → lines for a person; pure, readable without colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from mailrig.plan.actions import Action, Plan, Verb

_SIGNS = {Verb.NOTHING: "=", Verb.CREATE: "+", Verb.REMOVE: "-"}
_LABELS = {Verb.RELOAD_ALL: "reload"}
_ALWAYS_COUNTED = ("reload", "restart", "recreate")
_ALSO_COUNTED = (("refresh", "refreshes"), ("start", "starts"), ("create", "creates"), ("remove", "removes"))

_MOST_CAUSES = 12
_WIDEST = 60  # columns: a longer cell pushes only what stands behind it in its own line

_Row = tuple[str, str, str, str, str]


def text(plan: Plan) -> str:
    """Return the plan, a line for each cause: sign, subject, what is done, why, and what users will notice."""
    rows = [
        *(("+", "image", "build", tag, "") for tag in plan.images),
        *(("+", "network", "create", name, "") for name in plan.networks),
        *(("+", "volume", "create", name, "") for name in plan.volumes),
        *(row for action in plan.actions for row in _rows(action)),
        *([("~", "release", "verify", plan.unverified, "no interruption")] if _only_verifies(plan) else []),
        *(("!", drift.service, "drift", drift.what, "") for drift in plan.drift),
    ]
    return "\n".join([plan.host, *_aligned([_printable(row) for row in rows]), summary(plan)])


def summary(plan: Plan) -> str:
    """Return the last line: how many services undergo what."""
    if plan.is_empty:
        return "Plan: nothing to do"
    if _only_verifies(plan):
        return "Plan: nothing to change, and to be verified"
    counts = Counter(_label(action.verb) for action in plan.actions)
    parts = [_counted(counts[word], word, f"{word}s") for word in _ALWAYS_COUNTED]
    parts += [_counted(counts[word], word, plural) for word, plural in _ALSO_COUNTED if counts[word]]
    return f"Plan: {', '.join(parts)}"


def _only_verifies(plan: Plan) -> bool:
    return bool(plan.unverified) and not plan.changes


def differences(plan: Plan) -> str:
    """Return what differs, a line each, without what would be done about it."""
    rows = [
        *(("~", "network", "", name, "") for name in plan.networks),
        *(
            (_SIGNS.get(action.verb, "~"), action.service, "", cause, "")
            for action in plan.actions
            for cause in action.causes
        ),
    ]
    return "\n".join(_aligned([_printable(row) for row in rows])) or "  nothing differs"


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
        "unverified": plan.unverified,
        "drift": [{"service": drift.service, "what": drift.what} for drift in plan.drift],
    }


def _label(verb: Verb) -> str:
    return _LABELS.get(verb, verb.value)


def _counted(number: int, word: str, plural: str) -> str:
    return f"{number} {word if number == 1 else plural}"


def _rows(action: Action) -> Iterator[_Row]:
    """Yield the action with its first cause, then a line for each further one."""
    first, *more = action.causes or ("",)
    if len(more) >= _MOST_CAUSES:
        more = [*more[: _MOST_CAUSES - 2], f"… and {len(more) - _MOST_CAUSES + 2} more"]
    yield _SIGNS.get(action.verb, "~"), action.service, _label(action.verb), first, action.interruption
    yield from ((" ", "", "", cause, "") for cause in more)


def _printable(row: _Row) -> _Row:
    """Replace what a terminal would act on: causes quote files that somebody may have edited."""
    sign, *cells = ("".join(c if c.isprintable() else "?" for c in cell) for cell in row)
    subject, done, why, noticed = cells
    return sign, subject, done, why, noticed


def _aligned(rows: list[_Row]) -> Iterable[str]:
    widths = [min(max((len(row[column]) for row in rows), default=0), _WIDEST) for column in range(5)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"  {next(cells)} {'   '.join(cells)}".rstrip()
