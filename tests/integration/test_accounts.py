"""Accounts, aliases and domains changed on a site that serves: in force with nothing reloaded, and no mail lost."""

from __future__ import annotations

import imaplib
import json
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import docker
import pytest
from sites import Site, eventually, exec_in, message

from mailrig.apply import lock
from mailrig.engine.connection import connect
from mailrig.inventory.engine import LOCAL

ALICE, BOB = "alice@example.test", "bob@example.test"
MASTERS = """
for process in /proc/[0-9]*; do
    read -r name <"$process/comm" || continue
    case $name in dovecot | config | master | qmgr) echo "$name $(cut -d" " -f1,22 "$process/stat")" ;; esac
done 2>/dev/null
"""


@dataclass
class People:
    """A site, and the passwords that were told once, by address."""

    site: Site
    passwords: dict[str, str] = field(default_factory=dict)

    def change(self, *words: str) -> Any:
        """Run a verb with --apply, and remember the passwords that it made."""
        data = self.site.data(*words, "--apply")
        self.passwords |= data.get("passwords", {})
        return data

    @contextmanager
    def imap(self, address: str) -> Iterator[imaplib.IMAP4_SSL]:
        """Log in over IMAPS with the password that was told."""
        site = self.site
        client = imaplib.IMAP4_SSL(site.address, site.port("imaps"), ssl_context=site.trusting(), timeout=30)
        try:
            client.login(address, self.passwords[address])
            yield client
        finally:
            with suppress(OSError):
                client.shutdown()

    def gets_in(self, address: str) -> bool:
        """Whether the password that was told opens the mailbox."""
        try:
            with self.imap(address):
                return True
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            return False

    def deliver(self, subject: str, address: str) -> None:
        """Hand a message over by LMTP, as a gateway does."""
        with smtplib.LMTP(self.site.address, self.site.port("lmtp"), timeout=30) as client:
            client.send_message(message(subject, "stranger@elsewhere.test", address))

    def files_of(self, address: str) -> list[str]:
        """Return the messages that lie in a mailbox."""
        local, _, domain = address.partition("@")
        place = f"/var/mail/vhosts/{domain}/{local}"
        look = f"find {place} -type f '(' -path '*/new/*' -o -path '*/cur/*' ')'"
        found = exec_in(self.site, "dovecot", "sh", "-c", look, check=False)  # it may be gone
        return found.split()


@pytest.fixture(scope="module")
def people(site: Site) -> People:
    """A deployed site."""
    return People(site)


@pytest.fixture
def untouched(people: People, engine: docker.APIClient) -> Iterator[None]:
    """Whatever is done, no container is started anew, nor a process that a reload would replace; a session stays."""

    def processes() -> list[object]:
        services = ("dovecot", "postfix")
        said = [sorted(exec_in(people.site, one, "sh", "-c", MASTERS).splitlines()) for one in services]
        return [
            *said,
            *(engine.inspect_container(people.site.container(one))["State"]["StartedAt"] for one in services),
        ]

    with people.site.imap(BOB) as session:
        before = processes()
        yield
        assert session.noop()[0] == "OK"
        assert longest_lived(processes()) == longest_lived(before)


def longest_lived(processes: list[Any]) -> list[Any]:
    """Leave out what comes and goes with clients: the master, and what it keeps as long as it is not told to reload."""
    return [
        [line for line in one if not line.startswith("auth")] if isinstance(one, list) else one for one in processes
    ]


def test_a_new_account_gets_in_at_once(people: People, untouched: None) -> None:
    """After `account add --apply` the password that was told opens the mailbox, and mail arrives in it."""
    data = people.change("account", "add", "carol@example.test", "--generate", "--reveal", "--quota", "100M")

    plan = data["deploy"][0]["plan"]
    assert {one["action"] for one in plan["actions"]} == {"refresh"}, plan
    assert people.gets_in("carol@example.test")
    people.deliver("for carol", "carol@example.test")
    assert people.files_of("carol@example.test")


def test_an_account_without_login_still_gets_its_mail(people: People, untouched: None) -> None:
    """`disable` refuses the login, `enable` allows it again, and mail is delivered throughout."""
    people.change("account", "add", "dora@example.test", "--generate", "--reveal")
    people.change("account", "disable", "dora@example.test")

    assert not people.gets_in("dora@example.test")
    people.deliver("while away", "dora@example.test")
    people.change("account", "enable", "dora@example.test")
    assert people.gets_in("dora@example.test")
    assert len(people.files_of("dora@example.test")) == 1


