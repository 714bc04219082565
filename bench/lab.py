"""A site for measurements: an inventory of its own on loopback, and programs run on it; knows no figures."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import compose
import docker
import docker.errors
import yaml

from mailrig.inventory import authority

BIN = Path(sys.executable).parent
# The program itself: its Python launcher would add the start of a Python to every figure of compose's.
COMPOSE = Path(compose.__file__).with_name("docker-compose")
DOMAIN = "bench.test"
PORTS = ("imaps", "pop3s", "submission", "submissions", "smtp", "lmtp")
SERVICES = ("dovecot", "postfix")
# Words that all may know, on a site that lives for minutes. 1000 rounds of SHA512-CRYPT cost a millisecond, so that
# a log-in loop measures what interrupts it, and not what a password hash costs.
HASHES = {
    "one": "{SHA512-CRYPT}$6$rounds=1000$benchsalt1$"
    "lHZaPjUP0C1w0TXmRBm9ObGCHLhrOVpIuhRz3Gx/Vwdz1Cj9VOsA3Pab2sQF6.UAFM7G8sBOOgMJgzd0KE/140",
    "two": "{SHA512-CRYPT}$6$rounds=1000$benchsalt2$"
    ".kaejHqZkHeqQBiImhK75Olp8NFyJv64uU6iY/1QaUKcch/xnOU/Fhyidmf.0s76m2oLojwFNjLlrWW49jcQS/",
}


@dataclass(frozen=True)
class Server:
    """What a mail client must know of the site; travels to other processes."""

    ports: dict[str, int]
    authority: str

    @property
    def trusting(self) -> ssl.SSLContext:
        """A TLS context that trusts the site's own CA."""
        return ssl.create_default_context(cafile=self.authority)


