"""How a deploy or a rollback goes on, and what is said of it: each step, and what is in force on each host then."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from mailrig.apply.hosts import together
from mailrig.commands.call import Call
from mailrig.commands.hosts import amiss
from mailrig.commands.verifying import show
from mailrig.errors import MailrigError

if TYPE_CHECKING:
    from mailrig.apply.coordinator import Coordinator
    from mailrig.apply.deployment import Deployment
    from mailrig.apply.wanted import Audience, Result, Wanted
    from mailrig.engine.connection import Engine
    from mailrig.plan.actions import Plan

ROLLED_BACK = 3  # the exit code of a deploy that brought the release before back

_EXIT_CODES = {
    "unchanged": 0,
    "verified": 0,
    "unverified": 1,
    "spared": 1,
    "rolled back": ROLLED_BACK,
    "taken back": ROLLED_BACK,
    "not taken back": ROLLED_BACK,
}


def carry_out(
    call: Call,
    wanted: Mapping[str, tuple[Engine, Wanted]],
    errors: Mapping[str, MailrigError],
    *,
    keep_going: bool,
) -> int:
    """Bring each host to what is wanted there, as one transaction; ``errors`` are of hosts out of reach."""
    from mailrig.apply.coordinator import Coordinator

    site = call.loaded.site if call.loaded else None
    hosts = [host for host in (site.hosts if site else wanted) if host in wanted or host in errors]
    ranks = {host: site.hosts[host].rank if site else 0 for host in hosts}
    deployments = {host: _deployment(call, *wanted[host], among=hosts) for host in hosts if host in wanted}
    coordinator = Coordinator(deployments, ranks, errors, keep_going=keep_going)
    try:
        coordinator.run()
    except KeyboardInterrupt:
        _say(call, coordinator)
        raise
    if len(hosts) == 1 and (error := together(coordinator.errors, among=hosts)):
        raise error
    if error := together(coordinator.errors, among=hosts):
        call.console.error(error)
    _say(call, coordinator)
    call.console.data([_as_data(coordinator, host) for host in hosts])
    codes = [_EXIT_CODES[result.outcome] for result in coordinator.results.values()]
    return max([*codes, 1 if coordinator.errors else 0])


def _deployment(call: Call, engine: Engine, wanted: Wanted, *, among: Collection[str]) -> Deployment:
    from mailrig.apply.deployment import Deployment
    from mailrig.apply.hooks import DIRECTORY, Hooks

    hooks = Hooks(
        call.loaded.directory / DIRECTORY if call.loaded else None,
        call.console.of(wanted.release.host, among=among).step,
    )
    return Deployment(engine, wanted, _audience(call, wanted, among), hooks)


def _audience(call: Call, wanted: Wanted, among: Collection[str]) -> Audience:
    """Return what shows on the console; what was generated is kept when it is about to come into force."""
    from mailrig.apply.wanted import Audience
    from mailrig.plan.text import text

    host = wanted.release.host
    console = call.console.of(host, among=among)

    def plan(planned: Plan) -> None:
        with console.as_a_whole():
            console.note(text(planned))
            if wanted.inventory is not None:
                call.keep_generated()
                call.show_new_passwords()

    def error(found: MailrigError) -> None:
        console.error(together({host: found}, among=among) or found)

    return Audience(step=console.step, plan=plan, report=lambda report: show(console, report), error=error)


def _as_data(coordinator: Coordinator, host: str) -> dict[str, Any]:
    """Return what happened on a host."""
    result = coordinator.results.get(host)
    error = coordinator.errors.get(host)
    missing = amiss({host: error})[host] if error else {}
    if result is None:
        return {"host": host, "outcome": "failed", **missing}
    outcome: dict[str, Any] = {
        "host": host,
        "plan": _planned(result.plan),
        "release": result.in_force,
        "changed": not result.plan.is_empty and result.outcome != "spared",
        "outcome": result.outcome,
        **missing,
    }
    if result.report:
        outcome["verify"] = result.report.as_dict()
    return outcome


def _planned(plan: Plan) -> dict[str, Any]:
    from mailrig.plan.text import as_dict

    return as_dict(plan)


def _say(call: Call, coordinator: Coordinator) -> None:
    """Say of each host in one last line what is in force there."""
    for host in coordinator.ranks:
        result = coordinator.results.get(host)
        words = _words(result, stays=coordinator.stays(host)) if result else _unknown(coordinator, host)
        call.console.text(f"{host}: {words}")


def _words(result: Result, *, stays: bool) -> str:
    release = result.in_force
    but = "" if result.report is None or result.report.ok else ", and not every probe passed"
    words = {
        "unchanged": f"nothing changed, release {release} is in force",
        "verified": f"release {release} is in force and verified",
        "unverified": f"release {release} is in force, and not every probe passed",
        "rolled back": f"rolled back: release {release} is in force again{but}",
        "taken back": f"taken back, since another host failed: release {release} is in force again{but}",
        "not taken back": "not taken back, though another host failed; the error above has the command that does it",
        "spared": f"not begun, since another host failed: {f'release {release}' if release else 'nothing'} is in force",
    }
    return words[result.outcome] + ("; it stays, since there is no other to go back to" if stays else "")


def _unknown(coordinator: Coordinator, host: str) -> str:
    """Say what can be said of a host on which it did not come to an end."""
    if coordinator.is_begun(host):
        return "cut short: `status` says what runs, and the next deploy puts right what is half-done"
    return "left as it was"
