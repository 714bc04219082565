"""A site on another machine's engine: reached by ssh or on a port with TLS, and what is said when it is not."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import docker
import pytest
from conftest import site_factory
from lab_host import Host
from sites import Site, eventually, message
from testworld import Lab

HERE = Path(__file__).parent


@dataclass
class Desk:
    """Where mailrig is run: its `ssh` is the operator's, with options before all others, and every start is noted."""

    host: Host
    site: Site
    directory: Path
    options: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        (self.directory / "bin").mkdir()
        (self.directory / "tmp").mkdir()
        self.write()

    def write(self, *options: str) -> None:
        """Have `ssh` run with these options."""
        program = self.directory / "bin" / "ssh"
        theirs = self.host.operator.directory / "bin" / "ssh"
        words = " ".join(options)
        fixed = f'-F "{self.host.operator.config}"'
        assert theirs.exists()
        program.write_text(
            f'#!/bin/sh\necho "$$ $*" >> "{self.directory}/started"\nexec /usr/bin/ssh {words} {fixed} "$@"\n'
        )
        program.chmod(0o755)

    @property
    def environment(self) -> dict[str, str]:
        """What mailrig is run with."""
        return {
            "PATH": f"{self.directory / 'bin'}:{os.environ['PATH']}",
            "TMPDIR": str(self.directory / "tmp"),
        }

    @contextlib.contextmanager
    def starts(self) -> Iterator[list[str]]:
        """Collect the command lines of the ssh processes that are started meanwhile."""
        noted = self.directory / "started"
        noted.write_text("")
        started: list[str] = []
        yield started
        started += noted.read_text().splitlines()

    @property
    def left(self) -> list[str]:
        """What is left of connections: directories with sockets, and processes that know of them."""
        temporary = str(self.directory / "tmp")
        directories = [str(path) for path in Path(temporary).iterdir()]
        processes = [line for line in _processes() if f"{temporary}/mailrig-" in line]
        return directories + processes

    def run(self, program: str, line: int, *words: str) -> subprocess.CompletedProcess[str]:
        """Run mailrig below killer.py or cutter.py."""
        command = [sys.executable, str(HERE / program), str(line), *words, "--inventory", str(self.site.directory)]
        environment = {**os.environ, **self.environment}
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    @contextlib.contextmanager
    def reaching(self, engine: str, **more: object) -> Iterator[None]:
        """Write another address of the engine into the inventory meanwhile."""
        before = dict(self.site.host)
        self.site.host.update(engine=engine, **more)
        self.site.write()
        try:
            yield
        finally:
            self.site.settings["hosts"]["home"] = before
            self.site.write()

    def refused(self, *words: str) -> str:
        """Run mailrig, expect it to fail without a traceback, and return what it said."""
        done = self.site.run(*(words or ("status",)))
        assert done.returncode == 1, done.stdout
        assert "Traceback" not in done.stderr
        assert "should not have happened" not in done.stderr
        return done.stderr