def test_the_old_password_ends(people: People, untouched: None) -> None:
    """After `passwd` the new password opens the mailbox, and the old one does not."""
    people.change("account", "add", "erik@example.test", "--generate", "--reveal")
    old = people.passwords["erik@example.test"]
    people.change("account", "passwd", "erik@example.test", "--generate", "--reveal")

    assert people.gets_in("erik@example.test")
    people.passwords["erik@example.test"] = old
    assert not people.gets_in("erik@example.test")


def test_an_alias_takes_mail(people: People, untouched: None) -> None:
    """Mail to a new alias arrives, and to one that was removed it is refused."""
    people.change("alias", "add", "info@example.test", ALICE)
    with people.site.submission(BOB) as client:
        client.send_message(message("to the alias", BOB, "info@example.test"))
    assert "to the alias" in eventually(people.site.subjects, lambda seen: "to the alias" in seen)

    people.change("alias", "remove", "info@example.test")
    with people.site.submission(BOB) as client, pytest.raises(smtplib.SMTPRecipientsRefused):
        client.send_message(message("nobody", BOB, "info@example.test"))


def test_removed_mail_stays_until_it_is_purged(people: People, untouched: None) -> None:
    """`remove` keeps the mail; `--purge` deletes it by name, not while it is in use, and follows no link out of it."""
    site, address = people.site, "gone@example.test"
    people.change("account", "add", address, "--generate", "--reveal")
    people.deliver("keep me", address)
    refused = site.run("account", "remove", "--purge", address)
    assert refused.returncode == 1
    assert "still an account" in refused.stderr

    site.ok("account", "remove", address)  # not in force yet
    refused = site.run("account", "remove", "--purge", address)
    assert "still a mailbox in the release in force" in refused.stderr
    said = site.ok("deploy")
    assert said
    assert not people.gets_in(address)
    assert len(people.files_of(address)) == 1

    people.change("account", "add", address, "--generate", "--reveal")
    assert people.gets_in(address), "the same address gets its mail back"
    with people.imap(address) as client:
        assert client.select()[1] == [b"1"]
    people.change("account", "remove", address)

    outside = "/var/mail/vhosts/example.test/alice"
    inside = "/var/mail/vhosts/example.test/gone"
    exec_in(site, "dovecot", "sh", "-c", f"ls -A {outside} >/dev/null; ln -s {outside} {inside}/link")
    people.deliver("for alice", ALICE)
    deleted = site.data("account", "remove", "--purge", address)["deleted"]
    assert deleted[0]["place"] == "vhosts/example.test/gone"
    assert deleted[0]["messages"] == 1
    assert not people.files_of(address)
    assert people.files_of(ALICE), "what a link leads to is somebody else's"
    assert site.run("account", "remove", "--purge", address).returncode == 1, "there is nothing any more"
    assert "is the probe" in site.run("account", "remove", "--purge", "mailrig-probe@example.test").stderr


def test_a_mailbox_that_is_a_link_is_not_purged(people: People) -> None:
    """Where a directory should be and a link is, nothing is deleted, and the link is named."""
    site = people.site
    exec_in(site, "dovecot", "ln", "-s", "/var/mail/vhosts/example.test/alice", "/var/mail/vhosts/example.test/trap")
    refused = site.run("account", "remove", "--purge", "trap@example.test")

    assert refused.returncode == 1
    assert "vhosts/example.test/trap` in the mail volume is a link" in refused.stderr


def test_accounts_are_imported_at_once(people: People, untouched: None) -> None:
    """Every line of a CSV file becomes an account that gets in; with a bad line none does."""
    site = people.site
    file = site.directory.parent / "people.csv"
    file.write_text("address,password,aliases\nivan@example.test,not a secret,i@example.test\njudy@example,x,\n")
    refused = site.run("account", "import", str(file), "--apply")
    assert refused.returncode == 1
    assert f"{file}:3:1" in refused.stderr

    file.write_text("address,password,aliases\nivan@example.test,not a secret,i@example.test\njudy@example.test,,\n")
    people.change("account", "import", str(file), "--generate", "--reveal")
    people.passwords["ivan@example.test"] = "not a secret"
    assert people.gets_in("ivan@example.test")
    assert people.gets_in("judy@example.test")


