"""Measure the path from port 25 of a gateway to a mailbox at home, on two hosts; writes bench/path.json.

Beside it stand Postfix's own smtp-source and smtp-sink, with nothing and with a bare Postfix of Debian's between them.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "integration"))  # where the test world is

import docker
from lab_site import ALICE, LabSite, site_in
from lab_world import STRANGER
from sites import LOCAL
from testworld import Lab, running_lab

from lab import aligned, end_like_ctrl_c, keep

RESULTS = Path(__file__).with_suffix(".json")
SESSIONS = 10
BYTES = 4096
SINK, SINK_PORT = "sink.test", 2600
LONGEST = 600  # seconds that a round may take
# A disk as the other hosts have it, in place of the one in memory that tests can fill: mail is written to a queue.
ON_DISK = "volumes: {mx_disk: {driver_opts: !reset null}}\n"
# The gateway's limits for one foreign server are far below what is measured here.
UNLIMITED = {"smtpd_client_event_limit_exceptions": "static:all"}
MAILDIR = "/var/mail/vhosts/example.test/alice"


@dataclass(frozen=True)
class Round:
    """Messages a second: taken from the source, and at the end of the way."""

    taken: float
    arrived: float


def main() -> int:
    """Measure each way a few times in turn, so that the machine's moods are shared."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=1000, help="in each round (default: %(default)s)")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    end_like_ctrl_c()
    with (
        closing(docker.APIClient(base_url=LOCAL, version="auto")) as engine,
        tempfile.TemporaryDirectory() as scratch,
    ):
        override = Path(scratch) / "disk.yaml"
        override.write_text(ON_DISK)
        with running_lab(engine, Path(scratch), override) as lab:
            rounds = measured(lab, deployed(lab, Path(scratch)), chosen.messages, chosen.rounds)
    keep(RESULTS, {**head(chosen), "messages_per_s": rounds})
    rows = [
        ("", "taken", "arrived"),
        *((way, *(f"{seen[at]['median']:.0f}" for at in seen)) for way, seen in rounds.items()),
    ]
    print("\n".join(aligned(rows)), file=sys.stderr)
    return 0


def head(chosen: argparse.Namespace) -> dict[str, Any]:
    """Say what was measured, when and on what."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, Linux {platform.release()}",
        "rounds": chosen.rounds,
        "messages": chosen.messages,
        "bytes": BYTES,
        "sessions": SESSIONS,
    }


def deployed(lab: Lab, scratch: Path) -> LabSite:
    """Deploy a site on the lab's hosts, and send it a message: the gateway then knows the foreign server."""
    made = site_in(lab, "lab", scratch)
    made.site.settings["hosts"]["mx"]["extra"] = {"postfix": UNLIMITED}
    made.site.write()
    made.site.ok("deploy")
    lab.world.send(["first"], ALICE)
    made.arrived(["first"])
    lab.world.inside("sh", "-c", f"smtp-sink -u postfix -L 127.0.0.1:{SINK_PORT} 1000 > /dev/null 2>&1 &")
    lab.world.inside("sh", "-c", f"smtp-sink -u postfix 127.0.0.1:{SINK_PORT + 1} 1000 > /dev/null 2>&1 &")
    relaying = (f"relay_domains={SINK}", f"transport_maps=inline:{{{SINK}=lmtp:inet:127.0.0.1:{SINK_PORT}}}")
    lab.world.inside("postconf", *relaying)
    lab.world.inside("postfix", "reload")
    return made


def measured(lab: Lab, site: LabSite, messages: int, rounds: int) -> dict[str, Any]:
    """Return the figures of each way."""
    nobody = f"nobody@{SINK}"
    ways: dict[str, Callable[[], Round]] = {
        "gateway to mailbox": lambda: through(site, messages),
        "bare Postfix to smtp-sink": lambda: timed(lab, "127.0.0.1:25", nobody, messages, empty_queue(lab)),
        "smtp-source to smtp-sink": lambda: timed(lab, f"127.0.0.1:{SINK_PORT + 1}", nobody, messages, ["true"]),
    }
    seen: dict[str, list[Round]] = {way: [] for way in ways}
    for _ in range(rounds):
        for way, measure in ways.items():
            seen[way].append(measure())
            print(f"{way}: {seen[way][-1]}", file=sys.stderr)
    return {
        way: {at: summary([getattr(one, at) for one in found]) for at in ("taken", "arrived")}
        for way, found in seen.items()
    }


def through(site: LabSite, messages: int) -> Round:
    """Measure from port 25 of the gateway to the mailbox, which is empty at first."""
    site.on(site.home, "dovecot", "doveadm", "expunge", "-u", ALICE, "mailbox", "INBOX", "all")
    wait = f"until [ $(ls {MAILDIR}/new {MAILDIR}/cur | grep -c =) -ge {messages} ]; do sleep 0.1; done"
    container = site.site.container("dovecot")
    waiting = ["docker", "exec", site.home.container, "docker", "exec", container, "sh", "-c", wait]
    return timed(site.lab, f"{site.mx.internet}:25", ALICE, messages, waiting)


def empty_queue(lab: Lab) -> list[str]:
    """Return a command that ends when the foreign server's Postfix has nothing left to deliver."""
    wait = 'until [ -z "$(cd /var/spool/postfix && find incoming active deferred -type f)" ]; do sleep 0.1; done'
    return ["docker", "exec", lab.world.container, "sh", "-c", wait]


def timed(lab: Lab, server: str, recipient: str, messages: int, waiting: list[str]) -> Round:
    """Send messages to a server, and time the sending, and the whole until a command has ended."""
    source = ("smtp-source", "-d", "-s", str(SESSIONS), "-m", str(messages), "-l", str(BYTES))
    started = time.monotonic()
    lab.world.inside(*source, "-f", STRANGER, "-t", recipient, server)
    taken = time.monotonic() - started
    subprocess.run(waiting, check=True, timeout=LONGEST)
    return Round(messages / taken, messages / (time.monotonic() - started))


def summary(figures: list[float]) -> dict[str, float]:
    """Return the least, the median and the most."""
    return {
        "min": round(min(figures), 1),
        "median": round(statistics.median(figures), 1),
        "max": round(max(figures), 1),
    }


if __name__ == "__main__":
    sys.exit(main())
