"""Compare the prediction with real servers in the whole matrix of settings; writes bench/clients.json."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "integration"))  # where the short form is

import docker
from matrix import CLIENTS, ODD, SHORT, make_certificates, whole
from matrix.setting import Setting
from servers import PROGRAMS, Record, provide_images, record
from servers.materials import container
from sites import LOCAL

from mailrig.clients.prediction import predict

RESULTS = Path(__file__).with_suffix(".json")
GOAL = "every handshake as predicted; 20,000 predictions/s"
ENOUGH = 20_000
ROUNDS = 5
VERSIONS = {
    "dovecot": "dovecot --version; openssl version",
    "postfix": "postconf -c /usr/share/mailrig/postfix -d -h mail_version; openssl version",
}


def main() -> int:
    """Shake all hands, and fail when one ended otherwise than predicted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="only the settings that the tests take")
    settings = SHORT if parser.parse_args().short else whole()
    provide_images()
    with closing(docker.APIClient(base_url=LOCAL, version="auto")) as engine:
        records, seconds, about = [], {}, head(engine)
        with tempfile.TemporaryDirectory() as directory:
            make_certificates(Path(directory))
            for program in PROGRAMS:
                found, seconds[program] = timed(record, program, engine, settings, Path(directory), CLIENTS)
                records += found
                print(f"{program}: {row(found, seconds[program])}", file=sys.stderr)
    figures = {**about, **judged(records, seconds)}
    RESULTS.write_text(json.dumps(figures, indent=2) + "\n")
    print(verdict(figures), file=sys.stderr)
    return 0 if figures["passed"] else 1


def timed(do: Callable[..., list[Record]], *arguments: object) -> tuple[list[Record], float]:
    """Return what something returns, and the seconds it took."""
    started = time.monotonic()
    found = do(*arguments)
    return found, round(time.monotonic() - started, 1)


def head(engine: docker.APIClient) -> dict[str, Any]:
    """Return when and where this was measured, and on what."""
    return {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.release()}",
        "engine": engine.version()["Version"],
        "versions": versions(engine),
        "goal": GOAL,
        "clients": {"catalogue": len(CLIENTS) - len(ODD), "made_up": len(ODD)},
    }


def versions(engine: docker.APIClient) -> dict[str, str]:
    """Return the versions of the three programs, each with its OpenSSL."""
    found = {"s_server": subprocess.run(["openssl", "version"], capture_output=True, text=True, check=True).stdout}
    for service, script in VERSIONS.items():
        with container(engine, service, {}) as run:
            found[service] = run(script)
    return {program: ", ".join(text.split("\n")).strip(", ") for program, text in found.items()}


def judged(records: list[Record], seconds: dict[str, float]) -> dict[str, Any]:
    """Return how often the prediction was right, by program and by setting."""
    by_program = {program: [one for one in records if one.trial.program == program] for program in seconds}
    rates = sorted(rate(records) for _ in range(ROUNDS))
    wrong = [str(one) for one in records if not one.is_right]
    return {
        "programs": {program: row(found, seconds[program]) for program, found in by_program.items()},
        "settings": len({one.trial.setting for one in records}),
        "handshakes": len(records),
        "agreed": len(records) - len(wrong),
        "wrong": wrong,
        "predictions_per_s": {"median": rates[ROUNDS // 2], "lowest": rates[0], "highest": rates[-1]},
        "passed": not wrong and rates[ROUNDS // 2] >= ENOUGH,
        "each": each(records),
    }


def row(found: list[Record], seconds: float) -> dict[str, Any]:
    """Return a program's figures."""
    return {
        "settings": len({one.trial.setting for one in found}),
        "handshakes": len(found),
        "agreed": sum(one.is_right for one in found),
        "let_in": sum(one.seen.version is not None for one in found),
        "seconds": seconds,
    }


def each(records: list[Record]) -> list[dict[str, Any]]:
    """Return each setting as it differs from what is usual, with how many clients each program let in."""
    let_in: dict[Any, Counter[str]] = {}
    for one in records:
        counts = let_in.setdefault(one.trial.setting, Counter())
        counts[one.trial.program] += one.seen.version is not None
    usual = asdict(Setting())
    return [
        {**{name: value for name, value in asdict(setting).items() if value != usual[name]}, "let_in": dict(counts)}
        for setting, counts in let_in.items()
    ]


def rate(records: list[Record]) -> int:
    """Return how many predictions a second are made: for every server in the matrix, every client."""
    pairs = [(one.trial.server, one.client) for one in records]
    started = time.perf_counter()
    for server, client in pairs:
        predict(server, client)
    return round(len(pairs) / (time.perf_counter() - started))


def verdict(figures: dict[str, Any]) -> str:
    """Return one line for a person."""
    return (
        f"clients: {'passed' if figures['passed'] else 'FAILED'}: {figures['agreed']:,} of {figures['handshakes']:,}"
        f" handshakes as predicted, in {figures['settings']} settings;"
        f" {figures['predictions_per_s']['median']:,} predictions/s"
    )


if __name__ == "__main__":
    sys.exit(main())
