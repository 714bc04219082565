"""Send messages while a site is changed, killed and rolled back, and see whether each has arrived exactly once."""

from __future__ import annotations

import argparse
import random
import secrets
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docker.errors

import kinds
from lab import DOMAIN, SERVICES, Lab, end_like_ctrl_c, keep
from traffic import READER, SENDER, TROUBLE, Load, Outcome, Seen, Traffic, subjects

RESULTS = Path(__file__).with_name("soak.json")
MAILBOXES = (READER, *(f"soak-{number}@{DOMAIN}" for number in range(3)))
LOAD = Load(logins=0, submitters=3, deliverers=2, message_pause=0.35, mailboxes=MAILBOXES)
PAUSE = (0.5, 3.0)  # seconds between two events
LONGEST = 120  # seconds that a command may take
AFTER = 600  # seconds in which the rest of the messages is to be accepted, once the events are over
Event = Callable[[], str]


@dataclass
class Soak:
    """The events, drawn from one seed, and what became of each."""

    lab: Lab
    chance: random.Random
    has_rollback: bool
    log: list[str] = field(default_factory=list)
    turn: int = 0

    def take_place(self, count: int) -> None:
        """Let ``count`` events happen, every sort of them before any comes again."""
        started = time.monotonic()
        waiting: list[tuple[str, Event]] = []
        for _ in range(count):
            time.sleep(self.chance.uniform(*PAUSE))
            waiting = waiting or self._shuffled()
            sort, happen = waiting.pop()
            begun = time.monotonic() - started
            said = happen()
            self.log.append(f"{begun:6.1f} s  {sort}: {said}")
            print(self.log[-1], file=sys.stderr, flush=True)

    def _shuffled(self) -> list[tuple[str, Event]]:
        events: list[tuple[str, Event]] = [
            ("change", self._change),
            ("change", self._change),
            ("change", self._change),
            ("restart", self._restart),
            ("docker kill", self._kill),
            ("kill from within", self._kill_within),
            ("docker stop", self._stop),
            ("docker restart", self._docker_restart),
            ("deploy killed", self._kill_deploy),
            ("deploy killed", self._kill_deploy),
        ]
        if self.has_rollback:
            events.append(("rollback", self._roll_back))
        self.chance.shuffle(events)
        return events

    def _change(self) -> str:
        return f"{self._edit()}, {self.mailrig('deploy')}"

    def _edit(self) -> str:
        """Change the inventory at random."""
        kind = self.chance.choice([kind for kind in kinds.ALL if kind.goal != "nothing"])
        self.turn += 1
        with_patience(lambda: kind.change(self.lab, self.turn))
        self.lab.write()
        return kind.name

    def _restart(self) -> str:
        return self.mailrig("restart", *self.chance.choice([[], ["dovecot"], ["postfix"]]))

    def _kill(self) -> str:
        services = self._some()
        self._docker("kill", services)
        return f"{services}, {self._come_back(services)}"

    def _kill_within(self) -> str:
        services = self._some()
        for service in services:
            self._quietly("docker", "exec", self.lab.container(service), "bash", "-c", "kill -KILL -1")
        return f"{services}, the engine starts it again"

    def _stop(self) -> str:
        services = self._some()
        self._docker("stop", services)
        return f"{services}, {self._come_back(services)}"

    def _docker_restart(self) -> str:
        services = self._some()
        self._docker("restart", services)
        return str(services)

    def _come_back(self, services: list[str]) -> str:
        time.sleep(self.chance.uniform(0, 2))
        if self.chance.random() < 0.5:  # noqa: PLR2004  # half of the times
            return self.mailrig("deploy")
        self._docker("start", services)
        return "started by docker"

    def _kill_deploy(self) -> str:
        """SIGKILL at a moment of its life: the whole of a deploy takes some seconds."""
        edited, moment = self._edit(), self.chance.uniform(0.05, 3.5)
        deploy = subprocess.Popen(
            self.lab.command("deploy"), cwd=self.lab.scratch, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            deploy.wait(moment)
            fate = "had ended"
        except subprocess.TimeoutExpired:
            deploy.kill()
            deploy.wait()
            fate = "killed"
        time.sleep(self.chance.uniform(0, 1))
        return f"{edited}, {fate} after {moment:.2f} s, {self.mailrig('deploy')}"

    def _roll_back(self) -> str:
        return self.mailrig("rollback")

    def _some(self) -> list[str]:
        return self.chance.choice([["dovecot"], ["postfix"], list(SERVICES)])

    def mailrig(self, *words: str) -> str:
        """Run a verb, and say how it went."""
        done = self._quietly(*self.lab.command(*words))
        failed = f" FAILED with {done.returncode}: {done.stderr.strip()[-300:]}" if done.returncode else ""
        return " ".join(words) + failed

    def _docker(self, verb: str, services: list[str]) -> None:
        self._quietly("docker", verb, *(self.lab.container(service) for service in services))

    def _quietly(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=self.lab.scratch, capture_output=True, text=True, check=False, timeout=LONGEST
        )


def main() -> int:
    """Soak a site, say what was lost or duplicated, and keep the figures; exit 1 when anything was."""
    asked = arguments()
    end_like_ctrl_c()
    print(f"seed {asked.seed}", file=sys.stderr, flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        lab = Lab(Path(scratch), (SENDER, *MAILBOXES, kinds.CHANGING))
        try:
            figures = soak(lab, asked)
        finally:
            lab.clean()
    keep(asked.out, figures)
    print(verdict(figures))
    return 0 if figures["passed"] else 1


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=2000, help="how many must be accepted, at least")
    parser.add_argument("--events", type=int, default=30, help="how many changes, restarts, kills and rollbacks")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="the same events again")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the figures go")
    return parser.parse_args()


