"""The short form of the soak test: what is answered with 250 arrives exactly once, whatever happens meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import docker

SOAK = Path(__file__).parents[2] / "bench" / "soak.py"
SEED = 5  # the same events each time
LONGEST = 600  # seconds; it takes about 40


def test_every_accepted_message_arrives_exactly_once(engine: docker.APIClient, tmp_path: Path) -> None:
    """Of the messages accepted while a site is changed, stopped and killed, none is lost and none comes twice."""
    results = tmp_path / "soak.json"
    short = ["--messages", "150", "--events", "6", "--seed", str(SEED), "--out", str(results)]
    done = subprocess.run(
        [sys.executable, str(SOAK), *short], capture_output=True, text=True, check=False, timeout=LONGEST
    )
    figures = json.loads(results.read_text()) if results.exists() else {}
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert figures["lost"] == []
    assert figures["duplicated"] == []
