"""Measure what several hosts cost: a deploy with nothing to do, and a plan, over 1, 5 and 20; writes hosts.json.

Twenty real engines do not fit on two cores. So each host is deployed for real, once, on the local engine, its answers
to a deploy and a plan are recorded, and it is taken down; then all of them are played back at once (engines.py), with
the delays that the real engine had. What is measured is the deployer: whole processes of `mailrig`. Beside them stand
one and two real engines.
"""

from __future__ import annotations

import argparse
import contextlib
import copy
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from engines import Recorder
from lab import DOMAIN, SERVICES, Lab, aligned, end_like_ctrl_c, free_ports, keep, run
from mailrig.render.images import image_name

sys.path.append(str(Path(__file__).parents[1] / "tests" / "integration"))
from private_engine import private_engine

RESULTS = Path(__file__).with_name("hosts.json")
LOCAL = "/var/run/docker.sock"
SIZES = (1, 5, 20)
VERBS = ("deploy", "plan")
GOAL = 2  # times one host, for twenty


def main() -> int:
    """Measure everything, print a table, and keep the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--rounds", type=int, default=9, help="runs of each (default: 9)")
    arguments.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="how many hosts (default: 1 5 20)")
    arguments.add_argument("--out", type=Path, default=RESULTS)
    asked = arguments.parse_args()
    end_like_ctrl_c()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(Lab(Path(scratch)), asked.rounds, asked.sizes)
        try:
            figures = bench.measure()
        finally:
            bench.lab.clean()
    keep(asked.out, figures)
    print(table(figures))
    return 0


class Bench:
    """A site on twenty hosts, of which one at a time is there for real."""

    def __init__(self, lab: Lab, rounds: int, sizes: Sequence[int]) -> None:
        self.lab = lab
        self.rounds = rounds
        self.sizes = sizes
        self.engines = lab.scratch / "engines"
        self.engines.mkdir()
        self.hosts = {f"h{number:02}": self._host(f"h{number:02}") for number in range(1, max(sizes) + 1)}
        lab.settings["hosts"] = self.hosts
        lab.write()

    def _host(self, name: str) -> dict[str, Any]:
        return {
            "hostname": f"{name}.{DOMAIN}",
            "engine": f"unix://{self.engines}/{name}.sock",
            "certificate": {"source": "demo-ca", "names": ["localhost"]},
            "ports": dict(zip(("imaps", "submission"), free_ports(2), strict=True)),
        }

    def measure(self) -> dict[str, Any]:
        """Return all figures: seconds of a whole process, and of its processor time."""
        self.lab.mailrig("render")  # what has to be generated is, for all hosts
        for name in self.hosts:
            self._record(name)
        with self._played():
            simulated = self._timed({str(size): self._inventory(size) for size in self.sizes})
        return {
            "when": datetime.now(UTC).isoformat(timespec="seconds"),
            "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}",
            "engine": self.lab.engine.version()["Version"],
            "rounds": self.rounds,
            "simulated": simulated,
            "times_one_host": {
                verb: {size: round(part["median"] / parts["1"]["median"], 2) for size, part in parts.items()}
                for verb, parts in simulated.items()
            },
            "real": self._real(),
        }

    def _record(self, name: str) -> None:
        """Deploy one host for real, and note what its engine says when there is nothing to do."""
        inventory = self._copy(name, {name: self.hosts[name]})
        recorder = Recorder(self.engines / f"{name}.sock", LOCAL)
        self._mailrig(inventory, "deploy")
        recorder.forget()
        for verb in VERBS:
            self._mailrig(inventory, verb)
        time.sleep(0.2)  # the last connections end
        recorder.close(self.engines / f"{name}.json")
        self.lab.clean()

    def _copy(self, folder: str, hosts: dict[str, Any]) -> Path:
        """Return an inventory with these hosts alone: the same name, and what was generated for all of them."""
        inventory = self.lab.scratch / folder / self.lab.name
        shutil.copytree(self.lab.inventory, inventory)
        settings = {**copy.deepcopy(self.lab.settings), "hosts": hosts}
        (inventory / "site.yaml").write_text(yaml.safe_dump(settings))
        return inventory

    def _inventory(self, size: int) -> Path:
        return self._copy(f"of-{size}", dict(list(self.hosts.items())[:size]))

    @contextlib.contextmanager
    def _played(self) -> Iterator[None]:
        """Have all recorded engines answer."""
        command = [sys.executable, str(Path(__file__).with_name("engines.py")), str(self.engines)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as player:
            try:
                assert player.stdout is not None  # noqa: S101 - it is a pipe
                player.stdout.readline()
                yield
            finally:
                player.kill()

    def _timed(self, inventories: dict[str, Path]) -> dict[str, dict[str, dict[str, float]]]:
        """Run each verb on each inventory in turn, round by round, so that all have the same noise."""
        runs: dict[str, dict[str, list[tuple[float, float]]]] = {
            verb: {name: [] for name in inventories} for verb in VERBS
        }
        for inventory in inventories.values():
            outcomes = [one["outcome"] for one in json.loads(self._mailrig(inventory, "deploy", "--json"))]
            if set(outcomes) != {"unchanged"}:
                sys.exit(f"something was to do: {outcomes}")
        for _ in range(self.rounds):
            for verb in VERBS:
                for name, inventory in inventories.items():
                    runs[verb][name].append(self._once(inventory, verb))
        return {verb: {name: _spread(runs[verb][name]) for name in inventories} for verb in VERBS}

    def _once(self, inventory: Path, verb: str) -> tuple[float, float]:
        before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
        self._mailrig(inventory, verb)
        seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
        return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def _mailrig(self, inventory: Path, *words: str) -> str:
        command = self.lab.command(*words)
        return run([*command[:-1], str(inventory)], self.lab.scratch)

    def _real(self) -> dict[str, dict[str, dict[str, float]]]:
        """Measure one and two engines that are there."""
        names = list(self.hosts)[:2]
        directory = self.lab.scratch / "second"
        directory.mkdir()
        with private_engine(directory) as second:
            second.start()
            second.take_images(self.lab.engine, [image_name(service) for service in SERVICES])
            hosts = {name: copy.deepcopy(self.hosts[name]) for name in names}
            hosts[names[0]]["engine"] = f"unix://{LOCAL}"
            hosts[names[1]] |= {"engine": second.address, "listen": [second.published]}
            hosts[names[1]]["certificate"] = {"source": "demo-ca", "names": [second.published]}
            both = self._copy("two", hosts)
            self._mailrig(both, "deploy")
            return self._timed({"1": self._copy("one", {names[0]: hosts[names[0]]}), "2": both})


def _spread(runs: list[tuple[float, float]]) -> dict[str, float]:
    seconds = [one for one, _ in runs]
    figures = {"min": min(seconds), "median": statistics.median(seconds), "max": max(seconds)}
    figures["processor"] = statistics.median(processor for _, processor in runs)
    return {name: round(value, 2) for name, value in figures.items()}


def table(figures: dict[str, Any]) -> str:
    """Return the figures for a person, with the goal beside them."""
    rows = [("", "hosts", "median", "min-max", "processor", "times one host", "goal")]
    for kind in ("simulated", "real"):
        for verb in VERBS:
            one = figures[kind][verb]["1"]["median"]
            for size, part in figures[kind][verb].items():
                times = f"{part['median'] / one:.2f}"
                spread = f"{part['min']}-{part['max']} s"
                goal = f"{GOAL}" if size == str(max(SIZES)) else ""
                row = (f"{verb}, {kind}", size, f"{part['median']} s", spread, f"{part['processor']} s", times, goal)
                rows.append(row)
    return "\n".join([f"{figures['when']}, {figures['machine']}, engine {figures['engine']}", *aligned(rows)])


if __name__ == "__main__":
    sys.exit(main())
