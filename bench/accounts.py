"""Measure what 10,000 accounts cost, and how soon a changed one is in force; writes bench/accounts.json."""

from __future__ import annotations

import argparse
import gc
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kinds import Question, is_seen, logs_in, takes
from lab import BIN, DOMAIN, HASHES, Lab, aligned, end_like_ctrl_c, keep
from mailrig.edit import people
from mailrig.edit.book import Book
from mailrig.inventory import State, load
from mailrig.inventory.loader import uncollected
from mailrig.plan.observed import Container, Observed, PresentFile
from mailrig.plan.planner import plan
from mailrig.render import render
from mailrig.render.release import Release
from mailrig.secret import Secret
from traffic import READER, SENDER

RESULTS = Path(__file__).with_name("accounts.json")
DOMAINS, EACH = 100, 100
WORDS = ("a new password", "another password")
POLL = 0.03
PATIENCE = 60


def main() -> int:
    """Measure, print a table, and keep the figures."""
    asked = arguments()
    end_like_ctrl_c()
    with tempfile.TemporaryDirectory() as scratch:
        figures = {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}",
            "load": round(os.getloadavg()[0], 1),
            "accounts": DOMAINS * EACH,
            "runs": asked.runs,
            "many": many(Path(scratch) / "many", asked.runs),
        }
        if not asked.pure:
            lab = Lab(Path(scratch) / "site", (SENDER, READER))
            try:
                figures["in_force"] = in_force(lab, asked.runs)
            finally:
                lab.clean()
    keep(asked.out, figures)
    print(table(figures))
    return 0


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="how often each is measured")
    parser.add_argument("--pure", action="store_true", help="without containers: 10,000 accounts alone")
    parser.add_argument("--out", type=Path, default=RESULTS, help="where the figures go")
    return parser.parse_args()


def many(directory: Path, runs: int) -> dict[str, Any]:
    """Measure an inventory of 10,000 accounts: in this process, and as whole commands."""
    write_many(directory)
    before = render(loaded(directory), "home")
    steps: dict[str, Callable[[], object]] = {
        "load, render and plan": lambda: planned(directory, before),
        "load": lambda: loaded(directory),
        "edit: read, change, read back": lambda: edited(directory),
    }
    figures = {name: measured(step, runs) for name, step in steps.items()}
    numbers = iter(range(10 * runs))

    def added() -> None:
        words = [f"new{next(numbers)}@d50.example.org", "--stdin", "--hashed"]
        command = [str(BIN / "mailrig"), "account", "add", *words, "--inventory", str(directory)]
        # No engine answers: what is measured is the edit, not the plan of a host.
        subprocess.run(command, input=HASHES["one"], text=True, check=True, capture_output=True)

    figures["account add, the whole command"] = measured(added, runs)
    return figures


def write_many(directory: Path) -> None:
    """Write the inventory."""
    directory.mkdir(parents=True)
    domains = [f"d{number}.example.org" for number in range(DOMAINS)]
    addresses = [f"user{number}@{domain}" for domain in domains for number in range(EACH)]
    host = "{hostname: mail.example.org, engine: 'unix:///nowhere/docker.sock', certificate: {source: demo-ca}"
    host += ", ports: {imaps: 9993, submission: 9587}}"
    (directory / "site.yaml").write_text(f"site: many\ndomains: [{', '.join(domains)}]\nhosts:\n  home: {host}\n")
    entry = f":\n    password: '{HASHES['one']}'\n    quota: 1G\n"
    (directory / "accounts.yaml").write_text("accounts:\n" + "".join(f"  {one}{entry}" for one in addresses))


def loaded(directory: Path) -> Any:
    """Load the inventory."""
    return load(directory, State(directory), datetime.now(UTC))


def planned(directory: Path, before: Release) -> object:
    """Load and render it, and plan it for a host that has all accounts but one."""
    release = render(loaded(directory), "home")
    return plan(release, observed(before))


