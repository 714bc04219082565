"""The verbs that bring a host to another release, or say what that would take: plan, deploy, rollback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from mailrig.apply.hosts import at_once, together
from mailrig.commands.call import Call, Place, places, rendered
from mailrig.commands.clients import unknown
from mailrig.commands.hosts import amiss, on_each
from mailrig.commands.outcome import carry_out
from mailrig.errors import Lockout, MailrigError, UnknownRelease

if TYPE_CHECKING:
    from concurrent.futures import Future

    from mailrig.apply.ahead import Begun
    from mailrig.apply.wanted import Wanted
    from mailrig.engine.connection import Engine
    from mailrig.inventory.model import Inventory
    from mailrig.plan.actions import Plan
    from mailrig.render.release import Release

CHANGES = 2  # the exit code of a plan that has something to do


def plan(call: Call, out: str | None = None, allow_lockout: tuple[str, ...] = ()) -> int:
    """Show what a deploy would do, why, and what users will notice: exit 0 for nothing, 2 for something."""
    from mailrig.apply.saved import save
    from mailrig.check.lockout import problems
    from mailrig.plan.text import as_dict, text

    inventory = call.load()
    _refuse_unknown(inventory, allow_lockout)
    releases = rendered(inventory)

    def show(_: str, came: tuple[Plan, str]) -> None:
        call.console.text(text(came[0]))

    found, errors = on_each(call, releases, lambda host: _plan_host(call, inventory, releases[host]), show)
    entries = {
        host: {**as_dict(planned), "release": releases[host].id, "fingerprint": fingerprint}
        for host, (planned, fingerprint) in found.items()
    }
    missing = amiss(errors)
    for host, (planned, _) in found.items():
        if lockouts := problems(planned.access, allow_lockout, inventory, host):
            errors[host] = Lockout.of(lockouts)
    if error := together({host: errors[host] for host in releases if host in errors}, among=releases):
        call.console.error(error)
        call.console.data({"hosts": {**entries, **missing}, "error": [problem.message for problem in error.problems]})
        return 1
    if out:
        call.keep_generated()
        save(Path(out), inventory.site.site, entries)
        allowed = "".join(f" --allow-lockout {client}" for client in allow_lockout)
        call.console.note(f"kept in {out}: deploy --plan {out}{allowed}")
        call.show_new_passwords()
    call.console.data({"hosts": entries})
    return 0 if all(planned.is_empty for planned, _ in found.values()) else CHANGES


def _plan_host(call: Call, inventory: Inventory, release: Release) -> tuple[Plan, str]:
    """Plan one host; return the plan and the fingerprint of what it was made for."""
    from mailrig.apply.deployment import refuse_foreign
    from mailrig.apply.gate import reckoned
    from mailrig.apply.hooks import DIRECTORY, Hooks
    from mailrig.apply.judgement import judged
    from mailrig.engine.observation import observe
    from mailrig.plan.planner import fingerprint
    from mailrig.plan.planner import plan as plan_for
    from mailrig.targets import target_of

    engine = call.engine(inventory, release.host)
    hooks = Hooks(inventory.directory / DIRECTORY, call.console.of(release.host, among=inventory.site.hosts).step)
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


def deploy(
    call: Call,
    rebuild: bool = False,
    plan: str | None = None,
    allow_lockout: tuple[str, ...] = (),
    keep_going: bool = False,
) -> int:
    """Bring every host to what the inventory says, then verify it from outside; undo it when it does not hold."""
    from mailrig.apply.provenance import commit_of
    from mailrig.apply.supply import Supply
    from mailrig.apply.wanted import Wanted
    from mailrig.targets import target_of

    if rebuild and plan:
        raise MailrigError("--rebuild does not go with --plan", hint="the plan was made without it")
    inventory = call.load()
    _refuse_unknown(inventory, allow_lockout)
    looking = _looking(call, inventory)
    releases = rendered(inventory)
    saved = _saved(plan, inventory, releases)
    commit = commit_of(inventory.directory)
    in_turn = sorted(inventory.site.hosts, key=lambda host: inventory.site.hosts[host].rank)
    supply = Supply({host: partial(call.engine, inventory, host) for host in in_turn})

    def wanted(host: str) -> tuple[Engine, Wanted]:
        begun = looking[host].result()
        return begun.engine, Wanted(
            releases[host],
            target_of(inventory, host),
            "deploy",
            inventory,
            commit,
            rebuild=rebuild,
            planned=saved.get(host),
            allowed_lockouts=allow_lockout,
            gathered=begun.gathered,
            begun=begun,
            supply=supply,
        )

    return carry_out(call, *at_once(releases, wanted), keep_going=keep_going)


def _refuse_unknown(inventory: Inventory, named: tuple[str, ...]) -> None:
    """Raise for a mail client that nobody knows."""
    if named:
        from mailrig.apply.gate import clients_of

        known = {client.id: client for client in clients_of(inventory)}
        if problems := [unknown(id_, known) for id_ in named if id_ not in known]:
            raise MailrigError.of(problems)


def _looking(call: Call, inventory: Inventory) -> dict[str, Future[Begun]]:
    """Begin to look at every host, while the releases are being rendered; what is begun already counts."""
    from concurrent.futures import ThreadPoolExecutor

    from mailrig.apply.ahead import Begun
    from mailrig.engine.labels import PREFIX
    from mailrig.engine.observation import gather

    def look(host: str) -> Begun:
        if call.ahead and (begun := call.ahead.at(host, inventory.engine(host))):
            return begun
        engine = call.engine(inventory, host, may_install=True)
        return Begun(engine, gather(engine, PREFIX + inventory.site.site))

    threads = ThreadPoolExecutor(len(inventory.site.hosts))
    try:
        return {host: threads.submit(look, host) for host in inventory.site.hosts}
    finally:
        threads.shutdown(wait=False)


def _saved(file: str | None, inventory: Inventory, releases: Mapping[str, Release]) -> dict[str, str]:
    """Return the fingerprint of each host in a saved plan; raise Outdated when the inventory has changed since."""
    from mailrig.apply.saved import read

    return read(Path(file), inventory.site.site, {host: one.id for host, one in releases.items()}) if file else {}


def rollback(
    call: Call,
    release: tuple[str, ...] = (),
    site: str | None = None,
    engine: str | None = None,
    keep_going: bool = False,
) -> int:
    """Bring an earlier release back, from what is kept on the host alone; without a name the last verified one."""
    if len(release) > 1:
        raise MailrigError("rollback takes one release", hint="`history` lists them")
    hosts = places(call, site, engine)
    found, errors = at_once(hosts, partial(_earlier, hosts, next(iter(release), None)))
    if release and found:  # it is one host's: the others have nothing to do with it
        errors = {host: error for host, error in errors.items() if not isinstance(error, UnknownRelease)}
    return carry_out(call, found, errors, keep_going=keep_going)


def _earlier(hosts: Mapping[str, Callable[[], Place]], words: str | None, host: str) -> tuple[Engine, Wanted]:
    """Return an earlier release of a host, the one that begins so or the last that was verified."""
    from mailrig.apply import journal
    from mailrig.apply.images import image_to_run
    from mailrig.apply.store import load
    from mailrig.apply.wanted import Wanted
    from mailrig.engine.recorder import AUDIT, RELEASES, reading

    place = hosts[host]()
    with reading(place.engine, place.project, image_to_run(place.engine)) as state:
        history = journal.history(state.read(AUDIT))
        name = history.named(words) if words else history.before()
        if name is None:
            raise MailrigError(
                "there is no earlier release that was verified", hint="`history` shows what is kept on the host"
            )
        stored = load(name, state.read(f"{RELEASES}/{name}"))
    return place.engine, Wanted(stored.release, stored.target, "rollback", name=name, images=stored.images)
