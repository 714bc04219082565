"""A host that was just rented: what is said of it, and Docker brought to it by `host bootstrap`.

It is the host `empty` of the test world. The tests build on each other: Docker is installed once.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import docker
import pytest
from conftest import site_factory
from lab_host import Host
from sites import Site, free_ports
from testworld import Lab

OS_RELEASE = "/etc/os-release"
PROXY = "/etc/apt/apt.conf.d/00-a-test"
HOLD_LOCK = """use Fcntl; open(my $lock, '>>', '/var/lib/dpkg/lock-frontend') or die;
fcntl($lock, F_SETLK, pack('s s l! l! i', F_WRLCK, 0, 0, 0, 0)) or die; print "held\\n"; sleep 4"""


@pytest.fixture(scope="module")
def rented(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Host]:
    """Debian with sshd, and nothing else on it."""
    lab = Lab(engine, tmp_path_factory.mktemp("lab"))
    try:
        lab.start("dns", "empty")
        yield lab.hosts["empty"]
    finally:
        lab.remove()


@pytest.fixture(scope="module")
def site(engine: docker.APIClient, rented: Host, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site on this machine, on the rented host, and on one where nobody answers."""
    with site_factory(engine, tmp_path_factory) as make:
        made = make()
        made.environment = rented.operator.environment
        imaps, ssh, nobody = free_ports(3)
        common = {"certificate": {"source": "demo-ca"}, "listen": [rented.internet]}
        made.settings["hosts"]["rented"] = {
            "hostname": "rented.example.test",
            "engine": rented.address,
            "ports": {"imaps": imaps, "submission": 22},
            **common,
        }
        made.settings["hosts"]["dead"] = {
            "hostname": "dead.example.test",
            "engine": f"ssh://root@127.0.0.1:{nobody}",
            "ports": {"imaps": ssh},
            **common,
        }
        made.write()
        yield made


def bootstrap(site: Site) -> subprocess.CompletedProcess[str]:
    """Bring Docker to the rented host."""
    return site.run("host", "bootstrap", "rented")


def findings(site: Site, host: str) -> dict[str, dict[str, str]]:
    """Check a host, and return what was found by what it is about."""
    [found] = json.loads(site.run("host", "check", host, "--json").stdout)["hosts"]
    return of(found)


