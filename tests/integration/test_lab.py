"""A site on two hosts, from the Internet to the mailbox, while everything that can happen happens."""

from __future__ import annotations

import smtplib
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from lab_site import ALICE, BOB, LMTP, LabSite, site_in
from lab_world import STRANGER
from sites import eventually
from testworld import Lab

AWAY = 60  # seconds that home is gone
DRAINED = 300  # seconds, twice over, in which a message that waited has been tried again: see mx/main.settings.j2
SENT_AGAIN = "message may be sent more than once"


@pytest.fixture(scope="module")
def deployed(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LabSite, str]]:
    """A site that was deployed onto hosts without anything on them, and what the deploy said."""
    for host in (lab.hosts["home"], lab.hosts["mx"]):
        host.clean()
        host.inside("docker", "image", "prune", "--all", "--force")
    made = site_in(lab, "lab", tmp_path_factory.mktemp("site"))
    done = made.site.run("deploy")
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    yield made, done.stdout + done.stderr
    for host in (lab.hosts["home"], lab.hosts["mx"]):
        host.clean()


@pytest.fixture
def site(deployed: tuple[LabSite, str], lab: Lab) -> Iterator[LabSite]:
    """The deployed site; mail that a failed test left at the foreign server is removed."""
    yield deployed[0]
    lab.world.inside("postsuper", "-d", "ALL")


@contextmanager
def load(site: LabSite, name: str, pause: float = 0.3) -> Iterator[list[str]]:
    """Have the foreign server send messages one after the other, and tell their subjects."""
    sent: list[str] = []
    stop = threading.Event()

    def send() -> None:
        for number in count():
            if stop.is_set():
                return
            subject = f"{name} {number}"
            site.lab.world.send([subject], ALICE)
            sent.append(subject)
            stop.wait(pause)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        yield sent
    finally:
        stop.set()
        sender.join()


def test_deploy_from_nothing(deployed: tuple[LabSite, str]) -> None:
    """One deploy brings both hosts from an engine without images to a site that is proven from outside."""
    site, said = deployed
    assert "home: release" in said
    assert "mx: release" in said
    assert site.site.run("plan").returncode == 0


def test_path(site: LabSite, lab: Lab) -> None:
    """A foreign server finds the gateway by the DNS, and its message is read at home once, for an alias twice over."""
    lab.world.send(["by name"], ALICE)
    lab.world.send(["to the team"], "team@example.test")
    assert site.arrived(["by name", "to the team"]) == {"by name": 1, "to the team": 1}
    assert site.arrived(["to the team"], address=BOB) == {"to the team": 1}


def test_whose_mail_it_is(site: LabSite, lab: Lab) -> None:
    """The address of the foreign server is in the message's header and in the logs of both hosts."""
    lab.world.send(["from afar"], ALICE)
    site.arrived(["from afar"])
    with site.site.imap() as client:
        client.select("INBOX", readonly=True)
        _, [found] = client.search(None, "SUBJECT", '"from afar"')
        _, [(_, header), *_] = client.fetch(found.decode(), "(BODY.PEEK[HEADER])")
    assert f"from mail.foreign.test (mail.foreign.test [{lab.world.address}])" in header.decode().replace("\r\n\t", " ")
    assert f"client=mail.foreign.test[{lab.world.address}]" in site.on(
        site.mx, "postfix", *CAT.format("mail.log").split()
    )
    assert lab.world.address in site.on(site.home, "dovecot", *CAT.format("dovecot-info.log").split())


CAT = "cat /var/log/{}"


def test_lmtp_is_for_the_gateway_alone(site: LabSite) -> None:
    """Whoever else is in the VPN reaches port 2525 and finds nobody there."""
    with smtplib.LMTP(site.home.vpn, LMTP) as client:
        client.ehlo()  # which is LHLO here
        client.mail(STRANGER)
        assert client.rcpt(ALICE)[0] == 550


def test_unknown_recipient(site: LabSite, lab: Lab) -> None:
    """Who does not exist is refused in the dialogue, so that the foreign server itself tells the sender."""
    before = len(lab.world.received)
    lab.world.send(["to nobody"], "nobody@example.test")
    lab.world.await_empty_queue()
    bounces = lab.world.received[before:]
    assert [bounce["From"].addresses[0].addr_spec for bounce in bounces] == ["MAILER-DAEMON@foreign.test"]
    assert "550 5.1.1" in bounces[0].as_string()


def test_home_down_under_load(site: LabSite, lab: Lab) -> None:
    """While home is without power for a minute the gateway takes all mail, and then every message is at home once."""
    with load(site, "dark") as sent:
        eventually(lambda: len(sent), lambda number: number > 10)
        site.home.kill()
        time.sleep(AWAY)
        refused = [message for message in lab.world.queue if message["queue_name"] == "deferred"]
        assert refused == [], "the sender sees no difference"
        site.home.start()
        time.sleep(5)
    lab.world.await_empty_queue()
    assert site.arrived(sent, DRAINED) == dict.fromkeys(sent, 1)


def test_gateway_killed_in_mid_transfer(site: LabSite, lab: Lab) -> None:
    """A gateway that loses its power while it takes and hands over mail loses nothing, and delivers nothing twice.

    But when it goes in the moment between the queue and its answer, the foreign server sends the message again, as it
    says itself (RFC 1047): that is another message to us.
    """
    again = lab.world.log.count(SENT_AGAIN)
    with load(site, "killed", pause=0.05) as sent:
        for _ in range(3):
            more = len(sent) + 15
            eventually(lambda: len(sent), lambda number, more=more: number > more)
            site.mx.kill()
            site.mx.start()
    lab.world.await_empty_queue()
    counted = site.arrived(sent, DRAINED)
    assert set(counted) == set(sent)
    assert counted.total() - len(sent) <= lab.world.log.count(SENT_AGAIN) - again


def test_disk_full(site: LabSite, lab: Lab) -> None:
    """A gateway whose disk is full refuses for now, and takes the message when there is room again."""
    with site.mx.full_disk(left=10_000_000):
        said = lab.world.talk("--server", "mx.example.test", "--from", STRANGER, "--to", ALICE, "--suppress-data")
        assert "452 4.3.1 Insufficient system storage" in said
        lab.world.send(["patience"], ALICE)
        eventually(lambda: "452 4.3.1" in str(lab.world.queue), bool)
        assert lab.world.queue
    assert site.arrived(["patience"]) == {"patience": 1}


def test_failed_gateway(site: LabSite, lab: Lab) -> None:
    """A gateway that refuses all mail after a change takes home's change back with it."""
    site.site.accounts["accounts"]["carol@example.test"] = {"password": "!generated"}
    gateway = site.site.settings["hosts"]["mx"]
    gateway["extra"] = {"postfix": {"smtpd_client_restrictions": "reject"}}
    site.site.write()
    try:
        done = site.site.run("deploy")
        assert done.returncode == 3, done.stdout + done.stderr
        for host, service in ((site.home, "dovecot"), (site.home, "postfix"), (site.mx, "postfix")):
            assert not site.on(host, service, "sh", "-c", "grep --recursive carol@ /etc/mailrig/current/ || :")
        lab.world.send(["still here"], ALICE)
        assert site.arrived(["still here"]) == {"still here": 1}
    finally:
        del site.site.accounts["accounts"]["carol@example.test"], gateway["extra"]
        site.site.write()