def _processes() -> list[str]:
    done = subprocess.run(["ps", "-eo", "pid,args", "--no-headers", "-ww"], capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


@pytest.fixture(scope="module")
def desk(engine: docker.APIClient, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A site that was deployed on another host by ssh."""
    host = lab.hosts["home"]
    directory = Path(tempfile.mkdtemp(prefix="remote-", dir="/tmp"))  # the name of a socket must be short
    with site_factory(engine, tmp_path_factory) as make:
        site = make(
            engine=host.address,
            listen=[host.internet],
            certificate={"source": "demo-ca", "names": [host.internet]},
        )
        site.address = host.internet
        made = Desk(host, site, directory)
        site.environment = made.environment
        with made.starts() as started:
            assert [one["outcome"] for one in site.data("deploy")] == ["verified"]
        assert len(started) == 1
        yield made
    host.clean()
    shutil.rmtree(directory)


def change(site: Site) -> None:
    """A change that needs another container of each service."""
    limit = site.host.get("resources", {}).get("dovecot", {}).get("memory")
    other = "320M" if limit == "300M" else "300M"
    site.host["resources"] = {"dovecot": {"memory": other}, "postfix": {"memory": other}}
    site.write()


def change_little(site: Site) -> None:
    """A change that the daemons notice by themselves: an alias more, or one less."""
    aliases = site.accounts["aliases"]
    aliases.pop("more@example.test", None) or aliases.update({"more@example.test": ["bob@example.test"]})
    site.write()


def fingerprint(host: Host) -> str:
    """Return the fingerprint of a host's key, as its console shows it."""
    return host.inside("ssh-keygen", "-lf", "/etc/ssh/ssh_host_ed25519_key.pub").split()[1]


def test_site_on_another_host_works(desk: Desk) -> None:
    """Mail goes in and is read, and a second deploy has nothing to do; each is one ssh process."""
    with desk.site.submission() as client:
        client.send_message(message("far away", "alice@example.test", "alice@example.test"))
    assert "far away" in eventually(desk.site.subjects, lambda found: "far away" in found)
    with desk.starts() as started:
        assert "nothing changed" in desk.site.ok("deploy")
    assert len(started) == 1
    assert not desk.left


def test_host_can_be_named_as_ssh_knows_it(desk: Desk) -> None:
    """By an alias of ~/.ssh/config, and by an IPv6 address."""
    for engine in ("ssh://lab-home", f"ssh://root@[{desk.host.internet6}]", f"ssh://{desk.host.internet}:22"):
        with desk.reaching(engine):
            assert desk.site.ok("history")
    assert "verified" in desk.site.ok("history", "--site", desk.site.name, "--engine", "ssh://lab-home")


def test_unknown_host_key_is_refused(desk: Desk) -> None:
    """The message has the fingerprint that the host shows, and the command that accepts it does."""
    known = desk.directory / "known_hosts"
    desk.write("-o", f"UserKnownHostsFile={known}")
    try:
        said = desk.refused()
        assert "is not known here" in said
        assert fingerprint(desk.host) in said
        assert "/site.yaml:" in said
        assert not known.exists()
        command = f"ssh root@{desk.host.internet} true"
        assert command in said
        accepting = command.replace("ssh ", "ssh -o StrictHostKeyChecking=accept-new ")  # a person types yes
        subprocess.run(accepting.split(), check=True, env={**os.environ, **desk.environment}, capture_output=True)
        assert desk.site.ok("history")
    finally:
        desk.write()


def test_changed_host_key_is_refused(desk: Desk) -> None:
    """In ssh's own words, with both places to look, and without advice to forget the old one."""
    known = desk.directory / "changed"
    other = desk.host.operator.key.with_suffix(".pub").read_text().split()[1]
    known.write_text(f"{desk.host.internet} ssh-ed25519 {other}\n")
    desk.write("-o", f"UserKnownHostsFile={known}")
    try:
        said = desk.refused("plan")
        assert "another than the one accepted before" in said
        assert fingerprint(desk.host) in said
        assert f"{known}:1" in said
        assert "-R" not in said
    finally:
        desk.write()


def test_host_that_does_not_answer_is_named(desk: Desk) -> None:
    """Nobody there, nobody of that name, nobody listening, and somebody who does not let us in."""
    for engine, why in (
        ("ssh://root@no-such-host.invalid", "no host `no-such-host.invalid`"),
        (f"ssh://root@{desk.host.internet}:2", "nothing listens there for ssh"),
        (f"ssh://nobody@{desk.host.internet}", "permission denied (publickey)"),
        (f"ssh://root@{desk.host.internet}/run/other.sock", "no engine listens there at /run/other.sock"),
    ):
        with desk.reaching(engine):
            said = desk.refused()
            assert f"no Docker engine answers at {engine}" in said
            assert why in said
    assert not desk.left


def test_socket_that_the_user_may_not_open(desk: Desk) -> None:
    """The group that is missing is named; with it, another than root can deploy."""
    with desk.reaching(f"ssh://deploy@{desk.host.internet}"):
        assert desk.site.ok("history")
        desk.host.inside("gpasswd", "--delete", "deploy", "docker")
        try:
            said = desk.refused()
        finally:
            desk.host.inside("gpasswd", "--add", "deploy", "docker")
    assert "deploy may not open the engine's socket" in said
    assert "usermod -aG docker deploy" in said


def test_server_that_forwards_no_sockets(desk: Desk) -> None:
    """Each connection is a session then, and all of them share one connection to the host."""
    desk.host.configure_sshd("DisableForwarding yes\n")
    try:
        change_little(desk.site)
        with desk.starts() as started:
            assert [one["outcome"] for one in desk.site.data("deploy")] == ["verified"]
        assert [" -N " in line for line in started].count(True) == 1
        assert all("dial-stdio" in line for line in started if " -N " not in line)
        assert not desk.left
    finally:
        desk.host.configure_sshd("")


def test_connection_that_is_cut_in_the_middle_of_a_deploy(desk: Desk) -> None:
    """It says so, with the host's name, and the next deploy puts everything right."""
    change(desk.site)
    done = desk.run("cutter.py", 4, "deploy")
    assert done.returncode == 1, done.stderr
    assert f"the connection to {desk.host.address} was cut" in done.stderr
    assert "the next one puts right" in done.stderr
    assert "Traceback" not in done.stderr
    assert not desk.left
    assert [one["outcome"] for one in desk.site.data("deploy")] == ["verified"]


def test_killed_deployer_leaves_no_connection(desk: Desk) -> None:
    """Neither ssh nor a socket is left, the lock on the host has ended, and the next deploy puts everything right."""
    change_little(desk.site)
    done = desk.run("killer.py", 3, "deploy")
    assert done.returncode == -9
    assert not eventually(lambda: desk.left, lambda left: not left, 10)
    assert [one["outcome"] for one in desk.site.data("deploy")] == ["verified"]


def test_engine_on_a_port_with_certificates(desk: Desk) -> None:
    """What only ssh could do before, a port does as well, for whoever shows the right certificate to the right host."""
    files = desk.directory / "tls"
    files.mkdir()
    address = desk.host.offer_tls(files)
    try:
        tls = {"ca": str(files / "ca.crt"), "cert": str(files / "tls.crt"), "key": str(files / "tls.key")}
        change_little(desk.site)
        with desk.reaching(address, engine_tls=tls), desk.starts() as started:
            assert [one["outcome"] for one in desk.site.data("deploy")] == ["verified"]
        assert not started
        stranger = {"cert": str(files / "stranger.crt"), "key": str(files / "stranger.key")}
        with desk.reaching(address, engine_tls={**tls, **stranger}):
            assert "does not accept our certificate" in desk.refused()
        with desk.reaching(address, engine_tls={**tls, "ca": stranger["cert"]}):
            assert "is not to be trusted" in desk.refused()
        other_name = address.replace(desk.host.internet, desk.host.vpn)
        with desk.reaching(other_name, engine_tls=tls):
            assert "is not to be trusted" in desk.refused()
    finally:
        desk.host.configure_engine()
