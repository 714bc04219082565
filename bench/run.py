"""Measure mailrig against docker compose, on the same rendered compose.yaml; writes bench/results.json and a table."""

from __future__ import annotations

import imaplib
import json
import os
import platform
import smtplib
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import compose
import docker
import yaml

BIN = Path(sys.executable).parent
# The program itself: its Python launcher would add the start of a Python to every figure of compose's.
COMPOSE = Path(compose.__file__).with_name("docker-compose")
RESULTS = Path(__file__).with_name("results.json")
SITE = f"bench-{uuid.uuid4().hex[:8]}"  # nobody else's: everything of it is removed in the end
PORTS = {"imaps": 29993, "submission": 29587, "submissions": 29465, "smtp": 29025, "lmtp": 29525}
ROUNDS = 3
NO_OP_ROUNDS = 7
MESSAGES = 400
LOGINS = 400
CLIENTS = 4


def main() -> int:
    """Measure everything, print a table, and keep the figures."""
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(Path(scratch))
        try:
            figures = bench.measure()
        finally:
            bench.clean()
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")
    print(table(figures))
    return 0


class Bench:
    """A site of its own, on loopback and high ports."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        self.inventory = scratch / "inventory" / SITE
        self.compose_file = scratch / "build" / SITE / "home" / "compose.yaml"
        self.engine = docker.APIClient(base_url="unix:///var/run/docker.sock", version="auto")
        self._write_inventory()

    def measure(self) -> dict[str, Any]:
        """Return all figures; times in seconds, memory in MiB, rates per second."""
        self.mailrig("deploy")  # builds the images, so that no figure below holds a download
        self.mailrig("render")
        cold = {"mailrig": self._cold_deploys(), "compose": self._cold_composes()}
        self.mailrig("deploy")
        no_op = {
            "mailrig": timed(lambda: self.mailrig("deploy"), NO_OP_ROUNDS),
            "python_and_invoke_alone": timed(lambda: run([str(BIN / "mailrig"), "--list"], self.scratch), NO_OP_ROUNDS),
        }
        self.mailrig("down")
        self.compose("up", "-d", "--wait")
        no_op["compose"] = timed(lambda: self.compose("up", "-d"), NO_OP_ROUNDS)
        self.compose("down")
        self.mailrig("deploy")
        time.sleep(10)  # idle: what was started for the verification has ended
        memory = self._memory()
        return {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}",
            "engine": self.engine.version()["Version"],
            "compose": run([str(COMPOSE), "version", "--short"], self.scratch).strip(),
            "cold_deploy_s": cold,
            "no_op_deploy_s": no_op,
            "idle_memory_mib": memory,
            "submission_to_mailbox_per_s": self._submissions(),
            "imap_logins_per_s": self._logins(),
        }

    def clean(self) -> None:
        """Remove the bench's own containers, network and volumes, and nothing else."""
        ours = {"label": [f"io.mailrig.site={SITE}"]}
        for container in self.engine.containers(all=True, filters=ours):
            self.engine.remove_container(container["Id"], force=True)
        for network in self.engine.networks(filters=ours):
            self.engine.remove_network(network["Id"])
        for volume in self.engine.volumes(filters=ours)["Volumes"] or []:
            self.engine.remove_volume(volume["Name"])

    def mailrig(self, *words: str) -> str:
        """Run mailrig as a whole process."""
        return run([str(BIN / "mailrig"), *words, "--inventory", str(self.inventory)], self.scratch)

    def compose(self, *words: str) -> str:
        """Run docker compose as a whole process, on the compose.yaml that mailrig rendered."""
        return run([str(COMPOSE), "-f", str(self.compose_file), *words], self.scratch)

    def _write_inventory(self) -> None:
        self.inventory.mkdir(parents=True)
        home = {
            "hostname": "mail.bench.test",
            "certificate": {"source": "demo-ca", "names": ["localhost"]},
            "ports": PORTS,
        }
        site = {"site": SITE, "container_prefix": SITE, "domains": ["bench.test"], "hosts": {"home": home}}
        (self.inventory / "site.yaml").write_text(yaml.safe_dump(site))
        accounts = "".join(f"  {who}@bench.test:\n    password: !generated\n" for who in ("alice", "bob"))
        (self.inventory / "accounts.yaml").write_text(f"accounts:\n{accounts}")

    def _cold_deploys(self) -> dict[str, float]:
        """Nothing but the images is there; ends when every probe of verify has passed."""
        seconds = []
        for _ in range(ROUNDS):
            self.clean()
            seconds.append(once(lambda: self.mailrig("deploy")))
        return spread(seconds)

    def _cold_composes(self) -> dict[str, float]:
        """Do the same without delivery and verification: compose ends when its health checks are green."""
        seconds = []
        for _ in range(ROUNDS):
            self.mailrig("down")
            seconds.append(once(lambda: self.compose("up", "-d", "--wait")))
            self.compose("down")
        return spread(seconds)

    def _memory(self) -> dict[str, float]:
        """Memory of each container as `docker stats` counts it: without the page cache that can be dropped."""
        used = {}
        for service in ("dovecot", "postfix"):
            memory = self.engine.stats(f"{SITE}-{service}", stream=False)["memory_stats"]
            cache = memory["stats"].get("total_inactive_file", memory["stats"].get("inactive_file", 0))
            used[service] = round((memory["usage"] - cache) / 2**20, 1)
        return {**used, "together": round(sum(used.values()), 1)}

    def _submissions(self) -> float:
        """Submit over several connections at once; the clock stops when the last message is in the mailbox."""
        started = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(self._submit, [MESSAGES // CLIENTS] * CLIENTS))
        with closing(self._imap()) as mailbox:
            while self._count(mailbox) < MESSAGES:
                time.sleep(0.05)
        return round(MESSAGES / (time.monotonic() - started), 1)

    def _submit(self, count: int) -> None:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = "alice@bench.test", "bob@bench.test", "bench"
        message.set_content("hello\n" * 50)
        with smtplib.SMTP("localhost", PORTS["submission"], timeout=60) as client:
            client.starttls(context=self._tls())
            client.login("alice@bench.test", self._password("alice"))
            for _ in range(count):
                client.send_message(message)

    def _logins(self) -> float:
        """Log in and out over new TLS connections, several at once."""

        def log_in(count: int) -> None:
            for _ in range(count):
                self._imap().logout()

        started = time.monotonic()
        with ThreadPoolExecutor(CLIENTS) as clients:
            list(clients.map(log_in, [LOGINS // CLIENTS] * CLIENTS))
        return round(LOGINS / (time.monotonic() - started), 1)

    def _imap(self) -> imaplib.IMAP4_SSL:
        client = imaplib.IMAP4_SSL("localhost", PORTS["imaps"], ssl_context=self._tls(), timeout=60)
        client.login("bob@bench.test", self._password("bob"))
        return client

    def _count(self, mailbox: imaplib.IMAP4_SSL) -> int:
        _, [count] = mailbox.select("INBOX", readonly=True)
        return int(count or 0)

    def _tls(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.inventory / ".state" / "ca.crt"))

    def _password(self, who: str) -> str:
        kept = yaml.safe_load((self.inventory / ".state" / "passwords.yaml").read_text())
        return str(kept["passwords"][f"{who}@bench.test"]["password"])


def run(command: list[str], directory: Path) -> str:
    """Run a program, expect success, and return what it printed."""
    done = subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def once(do: Callable[[], object]) -> float:
    """Return how long something takes, in seconds."""
    started = time.monotonic()
    do()
    return time.monotonic() - started


def timed(do: Callable[[], object], rounds: int) -> dict[str, float]:
    """Return the spread of ``rounds`` runs."""
    return spread([once(do) for _ in range(rounds)])


def spread(seconds: list[float]) -> dict[str, float]:
    """Return minimum, median and maximum."""
    figures = {"min": min(seconds), "median": statistics.median(seconds), "max": max(seconds)}
    return {name: round(value, 2) for name, value in figures.items()}


def table(figures: dict[str, Any]) -> str:
    """Return the figures for a person, with the goals beside them."""

    def of(part: dict[str, float]) -> str:
        return f"{part['median']} s ({part['min']}-{part['max']})"

    cold, no_op = figures["cold_deploy_s"], figures["no_op_deploy_s"]
    memory = figures["idle_memory_mib"]
    rows = [
        ("", "mailrig", f"docker compose {figures['compose']}", "goal"),
        (
            "cold deploy, images present, until verified",
            of(cold["mailrig"]),
            f"{of(cold['compose'])}, not verified",
            "12 s",
        ),
        ("deploy with nothing to do", of(no_op["mailrig"]), of(no_op["compose"]), "1 s"),
        ("  of which Python and invoke", of(no_op["python_and_invoke_alone"]), "", ""),
        ("memory idle, both containers", f"{memory['together']} MiB", "the same containers", "100 MiB"),
        ("submission to mailbox", f"{figures['submission_to_mailbox_per_s']} messages/s", "", ""),
        ("IMAP logins over TLS", f"{figures['imap_logins_per_s']} /s", "", ""),
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([f"{figures['when']}, {figures['machine']}, engine {figures['engine']}", *lines])


if __name__ == "__main__":
    sys.exit(main())
