"""docker compose, pointed at what we rendered, works on what we deployed."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import compose as compose_package
import pytest
from sites import Site

COMPOSE = Path(compose_package.__file__).with_name("docker-compose")  # its Python launcher loses the exit code


@pytest.fixture
def compose_file(site: Site) -> Path:
    """The rendered compose.yaml of a deployed site."""
    [rendered] = site.data("render")
    return Path(rendered["directory"]) / "compose.yaml"


def compose(compose_file: Path, *words: str) -> str:
    """Run docker compose and return what it printed."""
    command = [str(COMPOSE), "-f", str(compose_file), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_compose_lists_our_containers(site: Site, compose_file: Path) -> None:
    """`docker compose ps` shows both containers, running and healthy."""
    rows = [json.loads(line) for line in compose(compose_file, "ps", "--format", "json").splitlines()]
    assert {(row["Name"], row["State"]) for row in rows} == {
        (site.container("dovecot"), "running"),
        (site.container("postfix"), "running"),
    }


def test_compose_reads_our_logs(site: Site, compose_file: Path) -> None:
    """`docker compose logs` shows what Postfix logged."""
    assert "daemon started" in compose(compose_file, "logs", "postfix")


def test_compose_accepts_the_file(site: Site, compose_file: Path) -> None:
    """`docker compose config` parses the file and finds the volume that both services share."""
    config = json.loads(compose(compose_file, "config", "--format", "json"))
    users = [
        name
        for name, service in config["services"].items()
        if any(volume["source"] == "postfix_spool" for volume in service["volumes"])
    ]
    assert sorted(users) == ["dovecot", "postfix"]