def soak(lab: Lab, asked: argparse.Namespace) -> dict[str, Any]:
    """Run the messages and the events side by side, let things calm down, and compare."""
    lab.mailrig("deploy")
    events = Soak(lab, random.Random(asked.seed), lab.has_verb("rollback"))  # noqa: S311  # to be repeated, not secret
    started = time.monotonic()
    traffic = Traffic(lab.server, LOAD, f"soak-{asked.seed}")
    traffic.start()
    try:
        events.take_place(asked.events)
        last = events.mailrig("deploy")
        end = time.monotonic() + AFTER
        while traffic.accepted < asked.messages and time.monotonic() < end:
            time.sleep(0.5)
    finally:
        seen = traffic.stop()
    is_empty = lab.await_empty_queue(180)
    found = {mailbox: Counter(subjects(lab.server, mailbox)) for mailbox in MAILBOXES}
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": asked.seed,
        "seconds": round(time.monotonic() - started),
        "last_deploy": last,
        "queue_is_empty": is_empty,
        **compared(seen, found, is_well=is_empty and "FAILED" not in last and traffic.accepted >= asked.messages),
        "events": events.log,
    }


def compared(seen: Seen, found: dict[str, Counter[str]], *, is_well: bool) -> dict[str, Any]:
    """Return what became of each message, by what its sender knows about it."""
    accepted = [sent for sent in seen.sent if sent.outcome is Outcome.ACCEPTED]
    lost = [sent for sent in accepted if found[sent.mailbox][sent.id] == 0]
    duplicated = [sent for sent in accepted if found[sent.mailbox][sent.id] > 1]

    def copies(outcome: Outcome) -> dict[int, int]:
        return dict(sorted(Counter(found[s.mailbox][s.id] for s in seen.sent if s.outcome is outcome).items()))

    return {
        "accepted": dict(Counter(sent.by for sent in accepted)),
        "lost": [asdict(sent) for sent in lost],
        "duplicated": [asdict(sent) | {"copies": found[sent.mailbox][sent.id]} for sent in duplicated],
        "copies_of_those_whose_answer_was_never_seen": copies(Outcome.UNKNOWN),
        "copies_of_refused": copies(Outcome.REFUSED),
        "passed": is_well and not lost and not duplicated and not set(copies(Outcome.REFUSED)) - {0},
    }


def verdict(figures: dict[str, Any]) -> str:
    """Return one line for a person."""
    accepted, events = sum(figures["accepted"].values()), len(figures["events"])
    unknown = sum(figures["copies_of_those_whose_answer_was_never_seen"].values())
    failed = sum(1 for event in figures["events"] if "FAILED" in event)
    return (
        f"soak: {'passed' if figures['passed'] else 'FAILED'}: {accepted} messages accepted during {events} events,"
        f" {len(figures['lost'])} lost, {len(figures['duplicated'])} duplicated; {unknown} without an answer;"
        f" {failed} commands failed; seed {figures['seed']}, {figures['seconds']} s"
    )


def with_patience(do: Callable[[], object]) -> None:
    """Try for a while: a change looks at the server first, which may be away for a moment; then go without."""
    for _ in range(20):
        try:
            do()
        except (*TROUBLE, docker.errors.APIError):
            time.sleep(0.5)
        else:
            return


if __name__ == "__main__":
    sys.exit(main())
