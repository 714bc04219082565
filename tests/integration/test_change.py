"""A site that changes, fails, is taken down and comes back."""

from __future__ import annotations

import imaplib
import re
import smtplib
import subprocess
from collections.abc import Callable

import docker
import pytest
from sites import TLS_1_2_AT_MOST, Site, eventually, exec_in, message

from mailrig.inventory.passwords import hash_of
from mailrig.secret import Secret


@pytest.fixture
def own(new_site: Callable[..., Site]) -> Site:
    """A deployed site of the test's own; the others share one, and leave it as their inventory says."""
    made = new_site()
    made.ok("deploy")
    return made


def started_at(engine: docker.APIClient, site: Site) -> dict[str, str]:
    """Return when each container was last started."""
    services = ("dovecot", "postfix")
    return {service: engine.inspect_container(site.container(service))["State"]["StartedAt"] for service in services}


def test_new_account_works_without_a_restart(site: Site, engine: docker.APIClient) -> None:
    """An account that is added can log in and receive, and no container was restarted for it."""
    before = started_at(engine, site)
    site.accounts["accounts"]["carol@example.test"] = {"password": "!generated"}
    site.write()
    [outcome] = site.data("deploy")
    assert {action["action"] for action in outcome["plan"]["actions"]} == {"refresh"}
    with site.submission() as client:
        client.send_message(message("welcome", "alice@example.test", "carol@example.test"))
    assert "welcome" in eventually(lambda: site.subjects("carol@example.test"), lambda found: "welcome" in found)
    assert started_at(engine, site) == before


def test_new_password_is_in_force_at_once(own: Site, engine: docker.APIClient) -> None:
    """Another hash of the same length is taken in without a restart, and the old password is refused."""
    old = own.password("bob@example.test")
    own.accounts["accounts"]["bob@example.test"]["password"] = hash_of(Secret("another one")).reveal()
    own.write()
    [outcome] = own.data("deploy")
    assert {action["action"] for action in outcome["plan"]["actions"]} == {"refresh", "unchanged"}
    assert logs_in(own, "bob@example.test", "another one")
    assert not logs_in(own, "bob@example.test", old)


def logs_in(site: Site, address: str, password: str) -> bool:
    """Whether a password opens a mailbox."""
    with imaplib.IMAP4_SSL(site.address, site.port("imaps"), ssl_context=site.trusting(), timeout=30) as client:
        try:
            client.login(address, password)
        except imaplib.IMAP4.error:
            return False
        return True


def test_disabled_account_cannot_log_in_and_still_receives(own: Site) -> None:
    """A disabled account is refused at log-in, while its mail is kept for it."""
    own.accounts["accounts"]["bob@example.test"]["enabled"] = False
    own.write()
    own.ok("deploy")
    with own.submission() as client:
        client.send_message(message("kept", "alice@example.test", "bob@example.test"))
    with pytest.raises(Exception, match="AUTHENTICATIONFAILED"), own.imap("bob@example.test"):
        pass
    assert "Subject: kept" in eventually(
        lambda: exec_in(own, "dovecot", "sh", "-c", "cat /var/mail/vhosts/example.test/bob/new/* 2>/dev/null || true"),
        lambda found: "Subject: kept" in found,
    )


def test_tls_change_is_a_reload(site: Site, engine: docker.APIClient) -> None:
    """Another cipher profile is taken in by a reload, and is what the daemons then offer."""
    before = started_at(engine, site)
    site.settings["tls"] = {"ciphers": "mozilla-intermediate"}
    site.write()
    [outcome] = site.data("deploy")
    assert {action["action"] for action in outcome["plan"]["actions"]} == {"reload"}
    assert "DHE-RSA" not in exec_in(site, "dovecot", "doveconf", "-h", "ssl_cipher_list").replace("ECDHE-RSA", "")
    assert started_at(engine, site) == before


def test_memory_limit_recreates_and_keeps_mail(site: Site, engine: docker.APIClient) -> None:
    """A container setting needs new containers; mail and accounts are still there."""
    with site.submission() as client:
        client.send_message(message("stays", "alice@example.test", "alice@example.test"))
    eventually(site.subjects, lambda found: "stays" in found)
    site.host["resources"] = {"dovecot": {"memory": "300M"}}
    site.write()
    [outcome] = site.data("deploy")
    actions = {action["service"]: action["action"] for action in outcome["plan"]["actions"]}
    assert actions == {"dovecot": "recreate", "postfix": "unchanged"}
    assert engine.inspect_container(site.container("dovecot"))["HostConfig"]["Memory"] == 300 * 2**20
    assert "stays" in site.subjects()


