"""A Docker host of the test world: a container with sshd and dockerd, who may log in there, and ways to break it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv6Address
from pathlib import Path
from typing import Any

import docker
from authority import Authority, pem

TLS_PORT = 2376

_HOST_KEY = "/etc/ssh/ssh_host_ed25519_key.pub"
_SSHD = "/run/sshd.pid"
_ENGINE = "/etc/docker/daemon.json"
_VOLUMES = "/var/lib/docker/volumes"


@dataclass(frozen=True)
class Operator:
    """Whoever deploys: a key, an ssh_config(5) that knows the hosts as lab-home, lab-mx …, and the keys of these."""

    directory: Path

    @property
    def key(self) -> Path:
        """The private key that the hosts let in, as root and as deploy."""
        return self.directory / "id_ed25519"

    @property
    def config(self) -> Path:
        """What ~/.ssh/config is to a person."""
        return self.directory / "config"

    @property
    def known_hosts(self) -> Path:
        """What ~/.ssh/known_hosts is to a person."""
        return self.directory / "known_hosts"

    @property
    def environment(self) -> dict[str, str]:
        """Variables with which `ssh` is this person's: it looks for its files in the user's home, whatever $HOME is."""
        return {"PATH": f"{self.directory / 'bin'}:{os.environ['PATH']}"}

    def ssh(self, *words: str) -> str:
        """Run ssh as this person, and return what it printed."""
        return run("ssh", "-o", "ConnectTimeout=5", *words, environment={**os.environ, **self.environment})

    def prepare(self, hosts: Iterable[Host]) -> None:
        """Make the key, the configuration, and an `ssh` that reads it."""
        (self.directory / "bin").mkdir(parents=True)
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self.key))
        own = self.directory / "bin" / "ssh"
        own.write_text(f'#!/bin/sh\nexec /usr/bin/ssh -F "{self.config}" "$@"\n')
        own.chmod(0o755)
        self.known_hosts.touch()
        self.config.write_text(
            "".join(f"Host lab-{host.name}\n  HostName {host.internet}\n  User root\n" for host in hosts)
            + f"Host *\n  IdentityFile {self.key}\n  IdentitiesOnly yes\n"
            f"  UserKnownHostsFile {self.known_hosts}\n  GlobalKnownHostsFile none\n"
        )

    def trust(self, host: Host) -> None:
        """Know a host's key, under each of its addresses."""
        key = " ".join(host.inside("cat", _HOST_KEY).split()[:2])
        with self.known_hosts.open("a") as file:
            file.write(f"{host.internet},{host.internet6},{host.vpn} {key}\n")


