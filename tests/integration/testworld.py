"""The test world of compose/lab.yaml as tests use it: two Docker hosts, and the Internet around them, in small.

It needs root: what runs on a host is looked at by way of /proc, and not by way of its sshd.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import secrets
import subprocess
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ahead
import compose as compose_package
import docker
import pytest
from docker.errors import ImageNotFound
from lab_host import Host, Operator
from lab_world import Dns, World

COMPOSE = Path(compose_package.__file__).with_name("docker-compose")  # its Python launcher loses the exit code
FILE = Path(__file__).parents[2] / "compose" / "lab.yaml"
HOSTS = {"home": 10, "mx": 20, "empty": 30}  # and the last number of their addresses
IMAGES = {  # by variable of lab.yaml: build context, and the stage where there are several
    "LAB_HOST_IMAGE": ("host", "engine"),
    "LAB_EMPTY_IMAGE": ("host", "empty"),
    "LAB_DNS_IMAGE": ("dns", None),
    "LAB_WORLD_IMAGE": ("world", None),
}


@contextlib.contextmanager
def running_lab(engine: docker.APIClient, directory: Path, *overrides: Path) -> Iterator[Lab]:
    """Start the world but for the host `empty`; where it cannot be, the test fails in CI, and is skipped elsewhere."""
    if os.geteuid() != 0:
        reason = "the test world needs root"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    lab = Lab(engine, directory, *overrides)
    try:
        lab.start("dns", "world", "home", "mx")
        yield lab
    finally:
        lab.remove()


class Lab:
    """The containers of lab.yaml under a project name and on networks of their own."""

    def __init__(self, engine: docker.APIClient, directory: Path, *overrides: Path) -> None:
        self.name = f"lab-{uuid.uuid4().hex[:8]}"
        self.operator = Operator(directory / "operator")
        self._files = [word for file in (FILE, *overrides) for word in ("--file", str(file))]
        self.internet, self.vpn = _free_networks(engine)
        self.hosts = {
            name: Host(
                name=name,
                container=f"{self.name}-{name}-1",
                internet=f"{self.internet}.{number}",
                vpn=f"{self.vpn}.{number}",
                operator=self.operator,
                outer=engine,
            )
            for name, number in HOSTS.items()
        }
        self.dns = Dns(f"{self.name}-dns-1")
        self.world = World(f"{self.name}-world-1", f"{self.internet}.40")
        self.operator.prepare(self.hosts.values())
        self.base = ahead.kept_base()
        self._environment = {
            **os.environ,
            **{variable: _image(engine, *how, self.base) for variable, how in IMAGES.items()},
            "LAB_AUTHORIZED_KEY": self.operator.key.with_suffix(".pub").read_text().strip(),
            "LAB_INTERNET": self.internet,
            "LAB_VPN": self.vpn,
        }

    def start(self, *services: str) -> None:
        """Start some of the world, and wait until its servers listen."""
        self.compose("up", "--detach", "--no-build", *services)
        for host in (self.hosts[name] for name in services if name in self.hosts):
            host.await_sshd()
            self.operator.trust(host)
        if "world" in services:
            self.world.await_smtpd()

    def remove(self, *services: str) -> None:
        """Remove some of the world, or all of it."""
        if services:
            self.compose("rm", "--stop", "--force", "--volumes", *services)
        else:
            self.compose("kill")  # in order would take the engines on the hosts some seconds
            self.compose("down", "--volumes")

    def compose(self, *words: str) -> str:
        """Run docker compose on the world."""
        command = [str(COMPOSE), "--project-name", self.name, *self._files, *words]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout


def _image(engine: docker.APIClient, context: str, stage: str | None, base: str) -> str:
    """Build an image under a tag by what it is made of, so that the next run finds it."""
    directory = FILE.parent / "lab" / context
    tag = f"lab/{stage or context}:{_fingerprint(directory, engine.inspect_image(base)['Id'])}"
    with ahead.alone(tag):
        with contextlib.suppress(ImageNotFound):
            engine.inspect_image(tag)
            return tag
        arguments: dict[str, Any] = {"buildargs": {"BASE": base}, "target": stage, "rm": True, "forcerm": True}
        said = list(engine.build(path=str(directory), tag=tag, decode=True, **arguments))
        assert not [line for line in said if "error" in line], json.dumps(said[-20:], indent=1)
    return tag


def _fingerprint(directory: Path, base: str) -> str:
    digest = hashlib.sha256(base.encode())
    for path in sorted(path for path in directory.rglob("*") if path.is_file()):
        digest.update(f"{path.relative_to(directory)} {path.stat().st_mode}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _free_networks(engine: docker.APIClient) -> tuple[str, str]:
    """Return the beginnings of two /24, on the Internet and in the VPN, that no network of this engine has."""
    pools = [pool["Subnet"] for network in engine.networks() for pool in network["IPAM"]["Config"] or ()]
    while True:
        high, low = 64 + secrets.randbelow(64), secrets.randbelow(256)
        internet, vpn = f"10.{high}.{low}", f"100.{high}.{low}"
        if not any(pool.startswith((f"{internet}.", f"{vpn}.")) for pool in pools):
            return internet, vpn
