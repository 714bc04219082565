"""Going back to what is kept on the host, with nothing but the host."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import docker
import pytest
from sites import MAILRIG, Site, eventually, exec_in, message


@pytest.fixture
def site(new_site: Callable[..., Site]) -> Site:
    """A site with two releases: the second has another cipher list, another limit and one more account."""
    made = new_site()
    made.ok("deploy")
    made.settings["tls"] = {"ciphers": "mozilla-intermediate"}
    made.host["resources"] = {"postfix": {"memory": "300M"}}
    made.accounts["accounts"]["carol@example.test"] = {"password": "!generated"}
    made.write()
    made.ok("deploy")
    return made


def mailrig(directory: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run mailrig in a directory that knows nothing of the site."""
    return subprocess.run([str(MAILRIG), *words], capture_output=True, text=True, check=False, cwd=directory)


def test_rollback_needs_the_host_alone(site: Site, engine: docker.APIClient, tmp_path: Path) -> None:
    """Without inventory and checkout, the release before comes back whole: settings, secrets, limits and accounts."""
    shutil.move(site.directory, tmp_path / "gone")
    empty = tmp_path / "empty"
    empty.mkdir()
    done = mailrig(empty, "rollback", "--site", site.name, "--json")
    assert done.returncode == 0, done.stderr
    [outcome] = json.loads(done.stdout)
    assert outcome["outcome"] == "verified"
    assert {action["service"]: action["action"] for action in outcome["plan"]["actions"]} == {
        "dovecot": "reload",
        "postfix": "recreate",
    }
    assert "DHE-RSA" in exec_in(site, "dovecot", "doveconf", "-h", "ssl_cipher_list").replace("ECDHE-RSA", "")
    assert engine.inspect_container(site.container("postfix"))["HostConfig"]["Memory"] != 300 * 2**20
    assert "carol" not in exec_in(site, "dovecot", "cat", "/etc/mailrig/current/users")
    shutil.move(tmp_path / "gone", site.directory)
    with site.submission() as client:
        client.send_message(message("still works", "alice@example.test", "bob@example.test"))
    assert "still works" in eventually(lambda: site.subjects("bob@example.test"), lambda found: "still works" in found)
    again = mailrig(empty, "rollback", "--site", site.name)
    assert again.returncode == 0, again.stderr
    assert "carol" in exec_in(site, "dovecot", "cat", "/etc/mailrig/current/users")
    assert "nothing changed" in site.ok("deploy"), "that is where the inventory is"


def test_history_and_diff_say_what_was_done(site: Site) -> None:
    """The history names who, when and what; the difference is told in settings and accounts, and shows no secret."""
    [found] = site.data("history")
    first, second = found["deploys"]
    assert (first["outcome"], second["outcome"]) == ("verified", "verified")
    assert second["release"] == found["in_force"]
    assert any("ssl_cipher_list" in cause for cause in second["causes"])
    shown = site.ok("diff", first["release"][:6])
    assert "ssl_cipher_list: -2 suites" in shown
    assert "mem_limit" in shown
    assert "carol@example.test" in shown
    for secret in ("ARGON2", site.password("carol@example.test"), "PRIVATE KEY"):
        assert secret not in shown
        assert secret not in json.dumps(found)
        assert secret not in site.ok("history", "--audit")
    assert site.data("diff", second["release"], first["release"])[0]["to"] == first["release"]
    assert site.run("diff", "nothing").returncode == 1


def test_rollback_survives_a_rebuild_of_the_images(site: Site, engine: docker.APIClient) -> None:
    """Images that were built anew are another release, and the way back leads to the very images before."""
    before = engine.inspect_container(site.container("dovecot"))["Image"]
    site.ok("deploy", "--rebuild")
    after = engine.inspect_container(site.container("dovecot"))["Image"]
    assert after != before
    [found] = site.data("history")
    assert found["in_force"].endswith("-2")
    site.ok("rollback")
    assert engine.inspect_container(site.container("dovecot"))["Image"] == before
    assert "nothing changed" in site.ok("deploy")


