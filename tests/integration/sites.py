"""A site as integration tests use it: an inventory of its own, and what a person does with it."""

from __future__ import annotations

import imaplib
import io
import json
import os
import random
import re
import smtplib
import socket
import ssl
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any, TypeVar

import docker
import yaml

T = TypeVar("T")

LOCAL = "unix:///var/run/docker.sock"
MAILRIG = Path(sys.executable).with_name("mailrig")
TLS_1_2_AT_MOST = [  # the required mail clients that a list which fits no certificate locks out
    "apple-mail-16-macos",
    "android-7",
    "android-8.1",
    "schannel-win10",
    "schannel-win11-tls12-doc",
    "java-8u161",
]
ALLOWING_THEM = [word for client in TLS_1_2_AT_MOST for word in ("--allow-lockout", client)]
PORTS = ("imaps", "pop3s", "submission", "submissions", "smtp", "imap", "managesieve", "lmtp")


def answers(address: str) -> bool:
    """Whether somebody listens at ``unix://…``; docker-py's own attempt would leave its socket open."""
    with socket.socket(socket.AF_UNIX) as client:
        return client.connect_ex(address.removeprefix("unix://")) == 0


def free_ports(count: int) -> list[int]:
    """Return ports that nobody holds now, all different; below those that the kernel gives to outgoing connections."""
    servers: list[socket.socket] = []
    for port in random.sample(range(10_000, 32_768), 20 * count):
        with suppress(OSError):
            servers.append(socket.create_server(("127.0.0.1", port)))
        if len(servers) == count:
            break
    try:
        return [server.getsockname()[1] for server in servers]
    finally:
        for server in servers:
            server.close()


def loopback_address() -> str:
    """Return an address of this machine's own on which hardly anybody listens, so that ports can have their numbers."""
    return ".".join(map(str, (127, *random.sample(range(1, 255), 3))))


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return a tar archive of files, by path."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, content in files.items():
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


@dataclass
class Site:
    """An inventory with a name of its own, and what a person does with it."""

    name: str
    directory: Path
    settings: dict[str, Any]
    accounts: dict[str, Any]
    address: str = "localhost"
    environment: dict[str, str] = field(default_factory=dict)

    def write(self) -> None:
        """Write the inventory as it now is."""
        self.directory.mkdir(parents=True, exist_ok=True)
        for name, content in (("site.yaml", self.settings), ("accounts.yaml", self.accounts)):
            # PyYAML quotes what looks like a tag; these are meant as tags.
            text = re.sub(r"'(![a-z]+( [^']*)?)'", r"\1", yaml.safe_dump(content, sort_keys=False))
            (self.directory / name).write_text(text)

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run mailrig on this inventory, as a person would."""
        command = [str(MAILRIG), *words, "--inventory", str(self.directory)]
        environment = {**os.environ, **self.environment}
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=self.directory.parent, env=environment
        )

    def ok(self, *words: str) -> str:
        """Run mailrig, expect success, and return what it printed."""
        done = self.run(*words)
        assert done.returncode == 0, f"{words}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def data(self, *words: str) -> Any:
        """Run mailrig with --json, expect success, and return the data."""
        return json.loads(self.ok(*words, "--json"))

    @property
    def host(self) -> dict[str, Any]:
        """The settings of the one host."""
        host: dict[str, Any] = self.settings["hosts"]["home"]
        return host

    def port(self, name: str) -> int:
        """Return the number under which a port is published."""
        value = self.host["ports"][name]
        return int(value["port"] if isinstance(value, dict) else value)

    def container(self, service: str) -> str:
        """Return the name of a service's container."""
        return f"{self.settings['container_prefix']}-{service}"

    def password(self, address: str) -> str:
        """Return the generated password of an account."""
        kept = yaml.safe_load((self.directory / ".state" / "passwords.yaml").read_text())
        return str(kept["passwords"][address]["password"])

    def trusting(self) -> ssl.SSLContext:
        """Return a client's TLS context that trusts the site's own CA, or the one that it is told of."""
        trust = self.host["certificate"].get("trust", ".state/ca.crt")
        return ssl.create_default_context(cafile=str(self.directory / trust))

    @contextmanager
    def imap(self, address: str = "alice@example.test") -> Iterator[imaplib.IMAP4_SSL]:
        """Log in over IMAPS."""
        client = imaplib.IMAP4_SSL(self.address, self.port("imaps"), ssl_context=self.trusting(), timeout=30)
        try:
            client.login(address, self.password(address))
            yield client
        finally:
            with closing(client.socket()):
                client.shutdown()

    @contextmanager
    def submission(self, address: str = "alice@example.test") -> Iterator[smtplib.SMTP]:
        """Log in to submission with STARTTLS."""
        with smtplib.SMTP(self.address, self.port("submission"), timeout=30) as client:
            client.starttls(context=self.trusting())
            client.login(address, self.password(address))
            yield client

    def subjects(self, address: str = "alice@example.test") -> list[str]:
        """Return the subjects in a mailbox's INBOX."""
        with self.imap(address) as client:
            _, [count] = client.select("INBOX", readonly=True)
            if count == b"0":
                return []
            _, parts = client.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
            headers = [part[1].decode() for part in parts if isinstance(part, tuple)]
        return [header.partition(":")[2].strip() for header in headers]


def message(subject: str, sender: str, *recipients: str) -> EmailMessage:
    """Return a small message."""
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = subject, sender, ", ".join(recipients)
    made.set_content("hello")
    return made


def eventually(ask: Callable[[], T], wanted: Callable[[T], bool], seconds: float = 60) -> T:
    """Ask until the answer is the wanted one, and return the last answer; an unreachable server is asked again."""
    end = time.monotonic() + seconds
    while True:
        try:
            answer = ask()
            if wanted(answer) or time.monotonic() > end:
                return answer
        except (OSError, imaplib.IMAP4.error, smtplib.SMTPException):
            if time.monotonic() > end:
                raise
        time.sleep(0.3)


def remove_everything(engine: docker.APIClient, site: str) -> None:
    """Remove all containers, networks and volumes of a test's own site, and its tags of images."""
    ours = {"label": [f"io.mailrig.site={site}"]}
    for container in engine.containers(all=True, filters=ours):
        with suppress(docker.errors.APIError):  # a helper may be ending by itself
            engine.remove_container(container["Id"], force=True)
    for network in engine.networks(filters=ours):
        engine.remove_network(network["Id"])
    for volume in engine.volumes(filters=ours)["Volumes"] or []:
        engine.remove_volume(volume["Name"])
    for image in engine.images(name=f"mailrig-{site}/*"):
        for tag in image["RepoTags"]:
            if tag.startswith(f"mailrig-{site}/"):
                engine.remove_image(tag)


def exec_in(site: Site, service: str, *words: str, check: bool = True) -> str:
    """Run a command in a container as a person does, with the docker program."""
    command = ["docker", "exec", site.container(service), *words]
    return subprocess.run(command, capture_output=True, text=True, check=check).stdout


def state(engine: docker.APIClient, site: Site) -> list[object]:
    """Return what a deploy that touches nothing leaves as it is."""
    containers = [engine.inspect_container(site.container(service)) for service in ("dovecot", "postfix")]
    return [
        *((one["Id"], one["State"]["StartedAt"]) for one in containers),
        exec_in(site, "dovecot", "readlink", "/etc/mailrig/current"),
        exec_in(site, "postfix", "readlink", "/etc/mailrig/current"),
        exec_in(site, "dovecot", "cat", "/run/mailrig/release"),
        site.data("history"),
    ]
