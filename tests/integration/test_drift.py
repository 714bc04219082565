"""What is done to a deployed site by hand is seen, and what nobody did is not."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import docker
import pytest
from sites import LOCAL, Site, eventually, exec_in

from mailrig.engine import labels
from mailrig.engine.connection import Engine, connect
from mailrig.engine.observation import observe
from mailrig.inventory import State, load
from mailrig.plan.observed import Container, Observed
from mailrig.render import Release, render


@pytest.fixture(scope="module")
def release(site: Site) -> Release:
    """What the site was deployed from."""
    return render(load(site.directory, State(site.directory), datetime.now(UTC)), "home")


@pytest.fixture
def here() -> Iterator[Engine]:
    """The local engine, as mailrig reaches it."""
    engine = connect(LOCAL)
    with closing(engine):
        yield engine


def by_hand(*words: str) -> str:
    """Run the docker program, as a person would."""
    return subprocess.run(["docker", *words], capture_output=True, text=True, check=True).stdout.strip()


def container(observed: Observed, service: str) -> Container:
    """Return a service's container, which is there."""
    found = observed.container(service)
    assert found is not None
    return found


def test_fresh_deploy_has_no_drift(site: Site, here: Engine, release: Release) -> None:
    """Just deployed, nothing is otherwise than it was made, and every file is the one that was rendered."""
    observed = observe(here, release)
    assert not observed.foreign
    assert not observed.kept
    assert len(observed.containers) == 2
    for service in release.services:
        found = container(observed, service.name)
        rendered = {file.path: file.digest for file in service.files}
        assert found.drift == ()
        assert found.spec == service.spec
        assert found.digests == rendered
        assert found.recorded == rendered
        assert found.delivered == found.loaded == service.release_id
        assert found.verified == release.id


def test_open_sessions_are_counted(site: Site, here: Engine, release: Release) -> None:
    """A client that is logged in shows under the name of its port, and is gone when it leaves."""
    with site.imap(), site.imap("bob@example.test"):
        assert container(observe(here, release), "dovecot").sessions["imaps"] == 2
    time.sleep(0.5)
    assert container(observe(here, release), "dovecot").sessions == {}


def test_docker_update(site: Site, here: Engine, release: Release) -> None:
    """Limits and the restart policy that `docker update` gave are told, on the one container that has them."""
    name = site.container("postfix")
    by_hand("update", "--memory", "256m", "--pids-limit", "50", "--restart", "no", name)
    try:
        observed = observe(here, release)
    finally:
        by_hand("update", "--memory", "512m", "--pids-limit", "500", "--restart", "unless-stopped", name)
    assert container(observed, "postfix").drift == (
        "memory limit: 512m → 256m",
        "process limit: 500 → 50",
        "restart policy: unless-stopped → no",
    )
    assert container(observed, "dovecot").drift == ()


def test_disconnected_from_the_network(site: Site, here: Engine, release: Release) -> None:
    """A container that was taken off its network is told so, and also when it came back without its alias."""
    name, network = site.container("dovecot"), f"mailrig-{site.name}_mail"
    by_hand("network", "disconnect", network, name)
    try:
        gone = observe(here, release)
        by_hand("network", "connect", network, name)
        back = observe(here, release)
        by_hand("network", "disconnect", network, name)
    finally:
        by_hand("network", "connect", "--alias", "dovecot", network, name)
    assert container(gone, "dovecot").drift == (f"disconnected from the network {network} by hand",)
    assert container(back, "dovecot").drift == (f"aliases on the network {network}: dovecot → none",)
    assert container(observe(here, release), "dovecot").drift == ()


@contextmanager
def edited(site: Site, command: str) -> Iterator[None]:
    """Change the configuration in Dovecot's volume, where the container itself can only read it."""
    image = by_hand("inspect", "--format", "{{.Config.Image}}", site.container("dovecot"))
    volume = f"mailrig-{site.name}_dovecot_config:/c"
    helper = ("run", "--rm", "--network", "none", "--volume", volume, "--entrypoint", "sh", image, "-c")
    by_hand(*helper, f"cp -a /c/current/. /c/untouched && cd /c/current && {command}")
    try:
        yield
    finally:
        by_hand(*helper, "rm -rf /c/current/* && cp -a /c/untouched/. /c/current && rm -r /c/untouched")


@pytest.mark.parametrize(
    ("command", "path", "is_running"),
    [
        ("echo 'mail_debug = yes' >>dovecot.conf", "dovecot.conf", True),
        ("echo 'mail_debug = yes' >>dovecot.conf", "dovecot.conf", False),
        ("chmod 644 tls.key", "tls.key", True),
        ("chown 505 users", "users", True),
        ("rm logins", "logins", True),
        ("mkdir conf.d && printf '\\000\\n\\n' >conf.d/more", "conf.d/more", True),
        ("mkdir conf.d && printf '\\000\\n\\n' >conf.d/more", "conf.d/more", False),
    ],
)
def test_edited_file(site: Site, here: Engine, release: Release, command: str, path: str, *, is_running: bool) -> None:
    """A file that was changed, added or removed in the volume is not the one that was recorded, and is the only one."""
    with stopped(site, "dovecot", unless=is_running), edited(site, command):
        found = container(observe(here, release), "dovecot")
    differing = dict(found.recorded.items() ^ found.digests.items())
    assert list(differing) == [path]
    assert found.drift == ()
    assert found.delivered == next(s.release_id for s in release.services if s.name == "dovecot")


