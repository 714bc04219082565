"""The Internet of the test world: its DNS, and a foreign mail server that sends to the site and takes mail from it."""

from __future__ import annotations

import email
import email.policy
import json
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from typing import Any

from lab_host import run
from sites import eventually

STRANGER = "stranger@foreign.test"


@dataclass(frozen=True)
class Dns:
    """The DNS server; it knows what is in compose/lab/dns/zones.conf."""

    container: str

    def add(self, record: str) -> None:
        """Add a record, such as ``other.test. 60 A 192.0.2.9``."""
        run("docker", "exec", self.container, "unbound-control", "local_data", *record.split())

    def remove(self, name: str) -> None:
        """Remove all records of a name."""
        run("docker", "exec", self.container, "unbound-control", "local_data_remove", name)


@dataclass(frozen=True)
class World:
    """The mail server of foreign.test."""

    container: str
    address: str

    def send(self, subjects: Iterable[str], recipient: str, sender: str = STRANGER) -> None:
        """Send a message for each subject: the server asks the DNS for the recipient's, and tries until it is taken."""
        command = ["docker", "exec", "--interactive", self.container, "lab-send", sender, recipient]
        subprocess.run(command, input="".join(f"{subject}\n" for subject in subjects), text=True, check=True)

    def talk(self, *options: str) -> str:
        """Speak SMTP with options of swaks(1), and return the dialogue."""
        command = ["docker", "exec", self.container, "swaks", *options]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    @property
    def queue(self) -> list[dict[str, Any]]:
        """What has not been taken yet, as `postqueue -j` tells it."""
        return [json.loads(line) for line in self.inside("postqueue", "-j").splitlines()]

    def await_empty_queue(self, seconds: float = 60) -> None:
        """Wait until everything has been taken or refused for good."""
        assert not eventually(lambda: self.queue, lambda queue: not queue, seconds)

    def await_smtpd(self) -> None:
        """Wait until the server listens."""
        listens = "until (: > /dev/tcp/127.0.0.1/25) 2> /dev/null; do sleep 0.1; done"
        self.inside("timeout", "60", "bash", "-c", listens)

    @property
    def received(self) -> list[EmailMessage]:
        """All messages that somebody at foreign.test got."""
        # A form feed of its own stands before each: no header holds one.
        listed = self.inside("sh", "-c", "for m in /home/stranger/Maildir/new/*; do printf '\\f'; cat $m; done || :")
        parts = [part for part in listed.split("\f")[1:] if part]
        return [email.message_from_string(part, policy=email.policy.default) for part in parts]

    @property
    def log(self) -> str:
        """What the server has logged."""
        return run("docker", "logs", self.container)

    def inside(self, *words: str) -> str:
        """Run a program on the server, and return what it printed."""
        return run("docker", "exec", self.container, *words)
