"""Several hosts in one inventory: all are judged before one is touched, and one that is silent hides no other.

The second host is an engine of the tests' own.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import docker
import pytest
from authority import Authority, pem
from conftest import site_factory
from cryptography.hazmat.primitives.asymmetric import ec
from private_engine import PrivateEngine, private_engine
from sites import Site, free_ports, state

SERVICES = ("dovecot", "postfix")
LOCKOUT = "this release would lock out 1 of 35 required mail clients"


@pytest.fixture(scope="module")
def private(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateEngine]:
    """The engine of the host `away`."""
    with private_engine(tmp_path_factory.mktemp("away")) as engine:
        engine.start()
        yield engine


@pytest.fixture(scope="module")
def deployed(
    engine: docker.APIClient, private: PrivateEngine, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A site on two hosts: `away` came after `home` was there, and both were changed in one deploy."""
    with site_factory(engine, tmp_path_factory) as make:
        site = make()
        site.ok("deploy")
        private.take_images(
            engine, [engine.inspect_container(site.container(service))["Config"]["Image"] for service in SERVICES]
        )
        imaps, submission = free_ports(2)
        site.settings["hosts"]["away"] = {
            "hostname": "away.example.test",
            "engine": private.address,
            "certificate": {"source": "demo-ca", "names": [private.published]},
            "listen": [private.published],
            "ports": {"imaps": imaps, "submission": submission},  # port 25 needs a resolver, which there is not
        }
        change(site)
        assert [one["outcome"] for one in site.data("deploy")] == ["verified", "verified"]
        yield site


@pytest.fixture
def site(deployed: Site) -> Iterator[Site]:
    """The deployed site; its inventory is put back in the end."""
    settings = copy.deepcopy(deployed.settings)
    yield deployed
    deployed.settings = settings
    deployed.write()


def change(site: Site) -> None:
    """Change something on every host, so that a deploy has something to do."""
    site.settings["message_size_limit"] = f"{int(site.settings.get('message_size_limit', '10M')[:-1]) + 1}M"
    site.write()


def lock_out(site: Site) -> None:
    """Give `home` a certificate that Android 7 does not take: it names P-256 alone."""
    authority = Authority()
    authority.issue(site.directory, "tls", key=ec.generate_private_key(ec.SECP384R1()))
    (site.directory / "root.pem").write_text(pem(authority.root))
    site.host["certificate"] = {"source": "operator", "cert": "tls.crt", "key": "tls.key", "trust": "root.pem"}
    site.write()


def silence(site: Site, host: str) -> None:
    """Let nobody answer for a host."""
    site.settings["hosts"][host]["engine"] = f"unix://{site.directory}/nobody.sock"
    site.write()


def order(site: Site, *hosts: str) -> None:
    """Name the hosts in this order, in which they are deployed."""
    site.settings["hosts"] = {host: site.settings["hosts"][host] for host in hosts}
    site.write()


@contextmanager
def in_the_way(address: str, site: Site) -> Iterator[str]:
    """Have a foreign container on an engine under a name that a deploy may need; yields the name."""
    name = f"{site.container('dovecot')}.old"
    with closing(docker.APIClient(base_url=address, version="auto")) as engine:
        image = engine.inspect_container(site.container("dovecot"))["Image"]
        made = engine.create_container(image, entrypoint=["true"], name=name)
        try:
            yield name
        finally:
            engine.remove_container(made["Id"])


def at_away(site: Site, private: PrivateEngine) -> Site:
    """Return the site as it is reached on its other host."""
    settings = {**site.settings, "hosts": {"home": site.settings["hosts"]["away"]}}
    return replace(site, settings=settings, address=private.published)


def standing(site: Site, engine: docker.APIClient, private: PrivateEngine) -> list[object]:
    """Return what a deploy that touches nothing leaves as it is, on both hosts."""
    with closing(docker.APIClient(base_url=private.address, version="auto")) as other:
        containers = [other.inspect_container(site.container(service)) for service in SERVICES]
        return [*state(engine, site), *((one["Id"], one["State"]["StartedAt"]) for one in containers)]


def test_both_hosts_serve_and_need_nothing_more(site: Site, private: PrivateEngine) -> None:
    """What was deployed on two hosts is in force on both, and the next deploy changes neither."""
    assert site.subjects() == at_away(site, private).subjects() == []
    assert [one["outcome"] for one in site.data("deploy")] == ["unchanged", "unchanged"]


