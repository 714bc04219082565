"""Measure what a change to a running site interrupts, beside docker restart and compose; writes bench/change.json."""

from __future__ import annotations

import argparse
import io
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, TextIO

import kinds
from kinds import Kind, Question, is_seen
from lab import COMPOSE, SERVICES, Lab, aligned, end_like_ctrl_c, keep, run
from traffic import READER, SENDER, Load, Outcome, Seen, Traffic, subjects

RESULTS = Path(__file__).with_name("change.json")
LOAD = Load(logins=2, watching=5)
LOGINS = 500
SETTLE = 1.5  # seconds of traffic before the first change, between two, and after the last
POLL = 0.03
PATIENCE = 60
GATED = "the gating probes have answered"  # a deploy's own words
LONGEST = 120  # seconds in which there are to be enough log-ins
GOALS = {
    "reload": "0 failed, gap 150 ms, all kept, 1.2 s gated",
    "accounts": "0 failed, gap 150 ms, all kept, 1 s in force",
    "container": "gap 2 s, 0 lost",
    "nothing": "0 failed, 0.5 s ended, 3 x compose",
    "renewal": "0 failed, gap 150 ms, all kept, 60 s in force",
}


@dataclass(frozen=True)
class Turn:
    """One run of a command, in seconds from its start; None where it was not seen or not told."""

    in_force: float | None
    gated: float | None
    ended: float
    code: int


@dataclass(frozen=True)
class Interruption:
    """What the clients noticed of all turns of one kind."""

    logins: int
    failed_logins: int
    logins_per_s: float
    longest_gap_ms: int
    sessions: str
    accepted: int
    delivered: int
    lost: int
    duplicated: int
    unknown: int
    refused: int
    failures: dict[str, int]


def main() -> int:
    """Measure, print a table, and keep the figures."""
    asked = arguments()
    end_like_ctrl_c()
    with tempfile.TemporaryDirectory() as scratch:
        lab = Lab(Path(scratch), (SENDER, READER, kinds.CHANGING))
        try:
            figures = measure(lab, asked.changes, asked.kinds, alone=asked.alone)
        finally:
            lab.clean()
    keep(asked.out, figures)
    print(table(figures))
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=5, help="how often each kind of change is made")
    parser.add_argument("--kinds", nargs="*", default=[kind.name for kind in kinds.ALL], help="which kinds of change")
    parser.add_argument("--alone", action="store_true", help="without the tools that people use today")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the figures go")
    return parser.parse_args()


def measure(lab: Lab, changes: int, names: list[str], *, alone: bool) -> dict[str, Any]:
    """Return all figures: the machine, the noise without any change, each kind, and today's tools."""
    lab.mailrig("deploy")
    lab.mailrig("render")
    rows = {"no change at all": {"goal": "", **observed(lab, "quiet", [])[0]}}
    for kind in kinds.ALL:
        if kind.name in names:
            rows[kind.name] = of_kind(lab, kind, changes)
    if not alone:
        lab.mailrig("render")
        rows |= of_other_tools(lab, changes)
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "engine": lab.engine.version()["Version"],
        "compose": run([str(COMPOSE), "version", "--short"], lab.scratch).strip(),
        "traffic": asdict(LOAD),
        "changes": changes,
        "rows": rows,
    }


def of_kind(lab: Lab, kind: Kind, changes: int) -> dict[str, Any]:
    """Make a kind of change several times under traffic."""
    if kind.on_host:
        lab.keep_certificate_on_host()
        lab.mailrig("deploy")

    def turn(number: int) -> Callable[[], Turn]:
        def deploy() -> Turn:
            question = kind.change(lab, number)
            lab.write()
            return timed(["true"] if kind.on_host else lab.command("deploy"), lab.scratch, question)

        return deploy

    interruption, turns = observed(lab, kind.name.replace(" ", "-"), [turn(number) for number in range(changes)])
    if kind.on_host:
        lab.keep_certificate_in_release()
        lab.mailrig("deploy")
    if kind.goal == "nothing":
        turns = [replace(one, in_force=None) for one in turns]
    return {"goal": GOALS[kind.goal], **interruption, **summary(turns)}


def of_other_tools(lab: Lab, changes: int) -> dict[str, dict[str, Any]]:
    """Do the same with the tools that people use today, on the same containers."""
    containers = [lab.container(service) for service in SERVICES]
    compose = [str(COMPOSE), "-f", str(lab.compose_file), "up", "-d"]
    commands = {
        "docker restart": ["docker", "restart", *containers],
        "compose --force-recreate": [*compose, "--force-recreate"],
        "compose no-op": compose,
    }
    rows = {}
    for name, command in commands.items():

        def turn(command: list[str] = command) -> Turn:
            return timed(command, lab.scratch, lambda: True)

        interruption, turns = observed(lab, name.replace(" ", "-"), [turn] * changes)
        rows[name] = {"goal": "", **interruption, **summary([replace(one, in_force=None) for one in turns])}
    return rows


