"""Several hosts in one inventory: a deploy over them is one transaction, and one that is silent hides no other.

The second host is an engine of the tests' own.
"""

from __future__ import annotations

import copy
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from conftest import site_factory
from private_engine import PrivateEngine, private_engine
from sites import Site, eventually, free_ports
from twins import (
    SERVICES,
    at_away,
    change,
    client_of,
    in_the_way,
    last,
    limit,
    lock_out,
    order,
    silence,
    standing,
    starve,
    swallowing,
    under_way,
)

from mailrig.apply import lock
from mailrig.apply.images import image_to_run
from mailrig.engine.connection import connect

KILLER = Path(__file__).with_name("killer.py")
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
    assert f"--> {site.name}/site.yaml:" in done.stderr.partition("error: away:")[2]


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


def test_plan_does_not_wait_for_a_host_that_swallows_everything(site: Site, tmp_path: Path) -> None:
    """The plan of the others comes before what is said of it, though it is the first in the inventory."""
    with swallowing(tmp_path) as address:
        site.settings["hosts"]["away"]["engine"] = address
        order(site, "away", "home")
        done = site.run("plan")
    assert done.returncode == 1
    assert done.stdout.index("home\n") < done.stdout.index("away  unreachable: no Docker engine answers")


@pytest.mark.parametrize("words", [["status"], ["verify"], ["certs"], ["logs"], ["history"], ["lock"]])
def test_silent_host_hides_no_other(site: Site, words: list[str]) -> None:
    """Each verb shows what it found on the other, says which host it could not ask, and where that is written."""
    silence(site, "away")
    done = site.run(*words)
    assert done.returncode == 1
    assert {"status": "home", "verify": "home: ", "certs": "mail.example.test", "logs": "home: "}.get(
        words[0], "home"
    ) in done.stdout
    assert "away  unreachable: no Docker engine answers" in done.stdout
    assert f"--> {site.name}/site.yaml:" in done.stderr.partition("error: away:")[2]


def test_failed_host_takes_the_other_back(site: Site, engine: docker.APIClient, private: PrivateEngine) -> None:
    """What has passed goes back, with an entry in its journal and verified; the last lines say what is in force."""
    before = limit(engine, site)
    change(site)
    starve(site)
    done = site.run("deploy")
    assert done.returncode == 3, done.stdout + done.stderr
    back, rolled = done.stdout.splitlines()[-2:]
    entry = last(site, "home")
    assert back == f"home: taken back, since another host failed: release {entry['release']} is in force again"
    assert rolled.startswith("away: rolled back: release ")
    assert (entry["verb"], entry["outcome"], entry["causes"]) == ("rollback", "verified", ["away failed"])
    with client_of(private) as other:
        assert limit(engine, site) == limit(other, site) == before
    names = {one["Names"][0] for one in engine.containers(all=True, filters={"label": f"io.mailrig.site={site.name}"})}
    assert names == {f"/{site.container(service)}" for service in SERVICES}


def test_with_keep_going_a_failed_host_fails_alone(
    site: Site, engine: docker.APIClient, private: PrivateEngine
) -> None:
    """The other stays as it is in the inventory, and the exit code says that not all are."""
    before = limit(engine, site)
    change(site)
    starve(site)
    done = site.run("deploy", "--keep-going", "--json")
    assert done.returncode == 3, done.stdout + done.stderr
    assert [(one["host"], one["outcome"]) for one in json.loads(done.stdout)] == [
        ("home", "verified"),
        ("away", "rolled back"),
    ]
    with client_of(private) as other:
        assert (limit(engine, site), limit(other, site)) == (site.settings["message_size_limit"], before)


def test_host_that_dies_in_the_midst_takes_the_other_back(
    site: Site, engine: docker.APIClient, private: PrivateEngine
) -> None:
    """What could not be undone is told, the other goes back, and once the host is there again all is as ever."""
    before = limit(engine, site)
    change(site)
    with under_way(site, "away: release     switching to") as deploy:
        private.kill()
        said, errors = deploy.communicate()
    private.start()
    assert deploy.returncode == 3, said + errors
    assert "home: taken back" in said
    assert "error: away: " in errors
    assert limit(engine, site) == before
    site.ok("deploy")
    assert [one["outcome"] for one in site.data("deploy")] == ["unchanged", "unchanged"]


def test_lock_on_one_host_leaves_the_others_alone(site: Site, engine: docker.APIClient, private: PrivateEngine) -> None:
    """Whoever is at work there is named, nothing is touched anywhere, and no lock stays behind."""
    before = standing(site, engine, private)
    change(site)
    other = connect(private.address)
    with lock.held(other, f"mailrig-{site.name}", image_to_run(other), "deploy"):
        done = site.run("deploy")
    other.close()
    assert done.returncode == 1
    assert f"error: away: site `{site.name}` is locked by root on " in done.stderr
    assert standing(site, engine, private) == before
    assert [one["holder"] for one in site.data("lock")] == [None, None]


def test_interrupted_deploy_is_finished_by_the_next(site: Site) -> None:
    """Ctrl-C stops all hosts at their next step, says how each stands, and leaves no lock."""
    change(site)
    with under_way(site, "home: release     switching to") as deploy:
        deploy.send_signal(signal.SIGINT)
        said, errors = deploy.communicate()
    assert deploy.returncode == 130, said + errors
    assert re.findall(r"^(home|away): ", said, re.MULTILINE)[-2:] == ["home", "away"]
    assert [one["holder"] for one in site.data("lock")] == [None, None]
    site.ok("deploy")
    assert [one["outcome"] for one in site.data("deploy")] == ["unchanged", "unchanged"]


def test_deploy_that_was_killed_between_hosts_is_finished_by_the_next(site: Site) -> None:
    """The journals say what is in force on each, and the next deploy brings all to what the inventory says."""
    change(site)
    line = len([*site.settings["hosts"]]) * 3  # each has begun, and none has come to its end
    command = [sys.executable, str(KILLER), str(line), "deploy", "--inventory", str(site.directory)]
    done = subprocess.run(command, capture_output=True, check=False, cwd=site.directory.parent)
    assert done.returncode == -signal.SIGKILL
    eventually(lambda: site.data("lock"), lambda found: not any(one["holder"] for one in found))
    assert "interrupted" in {last(site, host)["outcome"] for host in ("home", "away")}
    site.ok("deploy")
    assert [one["outcome"] for one in site.data("deploy")] == ["unchanged", "unchanged"]


def test_rollback_leads_all_hosts_back(site: Site, engine: docker.APIClient, private: PrivateEngine) -> None:
    """Without a name each host goes to its last release before; with one, the host that has it alone."""
    site.ok("deploy")
    before = limit(engine, site)
    change(site)
    names = [one["release"] for one in site.data("deploy")]
    assert [one["outcome"] for one in site.data("rollback")] == ["verified", "verified"]
    with client_of(private) as other:
        assert limit(engine, site) == limit(other, site) == before
    [outcome] = site.data("rollback", names[0])
    assert (outcome["host"], outcome["release"]) == ("home", names[0])