def test_container_that_cannot_be_made_leaves_the_old_one_serving(site: Site, engine: docker.APIClient) -> None:
    """A certificate directory that is not there stops the deploy while the old container still serves."""
    before = started_at(engine, site)
    certificate = site.host["certificate"]
    trust = str(site.directory / ".state" / "ca.crt")
    site.host["certificate"] = {"source": "host", "cert": "/nowhere/tls.crt", "key": "/nowhere/tls.key", "trust": trust}
    site.write()
    done = site.run("deploy")
    assert done.returncode == 1
    assert "/nowhere" in done.stderr
    assert started_at(engine, site) == before
    assert site.subjects() is not None
    site.host["certificate"] = certificate
    site.write()
    site.ok("deploy")
    assert len(engine.containers(all=True, filters={"label": f"io.mailrig.site={site.name}"})) == 2


def test_leftovers_of_a_killed_deploy_are_removed(site: Site, engine: docker.APIClient) -> None:
    """A container that never took its place is gone after the next deploy, also when nothing else is to do."""
    seen = engine.inspect_container(site.container("dovecot"))
    name, labels = f"{site.container('dovecot')}.next", seen["Config"]["Labels"]
    stray = engine.create_container(seen["Config"]["Image"], name=name, labels=labels)["Id"]
    assert "nothing changed" in site.ok("deploy")
    assert stray not in {entry["Id"] for entry in engine.containers(all=True)}


def test_other_subnet_makes_the_network_anew(site: Site, engine: docker.APIClient) -> None:
    """A changed subnet recreates the network and both containers, and the fixed address is in it."""
    site.host["network"] = {"subnet": "10.213.243.0/24", "addresses": {"dovecot": "10.213.243.30"}}
    site.write()
    site.ok("deploy")
    networks = engine.inspect_container(site.container("dovecot"))["NetworkSettings"]["Networks"]
    assert networks[f"mailrig-{site.name}_mail"]["IPAddress"] == "10.213.243.30"
    assert "nothing changed" in site.ok("deploy")


def test_extra_settings_win(site: Site) -> None:
    """Raw settings of the operator's reach the daemons after ours."""
    site.settings["extra"] = {"dovecot": "mail_max_userip_connections = 77\n", "postfix": {"smtpd_banner": "hello"}}
    site.write()
    site.ok("deploy")
    assert exec_in(site, "dovecot", "doveconf", "-h", "mail_max_userip_connections").strip() == "77"
    with smtplib.SMTP("localhost", site.port("smtp"), timeout=30) as client:
        assert client.noop()[0] == 250
    assert exec_in(site, "postfix", "postconf", "-h", "smtpd_banner").strip() == "hello"


def test_broken_extra_fails_in_words(site: Site) -> None:
    """Every setting that a daemon does not know is named with its line, and nothing has been touched."""
    before = site.ok("history").count("verified")
    site.settings["extra"] = {
        "dovecot": "no_such_setting = yes\nmail_max_userip_connections = many\n",
        "postfix": {"smtpd_bannner": "hello"},
    }
    site.write()
    for verb in ("plan", "deploy"):
        done = site.run(verb)
        assert done.returncode == 1
        for words in ("no_such_setting", "mail_max_userip_connections", "smtpd_bannner"):
            assert words in done.stderr
        assert done.stderr.count(f"--> {site.name}/site.yaml:") == 3
        assert "Traceback" not in done.stderr
    assert "no_such_setting" not in exec_in(site, "dovecot", "cat", "/etc/mailrig/current/dovecot.conf")
    assert site.ok("history").count("verified") == before
    del site.settings["extra"]
    site.write()
    site.ok("deploy")
    site.ok("verify")


def test_deploy_that_breaks_a_probe_is_rolled_back(own: Site) -> None:
    """A probe that passed and fails brings the release before back; exit code, last line and history say so."""
    [before] = own.data("history")
    own.settings["extra"] = {"postfix": {"disable_vrfy_command": "no"}}
    own.write()
    done = own.run("deploy")
    assert done.returncode == 3, done.stdout + done.stderr
    assert f"rolled back: release {before['in_force']} is in force again" in done.stdout.splitlines()[-1]
    assert "vrfy" in done.stderr
    assert exec_in(own, "postfix", "postconf", "-h", "disable_vrfy_command").strip() == "yes"
    [after] = own.data("history")
    assert after["in_force"] == before["in_force"]
    assert [deploy["outcome"] for deploy in after["deploys"]] == ["verified", "rolled back"]
    assert own.run("deploy").returncode == 3, "and it is no better the next time"


