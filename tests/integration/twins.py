"""A site on two hosts, `home` and `away`: what is changed and broken there, and how either stands."""

from __future__ import annotations

import itertools
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import docker
from authority import Authority, pem
from cryptography.hazmat.primitives.asymmetric import ec
from private_engine import PrivateEngine
from sites import MAILRIG, Site, state

LIMITS = itertools.count(11)
SERVICES = ("dovecot", "postfix")


def change(site: Site) -> None:
    """Change something on every host, so that a deploy has something to do: to what no test has changed it before."""
    site.settings["message_size_limit"] = f"{next(LIMITS)}M"
    site.write()


def lock_out(site: Site) -> None:
    """Give `home` a certificate that Android 7 does not take: it names P-256 alone."""
    authority = Authority()
    authority.issue(site.directory, "tls", key=ec.generate_private_key(ec.SECP384R1()))
    (site.directory / "root.pem").write_text(pem(authority.root))
    site.host["certificate"] = {"source": "operator", "cert": "tls.crt", "key": "tls.key", "trust": "root.pem"}
    site.write()


def silence(site: Site, host: str) -> None:
    """Let nobody answer for a host."""
    site.settings["hosts"][host]["engine"] = f"unix://{site.directory}/no-{host}.sock"
    site.write()


def order(site: Site, *hosts: str) -> None:
    """Name the hosts in this order, in which they are deployed."""
    site.settings["hosts"] = {host: site.settings["hosts"][host] for host in hosts}
    site.write()


@contextmanager
def in_the_way(address: str, site: Site) -> Iterator[str]:
    """Have a foreign container on an engine under a name that a deploy may need; yields the name."""
    name = f"{site.container('dovecot')}.old"
    with closing(docker.APIClient(base_url=address, version="auto")) as engine:
        image = engine.inspect_container(site.container("dovecot"))["Image"]
        made = engine.create_container(image, entrypoint=["true"], name=name)
        try:
            yield name
        finally:
            engine.remove_container(made["Id"])


def at_away(site: Site, private: PrivateEngine) -> Site:
    """Return the site as it is reached on its other host."""
    settings = {**site.settings, "hosts": {"home": site.settings["hosts"]["away"]}}
    return replace(site, settings=settings, address=private.published)


def starve(site: Site) -> None:
    """Give `away` less memory than Dovecot needs to start."""
    site.settings["hosts"]["away"]["resources"] = {"dovecot": {"memory": "6M"}}
    site.write()


def limit(client: docker.APIClient, site: Site) -> str:
    """Return the largest message that a host's Postfix takes now, as the inventory writes it."""
    words = ["postconf", "-h", "message_size_limit"]
    ticket = client.exec_create(site.container("postfix"), words)
    return f"{int(client.exec_start(ticket)) // 2**20}M"


@contextmanager
def client_of(private: PrivateEngine) -> Iterator[docker.APIClient]:
    """The engine of the host `away`."""
    with closing(docker.APIClient(base_url=private.address, version="auto")) as client:
        yield client


@contextmanager
def swallowing(directory: Path) -> Iterator[str]:
    """Have somebody take connections and never answer; yields the engine's address."""
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(directory / "silent.sock"))
        server.listen()
        yield f"unix://{directory}/silent.sock"


@contextmanager
def under_way(site: Site, until: str) -> Iterator[subprocess.Popen[str]]:
    """Have a deploy go on that has said this; it ends with the block at the latest."""
    command = [str(MAILRIG), "deploy", "--inventory", str(site.directory)]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, cwd=site.directory.parent) as deploy:
        try:
            assert deploy.stderr is not None
            assert any(until in line for line in deploy.stderr), f"it never said: {until}"
            yield deploy
        finally:
            deploy.kill()


def last(site: Site, host: str) -> dict[str, Any]:
    """Return the last entry of a host's history."""
    [found] = [one for one in site.data("history") if one["host"] == host]
    entry: dict[str, Any] = found["deploys"][-1]
    return entry


def standing(site: Site, engine: docker.APIClient, private: PrivateEngine) -> list[object]:
    """Return what a deploy that touches nothing leaves as it is, on both hosts."""
    with closing(docker.APIClient(base_url=private.address, version="auto")) as other:
        containers = [other.inspect_container(site.container(service)) for service in SERVICES]
        return [*state(engine, site), *((one["Id"], one["State"]["StartedAt"]) for one in containers)]
