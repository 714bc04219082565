"""Fixtures for integration tests: sites with a project name and ports of their own, cleaned up by label."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import docker
import pytest
from sites import LOCAL, PORTS, Site, answers, free_ports, remove_everything

os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")  # its image is on a registry; we clean up by label


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything below this folder as needing an engine."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.docker)


@pytest.fixture(scope="session")
def engine() -> Iterator[docker.APIClient]:
    """The local engine; without one the tests fail in CI, and are skipped elsewhere."""
    if not answers(LOCAL):
        reason = f"no Docker engine answers at {LOCAL}"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with closing(docker.APIClient(base_url=LOCAL, version="auto")) as client:
        yield client


@pytest.fixture(scope="session")
def new_site(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Site]]:
    """Makes sites; when the tests end, everything that carries their labels is removed."""
    made: list[Site] = []

    def make(**host: Any) -> Site:
        name = f"t{uuid.uuid4().hex[:10]}"
        ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        settings = {
            "site": name,
            "container_prefix": name,
            "domains": ["example.test"],
            "hosts": {
                "home": {
                    "hostname": "mail.example.test",
                    "certificate": {"source": "demo-ca", "names": ["localhost"]},
                    "ports": ports,
                    **host,
                }
            },
        }
        accounts = {
            "accounts": {f"{who}@example.test": {"password": "!generated"} for who in ("alice", "bob")},
            "aliases": {"team@example.test": ["alice@example.test", "bob@example.test"]},
        }
        site = Site(name, tmp_path_factory.mktemp(name) / name, settings, accounts)
        site.write()
        made.append(site)
        return site

    yield make
    for site in made:
        remove_everything(engine, site.name)


@pytest.fixture(scope="module")
def site(new_site: Callable[..., Site]) -> Site:
    """A deployed site, shared by the tests of one module, which leave it as they found it."""
    made = new_site()
    made.ok("deploy")
    return made