def test_first_deploy_that_fails_a_probe_is_not_forgotten(new_site: Callable[..., Site]) -> None:
    """With nothing to go back to it stays, fails again although nothing is left to change, and passes once mended."""
    site = new_site()
    site.settings["extra"] = {"postfix": {"disable_vrfy_command": "no"}}
    site.write()
    assert site.run("deploy").returncode == 1
    again = site.run("deploy")
    assert again.returncode == 1
    assert "not every probe passed" in again.stdout
    del site.settings["extra"]
    site.write()
    site.ok("deploy")
    assert "nothing changed" in site.ok("deploy")


def test_container_that_does_not_serve_makes_way_for_the_old_one(site: Site, engine: docker.APIClient) -> None:
    """A new container that cannot work is kept, stopped, with its words shown, and the very container before serves."""
    before = engine.inspect_container(site.container("dovecot"))["Id"]
    site.host["resources"] = {"dovecot": {"memory": "6M"}}
    site.write()
    done = site.run("deploy")
    assert done.returncode == 3, done.stdout + done.stderr
    assert "the last lines of" in done.stderr
    assert engine.inspect_container(site.container("dovecot"))["Id"] == before
    failed = engine.inspect_container(f"{site.container('dovecot')}.failed")
    assert failed["State"]["Status"] == "exited"
    with site.imap() as client:
        client.noop()
    del site.host["resources"]
    site.write()
    site.settings["message_size_limit"] = "11M"
    site.write()
    site.ok("deploy")
    names = {
        entry["Names"][0] for entry in engine.containers(all=True, filters={"label": f"io.mailrig.site={site.name}"})
    }
    assert names == {f"/{site.container('dovecot')}", f"/{site.container('postfix')}"}


def test_container_between_two_starts_makes_way(own: Site, engine: docker.APIClient) -> None:
    """One that the engine is about to start again is stopped too: it would take the ports of the one that follows."""
    name = own.container("dovecot")

    def is_waiting() -> bool:
        """Kill it once more; each time the engine waits twice as long before it starts it again."""
        exec_in(own, "dovecot", "bash", "-c", "kill -TERM 1", check=False)
        state = engine.inspect_container(name)
        return bool(state["State"]["Status"] == "restarting" and state["RestartCount"] >= 7)

    assert eventually(is_waiting, bool)
    own.host["resources"] = {"dovecot": {"memory": "300M"}}
    own.write()
    own.ok("deploy")
    with own.imap() as client:
        client.noop()


def test_setting_that_needs_a_restart_gets_one(site: Site, engine: docker.APIClient) -> None:
    """Postfix binds its addresses when it starts, so a change of inet_interfaces restarts it."""
    before = started_at(engine, site)
    site.settings["extra"] = {"postfix": {"inet_interfaces": "127.0.0.1"}}
    site.write()
    site.run("deploy")  # nobody reaches Postfix then, which verify says
    assert started_at(engine, site)["postfix"] != before["postfix"]
    del site.settings["extra"]
    site.write()
    site.ok("deploy")


def test_tls_1_3_alone_deploys(own: Site) -> None:
    """With `mozilla-modern` every port refuses TLS 1.2 but the one for strangers."""
    own.settings["tls"] = {"ciphers": "mozilla-modern"}
    own.settings["clients"] = {"ignore": TLS_1_2_AT_MOST}
    own.write()
    [outcome] = own.data("deploy")
    seen = {
        result["subject"]: result["seen"] for result in outcome["verify"]["results"] if result["probe"] == "tls-1.2"
    }
    assert seen["smtp"].startswith("TLSv1.2")
    assert seen["imaps"].startswith("refused")


def suite_given(site: Site, port: str, *asked: str) -> str:
    """Return the suite that a client gets which asks for nothing else; empty where it is refused."""
    starttls = {"submission": ["-starttls", "smtp"], "smtp": ["-starttls", "smtp"]}.get(port, [])
    peer = ["-connect", f"{site.address}:{site.port(port)}", *starttls]
    said = subprocess.run(
        ["openssl", "s_client", *peer, *asked], input="", capture_output=True, text=True, check=False
    ).stdout
    found = re.search(r"^New, TLSv1\.[23], Cipher is (\S+)$", said, re.MULTILINE)
    return found[1] if found else ""


def test_internet_nl_good_offers_two_suites(new_site: Callable[..., Site]) -> None:
    """TLS 1.3 with AES-128 alone is refused where mail clients come, and port 25 still takes everybody."""
    site = new_site()
    site.settings["tls"] = {"ciphers": "internet-nl-good"}
    site.settings["clients"] = {"ignore": TLS_1_2_AT_MOST}
    site.write()
    site.ok("deploy")
    good, fair = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"), "TLS_AES_128_GCM_SHA256"
    for port in ("imaps", "submission", "submissions"):
        assert {suite: suite_given(site, port, "-ciphersuites", suite) for suite in (*good, fair)} == {
            **{suite: suite for suite in good},
            fair: "",
        }, port
        assert suite_given(site, port, "-tls1_2") == "", port
    assert {suite: suite_given(site, "smtp", "-ciphersuites", suite) for suite in (*good, fair)} == {
        suite: suite for suite in (*good, fair)
    }
    assert suite_given(site, "smtp", "-tls1_2").startswith("ECDHE-")


