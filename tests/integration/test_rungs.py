"""Every rung of the ladder on real containers: the action taken and the interruption seen are those of the plan."""

from __future__ import annotations

import imaplib
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import docker
import pytest
from sites import Site, exec_in

SESSIONS = 3


@dataclass
class Visitors:
    """People who log in again and again, and what became of it."""

    tried: int = 0
    failures: list[str] = field(default_factory=list)


@contextmanager
def visitors(site: Site) -> Iterator[Visitors]:
    """Log in over new connections, as often as it goes, in the background."""
    seen, is_over = Visitors(), threading.Event()

    def visit() -> None:
        while not is_over.is_set():
            seen.tried += 1
            try:
                with site.imap() as client:
                    client.noop()
            except (OSError, imaplib.IMAP4.error) as error:
                seen.failures.append(repr(error))
                time.sleep(0.05)

    threads = [threading.Thread(target=visit) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield seen
    finally:
        is_over.set()
        for thread in threads:
            thread.join()


def alive(clients: list[imaplib.IMAP4_SSL]) -> int:
    """Count the sessions that still answer."""
    count = 0
    for client in clients:
        try:
            client.noop()
        except (OSError, imaplib.IMAP4.error):
            continue
        count += 1
    return count


@dataclass(frozen=True)
class Seen:
    """What a plan promised, what the deploy said it did, and what people noticed of it."""

    promised: dict[str, Any]
    done: dict[str, Any]
    visitors: Visitors
    sessions_left: int
    same_process: bool
    same_container: bool


def observe_change(site: Site, engine: docker.APIClient, service: str) -> Seen:
    """Plan, and apply that plan while sessions are open and people log in."""
    site.write()
    file = site.directory.parent / "plan.json"
    before = engine.inspect_container(site.container(service))
    with ExitStack() as stack:
        clients = [stack.enter_context(site.imap()) for _ in range(SESSIONS)]
        planned = json.loads(site.run("plan", "--json", "--out", str(file)).stdout)["hosts"]["home"]
        with visitors(site) as seen:
            time.sleep(0.5)
            [outcome] = site.data("deploy", "--plan", str(file))
            time.sleep(0.5)
        left = alive(clients)
        stack.pop_all()  # some of them are gone, and cannot be left in good order
    after = engine.inspect_container(site.container(service))
    assert what(planned) == what(outcome["plan"]), "what `plan` says is what happens"
    return Seen(
        promised=actions(planned)[service],
        done=actions(outcome["plan"])[service],
        visitors=seen,
        sessions_left=left,
        same_process=before["State"]["StartedAt"] == after["State"]["StartedAt"],
        same_container=before["Id"] == after["Id"],
    )


def actions(plan: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return a plan's actions by service."""
    return {action["service"]: action for action in plan["actions"]}


def what(plan: dict[str, Any]) -> list[tuple[str, str, list[str]]]:
    """Return what is done to whom, and why; the number of open sessions changes by the second."""
    return [(action["service"], action["action"], action["causes"]) for action in plan["actions"]]


@pytest.fixture(scope="module")
def changed(site: Site) -> Site:
    """The module's site; each test brings it to another state."""
    return site


def test_nothing(changed: Site) -> None:
    """With nothing changed the plan is empty, exits 0, and a deploy does nothing."""
    done = changed.run("plan")
    assert done.returncode == 0
    assert "nothing to do" in done.stdout
    assert "nothing changed" in changed.ok("deploy")


def test_refresh(changed: Site, engine: docker.APIClient) -> None:
    """A new account: no process is told of it, nobody notices, and it can log in."""
    changed.accounts["accounts"]["carol@example.test"] = {"password": "!generated"}
    seen = observe_change(changed, engine, "dovecot")
    assert seen.done["action"] == "refresh"
    assert seen.promised["interruption"] == "no interruption"
    assert seen.visitors.failures == []
    assert (seen.sessions_left, seen.same_process) == (SESSIONS, True)
    with changed.imap("carol@example.test") as client:
        client.noop()


@pytest.mark.parametrize(
    "change",
    [
        lambda site: site.settings.update(tls={"ciphers": ["ECDHE-ECDSA-AES256-GCM-SHA384"]}),
        lambda site: site.host.update(logs={"verbosity": "debug"}),
        lambda site: site.host["certificate"].update(names=["localhost", "other.example.test"]),
    ],
    ids=["cipher list", "log verbosity", "certificate"],
)
def test_reload(changed: Site, engine: docker.APIClient, change: Callable[[Site], None]) -> None:
    """A cipher list, the log's verbosity, a certificate: no login fails, every session stays, and it is in force."""
    change(changed)
    seen = observe_change(changed, engine, "dovecot")
    assert seen.done["action"] == "reload"
    assert seen.promised["interruption"] == "no interruption"
    assert seen.visitors.failures == []
    assert seen.visitors.tried > 10
    assert (seen.sessions_left, seen.same_process) == (SESSIONS, True)


def test_reload_of_everything(changed: Site, engine: docker.APIClient) -> None:
    """A setting that the master itself holds: sessions stay, and the plan does not promise more than that."""
    changed.settings["extra"] = {"dovecot": "service imap {\n  process_limit = 77\n}\n"}
    seen = observe_change(changed, engine, "dovecot")
    assert seen.done["action"] == "reload-all"
    assert seen.promised["interruption"] == "sessions stay, a login in that instant may fail"
    assert (seen.sessions_left, seen.same_process) == (SESSIONS, True)
    assert "process_limit = 77" in exec_in(changed, "dovecot", "doveconf", "-n")


def test_restart(changed: Site, engine: docker.APIClient) -> None:
    """A setting that the daemon reads once in its life: as many sessions are dropped as the plan says."""
    changed.settings["extra"] = {"dovecot": "service imap {\n  process_limit = 77\n}\ninstance_name = other\n"}
    seen = observe_change(changed, engine, "dovecot")
    assert seen.done["action"] == "restart"
    assert re.match(rf"drops {SESSIONS} IMAP sessions", seen.promised["interruption"])
    assert (seen.sessions_left, seen.same_process, seen.same_container) == (0, False, True)


def test_recreate(changed: Site, engine: docker.APIClient) -> None:
    """A memory limit: another container, as many sessions dropped as the plan says, and nothing left of the old one."""
    changed.host["resources"] = {"dovecot": {"memory": "300M"}}
    seen = observe_change(changed, engine, "dovecot")
    assert seen.done["action"] == "recreate"
    assert "mem_limit" in " ".join(seen.done["causes"])
    assert re.match(rf"drops {SESSIONS} IMAP sessions", seen.promised["interruption"])
    assert (seen.sessions_left, seen.same_container) == (0, False)
    ours = engine.containers(all=True, filters={"label": f"io.mailrig.site={changed.name}"})
    assert len(ours) == 2


def test_start(changed: Site, engine: docker.APIClient) -> None:
    """A container that somebody stopped is drift, and is started again as it is."""
    container = engine.inspect_container(changed.container("dovecot"))["Id"]
    engine.stop(container)
    done = changed.run("plan", "--json")
    assert done.returncode == 2
    plan = json.loads(done.stdout)["hosts"]["home"]
    assert actions(plan)["dovecot"]["action"] == "start"
    assert [entry["service"] for entry in plan["drift"]] == ["dovecot"]
    changed.ok("deploy")
    assert engine.inspect_container(changed.container("dovecot"))["Id"] == container