@dataclass(frozen=True)
class Host:
    """A host by its name in lab.yaml; ``internet`` and ``vpn`` are its addresses there."""

    name: str
    container: str
    internet: str
    vpn: str
    operator: Operator
    outer: docker.APIClient

    @property
    def internet6(self) -> str:
        """Its IPv6 address."""
        return str(IPv6Address(f"fd86::{self.internet}"))

    @property
    def address(self) -> str:
        """The engine as an inventory names it."""
        return f"ssh://root@{self.internet}"

    # Using it

    def ssh(self, *words: str) -> str:
        """Run a command on the host as its operator does, and return what it printed."""
        return self.operator.ssh(f"root@{self.internet}", *words)

    def inside(self, *words: str) -> str:
        """Run a program on the host, not by way of its sshd, and return what it printed."""
        return run("docker", "exec", self.container, *words)

    def write(self, path: str, text: str) -> None:
        """Write a file on the host."""
        command = ["docker", "exec", "--interactive", self.container, "sh", "-c", f"cat > {path}"]
        subprocess.run(command, input=text, text=True, check=True)

    @contextlib.contextmanager
    def engine(self) -> Iterator[docker.APIClient]:
        """Its Docker engine, to look at what happens there; not by way of its sshd."""
        pid = self.outer.inspect_container(self.container)["State"]["Pid"]
        address = f"unix:///proc/{pid}/root/run/docker.sock"
        with contextlib.closing(docker.APIClient(base_url=address, version="auto")) as client:
            yield client

    def take_images(self, *tags: str) -> None:
        """Load those images of this machine's engine that the host does not have."""
        with self.engine() as client:
            there = {tag for image in client.images() for tag in image["RepoTags"] or ()}
            for tag in set(tags) - there:
                client.load_image(self.outer.get_image(tag))

    def clean(self) -> None:
        """Remove every container, network and volume on the host; images stay."""
        self.inside(
            "sh",
            "-c",
            "docker ps --all --quiet | xargs --no-run-if-empty docker rm --force && docker network prune --force"
            " && docker volume ls --quiet | xargs --no-run-if-empty docker volume rm",
        )

    # Setting it up otherwise

    def configure_sshd(self, settings: str) -> None:
        """Have sshd read settings that win over its own; with none, its own alone are left."""
        self.write("/etc/ssh/sshd_config.d/00-a-test.conf", settings)
        self.inside("sshd", "-t")
        self.inside("sh", "-c", f"pid=$(cat {_SSHD}) && rm {_SSHD} && kill -HUP $pid")
        self.await_sshd()

    def configure_engine(self, **settings: Any) -> None:
        """Have the engine start again with settings (of daemon.json) beside its own; with none, its own are left."""
        self.inside("sh", "-c", f"[ -e {_ENGINE}.own ] || cp {_ENGINE} {_ENGINE}.own")
        own = json.loads(self.inside("cat", f"{_ENGINE}.own"))
        self.write(_ENGINE, json.dumps({**own, **settings}))
        self.inside("lab-engine", "restart")

    def offer_tls(self, directory: Path) -> str:
        """Have the engine listen on a port as well, and return its address.

        Clients find ca.crt, tls.crt and tls.key in ``directory``, and strangers a stranger.crt and stranger.key.
        """
        authority = Authority()
        authority.issue(directory, "tls")
        authority.issue(directory, "engine", names=(self.internet, self.name))
        Authority().issue(directory, "stranger")
        (directory / "ca.crt").write_text(pem(authority.root))
        paths = {"tlscacert": "ca.crt", "tlscert": "engine.crt", "tlskey": "engine.key"}
        for name in paths.values():
            self.write(f"/etc/docker/{name}", (directory / name).read_text())
        self.configure_engine(
            hosts=["unix:///var/run/docker.sock", f"tcp://0.0.0.0:{TLS_PORT}"],
            tlsverify=True,
            **{setting: f"/etc/docker/{name}" for setting, name in paths.items()},
        )
        return f"tcp://{self.internet}:{TLS_PORT}"

    # Breaking it

    def kill(self) -> None:
        """Kill everything on the host at once, as a power cut would; its disks stay."""
        self.outer.kill(self.container)
        self.outer.wait(self.container)

    def start(self) -> None:
        """Start it again."""
        self.outer.start(self.container)
        self.await_sshd()

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Let the whole host stand still: it accepts connections and never answers."""
        self.outer.pause(self.container)
        try:
            yield
        finally:
            self.outer.unpause(self.container)

    @contextlib.contextmanager
    def cut_off(self, address: str) -> Iterator[None]:
        """Let nothing through that comes in on the network where the host has ``address``: a pulled cable."""
        interface = self.inside("sh", "-c", f"ip -o address | grep -F ' {address}/'").split()[1]
        rule = ("PREROUTING", "--table", "raw", "--in-interface", interface, "--jump", "DROP")
        self.inside("iptables", "--insert", *rule)
        try:
            yield
        finally:
            self.inside("iptables", "--delete", *rule)

    @contextlib.contextmanager
    def full_disk(self, left: int = 0) -> Iterator[None]:
        """Fill the disk that holds the volumes (of mx alone, it has 256 MB) but for ``left`` bytes."""
        free = int(self.inside("df", "--block-size=1", "--output=avail", _VOLUMES).split()[-1])
        ballast = f"{_VOLUMES}/ballast"
        self.inside("fallocate", "--length", str(free - left), ballast)
        try:
            yield
        finally:
            self.inside("rm", ballast)

    def await_sshd(self) -> None:
        """Wait until sshd listens, which it does when everything else on the host has been started."""
        wait = ("timeout", "180", "sh", "-c", f"until [ -e {_SSHD} ]; do sleep 0.1; done")
        done = subprocess.run(["docker", "exec", self.container, *wait], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr + self.outer.logs(self.container, tail=20).decode()


def run(*command: str, environment: dict[str, str] | None = None) -> str:
    """Run a program, expect success, and return what it printed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, f"{' '.join(command)}:\n{done.stdout}{done.stderr}"
    return done.stdout
