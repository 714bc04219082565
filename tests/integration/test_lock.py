"""One deployer at a time, and none that blocks the others when it is dead."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import docker
import pytest
from sites import Site, eventually

from mailrig.apply import lock
from mailrig.apply.images import image_to_run
from mailrig.engine.connection import connect
from mailrig.engine.labels import one_off_labels
from mailrig.errors import EngineError, Locked

LOCAL = "unix:///var/run/docker.sock"

HOLDER = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it
from mailrig.apply import lock
from mailrig.apply.images import image_to_run
from mailrig.engine.connection import connect
engine = connect("unix:///var/run/docker.sock")
with lock.held(engine, sys.argv[1], image_to_run(engine), "deploy"):
    print("held", flush=True)
    time.sleep(600)
"""


def holder_of(site: Site) -> subprocess.Popen[str]:
    """Start another deployer, and wait until it holds the lock."""
    command = [sys.executable, "-c", HOLDER, f"mailrig-{site.name}"]
    holder = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    return holder


def change(site: Site) -> None:
    """Change something, so that a deploy has something to do."""
    site.settings["message_size_limit"] = f"{int(time.time()) % 900 + 10}M"
    site.write()


def ended(holder: subprocess.Popen[str]) -> None:
    """Kill a deployer and wait for its end."""
    holder.send_signal(signal.SIGKILL)
    holder.communicate()


def test_second_deployer_is_told_who_is_at_work(site: Site) -> None:
    """While the lock is held, a deploy changes nothing and says who, where, since when and for what."""
    change(site)
    holder = holder_of(site)
    try:
        done = site.run("deploy")
        assert done.returncode == 1
        assert f"site `{site.name}` is locked by root on " in done.stderr
        assert ": deploy" in done.stderr
        assert "lock release" in done.stderr
        status = site.data("lock", "status")
        assert status[0]["holder"]["doing"] == "deploy"
        assert "held by root on" in site.ok("lock")
    finally:
        ended(holder)
    eventually(lambda: site.data("lock"), lambda found: found[0]["holder"] is None)
    site.ok("deploy")


def test_nothing_to_do_needs_no_lock(site: Site) -> None:
    """A deploy that has nothing to do, a plan and a verify do not wait for the lock."""
    site.ok("deploy")
    holder = holder_of(site)
    try:
        assert "nothing changed" in site.ok("deploy")
        site.ok("plan")
        site.ok("verify")
    finally:
        ended(holder)


def test_killed_holder_leaves_no_lock(site: Site, engine: docker.APIClient) -> None:
    """The engine itself takes the lock away from a holder that was killed."""
    ended(holder_of(site))
    found = eventually(
        lambda: engine.containers(all=True, filters={"name": f"mailrig-{site.name}.lock"}), lambda found: not found
    )
    assert found == []


def test_interrupted_holder_leaves_no_lock(site: Site) -> None:
    """Ctrl-C gives the lock back."""
    holder = holder_of(site)
    holder.send_signal(signal.SIGINT)
    holder.communicate()
    assert site.data("lock")[0]["holder"] is None


def test_lock_can_be_taken_away(site: Site) -> None:
    """`lock release` ends the lock of whoever holds it, and whoever held it cannot write any more."""
    engine = connect(LOCAL)
    with lock.held(engine, f"mailrig-{site.name}", image_to_run(engine), "deploy") as recorder:
        assert "released, it was held by root on" in site.ok("lock", "release")
        with pytest.raises(EngineError, match=r"the lock was taken away"):
            recorder.record({"entry": "step"})
    assert "not locked" in site.ok("lock", "release")


def test_lock_that_never_started_is_no_lock(site: Site, engine: docker.APIClient) -> None:
    """The container of a deployer that was killed before it started it blocks nobody for long."""
    image = image_to_run(connect(LOCAL))
    name = f"mailrig-{site.name}.lock"
    engine.create_container(image, name=name, labels=one_off_labels(f"mailrig-{site.name}"))
    with pytest.raises(Locked):
        lock.take(connect(LOCAL), f"mailrig-{site.name}", image, "deploy")

    def is_taken() -> bool:
        try:
            lock.take(connect(LOCAL), f"mailrig-{site.name}", image, "deploy").close()
        except Locked:
            return False
        return True

    assert eventually(is_taken, bool)


def test_lock_ends_when_nothing_is_heard_of_its_holder(site: Site, engine: docker.APIClient) -> None:
    """A holder whose connection hangs loses the lock, since it gives no sign of life."""
    holder = holder_of(site)
    holder.send_signal(signal.SIGSTOP)
    try:
        wanted = {"name": f"mailrig-{site.name}.lock"}
        assert eventually(lambda: engine.containers(all=True, filters=wanted), lambda found: not found, 90) == []
    finally:
        holder.send_signal(signal.SIGCONT)
        ended(holder)


def test_lock_takes_only_its_two_words(site: Site) -> None:
    """Any other word is refused with those that there are."""
    done = site.run("lock", "open")
    assert done.returncode == 1
    assert "lock takes `status` or `release`" in done.stderr


def test_lock_works_without_an_inventory(site: Site, tmp_path: Path) -> None:
    """With --site, the host alone is asked."""
    assert "not locked" in site.ok("lock", "--site", site.name)