def test_configuration_is_whole_while_it_is_delivered(site: Site) -> None:
    """Somebody who reads the release in force again and again, while deploys come, never finds a file gone or empty."""
    watch = (
        "end=$((SECONDS + 600)); while [ ! -e /tmp/enough ] && [ $SECONDS -lt $end ]; do"
        " [ -s /etc/mailrig/current/dovecot.conf ] || echo gone; done"
    )
    reader = subprocess.Popen(
        ["docker", "exec", site.container("dovecot"), "bash", "-c", watch], stdout=subprocess.PIPE, text=True
    )
    for banner in ("one", "two", "one"):
        site.settings["extra"] = {"dovecot": f"login_greeting = {banner}\n"}
        site.write()
        site.ok("deploy")
    exec_in(site, "dovecot", "touch", "/tmp/enough")
    found, _ = reader.communicate()
    assert reader.returncode == 0
    assert found == ""


def test_damaged_file_is_put_right(site: Site) -> None:
    """A file of the release in force that is gone from the volume, with the manifest, is delivered again."""
    site.ok("deploy")
    volume = f"mailrig-{site.name}_dovecot_config"
    change = "rm /c/current/dovecot.conf /c/releases/*/.manifest"
    image = exec_in_image(site)
    subprocess.run(
        ["docker", "run", "--rm", "-v", f"{volume}:/c", "--entrypoint", "sh", image, "-c", change], check=True
    )
    site.ok("deploy")
    assert "ssl = required" in exec_in(site, "dovecot", "cat", "/etc/mailrig/current/dovecot.conf")


def exec_in_image(site: Site) -> str:
    """Return the image of the Dovecot container."""
    done = subprocess.run(
        ["docker", "inspect", "-f", "{{.Config.Image}}", site.container("dovecot")],
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout.strip()


def test_down_keeps_volumes_and_deploy_brings_mail_back(site: Site, engine: docker.APIClient) -> None:
    """`down` removes containers and network alone; after the next deploy the mail is there."""
    with site.submission() as client:
        client.send_message(message("survives", "alice@example.test", "alice@example.test"))
    eventually(site.subjects, lambda found: "survives" in found)
    [outcome] = site.data("down")
    assert not outcome["removed_volumes"]
    assert len(outcome["kept_volumes"]) == 7
    assert not engine.containers(all=True, filters={"label": f"io.mailrig.site={site.name}"})
    site.ok("deploy")
    assert "survives" in site.subjects()


def test_down_removes_only_the_volume_that_is_named(own: Site, engine: docker.APIClient) -> None:
    """A volume goes when it is named, by its short name as well; a misspelt one stops everything."""
    done = own.run("down", "--volumes", "mail_dta")
    assert done.returncode == 1
    assert "mail_data" in done.stderr
    assert len(engine.containers(filters={"label": f"io.mailrig.site={own.name}"})) == 2
    [outcome] = own.data("down", "--volumes", "postfix_logs")
    assert outcome["removed_volumes"] == [f"mailrig-{own.name}_postfix_logs"]


def test_restart_of_one_service(site: Site, engine: docker.APIClient) -> None:
    """`restart postfix` restarts postfix alone, and ends when it serves."""
    before = started_at(engine, site)
    site.ok("restart", "postfix")
    after = started_at(engine, site)
    assert after["dovecot"] == before["dovecot"]
    assert after["postfix"] != before["postfix"]
    with site.submission() as client:
        assert client.noop()[0] == 250


def test_killed_containers_come_back(site: Site, engine: docker.APIClient) -> None:
    """Both containers killed from within serve again by themselves, and no message is lost."""
    with site.submission() as client:
        client.send_message(message("before the kill", "alice@example.test", "bob@example.test"))
    before = started_at(engine, site)
    for service in before:
        exec_in(site, service, "bash", "-c", "kill -KILL -1", check=False)
    after = eventually(lambda: started_at(engine, site), lambda now: all(now[name] != before[name] for name in before))
    assert all(after[name] != before[name] for name in before)
    assert "before the kill" in eventually(
        lambda: site.subjects("bob@example.test"), lambda found: "before the kill" in found
    )
    eventually(lambda: site.run("verify").returncode, lambda code: code == 0)
    site.ok("verify")
