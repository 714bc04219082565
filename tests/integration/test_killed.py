"""A deployer that is killed at any step: the next deploy puts everything right, and nothing is lost."""

from __future__ import annotations

import itertools
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
from conftest import site_factory
from sites import Site, eventually, exec_in, free_ports, message

KILLER = Path(__file__).with_name("killer.py")
STEPS = 40  # more than any deploy has

Change = Callable[[Site], None]


def small(new_site: Callable[..., Site]) -> Site:
    """Make a site with no more ports than are used here: each is asked anew after each of a hundred deploys."""
    ports = ("imaps", "submission")
    return new_site(ports=dict(zip(ports, free_ports(len(ports)), strict=True)))


@pytest.fixture(scope="module")
def standing(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A deployed site with a message in a mailbox, shared by tests that begin with a change, whatever was before."""
    with site_factory(engine, tmp_path_factory) as make:
        site = small(make)
        site.ok("deploy")
        with site.submission() as client:
            client.send_message(message("stays", "alice@example.test", "alice@example.test"))
        assert "stays" in eventually(site.subjects, lambda found: "stays" in found)
        marked(engine, site, "for volume in /volumes/*; do touch $volume/.mark; done")
        yield site


def deploy_and_die(site: Site, line: int, *words: str) -> int:
    """Deploy, and be killed after the journal's line of this number; return the exit code."""
    command = [sys.executable, str(KILLER), str(line), *(words or ("deploy",)), "--inventory", str(site.directory)]
    return subprocess.run(command, capture_output=True, check=False, cwd=site.directory.parent).returncode


def names(engine: docker.APIClient, site: Site) -> list[str]:
    """Return the names of all the site's containers, helpers too."""
    found = engine.containers(all=True, filters={"label": f"io.mailrig.site={site.name}"})
    return sorted(entry["Names"][0].lstrip("/") for entry in found)


def cipher_list(site: Site) -> None:
    """A change that needs a reload: one list of suites, or the other."""
    is_second = site.settings.get("tls") == {"ciphers": "mozilla-intermediate"}
    site.settings["tls"] = {"ciphers": "mail-clients" if is_second else "mozilla-intermediate"}


def protocols(site: Site) -> None:
    """A change that needs a restart of Postfix."""
    before = site.settings.get("extra", {}).get("postfix", {}).get("inet_protocols")
    site.settings["extra"] = {"postfix": {"inet_protocols": "ipv4" if before == "all" else "all"}}


def memory(site: Site) -> None:
    """A change that needs another container of each service."""
    limit = site.host.get("resources", {}).get("dovecot", {}).get("memory")
    other = "320M" if limit == "300M" else "300M"
    site.host["resources"] = {"dovecot": {"memory": other}, "postfix": {"memory": other}}


def expect_repaired(site: Site, engine: docker.APIClient, line: int) -> None:
    """A second deploy needs no hand, leaves two containers with their names, and the mail is still there."""
    site.ok("deploy")
    # A container that hangs on whoever was killed ends by itself, a moment after.
    two = [site.container("dovecot"), site.container("postfix")]
    assert eventually(lambda: names(engine, site), lambda found: found == two) == two, f"killed after line {line}"
    assert "stays" in site.subjects(), f"killed after line {line}"
    assert "nothing changed" in site.ok("deploy")


@pytest.mark.parametrize(("change", "verb"), [(cipher_list, "reload"), (protocols, "restart"), (memory, "recreate")])
def test_killed_at_every_step_of_a_change(standing: Site, engine: docker.APIClient, change: Change, verb: str) -> None:
    """Wherever a reload, a restart or a recreate is cut short, the next deploy finishes or undoes it."""
    site = standing
    before = len(audit(site))
    for line in itertools.count(1):
        assert line < STEPS
        change(site)
        site.write()
        if deploy_and_die(site, line) != -signal.SIGKILL:
            break
        expect_repaired(site, engine, line)
    assert marked(engine, site, "ls -d /volumes/*/.mark | wc -l").strip() == str(len(volumes_of(engine, site)))
    assert line > 3, "it was killed at least at its beginning, its delivery and its one step"
    assert verb in {entry["text"].partition(":")[0] for entry in audit(site)[before:] if entry["entry"] == "step"}


def audit(site: Site) -> list[dict[str, Any]]:
    """Return the audit log."""
    return [json.loads(line) for line in site.ok("history", "--audit").splitlines()]


def volumes_of(engine: docker.APIClient, site: Site) -> list[str]:
    """Return the names of the site's volumes."""
    found = engine.volumes(filters={"label": f"io.mailrig.site={site.name}"})["Volumes"]
    return sorted(volume["Name"] for volume in found)


def marked(engine: docker.APIClient, site: Site, argv: str) -> str:
    """Run a command in a container that has all of the site's volumes, below /volumes."""
    image = engine.inspect_container(site.container("dovecot"))["Config"]["Image"]
    mounts = itertools.chain.from_iterable(("-v", f"{name}:/volumes/{name}") for name in volumes_of(engine, site))
    command = ["docker", "run", "--rm", "--network=none", *mounts, "--entrypoint=sh", image, "-c", argv]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def expect_delivery(site: Site) -> None:
    """A message goes through submission to its mailbox."""
    with site.submission() as client:
        client.send_message(message("hello", "alice@example.test", "bob@example.test"))
    assert "hello" in eventually(lambda: site.subjects("bob@example.test"), lambda found: "hello" in found)


def test_killed_at_every_step_of_the_first_deploy(new_site: Callable[..., Site], engine: docker.APIClient) -> None:
    """Wherever the very first deploy is cut short, the next one ends with a working site."""
    for line in itertools.count(1):
        assert line < STEPS
        site = small(new_site)
        is_killed = deploy_and_die(site, line) == -signal.SIGKILL
        if is_killed:
            site.ok("deploy")
        assert names(engine, site) == [site.container("dovecot"), site.container("postfix")]
        expect_delivery(site)
        site.ok("down", *itertools.chain.from_iterable(("--volumes", name) for name in volumes_of(engine, site)))
        if not is_killed:
            break
    assert line > 3


def test_killed_repair_of_an_edited_file_is_finished(standing: Site, engine: docker.APIClient) -> None:
    """An edited file that locks people out is put right, wherever the deploy that does so is cut short."""
    site = standing
    edit = (
        "f=$(readlink -f /volumes/*_dovecot_config/current)/dovecot.conf;"
        " sed -i 's/^ssl_cipher_list = .*/ssl_cipher_list = ECDHE-RSA-AES128-GCM-SHA256/' $f"
    )
    for line in itertools.count(1):
        assert line < STEPS
        marked(engine, site, edit)
        exec_in(site, "dovecot", "doveadm", "reload")
        assert site.run("verify").returncode == 1, "it is the incident"
        if deploy_and_die(site, line) != -signal.SIGKILL:
            break
        expect_repaired(site, engine, line)
        site.ok("verify")
    assert line > 3
    site.ok("verify")


def test_killed_rollback_is_put_right(standing: Site, engine: docker.APIClient) -> None:
    """A rollback that is cut short leaves a site that the next deploy brings to what the inventory says."""
    site = standing
    memory(site)
    site.write()
    site.ok("deploy")
    for line in itertools.count(1):
        assert line < STEPS
        if deploy_and_die(site, line, "rollback") != -signal.SIGKILL:
            break
        expect_repaired(site, engine, line)
    assert line > 3