def of(host: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return what was found on a host by what it is about."""
    return {finding["what"]: finding for finding in host["findings"]}


@contextmanager
def logging_in_as(site: Site, rented: Host, user: str) -> Iterator[None]:
    """Name another user in the rented host's address."""
    host = site.settings["hosts"]["rented"]
    before, host["engine"] = host["engine"], f"ssh://{user}@{rented.internet}"
    site.write()
    try:
        yield
    finally:
        host["engine"] = before
        site.write()


@contextmanager
def file_with(rented: Host, path: str, text: str) -> Iterator[None]:
    """Have a file on the rented host with another text, or one that is not there otherwise."""
    rented.inside("sh", "-c", f"[ ! -e {path} ] || cp {path} {path}.own")
    rented.write(path, text)
    try:
        yield
    finally:
        rented.inside("sh", "-c", f"rm {path}; [ ! -e {path}.own ] || mv {path}.own {path}")


def test_one_dead_host_hides_no_other(site: Site) -> None:
    """Each host is told of with what can be known: all of it, all but Docker, or that nobody answers."""
    done = site.run("host", "check", "--json")
    assert done.returncode == 1
    home, rented, dead = (of(one) for one in json.loads(done.stdout)["hosts"])
    assert {one["state"] for one in home.values()} == {"ok"}
    assert rented["reachable"]["state"] == rented["disk"]["state"] == rented["clock"]["state"] == "ok"
    assert rented["engine"]["state"] == "failed"
    assert "mailrig host bootstrap rented" in rented["engine"]["hint"]
    assert "sshd (pid" in rented["port submission"]["seen"]
    assert list(dead) == ["reachable"]
    assert "connection refused" in dead["reachable"]["seen"]


def test_hosts_can_be_named(site: Site) -> None:
    """Only those that are named are asked, and the exit code is about them."""
    done = site.run("host", "check", "home", "--json")
    assert done.returncode == 0
    assert [one["host"] for one in json.loads(done.stdout)["hosts"]] == ["home"]
    assert "there is no host `hom`" in site.run("host", "check", "hom").stderr


def test_deploy_says_how_docker_gets_there(site: Site) -> None:
    """Whoever deploys to a host without Docker is told the command."""
    dead = site.settings["hosts"].pop("dead")
    site.write()
    done = site.run("deploy")
    site.settings["hosts"]["dead"] = dead
    site.write()
    assert done.returncode == 1
    assert "no Docker engine answers" in done.stderr
    assert "hint: `mailrig host bootstrap rented` installs and starts one" in done.stderr


def test_other_distributions_are_refused(site: Site, rented: Host) -> None:
    """What is not made of Debian is named, with where to read on."""
    with file_with(rented, OS_RELEASE, 'ID=fedora\nID_LIKE=""\nPRETTY_NAME="Fedora Linux 43"\n'):
        done = bootstrap(site)
    assert done.returncode == 1
    assert "Fedora Linux 43 is neither Debian nor Ubuntu" in done.stderr
    assert "https://docs.docker.com/engine/install/" in done.stderr


def test_user_without_power_is_told_so(site: Site, rented: Host) -> None:
    """Who is not root, and has no sudo, cannot install, and hears what would help."""
    with logging_in_as(site, rented, "deploy"):
        done = bootstrap(site)
    assert done.returncode == 1
    assert "deploy is not root there, and there is no sudo" in done.stderr
    assert "hint: log in as root" in done.stderr


def test_what_apt_said_is_shown(site: Site, rented: Host) -> None:
    """Without a way to the packages there is a message with apt's last lines, and no half-made engine."""
    with file_with(rented, PROXY, 'Acquire::http::Proxy "http://127.0.0.1:9";\nAcquire::Retries "0";\n'):
        done = bootstrap(site)
    assert done.returncode == 1
    assert "apt-get cannot install docker.io" in done.stderr
    assert "  | E: " in done.stderr
    assert "hint: when that is cured, do the same again" in done.stderr


def test_docker_is_brought_to_the_host(site: Site, rented: Host) -> None:
    """It is installed, as soon as nobody else holds dpkg's lock, and started; the check that follows finds it.

    The host calls itself an Ubuntu here. Its packages are Debian's.
    """
    holder = subprocess.Popen(["docker", "exec", rented.container, "perl", "-e", HOLD_LOCK], stdout=subprocess.DEVNULL)
    with file_with(rented, OS_RELEASE, 'ID=ubuntu\nID_LIKE=debian\nPRETTY_NAME="Ubuntu 24.04"\n'):
        done = bootstrap(site)
    holder.wait()
    assert "rented      installing docker.io, iptables and ca-certificates" in done.stderr
    assert "start" in done.stderr
    assert rented.ssh("docker", "info", "--format", "{{.Name}}").strip() == "empty"
    found = findings(site, "rented")
    assert found["engine"]["state"] == "ok"
    assert found["engine"]["seen"].startswith("Docker 2")


def test_nothing_is_done_twice(site: Site, rented: Host) -> None:
    """Where Docker runs, that is said; it is not restarted."""
    before = rented.inside("cat", "/run/docker.pid")
    done = bootstrap(site)
    assert "rented      Docker is there, and runs" in done.stderr
    assert "installing" not in done.stderr
    assert rented.inside("cat", "/run/docker.pid") == before


def test_engine_that_was_killed_is_started(site: Site, rented: Host) -> None:
    """What is installed and does not run is started, and nothing is installed."""
    rented.inside("sh", "-c", "kill -9 $(cat /run/docker.pid); pkill -9 containerd; true")
    done = bootstrap(site)
    assert "start" in done.stderr
    assert "installing" not in done.stderr
    assert findings(site, "rented")["engine"]["state"] == "ok"


def test_user_joins_the_group(site: Site, rented: Host) -> None:
    """Who may become root is put into the group docker, and told what that means; without a password, or not at all."""
    rented.inside("sh", "-c", "apt-get install -qq -y sudo >/dev/null 2>&1 && gpasswd --delete deploy docker")
    with logging_in_as(site, rented, "deploy"):
        refused = bootstrap(site)
        rented.write("/etc/sudoers.d/deploy", "deploy ALL=(ALL) NOPASSWD: ALL\n")
        done = bootstrap(site)
        assert findings(site, "rented")["engine"]["state"] == "ok"
    assert refused.returncode == 1
    assert "deploy may not become root there without a password" in refused.stderr
    assert "put deploy into the group docker, which is as good as root there" in done.stderr