def test_a_domain_needs_a_reload_and_says_so(people: People) -> None:
    """A new domain is taken mail for at once: Postfix is reloaded, Dovecot is not."""
    data = people.change("domain", "add", "other.test")
    actions = {one["service"]: one["action"] for one in data["deploy"][0]["plan"]["actions"]}
    assert actions == {"dovecot": "unchanged", "postfix": "reload"}

    people.change("account", "add", "kim@other.test", "--generate", "--reveal")
    with people.site.submission(BOB) as client:
        client.send_message(message("to the new domain", BOB, "kim@other.test"))
    assert eventually(lambda: people.files_of("kim@other.test"), bool)


def _in_volumes(site: Site, engine: docker.APIClient, script: str) -> str:
    """Run a script where the site's state and Dovecot's configuration are, and return what it says."""
    binds = [f"mailrig-{site.name}_{volume}:/{volume}" for volume in ("state", "dovecot_config")]
    image = engine.inspect_container(site.container("dovecot"))["Image"]
    container = engine.create_container(
        image, entrypoint=["sh", "-c", script], host_config=engine.create_host_config(binds=binds)
    )
    try:
        engine.start(container)
        assert engine.wait(container)["StatusCode"] == 0
        return bytes(engine.logs(container)).decode()
    finally:
        engine.remove_container(container, force=True)


@contextmanager
def _containers_made(site: Site, engine: docker.APIClient) -> Iterator[list[str]]:
    """Yield a list that has the names of the site's containers in the end that were made meanwhile.

    The engine tells them as they are made, since it remembers no more than its last 256 events, and health checks make
    many. One of our own tells when all are told.
    """
    made: list[str] = []
    project = f"mailrig-{site.name}"
    label = ("com.docker.compose.project", project)
    filters = {"type": "container", "event": "create", "label": "=".join(label)}
    told = engine.events(filters=filters, decode=True)
    try:
        yield made
        image = engine.inspect_container(site.container("dovecot"))["Image"]
        last = engine.create_container(image, labels=dict([label]), name=f"{project}.last")
        engine.remove_container(last, force=True)
        for event in told:
            name = event["Actor"]["Attributes"]["name"]
            if name == f"{project}.last":
                break
            made.append(name)
    finally:
        told.close()


def test_accounts_are_brought_by_the_container_of_the_lock(people: People, engine: docker.APIClient) -> None:
    """No other is made; what a killed deploy left is cleared away, and what is known of certificates is known still."""
    site = people.site
    known = "cd /dovecot_config && echo reckoned >renewable/$(basename $(readlink current))"
    left = "mkdir -p /state/parcels/dovecot/left /dovecot_config/releases/.left"
    _in_volumes(site, engine, f"{left}; mkdir -p /dovecot_config/renewable; {known}")
    with _containers_made(site, engine) as made:
        people.change("account", "add", "carried@example.test", "--generate", "--reveal")
    assert made == [f"mailrig-{site.name}.lock"]
    assert people.gets_in("carried@example.test")
    known = "cat /dovecot_config/renewable/$(basename $(readlink /dovecot_config/current))"
    assert _in_volumes(site, engine, f"{known}; find /state /dovecot_config -name '*left'") == "reckoned\n"


def test_an_edit_that_is_refused_gives_the_lock_back(people: People, engine: docker.APIClient) -> None:
    """The lock is taken while the inventory is being read; where that does not hold, nobody has it afterwards."""
    site = people.site
    name = f"mailrig-{site.name}.lock"
    with _containers_made(site, engine) as made:
        refused = site.run("alias", "add", "team@example.test", "nobody@example.test", "--apply")
    assert refused.returncode == 1
    assert "nothing was written" in refused.stderr
    assert made == [name]
    assert not engine.containers(all=True, filters={"name": name})


def test_an_edit_that_finds_the_lock_taken_says_whose_it_is(people: People) -> None:
    """The inventory is changed, the host is not; the next deploy brings it."""
    site = people.site
    ours = connect(LOCAL)
    image = ours.api.inspect_container(site.container("dovecot"))["Image"]
    with lock.held(ours, f"mailrig-{site.name}", image, "having tea"):
        refused = site.run("account", "add", "late@example.test", "--generate", "--reveal", "--json", "--apply")
    assert refused.returncode == 1
    assert "is locked by" in refused.stderr
    assert "having tea" in refused.stderr
    people.passwords |= json.loads(refused.stdout)["passwords"]
    assert not people.gets_in("late@example.test")
    site.ok("deploy")
    assert people.gets_in("late@example.test")
