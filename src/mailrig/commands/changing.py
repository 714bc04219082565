"""The verbs that bring a host to another release, or say what that would take: plan, deploy, rollback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mailrig.commands.call import Call, places, rendered
from mailrig.commands.clients import unknown
from mailrig.commands.hosts import each
from mailrig.commands.verifying import show
from mailrig.errors import EngineUnreachable, Lockout, MailrigError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from mailrig.apply.hooks import Hooks
    from mailrig.apply.wanted import Audience, Result, Wanted
    from mailrig.engine.connection import Engine
    from mailrig.engine.observation import Gathered
    from mailrig.inventory.model import Inventory
    from mailrig.plan.actions import Plan
    from mailrig.render.release import Release

CHANGES = 2  # the exit code of a plan that has something to do
ROLLED_BACK = 3  # the exit code of a deploy that brought the release before back

_EXIT_CODES = {"unchanged": 0, "verified": 0, "unverified": 1, "rolled back": ROLLED_BACK}


def plan(call: Call, out: str | None = None, allow_lockout: tuple[str, ...] = ()) -> int:
    """Show what a deploy would do, why, and what users will notice: exit 0 for nothing, 2 for something."""
    from mailrig.apply.saved import save
    from mailrig.check.lockout import problems
    from mailrig.plan.text import as_dict, text

    inventory = call.load()
    _refuse_unknown(inventory, allow_lockout)
    releases = rendered(inventory)
    entries: dict[str, dict[str, object]] = {}

    def is_up_to_date(host: str) -> bool:
        planned, fingerprint = _plan_host(call, inventory, releases[host])
        call.console.text(text(planned))
        entries[host] = {**as_dict(planned), "release": releases[host].id, "fingerprint": fingerprint}
        if lockouts := problems(planned.access, allow_lockout, inventory, host):
            raise Lockout.of(lockouts)
        return planned.is_empty

    up_to_date, error = each(releases, is_up_to_date)
    if error and not entries:
        raise error
    if error:
        call.console.error(error)
        call.console.data({"hosts": entries, "error": [problem.message for problem in error.problems]})
        return 1
    if out:
        call.keep_generated()
        save(Path(out), inventory.site.site, entries)
        allowed = "".join(f" --allow-lockout {client}" for client in allow_lockout)
        call.console.note(f"kept in {out}: deploy --plan {out}{allowed}")
        call.show_new_passwords()
    call.console.data({"hosts": entries})
    return 0 if all(up_to_date.values()) else CHANGES


def _plan_host(call: Call, inventory: Inventory, release: Release) -> tuple[Plan, str]:
    """Plan one host; return the plan and the fingerprint of what it was made for."""
    from mailrig.apply.deployment import refuse_foreign
    from mailrig.apply.gate import reckoned
    from mailrig.apply.judgement import judged
    from mailrig.engine.observation import observe
    from mailrig.plan.planner import fingerprint
    from mailrig.plan.planner import plan as plan_for
    from mailrig.targets import target_of

    engine = call.engine(inventory, release.host)
    hooks = _hooks(call, inventory)
    told = {"site": inventory.site.site, "host": release.host, "release": release.id}
    hooks.run("pre-plan", told)
    observed = observe(engine, release)
    refuse_foreign(observed)
    preview = plan_for(release, observed)
    with judged(engine, release, observed, preview, inventory) as judgement:
        judgement.refuse()
        planned = plan_for(release, observed, judgement.effective)
        planned = replace(planned, access=reckoned(judgement, target_of(inventory, release.host), inventory))
    actions = "\n".join(f"{action.service} {action.verb.value}" for action in planned.actions)
    if error := hooks.run_after("post-plan", {**told, "actions": actions}):
        call.console.error(error)
    return planned, fingerprint(observed)


def deploy(call: Call, rebuild: bool = False, plan: str | None = None, allow_lockout: tuple[str, ...] = ()) -> int:
    """Bring every host to what the inventory says, then verify it from outside; undo it when it does not hold."""
    from mailrig.apply.provenance import commit_of
    from mailrig.apply.supply import Supply
    from mailrig.apply.wanted import Wanted
    from mailrig.targets import target_of

    if rebuild and plan:
        raise MailrigError("--rebuild does not go with --plan", hint="the plan was made without it")
    inventory = call.load()
    _refuse_unknown(inventory, allow_lockout)
    first = next(iter(inventory.site.hosts))
    engine, gathered = _look(call, inventory, first)
    releases = rendered(inventory)
    saved = _saved(plan, inventory, releases)
    commit = commit_of(inventory.directory)
    supply = Supply({host: partial(call.engine, inventory, host) for host in inventory.site.hosts})

    def ready(host: str) -> tuple[Engine, Wanted]:
        known, seen = (engine, gathered) if host == first else (None, None)
        reached = known or call.engine(inventory, host, may_install=True)
        wanted = Wanted(
            releases[host],
            target_of(inventory, host),
            "deploy",
            inventory,
            commit,
            rebuild=rebuild,
            planned=saved.get(host),
            allowed_lockouts=allow_lockout,
            gathered=seen,
            supply=supply,
        )
        if len(releases) > 1:  # a transaction refuses before it touches its host; others must not be touched either
            from mailrig.apply.deployment import prepare

            wanted = prepare(reached, wanted, _audience(call, is_rendered=True))
        return reached, wanted

    hosts, error = each(releases, ready)
    if error:
        raise error
    outcomes = []
    for reached, wanted in hosts.values():
        outcomes.append(_bring(call, reached, wanted, inventory))
        if outcomes[-1][1] == ROLLED_BACK:
            break  # what one host could not stand, the next one is spared
    call.console.data([outcome for outcome, _ in outcomes])
    return max(code for _, code in outcomes)


def _refuse_unknown(inventory: Inventory, named: tuple[str, ...]) -> None:
    """Raise for a mail client that nobody knows."""
    if named:
        from mailrig.apply.gate import clients_of

        known = {client.id: client for client in clients_of(inventory)}
        if problems := [unknown(id_, known) for id_ in named if id_ not in known]:
            raise MailrigError.of(problems)


def _look(call: Call, inventory: Inventory, host: str) -> tuple[Engine, Future[Gathered]] | tuple[None, None]:
    """Begin to look at a host, if its engine answers, while the releases are being rendered.

    It is the first one: what is done there takes its time, and a look at another would be old by then.
    """
    from mailrig.engine.labels import PREFIX
    from mailrig.engine.observation import gathering

    try:
        engine = call.engine(inventory, host)
    except EngineUnreachable:  # whoever needs it will say so, or install one
        return None, None
    return engine, gathering(engine, PREFIX + inventory.site.site)


def _saved(file: str | None, inventory: Inventory, releases: Mapping[str, Release]) -> dict[str, str]:
    """Return the fingerprint of each host in a saved plan; raise Outdated when the inventory has changed since."""
    from mailrig.apply.saved import read

    return read(Path(file), inventory.site.site, {host: one.id for host, one in releases.items()}) if file else {}


def rollback(call: Call, release: tuple[str, ...] = (), site: str | None = None, engine: str | None = None) -> int:
    """Bring an earlier release back, from what is kept on the host alone; without a name the last verified one."""
    from mailrig.apply import journal
    from mailrig.apply.images import image_to_run
    from mailrig.apply.store import load
    from mailrig.apply.wanted import Wanted
    from mailrig.engine.recorder import AUDIT, RELEASES, reading

    if len(release) > 1:
        raise MailrigError("rollback takes one release", hint="`history` lists them")
    found = []
    for place in places(call, site, engine):
        with reading(place.engine, place.project, image_to_run(place.engine)) as state:
            history = journal.history(state.read(AUDIT))
            name = history.named(release[0]) if release else history.before()
            if name is None:
                raise MailrigError(
                    "there is no earlier release that was verified", hint="`history` shows what is kept on the host"
                )
            found.append((place.engine, name, load(name, state.read(f"{RELEASES}/{name}"))))
    outcomes = []
    for one, name, stored in found:
        wanted = Wanted(stored.release, stored.target, "rollback", name=name, images=stored.images)
        outcomes.append(_bring(call, one, wanted, call.loaded))
    call.console.data([outcome for outcome, _ in outcomes])
    return max(code for _, code in outcomes)


def _bring(call: Call, engine: Engine, wanted: Wanted, inventory: Inventory | None) -> tuple[dict[str, object], int]:
    """Bring one host to what is wanted; return what happened as data, and the exit code that it stands for."""
    from mailrig.apply.deployment import bring
    from mailrig.plan.text import as_dict

    result = bring(engine, wanted, _audience(call, is_rendered=wanted.inventory is not None), _hooks(call, inventory))
    _say(call, wanted, result)
    outcome: dict[str, object] = {
        "plan": as_dict(result.plan),
        "release": result.in_force,
        "changed": not result.plan.is_empty,
        "outcome": result.outcome,
    }
    if result.report:
        outcome["verify"] = result.report.as_dict()
    return outcome, _EXIT_CODES[result.outcome]


def _say(call: Call, wanted: Wanted, result: Result) -> None:
    """Say in one last line how it ended."""
    host, release = wanted.release.host, result.in_force
    words = {
        "unchanged": f"nothing changed, release {release} is in force",
        "verified": f"release {release} is in force and verified",
        "unverified": f"release {release} is in force, and not every probe passed",
        "rolled back": f"rolled back: release {release} is in force again{_but(result)}",
    }
    call.console.text(f"{host}: {words[result.outcome]}")


def _but(result: Result) -> str:
    return "" if result.report is None or result.report.ok else ", and not every probe passed"


def _audience(call: Call, *, is_rendered: bool) -> Audience:
    """Return what shows on the console; what was generated is kept when it is about to come into force."""
    from mailrig.apply.wanted import Audience
    from mailrig.plan.text import text

    def told(planned: Plan) -> None:
        call.console.note(text(planned))
        if is_rendered:
            call.keep_generated()
            call.show_new_passwords()

    return Audience(
        step=call.console.step,
        plan=told,
        report=lambda report: show(call.console, report),
        error=call.console.error,
    )


def _hooks(call: Call, inventory: Inventory | None) -> Hooks:
    from mailrig.apply.hooks import DIRECTORY, Hooks

    return Hooks(inventory.directory / DIRECTORY if inventory else None, call.console.step)
