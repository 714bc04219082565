"""Measure mailrig against docker compose, on the same rendered compose.yaml; writes bench/results.json and a table."""

from __future__ import annotations

import imaplib
import os
import platform
import smtplib
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from lab import BIN, COMPOSE, DOMAIN, Lab, aligned, end_like_ctrl_c, keep, run

RESULTS = Path(__file__).with_name("results.json")
ALICE, BOB = f"alice@{DOMAIN}", f"bob@{DOMAIN}"
ROUNDS = 3
NO_OP_ROUNDS = 7
MESSAGES = 400
LOGINS = 400
CLIENTS = 4


def main() -> int:
    """Measure everything, print a table, and keep the figures."""
    end_like_ctrl_c()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(Lab(Path(scratch)))
        try:
            figures = bench.measure()
        finally:
            bench.lab.clean()
    keep(RESULTS, figures)
    print(table(figures))
    return 0


class Bench:
    """What is measured on a site of its own, with passwords that mailrig made."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        lab.accounts = {address: {"password": "!generated"} for address in (ALICE, BOB)}
        lab.write()

    def measure(self) -> dict[str, Any]:
        """Return all figures; times in seconds, memory in MiB, rates per second."""
        self.lab.mailrig("deploy")  # builds the images, so that no figure below holds a download
        self.lab.mailrig("render")
        cold = {"mailrig": self._cold_deploys(), "compose": self._cold_composes()}
        self.lab.mailrig("deploy")
        no_op = {
            "mailrig": timed(lambda: self.lab.mailrig("deploy"), NO_OP_ROUNDS),
            "python_and_invoke_alone": timed(
                lambda: run([str(BIN / "mailrig"), "--list"], self.lab.scratch), NO_OP_ROUNDS
            ),
        }
        self.lab.mailrig("down")
        self.lab.compose("up", "-d", "--wait")
        no_op["compose"] = timed(lambda: self.lab.compose("up", "-d"), NO_OP_ROUNDS)
        self.lab.compose("down")
        self.lab.mailrig("deploy")
        time.sleep(10)  # idle: what was started for the verification has ended
        memory = self._memory()
        return {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}",
            "engine": self.lab.engine.version()["Version"],
            "compose": run([str(COMPOSE), "version", "--short"], self.lab.scratch).strip(),
            "cold_deploy_s": cold,
            "no_op_deploy_s": no_op,
            "idle_memory_mib": memory,
            "submission_to_mailbox_per_s": self._submissions(),
            "imap_logins_per_s": self._logins(),
        }

    def _cold_deploys(self) -> dict[str, float]:
        """Nothing but the images is there; ends when every probe of verify has passed."""
        seconds = []
        for _ in range(ROUNDS):
            self.lab.clean()
            seconds.append(once(lambda: self.lab.mailrig("deploy")))
        return spread(seconds)

    def _cold_composes(self) -> dict[str, float]:
        """Do the same without delivery and verification: compose ends when its health checks are green."""
        seconds = []
        for _ in range(ROUNDS):
            self.lab.mailrig("down")
            seconds.append(once(lambda: self.lab.compose("up", "-d", "--wait")))
            self.lab.compose("down")
        return spread(seconds)

    def _memory(self) -> dict[str, float]:
        """Memory of each container as `docker stats` counts it: without the page cache that can be dropped."""
        used = {}
        for service in ("dovecot", "postfix"):
            memory = self.lab.engine.stats(self.lab.container(service), stream=False)["memory_stats"]
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
        message["From"], message["To"], message["Subject"] = ALICE, BOB, "bench"
        message.set_content("hello\n" * 50)
        with smtplib.SMTP("localhost", self.lab.ports["submission"], timeout=60) as client:
            client.starttls(context=self.lab.server.trusting)
            client.login(ALICE, self.lab.password(ALICE))
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
        client = imaplib.IMAP4_SSL(
            "localhost", self.lab.ports["imaps"], ssl_context=self.lab.server.trusting, timeout=60
        )
        client.login(BOB, self.lab.password(BOB))
        return client

    def _count(self, mailbox: imaplib.IMAP4_SSL) -> int:
        _, [count] = mailbox.select("INBOX", readonly=True)
        return int(count or 0)


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
    return "\n".join([f"{figures['when']}, {figures['machine']}, engine {figures['engine']}", *aligned(rows)])


if __name__ == "__main__":
    sys.exit(main())