def timed(command: list[str], directory: Path, is_in_force: Question) -> Turn:
    """Run a command, and ask all the while whether what it does is in force."""
    started = time.monotonic()
    with subprocess.Popen(
        command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        listener = Listener(process.stderr or io.StringIO(), started)
        listener.start()
        in_force = ended = None
        while ended is None or (in_force is None and time.monotonic() < started + PATIENCE):
            asked = time.monotonic()
            if in_force is None and is_seen(is_in_force):
                in_force = asked - started
            if ended is None and process.poll() is not None:
                ended = time.monotonic() - started
            time.sleep(POLL if in_force is None else 0.005)
        listener.join()
    return Turn(in_force, listener.gated, ended, process.returncode)


class Listener(threading.Thread):
    """Hears from a deploy when its gating probes have answered: ``gated``, in seconds from the start."""

    def __init__(self, said: TextIO, started: float) -> None:
        super().__init__(daemon=True)
        self.said = said
        self.started = started
        self.gated: float | None = None

    def run(self) -> None:
        """Listen until the deploy has nothing more to say."""
        for line in self.said:
            if GATED in line:
                self.gated = time.monotonic() - self.started


def observed(lab: Lab, prefix: str, turns: list[Callable[[], Turn]]) -> tuple[dict[str, Any], list[Turn]]:
    """Take turns under traffic, and go on until there were enough log-ins; then see what became of each message."""
    traffic = Traffic(lab.server, LOAD, prefix)
    traffic.start()
    time.sleep(2 * SETTLE)  # until its process runs
    done = []
    for turn in turns:
        done.append(turn())
        time.sleep(SETTLE)
    enough = time.monotonic() + LONGEST
    while traffic.logins < LOGINS and time.monotonic() < enough:
        time.sleep(0.1)
    seen = traffic.stop()
    if not lab.await_empty_queue(90):
        print(f"{prefix}: the queue is not empty after 90 s", file=sys.stderr)
    return asdict(interruption(seen, Counter(subjects(lab.server, READER)))), done


def interruption(seen: Seen, found: Counter[str]) -> Interruption:
    """Sum up what the clients saw, and what is in the mailbox."""
    served = sorted(login.ended for login in seen.logins if not login.failure)
    begun = min(login.started for login in seen.logins)
    lasted = max(login.ended for login in seen.logins) - begun
    accepted = {sent.id for sent in seen.sent if sent.outcome is Outcome.ACCEPTED}
    outcomes = Counter(sent.outcome for sent in seen.sent)
    failures = Counter(login.failure for login in seen.logins if login.failure)
    failures += Counter(f"{sent.by}: {sent.answer}" for sent in seen.sent if sent.answer)
    return Interruption(
        logins=len(seen.logins),
        failed_logins=sum(1 for login in seen.logins if login.failure),
        logins_per_s=round(len(seen.logins) / lasted, 1),
        longest_gap_ms=round(1000 * longest_gap([begun, *served, begun + lasted])),
        sessions=kept(seen),
        accepted=len(accepted),
        delivered=len(accepted & found.keys()),
        lost=len(accepted - found.keys()),
        duplicated=sum(1 for name in accepted if found[name] > 1),
        unknown=outcomes[Outcome.UNKNOWN],
        refused=outcomes[Outcome.REFUSED],
        failures=dict(failures.most_common(5)),
    )


def longest_gap(times: list[float]) -> float:
    """Return the longest time between two successful log-ins; the first and the last try count as such."""
    return max(after - before for before, after in pairwise(times))


def kept(seen: Seen) -> str:
    """Say how many sessions stayed, and whether those in IDLE heard of the last mail."""
    last = max((sent.ended for sent in seen.sent if sent.outcome is Outcome.ACCEPTED), default=0)
    parts = []
    for kind in ("noop", "idle"):
        ours = [session for session in seen.sessions if session.kind == kind]
        stayed = [session for session in ours if session.dropped is None]
        deaf = sum(1 for session in stayed if kind == "idle" and session.heard < last - 2)
        parts.append(f"{kind} {len(stayed)}/{len(ours)}" + (f" ({deaf} deaf)" if deaf else ""))
    return ", ".join(parts)


def summary(turns: list[Turn]) -> dict[str, Any]:
    """Return median and worst of each time, and how many commands failed."""
    figures: dict[str, Any] = {"failed_commands": sum(1 for turn in turns if turn.code != 0)}
    for name in ("in_force", "gated", "ended"):
        seconds = [value for turn in turns if (value := getattr(turn, name)) is not None]
        if seconds:
            figures[f"{name}_s"] = {"median": round(statistics.median(seconds), 2), "max": round(max(seconds), 2)}
        figures[f"{name}_seen"] = len(seconds)
    return figures


def table(figures: dict[str, Any]) -> str:
    """Return the figures for a person, with the goals beside them."""

    def seconds(row: dict[str, Any], name: str) -> str:
        found = row.get(f"{name}_s")
        return f"{found['median']} ({found['max']})" if found else "-"

    rows = [
        ("", "logins", "failed", "gap", "sessions", "accepted", "lost", "twice", "in force", "gated", "ended", "goal")
    ]
    rows += [
        (
            name,
            str(row["logins"]),
            str(row["failed_logins"]),
            f"{row['longest_gap_ms']} ms",
            row["sessions"],
            str(row["accepted"]),
            str(row["lost"]),
            str(row["duplicated"]),
            *(seconds(row, column) for column in ("in_force", "gated", "ended")),
            row["goal"],
        )
        for name, row in figures["rows"].items()
    ]
    head = f"{figures['when']}, {figures['machine']}, engine {figures['engine']}, compose {figures['compose']}"
    rate = figures["rows"]["no change at all"]["logins_per_s"]
    note = f"{figures['changes']} changes of each kind; {rate} logins/s in the background; seconds: median (worst)"
    failed = [name for name, row in figures["rows"].items() if row.get("failed_commands")]
    notes = [f"commands failed: {', '.join(failed)}"] if failed else []
    return "\n".join([head, note, *aligned(rows), *notes])


if __name__ == "__main__":
    sys.exit(main())