class Lab:
    """A site with a name, ports and labels of its own."""

    def __init__(self, scratch: Path, people: tuple[str, ...] = ()) -> None:
        """Write an inventory with ``people``, by address, as accounts whose password is `one`."""
        self.name = f"bench-{uuid.uuid4().hex[:8]}"  # nobody else's: everything of it is removed in the end
        self.scratch = scratch
        self.inventory = scratch / "inventory" / self.name
        self.compose_file = scratch / "build" / self.name / "home" / "compose.yaml"
        self.engine = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.host: dict[str, Any] = {
            "hostname": f"mail.{DOMAIN}",
            "certificate": {"source": "demo-ca", "names": ["localhost"]},
            "ports": self.ports,
        }
        self.settings: dict[str, Any] = {
            "site": self.name,
            "container_prefix": self.name,
            "domains": [DOMAIN],
            "hosts": {"home": self.host},
        }
        self.on_host = scratch / "tls"
        self.authority = authority.found("bench", datetime.now(UTC))
        self._certificate: dict[str, Any] = self.host["certificate"]
        self.accounts: dict[str, Any] = {address: {"password": HASHES["one"]} for address in people}
        self.aliases: dict[str, Any] = {}
        self.write()

    @property
    def server(self) -> Server:
        """The site as a client sees it, with the ports of now."""
        trusted = self.host["certificate"].get("trust", self.inventory / ".state" / "ca.crt")
        return Server(dict(self.ports), str(trusted))

    def keep_certificate_on_host(self) -> None:
        """Keep the certificate in a directory of the Docker host, where `renew` renews it, until further notice."""
        self.on_host.mkdir()
        (self.scratch / "root.pem").write_text(self.authority.cert)
        self.renew()
        paths = {"cert": self.on_host / "tls.crt", "key": self.on_host / "tls.key", "trust": self.scratch / "root.pem"}
        self._certificate, self.host["certificate"] = (
            self.host["certificate"],
            {"source": "host", **{name: str(path) for name, path in paths.items()}},
        )
        self.write()

    def keep_certificate_in_release(self) -> None:
        """Have a certificate of the demo CA again."""
        self.host["certificate"] = self._certificate
        self.write()

    def renew(self) -> bytes:
        """Put another certificate and key on the Docker host, each with a rename, and return the certificate (DER)."""
        pair = authority.issue(self.authority, [f"mail.{DOMAIN}", "localhost"], datetime.now(UTC))
        for name, content in (("tls.key", pair.key.reveal()), ("tls.crt", pair.cert)):
            beside = self.on_host / f".{name}"
            beside.write_text(content)
            beside.rename(self.on_host / name)
        end = "-----END CERTIFICATE-----\n"
        return ssl.PEM_cert_to_DER_cert(pair.cert.partition(end)[0] + end)

    def write(self) -> None:
        """Write the inventory as it now is."""
        self.inventory.mkdir(parents=True, exist_ok=True)
        (self.inventory / "site.yaml").write_text(yaml.safe_dump(self.settings))
        accounts = yaml.safe_dump({"accounts": self.accounts, "aliases": self.aliases})
        # PyYAML quotes what looks like a tag; these are meant as tags.
        (self.inventory / "accounts.yaml").write_text(re.sub(r"'(![a-z]+)'", r"\1", accounts))

    def command(self, *words: str) -> list[str]:
        """Return the command line of mailrig on this inventory."""
        return [str(BIN / "mailrig"), *words, "--inventory", str(self.inventory)]

    def mailrig(self, *words: str) -> str:
        """Run mailrig as a whole process, and expect success."""
        return run(self.command(*words), self.scratch)

    def compose(self, *words: str) -> str:
        """Run docker compose as a whole process, on the compose.yaml that mailrig rendered."""
        return run([str(COMPOSE), "-f", str(self.compose_file), *words], self.scratch)

    def has_verb(self, verb: str) -> bool:
        """Whether this mailrig knows a verb."""
        listed = run([str(BIN / "mailrig"), "--list"], self.scratch)
        return re.search(rf"^\s+{verb}\s", listed, re.MULTILINE) is not None

    def password(self, address: str) -> str:
        """Return the password that mailrig made for an account."""
        kept = yaml.safe_load((self.inventory / ".state" / "passwords.yaml").read_text())
        return str(kept["passwords"][address]["password"])

    def container(self, service: str) -> str:
        """Return the name of a service's container."""
        return f"{self.name}-{service}"

    def inspect(self, service: str) -> dict[str, Any]:
        """Return what the engine says of a service's container."""
        found: dict[str, Any] = self.engine.inspect_container(self.container(service))
        return found

    def inside(self, service: str, *words: str) -> str:
        """Run a program in a container and return what it printed."""
        started = self.engine.exec_create(self.container(service), list(words))
        return bytes(self.engine.exec_start(started["Id"])).decode(errors="replace")

    def await_empty_queue(self, seconds: float) -> bool:
        """Wait until Postfix has nothing left to deliver; what was deferred is tried at once."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if "is empty" in self.inside("postfix", "postqueue", "-p"):
                return True
            self.inside("postfix", "postqueue", "-f")
            time.sleep(1)
        return False

    def clean(self) -> None:
        """Remove the site's own containers, network, volumes and tags of images, and nothing else."""
        ours = {"label": [f"io.mailrig.site={self.name}"]}
        for container in self.engine.containers(all=True, filters=ours):
            with contextlib.suppress(docker.errors.APIError):  # a helper may be ending by itself
                self.engine.remove_container(container["Id"], force=True)
        for network in self.engine.networks(filters=ours):
            self.engine.remove_network(network["Id"])
        for volume in self.engine.volumes(filters=ours)["Volumes"] or []:
            self.engine.remove_volume(volume["Name"])
        for image in self.engine.images(name=f"mailrig-{self.name}/*"):
            for tag in image["RepoTags"]:
                if tag.startswith(f"mailrig-{self.name}/"):
                    self.engine.remove_image(tag)


def free_ports(count: int) -> list[int]:
    """Return ports that nobody holds now, all different."""
    servers = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    try:
        return [server.getsockname()[1] for server in servers]
    finally:
        for server in servers:
            server.close()


def end_like_ctrl_c() -> None:
    """Let SIGTERM end the program as Ctrl-C does, so that what was started is removed."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, interrupt)


def run(command: list[str], directory: Path) -> str:
    """Run a program, expect success, and return what it printed."""
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return rows as lines, each column as wide as its widest cell."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def keep(path: Path, figures: dict[str, Any]) -> None:
    """Write figures where the next reader finds them."""
    path.write_text(json.dumps(figures, indent=2) + "\n")