def observed(release: Release) -> Observed:
    """Return a host on which a release is in force, and one account fewer."""
    containers = []
    for service in release.services:
        files = {file.path: PresentFile(file.content, file.mode, file.uid, file.gid) for file in service.files}
        for path in ("logins", "users", "maps/virtual_mailboxes", "maps/sender_logins"):
            if path in files:
                files[path] = replace(files[path], content=files[path].content.rpartition(b"\n")[0])
        digests = {path: file.digest for path, file in files.items()}
        containers.append(
            Container(
                service.name, service.spec["container_name"], service.name, "running", "Up", "image", service.spec_hash,
                service.spec, (), "before", "before", release.id, (), digests, files,
            )
        )  # fmt: skip
    images = {service.spec["image"]: "image" for service in release.services}
    return Observed(tuple(containers), images=images)


def edited(directory: Path) -> object:
    """Add an account to the text, and read back what that says."""
    with uncollected():
        book = Book.read(directory)
        return book.fulfilled(people.added([people.Person("new@d50.example.org", Secret(HASHES["one"]))]))


def measured(step: Callable[[], object], runs: int) -> dict[str, float]:
    """Return the wall-clock seconds of a step, and the processor's, its children's too: median and best."""
    wall, processor = [], []
    for _ in range(runs):
        gc.collect()
        before, started = used(), time.monotonic()
        step()
        wall.append(time.monotonic() - started)
        processor.append(used() - before)
    return {
        "median_s": round(statistics.median(wall), 2),
        "best_s": round(min(wall), 2),
        "processor_s": round(statistics.median(processor), 2),
    }


def used() -> float:
    """Return the seconds of processor that this process and its children have used."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def in_force(lab: Lab, runs: int) -> dict[str, Any]:
    """Measure how long after its start a command's change is seen from outside, beside a deploy with nothing to do."""
    lab.mailrig("deploy")
    rows = {"deploy with nothing to do": measured(lambda: lab.mailrig("deploy"), runs)}
    added, passed = [], []
    for number in range(runs):
        address = f"new{number}@{DOMAIN}"
        added.append(until_seen(lab, "add", address, WORDS[0], lambda one=address: gets_in(lab, one)))
        passed.append(until_seen(lab, "passwd", address, WORDS[1], lambda one=address: not logs_in(lab, one, WORDS[0])))
    return {**rows, "account add --apply": summary(added), "account passwd --apply": summary(passed)}


def gets_in(lab: Lab, address: str) -> bool:
    """Whether Postfix takes mail for an address, and its password opens the mailbox.

    In this order: a login that is refused costs two seconds, in which nobody would look.
    """
    return takes(lab, lab.ports["smtp"], address) and logs_in(lab, address, WORDS[0])


def until_seen(lab: Lab, verb: str, address: str, word: str, is_in_force: Question) -> tuple[float, float]:
    """Return after how many seconds the change was seen, and the command had ended."""
    command = [*lab.command("account", verb, address), "--stdin", "--apply"]
    started = time.monotonic()
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as one:
        if one.stdin:
            one.stdin.write(word.encode())
            one.stdin.close()
        seen = float("nan")
        while time.monotonic() < started + PATIENCE:
            asked = time.monotonic()
            if is_seen(is_in_force):
                seen = asked - started
                break
            time.sleep(POLL)
        one.wait()
    return seen, time.monotonic() - started


def summary(turns: list[tuple[float, float]]) -> dict[str, float]:
    """Return the median and the best of both times."""
    seen, ended = ([turn[index] for turn in turns] for index in (0, 1))
    return {
        "median_s": round(statistics.median(seen), 2),
        "best_s": round(min(seen), 2),
        "ended_median_s": round(statistics.median(ended), 2),
    }


def table(figures: dict[str, Any]) -> str:
    """Return the figures for a person."""
    rows = [("", "median", "best", "processor")]
    for group in ("many", "in_force"):
        rows += [
            (
                name,
                f"{row['median_s']} s",
                f"{row['best_s']} s",
                f"{row['processor_s']} s" if "processor_s" in row else "",
            )
            for name, row in figures.get(group, {}).items()
        ]
    return "\n".join([f"{figures['when']}, {figures['machine']}, load {figures['load']}", *aligned(rows)])


if __name__ == "__main__":
    sys.exit(main())
