"""Fixtures for integration tests: sites with a project name and ports of their own, cleaned up by label."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import ahead
import docker
import pytest
from lab_host import Host
from playwright.sync_api import Browser
from screen import running_browser
from sites import LOCAL, PORTS, Site, answers, free_ports, remove_everything
from testworld import Lab, running_lab

from mailrig.engine.install import install_packages
from mailrig.errors import EngineError

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


@pytest.fixture(scope="session", autouse=True)
def images() -> None:
    """Have the images for nearly all tests; the others are built ahead where everything is tested."""
    if answers(LOCAL):
        ahead.begin()
        if os.environ.get("CI"):
            ahead.go_on()


@pytest.fixture(scope="session")
def chromium() -> None:
    """Debian's Chromium is there: installed where that may be done."""
    if shutil.which("chromium") is None:
        try:
            install_packages(["chromium", "fonts-noto-cjk"], "pages are tested in a browser", print)
        except EngineError as error:
            pytest.skip(str(error))


@pytest.fixture(scope="module")
def browser(chromium: None) -> Iterator[Browser]:
    """A browser that finds our test sites by their name."""
    with running_browser("mail.example.test", "127.0.0.1") as made:
        yield made


@contextmanager
def site_factory(engine: docker.APIClient, directories: pytest.TempPathFactory) -> Iterator[Callable[..., Site]]:
    """Makes sites, and removes everything that carries their labels when it is left.

    Soon: Docker has a dozen subnets to give away, and each deployed site holds one.
    """
    made: list[Site] = []

    def make(**host: Any) -> Site:
        name = f"t{uuid.uuid4().hex[:10]}"
        site = Site(name, directories.mktemp(name) / name, *inventory_of(name, host))
        site.write()
        made.append(site)
        return site

    try:
        yield make
    finally:
        for site in made:
            remove_everything(engine, site.name)


def inventory_of(name: str, host: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the settings and the accounts of a small site; ``host`` adds to its one host."""
    ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
    certificate = {"source": "demo-ca", "names": ["localhost"]}
    home = {"hostname": "mail.example.test", "certificate": certificate, "ports": ports, **host}
    settings = {"site": name, "container_prefix": name, "domains": ["example.test"], "hosts": {"home": home}}
    accounts = {
        "accounts": {f"{who}@example.test": {"password": "!generated"} for who in ("alice", "bob")},
        "aliases": {"team@example.test": ["alice@example.test", "bob@example.test"]},
    }
    return settings, accounts


@pytest.fixture
def new_site(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Site]]:
    """Makes sites for one test."""
    with site_factory(engine, tmp_path_factory) as make:
        yield make


@pytest.fixture(scope="module")
def site(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A deployed site, shared by the tests of one module, which leave it as they found it."""
    with site_factory(engine, tmp_path_factory) as make:
        made = make()
        made.ok("deploy")
        yield made


@pytest.fixture(scope="session")
def lab(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The test world, shared by all tests that ask for it, which leave it as they found it."""
    with running_lab(engine, tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture
def empty_host(lab: Lab) -> Iterator[Host]:
    """A host with Debian and sshd, and nothing else."""
    lab.start("empty")
    yield lab.hosts["empty"]
    lab.remove("empty")