def test_plan_that_was_kept_is_applied_to_both_hosts(site: Site) -> None:
    """That hosts are judged before the first is changed is no change to what the plan was made for."""
    change(site)
    file = site.directory.parent / "both.plan"
    assert site.run("plan", "--out", str(file)).returncode == 2
    assert [one["outcome"] for one in site.data("deploy", "--plan", str(file))] == ["verified", "verified"]


def test_lockout_on_the_second_host_leaves_the_first_alone(
    site: Site, engine: docker.APIClient, private: PrivateEngine
) -> None:
    """Nobody learns of a lockout after another host was changed already."""
    before = standing(site, engine, private)
    change(site)
    lock_out(site)
    order(site, "away", "home")
    done = site.run("deploy")
    assert done.returncode == 1
    assert f"error: home: {LOCKOUT}" in done.stderr
    order(site, "home", "away")
    assert standing(site, engine, private) == before


@pytest.mark.parametrize("hosts", [("home", "away"), ("away", "home")])
def test_every_problem_of_all_hosts_is_named_at_once(
    site: Site, engine: docker.APIClient, private: PrivateEngine, hosts: tuple[str, ...]
) -> None:
    """A lockout on one host and a foreign container on the other come in one error, whichever is first."""
    before = standing(site, engine, private)
    change(site)
    lock_out(site)
    order(site, *hosts)
    with in_the_way(private.address, site) as name:
        done = site.run("deploy", "--json")
    assert done.returncode == 1
    assert f"error: home: {LOCKOUT}" in done.stderr
    assert f"error: away: container `{name}` is taken" in done.stderr
    assert len(json.loads(done.stdout)["error"]) == 2
    order(site, "home", "away")
    assert standing(site, engine, private) == before


def test_silent_host_is_found_before_another_is_changed(
    site: Site, engine: docker.APIClient, private: PrivateEngine
) -> None:
    """A host that does not answer stops the deploy of all, and does not hide what else is wrong."""
    before = standing(site, engine, private)
    address = site.settings["hosts"]["away"]["engine"]
    change(site)
    lock_out(site)
    silence(site, "away")
    done = site.run("deploy")
    assert done.returncode == 1
    assert "error: away: no Docker engine answers" in done.stderr
    assert f"error: home: {LOCKOUT}" in done.stderr
    site.settings["hosts"]["away"]["engine"] = address
    site.write()
    assert standing(site, engine, private) == before


@pytest.mark.parametrize("hosts", [("home", "away"), ("away", "home")])
def test_plan_shows_what_it_found_beside_a_silent_host(site: Site, hosts: tuple[str, ...]) -> None:
    """The plan and the lockouts of the other hosts are shown all the same, before and after it."""
    lock_out(site)
    silence(site, "away")
    order(site, *hosts)
    done = site.run("plan")
    assert done.returncode == 1
    blocks = {"home": "home\n", "away": "away  unreachable: no Docker engine answers at "}
    assert [done.stdout.index(blocks[host]) for host in hosts] == sorted(
        done.stdout.index(one) for one in blocks.values()
    )
    assert "lock out" in done.stdout
    assert f"error: home: {LOCKOUT}" in done.stderr
    assert "error: away: no Docker engine answers" in done.stderr
    found = json.loads(site.run("plan", "--json").stdout)
    assert found["hosts"].keys() == {"home", "away"}
    assert found["hosts"]["away"].keys() == {"unreachable"}
    assert len(found["error"]) == 2
    assert f"{site.directory}/site.yaml:" in done.stderr.partition("error: away:")[2]


def test_plan_of_which_a_host_is_missing_is_not_kept(site: Site) -> None:
    """What could be seen is no plan to be applied."""
    silence(site, "away")
    file = site.directory.parent / "half.plan"
    assert site.run("plan", "--out", str(file)).returncode == 1
    assert not file.exists()


def test_plan_says_once_that_no_host_answers(site: Site) -> None:
    """Where nothing could be seen there is nothing but the error, each host with its line of the inventory."""
    silence(site, "home")
    silence(site, "away")
    done = site.run("plan", "--json")
    assert done.returncode == 1
    assert list(json.loads(done.stdout)) == ["error"]
    assert re.findall(r"^error: (home|away): no Docker engine answers", done.stderr, re.MULTILINE) == ["home", "away"]
