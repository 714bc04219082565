"""Measure how soon somebody has mail who knows the page's address, an address and a password; writes setup.json.

Three ways, on a site that runs: a Thunderbird that is given address and password; a phone that reads the code on the
page; an Outlook that asks Autodiscover. Each reads a message that waits for it, with what it was told and nothing else,
and sends one, which counts when it is in the other mailbox. What a person needs to type and to tap is left out.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import ssl
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from lab import DOMAIN, Lab, aligned, end_like_ctrl_c, keep

sys.path.append(str(Path(__file__).parents[1] / "tests" / "integration"))
from ahead import kept_image
from mailprogram import thunderbird
from phone import Account, Server, of_autodiscover, of_profile, resolving
from screen import running_browser, scanned
from sites import loopback_address

RESULTS = Path(__file__).with_name("setup.json")
ALICE, BOB = f"alice@{DOMAIN}", f"bob@{DOMAIN}"
HOSTNAME = f"mail.{DOMAIN}"
# The ports that everybody expects, on an address of the site's own.
PORTS = {"imaps": 993, "submissions": 465, "submission": 587, "smtp": 25, "http": 80, "https": 443}
GOAL = 60  # seconds

Marks = dict[str, float]


def main() -> int:
    """Measure everything, print a table, and keep the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=5, help="runs of each way (default: 5)")
    arguments.add_argument("--out", type=Path, default=RESULTS)
    asked = arguments.parse_args()
    if shutil.which("chromium") is None:
        sys.exit("this needs Debian's package chromium: the code on the page is read off a screen")
    end_like_ctrl_c()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(Lab(Path(scratch)), asked.rounds)
        try:
            figures = bench.measure()
        finally:
            bench.lab.clean()
    keep(asked.out, figures)
    print(table(figures))
    return 0


class Bench:
    """A site with two people, of whom one has no mail program yet."""

    def __init__(self, lab: Lab, rounds: int) -> None:
        self.lab = lab
        self.rounds = rounds
        self.address = loopback_address()
        lab.accounts = {address: {"password": "!generated"} for address in (ALICE, BOB)}
        lab.host |= {"listen": [self.address], "ports": PORTS}
        lab.host["certificate"]["names"] = [self.address]
        lab.write()
        self.authority = lab.inventory / ".state" / "ca.crt"

    def measure(self) -> dict[str, Any]:
        """Return all figures: seconds from the first thing that somebody does."""
        kept_image("thunderbird")
        self.lab.mailrig("deploy")
        load = os.getloadavg()[0]
        with running_browser(f"*.{DOMAIN}", self.address) as browser, resolving(DOMAIN, self.address):
            ways: dict[str, Callable[[str], Marks]] = {
                "thunderbird": self._thunderbird,
                "phone": lambda subject: self._phone(browser, subject),
                "autodiscover": self._outlook,
            }
            seconds = {way: self._runs(way, run) for way, run in ways.items()}
        return {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}",
            "engine": self.lab.engine.version()["Version"],
            "load_before": round(load, 2),
            "rounds": self.rounds,
            "goal_s": GOAL,
            "seconds": seconds,
        }

    def _runs(self, way: str, run: Callable[[str], Marks]) -> dict[str, dict[str, float]]:
        """Run one way several times, each with a message of its own that waits; return what each mark needed."""
        seen: list[Marks] = []
        for number in range(self.rounds):
            subject = f"{way} {number}"
            self._bob.send(self.lab.password(BOB), ALICE, subject)
            self._account(ALICE).read(self.lab.password(ALICE), subject)
            seen.append(run(subject))
            print(f"{subject}: {seen[-1]}", file=sys.stderr)
        return {mark: _spread([marks[mark] for marks in seen]) for mark in seen[0]}

    def _account(self, address: str) -> Account:
        """Return what somebody has who was set up before."""
        ways = (Server(HOSTNAME, PORTS[name], address, is_starttls=False) for name in ("imaps", "submissions"))
        return Account(address, *ways, ssl.create_default_context(cafile=str(self.authority)))

    @property
    def _bob(self) -> Account:
        return self._account(BOB)

    def _thunderbird(self, subject: str) -> Marks:
        names = (HOSTNAME, f"autoconfig.{DOMAIN}")
        started = time.monotonic()
        with thunderbird(self.lab.engine, self.authority.read_bytes(), names, self.address) as program:
            program.open_hub()
            clock = Clock()
            program.find_settings("Alice", ALICE)
            clock.mark("settings found")
            program.finish(self.lab.password(ALICE))
            clock.mark("logged in")
            program.read(subject)
            clock.mark("read")
            program.send(BOB, subject, "hello")
            self._bob.read(self.lab.password(BOB), subject)
            clock.mark("arrived")
        return {**clock.marks, "arrived, with the start of the program": clock.since(started)}

    def _phone(self, browser: Browser, subject: str) -> Marks:
        with browser.new_context(ignore_https_errors=True) as window:
            clock = Clock()
            page = window.new_page()
            page.goto(f"https://{HOSTNAME}/setup")
            page.get_by_label("Your mail address").fill(ALICE)
            page.get_by_role("button", name="Show me how").click()
            page.evaluate("document.getElementById('ios').open = true")
            clock.mark("page")
            url = scanned(page, "ios")
            clock.mark("code read")
            account = of_profile(url, self.authority)
            clock.mark("profile")
            return self._used(account, subject, clock)

    def _outlook(self, subject: str) -> Marks:
        clock = Clock()
        account = of_autodiscover(ALICE, self.authority)
        clock.mark("settings found")
        return self._used(account, subject, clock)

    def _used(self, account: Account, subject: str, clock: Clock) -> Marks:
        password = self.lab.password(ALICE)
        account.read(password, subject)
        clock.mark("read")
        account.send(password, BOB, subject)
        self._bob.read(self.lab.password(BOB), subject)
        clock.mark("arrived")
        return clock.marks


class Clock:
    """Seconds from the first thing that somebody does."""

    def __init__(self) -> None:
        self._started = time.monotonic()
        self.marks: Marks = {}

    def mark(self, name: str) -> None:
        """Note that something has been reached."""
        self.marks[name] = self.since(self._started)

    @staticmethod
    def since(moment: float) -> float:
        """Return the seconds since a moment."""
        return round(time.monotonic() - moment, 2)


def _spread(seconds: list[float]) -> dict[str, float]:
    return {"min": min(seconds), "median": round(statistics.median(seconds), 2), "max": max(seconds)}


def table(figures: dict[str, Any]) -> str:
    """Return the figures for a person."""
    rows = [("", "until", "median", "worst")]
    for way, marks in figures["seconds"].items():
        rows += [
            (way if number == 0 else "", mark, f"{part['median']} s", f"{part['max']} s")
            for number, (mark, part) in enumerate(marks.items())
        ]
    head = f"{figures['when']}, {figures['machine']}, {figures['rounds']} rounds, goal {figures['goal_s']} s"
    return "\n".join([head, *aligned(rows)])


if __name__ == "__main__":
    sys.exit(main())