@contextmanager
def stopped(site: Site, service: str, *, unless: bool = False) -> Iterator[None]:
    """Stop a container, and start it again."""
    if unless:
        yield
        return
    by_hand("kill", site.container(service))
    try:
        yield
    finally:
        by_hand("start", site.container(service))
        took_in = ("sh", "-c", "cat /run/mailrig/release || true")
        eventually(lambda: exec_in(site, service, *took_in), lambda answer: answer != "", 30)


def test_stopped_container(site: Site, here: Engine, release: Release) -> None:
    """A container that was stopped still tells what it would start with, and nothing of what it had in memory."""
    running = container(observe(here, release), "postfix")
    with stopped(site, "postfix"):
        found = container(observe(here, release), "postfix")
    assert (found.state, found.loaded, found.verified, found.sessions) == ("exited", None, None, {})
    assert found.status.startswith("Exited")
    assert (found.files, found.recorded, found.delivered) == (running.files, running.recorded, running.delivered)
    assert (found.drift, found.spec) == ((), running.spec)


def test_paused_container(site: Site, here: Engine, release: Release) -> None:
    """A container that is paused cannot be asked, and its volume can."""
    by_hand("pause", site.container("postfix"))
    try:
        found = container(observe(here, release), "postfix")
    finally:
        by_hand("unpause", site.container("postfix"))
    assert found.state == "paused"
    assert found.digests == found.recorded
    assert found.drift == ()


def test_recreated_by_hand(site: Site, here: Engine, release: Release) -> None:
    """A container that somebody made anew under our labels is told by all that it lacks; the old one is kept."""
    name = site.container("postfix")
    old = container(observe(here, release), "postfix")
    made_with = labels.container_labels(release.project, "postfix", old.spec_hash, old.spec or {})
    marks = {**made_with, "io.mailrig.site": "elsewhere", "io.mailrig.host": "home"}
    flags = [word for label, text in marks.items() for word in ("--label", f"{label}={text}")]
    by_hand("rename", name, name + labels.KEPT)
    try:
        by_hand("run", "-d", "--name", name, *flags, "--entrypoint", "sleep", "--env", "TZ=UTC", old.image, "600")
        observed = observe(here, release)
    finally:
        by_hand("rm", "--force", name)
        by_hand("rename", name + labels.KEPT, name)
    assert observed.kept["postfix"] == replace(old, name=name + labels.KEPT, status=observed.kept["postfix"].status)
    found = container(observed, "postfix")
    assert found.spec == old.spec
    assert (found.delivered, found.files) == (None, {})
    told = {sentence.partition(":")[0]: sentence for sentence in found.drift}
    assert told["label io.mailrig.site"] == f"label io.mailrig.site: {site.name} → elsewhere"
    assert told["memory limit"] == "memory limit: 512m → none"
    assert told["read-only root"] == "read-only root: yes → none"
    assert told["entry point"].endswith("→ sleep")
    assert {"command", "environment variable TZ", "restart policy", "mount /etc/mailrig", "port 587/tcp"} <= told.keys()
    assert "connected to the network bridge by hand" in told
    assert "label io.mailrig.host" not in told


def test_recreated_without_the_specification(site: Site, here: Engine, release: Release) -> None:
    """Of a container whose labels do not agree on what it was made from nothing is concluded."""
    name = site.container("postfix")
    old = container(observe(here, release), "postfix")
    made_with = labels.container_labels(release.project, "postfix", "another hash", old.spec or {})
    flags = [word for label, text in made_with.items() for word in ("--label", f"{label}={text}")]
    by_hand("rename", name, name + labels.FAILED)
    try:
        by_hand("create", "--name", name, *flags, old.image)
        observed = observe(here, release)
    finally:
        by_hand("rm", "--force", name)
        by_hand("rename", name + labels.FAILED, name)
    assert not observed.kept
    found = container(observed, "postfix")
    assert (found.spec, found.drift) == (None, ())
    assert (found.spec_hash, found.state) == ("another hash", "created")


def test_nothing_is_left_of_all_this(site: Site, here: Engine, release: Release) -> None:
    """After the tests before, the site is again as it was deployed: what they saw was what they did."""
    observed = observe(here, release)
    for service in release.services:
        found = container(observed, service.name)
        assert found.drift == ()
        assert found.digests == found.recorded


def test_containers_that_come_and_go(site: Site, here: Engine, engine: docker.APIClient, release: Release) -> None:
    """Containers that start, die and vanish between two questions never break an observation."""
    image = release.services[0].spec["image"]
    fleeting = replace(release, project=f"mailrig-{site.name}r", services=())
    marks = labels.container_labels(fleeting.project, "dovecot", "0", {}) | {labels.SITE: site.name}
    end = time.monotonic() + 4

    def disturb(number: int) -> None:
        while time.monotonic() < end:
            name = f"{site.name}-r{number}"
            made = engine.create_container(image, ["5"], name=name, labels=marks, entrypoint=["sleep"])["Id"]
            engine.start(made)
            engine.kill(made)
            engine.start(made)
            engine.remove_container(made, force=True)

    disturbers = [threading.Thread(target=disturb, args=(number,)) for number in range(2)]
    for disturber in disturbers:
        disturber.start()
    states = set()
    while any(disturber.is_alive() for disturber in disturbers):
        states |= {container.state for container in observe(here, fleeting).containers}
    assert "running" in states