def test_ten_releases_are_kept(site: Site, engine: docker.APIClient) -> None:
    """The oldest releases go, with the tags that held their images, and what is kept can still be brought back."""
    names = []
    for number in range(11):
        site.settings["message_size_limit"] = f"{20 + number}M"
        site.write()
        site.ok("deploy")
        names.append(site.data("history")[0]["in_force"])
    tags = [tag for image in engine.images(name=f"mailrig-{site.name}/*") for tag in image["RepoTags"]]
    held = {tag.partition(":")[2] for tag in tags if tag.startswith(f"mailrig-{site.name}/")}
    assert held == set(names[1:])
    gone = site.run("rollback", names[0])
    assert gone.returncode == 1
    assert f"there is no release `{names[0]}` on the host" in gone.stderr
    site.ok("rollback", names[1])
    assert exec_in(site, "postfix", "postconf", "-h", "message_size_limit").strip() == str(21 * 2**20)


def test_first_release_has_nothing_before_it(new_site: Callable[..., Site]) -> None:
    """A site with one release says that there is none to go back to."""
    site = new_site()
    site.ok("deploy")
    done = site.run("rollback")
    assert done.returncode == 1
    assert "no earlier release that was verified" in done.stderr


def test_plan_file_is_applied_or_refused(site: Site, engine: docker.APIClient) -> None:
    """A saved plan is applied once; a changed inventory, a changed host and a used plan are refused."""
    file = site.directory.parent / "plan.json"
    site.settings["message_size_limit"] = "33M"
    site.write()
    before = volumes_without_a_name(engine)
    assert site.run("plan", "--out", str(file)).returncode == 2
    assert volumes_without_a_name(engine) <= before, "what a plan looked at, keys among it, is not left behind"
    site.settings["message_size_limit"] = "34M"
    site.write()
    refused = site.run("deploy", "--plan", str(file))
    assert refused.returncode == 1
    assert "the inventory has changed since" in refused.stderr
    site.settings["message_size_limit"] = "33M"
    site.write()
    site.ok("deploy", "--plan", str(file))
    refused = site.run("deploy", "--plan", str(file))
    assert refused.returncode == 1
    assert "has changed since the plan was made" in refused.stderr
    site.settings["message_size_limit"] = "35M"
    site.write()
    assert site.run("plan", "--out", str(file)).returncode == 2
    engine.stop(site.container("postfix"))
    refused = site.run("deploy", "--plan", str(file))
    assert refused.returncode == 1
    assert "has changed since the plan was made" in refused.stderr


def volumes_without_a_name(engine: docker.APIClient) -> set[str]:
    """Return the volumes that have only a number."""
    return {volume["Name"] for volume in engine.volumes()["Volumes"] or [] if len(volume["Name"]) == 64}


def test_hooks_are_told_and_can_stop_a_deploy(site: Site) -> None:
    """Hooks run before and after, know what happens and how it ended, and a failing one before it stops it."""
    hooks = site.directory / "hooks"
    hooks.mkdir()
    log = site.directory.parent / "hooks.log"
    for name in ("pre-deploy", "post-deploy", "pre-plan", "post-plan", "pre-rollback", "post-rollback"):
        (hooks / name).write_text(
            f'#!/bin/sh\necho "$MAILRIG_HOOK $MAILRIG_SITE $MAILRIG_HOST $MAILRIG_OUTCOME" >>{log}\n'
        )
        (hooks / name).chmod(0o755)
    site.settings["message_size_limit"] = "44M"
    site.write()
    site.run("plan")
    site.ok("deploy")
    site.ok("rollback")
    host = f"{site.name} home"
    assert [line.strip() for line in log.read_text().splitlines()] == [
        f"pre-plan {host}",
        f"post-plan {host}",
        f"pre-deploy {host}",
        f"post-deploy {host} verified",
        f"pre-rollback {host}",
        f"post-rollback {host} verified",
    ]
    (hooks / "pre-deploy").write_text("#!/bin/sh\necho not today; exit 4\n")
    done = site.run("deploy")
    assert done.returncode == 1
    assert "not today" in done.stderr
    assert "failed with exit code 4" in done.stderr
    assert len(site.data("history")[0]["deploys"]) == 4, "and nothing was done"
