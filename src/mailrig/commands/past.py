"""The verbs about what was done, and by whom: history, diff, lock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailrig.commands.call import Call, places
from mailrig.commands.hosts import conclude, named, on_each
from mailrig.errors import MailrigError

if TYPE_CHECKING:
    from mailrig.apply.journal import Deploy, History
    from mailrig.apply.lock import Holder
    from mailrig.plan.actions import Plan

_SHOWN_CAUSES = 3


def history(call: Call, audit: bool = False, site: str | None = None, engine: str | None = None) -> int:
    """Show the deploys of each host, the newest first: what changed, who did it, and how it ended."""
    from mailrig.apply import journal
    from mailrig.apply.images import image_to_run
    from mailrig.engine.recorder import AUDIT, reading

    hosts = places(call, site, engine)

    def read(host: str) -> bytes:
        place = hosts[host]()
        with reading(place.engine, place.project, image_to_run(place.engine)) as state:
            return state.read(AUDIT) or b""

    def show(host: str, log: bytes) -> None:
        if audit:
            _show_audit(call, log)
        else:
            _show(call, host if len(hosts) > 1 else "", journal.history(log))

    logs, errors = on_each(call, hosts, read, show)
    if not audit:
        call.console.data([*(_entry(host, journal.history(log)) for host, log in logs.items()), *named(errors)])
    conclude(call, hosts, errors)
    return 1 if errors else 0


def _entry(host: str, deploys: History) -> dict[str, object]:
    return {"host": host, "in_force": deploys.in_force, "deploys": [*map(_as_dict, deploys.deploys)]}


def _show_audit(call: Call, log: bytes) -> None:
    """Print the audit log as it is: one JSON document a line."""
    from mailrig.apply.journal import as_json, entry_of

    for line in log.splitlines():
        if entry := entry_of(line):
            call.console.line(as_json(entry))


def _show(call: Call, host: str, deploys: History) -> None:
    kept = set(deploys.kept)
    rows = [
        (
            deploy.begun.release + ("" if deploy.begun.release in kept else " (gone)"),
            deploy.begun.when.replace("+00:00", "Z"),
            deploy.begun.verb,
            f"{deploy.begun.who}@{deploy.begun.where}",
            deploy.begun.commit or "",
            deploy.outcome,
            _changes(deploy),
        )
        for deploy in reversed(deploys.deploys)
    ]
    columns = ("release", "when", "verb", "who", "commit", "outcome", "what changed")
    styles = {"verified": "green", "rolled back": "yellow", "failed": "bold red", "unverified": "red"}
    call.console.table(columns, rows, styles)
    call.console.text(f"{host and f'{host}, '}in force: {deploys.in_force or 'nothing that is known'}")


def _changes(deploy: Deploy) -> str:
    causes = deploy.begun.causes
    more = len(causes) - _SHOWN_CAUSES
    return ", ".join(causes[:_SHOWN_CAUSES]) + (f", and {more} more" if more > 0 else "")


def _as_dict(deploy: Deploy) -> dict[str, object]:
    from mailrig.apply.journal import as_json

    begun = {key: value for key, value in as_json(deploy.begun).items() if key != "entry"}
    ended = deploy.ended
    return {
        **begun,
        "outcome": deploy.outcome,
        "ended": ended.when if ended else None,
        "in_force": ended.in_force if ended else None,
        "failed": list(ended.failed) if ended else [],
    }


def diff(call: Call, release: tuple[str, ...] = (), site: str | None = None, engine: str | None = None) -> int:
    """Show what differs between two releases, setting by setting: diff A [B], B being the one in force."""
    from mailrig.apply import journal
    from mailrig.apply.comparison import compared
    from mailrig.apply.images import image_to_run
    from mailrig.apply.store import load
    from mailrig.engine.recorder import AUDIT, RELEASES, reading
    from mailrig.plan.text import as_dict, differences

    if len(release) not in (1, 2):
        raise MailrigError("diff takes one release or two", hint="`history` lists them")
    hosts = places(call, site, engine)

    def compare(host: str) -> tuple[list[str], Plan]:
        place = hosts[host]()
        with reading(place.engine, place.project, image_to_run(place.engine)) as state:
            log = journal.history(state.read(AUDIT))
            names = [log.named(name) for name in release]
            if len(names) == 1 and log.in_force is None:
                raise MailrigError("nothing is known to be in force", hint="name two releases, as in `history`")
            names += [str(log.in_force)] if len(names) == 1 else []
            old, new = (load(name, state.read(f"{RELEASES}/{name}")) for name in names)
        return names, compared(place.engine, old, new)

    def show(_: str, came: tuple[list[str], Plan]) -> None:
        (old, new), planned = came
        call.console.text(f"{planned.host}: {old} → {new}\n{differences(planned)}")

    found, errors = on_each(call, hosts, compare, show)
    data = [{"from": names[0], "to": names[1], **as_dict(planned)} for names, planned in found.values()]
    call.console.data([*data, *named(errors)])
    conclude(call, hosts, errors)
    return 1 if errors else 0


def lock(call: Call, action: tuple[str, ...] = (), site: str | None = None, engine: str | None = None) -> int:
    """Show who is at work on each host (lock status), or take the lock away from them (lock release)."""
    from dataclasses import asdict

    from mailrig.apply import lock as locks

    if len(action) > 1 or (action and action[0] not in ("status", "release")):
        raise MailrigError("lock takes `status` or `release`")
    hosts = places(call, site, engine)

    def look(host: str) -> tuple[str, Holder | None, bool]:
        place = hosts[host]()
        holder = locks.status(place.engine, place.project)
        is_released = list(action) == ["release"] and locks.release(place.engine, place.project)
        return place.host or place.project, holder, is_released

    def show(_: str, came: tuple[str, Holder | None, bool]) -> None:
        name, holder, is_released = came
        word = "released, it was held by" if is_released else "held by"
        call.console.text(f"{name}: {f'{word} {holder}' if holder else 'not locked'}")

    found, errors = on_each(call, hosts, look, show)
    data = [
        {"host": host, "holder": asdict(holder) if holder else None, "released": is_released}
        for host, (_, holder, is_released) in found.items()
    ]
    call.console.data([*data, *named(errors)])
    conclude(call, hosts, errors)
    return 1 if errors else 0
