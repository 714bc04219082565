"""Plan → lines for a person; pure, readable without colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from mailrig.plan.actions import Action, Plan, Verb

if TYPE_CHECKING:
    from mailrig.check.access import Access
    from mailrig.clients.catalogue import Client

_SIGNS = {Verb.NOTHING: "=", Verb.CREATE: "+", Verb.REMOVE: "-"}
_LABELS = {Verb.RELOAD_ALL: "reload"}
_ALWAYS_COUNTED = ("reload", "restart", "recreate")
_ALSO_COUNTED = (("refresh", "refreshes"), ("start", "starts"), ("create", "creates"), ("remove", "removes"))

_MOST_CAUSES = 12
_MOST_NAMES = 4
_WIDEST = 60  # columns: a longer cell pushes only what stands behind it in its own line

_Row = tuple[str, str, str, str, str]


def text(plan: Plan) -> str:
    """Return the plan, a line for each cause: sign, subject, what is done, why, and what users will notice."""
    rows = [
        *(("+", "image", "get", tag, "") for tag in plan.images),
        *(("+", "network", "create", name, "") for name in plan.networks),
        *(("+", "volume", "create", name, "") for name in plan.volumes),
        *(row for action in plan.actions for row in _rows(action)),
        *_access_rows(plan.access),
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
        "access": [_access_dict(access) for access in plan.access],
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


def _access_rows(accesses: Iterable[Access]) -> Iterator[_Row]:
    """Yield a line for whom the change locks out, for whom it lets in, and for suites that are of no use.

    Ports of which the same is to be said share a line.
    """
    ports: dict[tuple[str, str, str, str], list[int]] = {}
    for access in accesses:
        for said in _said_of(access) if access.is_for_clients else ():
            ports.setdefault(said, []).extend(access.ports.values())
    for (sign, subject, done, what), numbers in ports.items():
        yield sign, subject, done, f"{', '.join(map(str, numbers))}: {what}", ""


def _said_of(access: Access) -> Iterator[tuple[str, str, str, str]]:
    for sign, done, clients in (("!", "lock out", access.newly_out), ("+", "let in", access.newly_in)):
        if clients:
            yield sign, "clients", done, _shortened(_named(clients))
    for told, settings in _by_value(access.left_out).items():
        yield "!", "clients", "not foreseen", f"{told}: {_shortened(settings)}"
    for lack, suites in _by_value({suite: access.dead[suite] for suite in access.newly_dead}).items():
        yield "!", "suites", "never used", f"{_shortened(suites)}: {lack}"


def _by_value(named: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in named.items():
        found.setdefault(value, []).append(name)
    return found


def _named(clients: Iterable[Client]) -> list[str]:
    """Name the clients, those that are required first."""
    legacy = [client for client in clients if client.entry.standing != "required"]
    required = [client for client in clients if client.entry.standing == "required"]
    return [client.title for client in required] + [f"{client.title}, legacy" for client in legacy]


def _shortened(names: list[str]) -> str:
    if len(names) > _MOST_NAMES:
        names = [*names[: _MOST_NAMES - 1], f"and {len(names) - _MOST_NAMES + 1} more"]
    return "; ".join(names)


def _access_dict(access: Access) -> dict[str, object]:
    return {
        "service": access.service,
        "ports": dict(access.ports),
        "required_clients": access.required,
        "locked_out": [
            {
                "client": one.client.id,
                "name": one.client.title,
                "standing": one.client.entry.standing,
                "confidence": one.client.entry.confidence,
                "source": one.client.entry.source,
                "reason": one.reason,
                "cure": one.cure,
            }
            for one in access.locked_out
        ],
        "newly_out": [client.id for client in access.newly_out],
        "newly_in": [client.id for client in access.newly_in],
        "dead_suites": dict(access.dead),
        "not_foreseen": dict(access.left_out),
    }


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
