"""A gateway and its home: what the world sends is in the mailbox once, and nothing else gets in or is bounced."""

from __future__ import annotations

import json
import re
import smtplib
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import docker
import pytest
from conftest import site_factory
from gateways import MX, TwoHosts, add_gateway
from private_engine import private_engine
from sites import Site, eventually, free_ports, message

ALICE, BOB, FULL = "alice@example.test", "bob@example.test", "full@example.test"
STRANGER = "somebody@example.net"
FOREIGN = "victim@example.org"

RELAYED = [
    FOREIGN,
    f'"{FOREIGN}"',
    f'"{FOREIGN}"@example.test',
    f'"{FOREIGN}"@{MX}',
    f'"{FOREIGN}"@[127.0.0.1]',
    "victim%example.org@example.test",
    f"victim%example.org@{MX}",
    "victim%example.org@[127.0.0.1]",
    "victim%example.org@localhost",
    "victim%example.org",
    "example.org!victim",
    "example.org!victim@example.test",
    f"example.org!victim@{MX}",
    "example.test!example.org!victim",
    f"@example.test:{FOREIGN}",
    f"@{MX}:{FOREIGN}",
    f"@{MX},@example.test:{FOREIGN}",
    "@example.org:alice@example.org",
    "victim@example.org@example.test",
    "victim@example.test@example.org",
    "alice@example.test@example.org",
    "alice@example.test.example.org",
    "victim@[127.0.0.1]",
    "victim@[IPv6:::1]",
    "root@localhost",
    f"root@{MX}",
    f"alice@{MX}",
    f"postmaster@{MX}",
    "victim@sub.example.test",
    "victim@example.org.",
    "VICTIM@EXAMPLE.ORG",
    '"/etc/passwd"@example.test',
    '"|/bin/true"@example.test',
    ":include:/etc/passwd@example.test",
]
UNKNOWN = [
    "nobody@example.test",
    "nobody+alice@example.test",
    "alice.@example.test",
    "alic@example.test",
    '"alice bob"@example.test',
    "team.@example.test",
    "mailer-daemon@example.test",
]


@pytest.fixture(scope="module")
def hosts(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoHosts]:
    """A home with a gateway, deployed in one go and verified."""
    with site_factory(engine, tmp_path_factory) as make, private_engine(tmp_path_factory.mktemp("mx")) as private:
        private.start()
        site = make()
        site.settings["domains"] = ["example.test", "catch.test"]
        site.accounts["accounts"][FULL] = {"password": "!generated", "quota": "10K"}
        site.accounts["aliases"]["@catch.test"] = BOB
        add_gateway(site, private)
        publish_pages(site)
        outcomes = site.data("deploy")
        assert [one["outcome"] for one in outcomes] == ["verified", "verified"]
        yield TwoHosts(site, engine, private)


def publish_pages(site: Site) -> None:
    """Have the gateway answer browsers: in public, while home is in the VPN."""
    gateway = site.settings["hosts"]["mx"]
    gateway["ports"] |= dict(zip(("https", "http"), free_ports(2), strict=True))
    gateway["certificate"]["names"] += [f"mta-sts.{domain}" for domain in site.settings["domains"]]
    site.settings["mta_sts"] = {"mode": "enforce"}
    site.write()


def mail(subject: str, *recipients: str) -> bytes:
    """Return a message from the world."""
    return bytes(message(subject, STRANGER, *recipients))


def arrived(hosts: TwoHosts, subject: str, address: str = ALICE, times: int = 1) -> int:
    """Wait until a message is in a mailbox so many times, and return how often it is."""
    return eventually(lambda: hosts.site.subjects(address).count(subject), lambda count: count >= times)


def test_verify_asks_for_the_whole_path(hosts: TwoHosts) -> None:
    """From port 25 to the mailbox, from inside the gateway, and as a stranger at home: every probe passes."""
    home, gateway = hosts.site.data("verify")
    asked = {f"{one['probe']} {one['subject']}": one for one in gateway["results"]}
    wanted = ["greeting smtp", "send smtp", "arrive smtp", "read smtp", "once smtp", "tls-1.2 smtp", "tls-1.3 smtp"]
    wanted += ["certificate smtp", "relay smtp", "unknown-recipient smtp", "hand-over inside", "log-line smtp"]
    wanted += ["page setup", "page front", "page autoconfig", "redirect http", "policy mta-sts", "certificate https"]
    assert [name for name in wanted if asked[name]["outcome"] != "passed"] == []
    strangers = [one for one in home["results"] if one["probe"] == "stranger"]
    assert [one["outcome"] for one in strangers] == ["passed"]
    assert not [one for one in home["results"] if one["subject"] == "lmtp" and one["probe"] == "send"]


def test_every_verb_knows_a_host_without_mailboxes(hosts: TwoHosts) -> None:
    """What is asked of all hosts is asked of the gateway as far as it goes there."""
    stands = {(row["host"], row["service"]): row["is_fine"] for row in hosts.site.data("status")}
    there = [("home", "dovecot"), ("home", "postfix"), ("mx", "postfix"), ("mx", "setup"), ("mx", "web")]
    assert stands == dict.fromkeys(there, True)
    assert [one["host"] for one in hosts.site.data("certs")] == ["home", "mx"]
    assert "daemon started" in hosts.site.ok("logs", "postfix", "--lines", "500")
    assert "dovecot" in hosts.site.ok("logs", "dovecot", "--lines", "500")
    assert "mx, " in hosts.site.ok("logs", "--explain")
    assert [one["outcome"] for one in hosts.site.data("deploy")] == ["unchanged", "unchanged"]


def test_message_from_the_world_is_read_once_and_names_its_client(hosts: TwoHosts) -> None:
    """In the clear, as port 25 must take it; who brought it stands in headers and logs of both hosts."""
    hosts.send(mail("from the world", ALICE), ALICE)
    assert arrived(hosts, "from the world") == 1
    with hosts.site.imap() as client:
        client.select("INBOX", readonly=True)
        _, [numbers] = client.search(None, "SUBJECT", '"from the world"')
        _, [(_, header), *_] = client.fetch(numbers.decode(), "(BODY.PEEK[HEADER])")  # type: ignore[misc]
    _, handed_over, taken, *_ = re.split(r"(?m)^Received: ", header.decode().replace("\r\n", "\n"))
    client_address, gateway = hosts.private.gateway, hosts.private.published
    assert f"([{gateway}])" in handed_over
    assert f"from foreign.example.net (unknown [{client_address}])" in taken
    queue_id = re.search(r"\(Postfix\) with ESMTP id (\w+)", taken)[1]  # type: ignore[index]
    said = hosts.in_gateway("grep", queue_id, "/var/log/mail.log")
    assert f"client=unknown[{client_address}]" in said
    assert "status=sent" in said
    noted = hosts.at_home("dovecot", "grep", queue_id, "/var/log/dovecot-info.log")
    assert (
        f"handed over by {gateway}: {queue_id}: client=unknown[{client_address}], helo=<foreign.example.net>" in noted
    )


def test_message_is_followed_through_both_hosts(hosts: TwoHosts) -> None:
    """`trace` puts the gateway's queue file and the delivery at home together, by address and by queue id."""
    hosts.send(mail("to be followed", "team@example.test"), "team@example.test")
    assert [arrived(hosts, "to be followed", who) for who in (ALICE, BOB)] == [1, 1]

    def followed(word: str) -> Any:
        return hosts.site.data("trace", word, "--count", "1")["messages"][-1]

    told = eventually(lambda: followed("team@example.test"), lambda told: len(told["outcomes"]) == 2)
    [leg] = told["queue_files"]
    assert (leg["host"], leg["accepted"]["client"]) == ("mx", f"unknown[{hosts.private.gateway}]")
    assert {(one["host"], one["user"], *one["stored_in"]) for one in told["deliveries"]} == {
        ("home", ALICE, "INBOX"),
        ("home", BOB, "INBOX"),
    }
    assert {one["handed_over"]["queue_id"] for one in told["deliveries"]} == {leg["queue_id"]}
    assert followed(leg["queue_id"]) == told
    assert "handed over to home" in hosts.site.ok("trace", leg["queue_id"])


def test_alias_catch_all_and_detail_are_accepted(hosts: TwoHosts) -> None:
    """The gateway resolves them, since LMTP knows mailboxes alone."""
    hosts.send(mail("to the team", "team@example.test"), "team@example.test")
    hosts.send(mail("to anybody", "whoever@catch.test"), "whoever@catch.test")
    hosts.send(mail("with detail", "alice+news@example.test"), "Alice+news@Example.Test")
    assert [arrived(hosts, "to the team", who) for who in (ALICE, BOB)] == [1, 1]
    assert arrived(hosts, "to anybody", BOB) == 1
    assert arrived(hosts, "with detail") == 1


def test_who_is_in_two_aliases_gets_one_copy(hosts: TwoHosts) -> None:
    """Recipients are compared once the aliases are resolved."""
    hosts.send(mail("twice meant", ALICE), ALICE, "team@example.test", "alice@example.test")
    assert arrived(hosts, "twice meant", BOB) == 1
    assert hosts.site.subjects().count("twice meant") == 1


@pytest.mark.parametrize("sender", ["", STRANGER, ALICE, f"postmaster@{MX}"])
def test_nothing_is_relayed(hosts: TwoHosts, sender: str) -> None:
    """Whatever the form of the address, and whoever it says it is from."""
    codes = dict(zip(RELAYED, hosts.answers(*RELAYED, sender=sender), strict=True))
    assert {address: code for address, code in codes.items() if code < 500} == {}


def test_unknown_recipients_are_refused_in_the_dialogue(hosts: TwoHosts) -> None:
    """So that nothing is accepted that would have to be sent back to whoever was forged."""
    codes = dict(zip(UNKNOWN, hosts.answers(*UNKNOWN, sender="forged@example.org"), strict=True))
    assert {address: code for address, code in codes.items() if code < 500} == {}
    assert hosts.queue() == []


def test_nobody_logs_in_or_asks_for_addresses(hosts: TwoHosts) -> None:
    """There is no AUTH, no VRFY, no EXPN, and a server that does not say its name is not heard."""
    with hosts.smtp() as client:
        assert not client.has_extn("auth")
        assert client.has_extn("starttls")
        assert [client.docmd(word)[0] // 100 for word in (f"VRFY {ALICE}", f"EXPN {ALICE}", "AUTH PLAIN AGEAYg==")] == [
            5,
            5,
            5,
        ]
    with smtplib.SMTP(*hosts.address, timeout=30) as client:
        assert client.docmd(f"MAIL FROM:<{STRANGER}>")[0] == 503


def test_message_that_is_too_large_is_refused_before_it_is_sent(hosts: TwoHosts) -> None:
    """By the limit of the inventory."""
    with hosts.smtp() as client:
        assert client.docmd(f"MAIL FROM:<{STRANGER}> SIZE=60000000")[0] == 552


def test_nothing_is_smuggled(hosts: TwoHosts) -> None:
    """A dot between bare line ends ends no message (CVE-2023-51764)."""
    smuggled = (
        b"MAIL FROM:<evil@example.org>\r\nRCPT TO:<bob@example.test>\r\nDATA\r\nSubject: smuggled\r\n\r\nx\r\n.\r\n"
    )
    for end in (b"\n.\n", b"\n.\r\n", b"\r\n.\n"):
        with hosts.smtp() as client:
            client.mail(STRANGER)
            client.rcpt(ALICE)
            client.docmd("DATA")
            client.send(b"Subject: honest\r\n\r\nhello" + end + smuggled)
            client.getreply()
    hosts.send(mail("after it", BOB), BOB)
    assert arrived(hosts, "after it", BOB) == 1
    assert hosts.site.subjects(BOB).count("smuggled") == 0


def _last_replies(line: socket.socket, *commands: bytes) -> list[bytes]:
    """Return the last line of the answer to what was said, and then to each command."""
    found: list[bytes] = []
    with line.makefile("rb") as file:
        for command in (b"", *commands):
            line.sendall(command)
            found.append(next(one for one in file if one[3:4] == b" ").strip())
    return found


def test_who_speaks_before_the_greeting_is_refused(hosts: TwoHosts) -> None:
    """A stranger's first words are its last; one that waits is served."""
    with hosts.private.strangers() as (outside, _):
        with socket.create_connection(hosts.address, 30, (outside, 0)) as hasty:
            hasty.sendall(b"EHLO spam.example.net\r\n")
            said = _last_replies(hasty, b"MAIL FROM:<>\r\n", f"RCPT TO:<{ALICE}>\r\n".encode())
        with smtplib.SMTP(*hosts.address, timeout=30, source_address=(outside, 0)) as patient:
            assert patient.ehlo("patient.example.net")[0] == 250
    assert said[-1] == b"550 5.5.1 Protocol error"


ASK = """
import smtplib, sys
host, port, source = sys.argv[1:]
with smtplib.LMTP(host, int(port), "mx", source_address=(source, 0), timeout=20) as client:
    client.ehlo()
    client.mail("")
    print(*[client.rcpt(who)[0] for who in ("alice@example.test", "bob+x@example.test", "nobody@example.test")])
"""


def test_home_takes_mail_from_the_gateway_alone(hosts: TwoHosts) -> None:
    """At the port for LMTP the gateway's address is served, and every other one finds no mailbox."""
    address, port = hosts.lmtp
    own = hosts.private.published
    assert hosts.private.run(ASK, address, str(port), own).split() == ["250", "250", "550"]
    with hosts.private.strangers() as (_, other):
        assert hosts.private.run(ASK, address, str(port), other).split() == ["550", "550", "550"]
    with smtplib.LMTP(address, port, timeout=20) as client:  # home's own machine is no gateway either
        client.ehlo()
        client.mail("")
        assert client.rcpt(ALICE)[0] == 550
    assert hosts.private.run(ASK, address, str(port), own).split()[0] == "250"


AGAIN = """
import smtplib, sys, time
host, port, content = sys.argv[1:]
for _ in range(3):
    with smtplib.LMTP(host, int(port), "mx", timeout=20) as client:
        assert client.sendmail("somebody@example.net", ["alice@example.test"], content.encode()) == {}
    time.sleep(1.1)
"""


def test_what_the_gateway_delivers_again_is_kept_once(hosts: TwoHosts) -> None:
    """After a crash between "saved" and its answer (RFC 1047): home knows the gateway's queue file."""
    received = (
        "Received: from foreign.example.net (unknown [192.0.2.9])\r\n"
        f"\tby {MX} (Postfix) with ESMTPS id 4kGATE1\r\n"
        f"\tfor <{ALICE}>; {format_datetime(datetime.now(UTC))} (UTC)\r\n"
    )
    address, port = hosts.lmtp
    hosts.private.run(AGAIN, address, str(port), received + mail("again", ALICE).decode())
    assert hosts.site.subjects().count("again") == 1


def test_full_mailbox_is_refused_in_the_dialogue(hosts: TwoHosts) -> None:
    """Home is asked before the message is accepted: no bounce goes to a sender that may be forged."""
    hosts.send(mail("fills it", FULL) + b"x" * 9000, FULL)
    assert arrived(hosts, "fills it", FULL) == 1
    hosts.send(mail("the last", FULL) + b"x" * 900, FULL)
    assert arrived(hosts, "the last", FULL) == 1
    assert hosts.answers(FULL, sender="forged@example.org") == [552]


def test_mail_waits_while_home_is_away_and_the_gateway_dies(hosts: TwoHosts) -> None:
    """Senders see no difference; a gateway that is killed meanwhile loses nothing; then everything is there once."""
    wanted = [f"while away {number}" for number in range(5)]
    hosts.engine.kill(hosts.site.container("dovecot"))
    for subject in wanted:
        hosts.send(mail(subject, "team@example.test"), "team@example.test")
    assert hosts.answers(ALICE, "nobody@example.test", FOREIGN) == [250, 550, 554]
    with hosts.api() as api:
        api.kill(hosts.site.container("postfix"))
        api.start(hosts.site.container("postfix"))
    waiting = eventually(hosts.queue, lambda queue: len(queue) == len(wanted))
    assert len(waiting) == len(wanted)
    hosts.engine.start(hosts.site.container("dovecot"))
    for who in (ALICE, BOB):
        found = eventually(lambda who=who: hosts.site.subjects(who), lambda all_: set(wanted) <= set(all_), 90)  # type: ignore[misc]
        assert [found.count(subject) for subject in wanted] == [1] * len(wanted)
    assert eventually(hosts.queue, lambda queue: not queue) == []


def test_accounts_change_on_both_hosts_in_one_deploy(hosts: TwoHosts) -> None:
    """Who is new gets mail at once, who is gone is refused at the gateway, and mail on its way to them waits."""
    hosts.engine.kill(hosts.site.container("dovecot"))
    hosts.send(mail("too late", BOB), BOB)
    del hosts.site.accounts["accounts"][BOB]
    hosts.site.accounts["accounts"]["carol@example.test"] = {"password": "!generated"}
    hosts.site.accounts["aliases"] = {"team@example.test": [ALICE], "@catch.test": "carol@example.test"}
    hosts.site.write()
    assert [one["outcome"] for one in hosts.site.data("deploy")] == ["verified", "verified"]
    assert hosts.answers(BOB, "bob+x@example.test") == [550, 550]
    hosts.send(mail("welcome", "carol@example.test"), "carol@example.test", "new@catch.test")
    assert arrived(hosts, "welcome", "carol@example.test") == 1
    hosts.in_gateway("postqueue", "-f")
    refused = r"450 4\.1\.1 <bob@example\.test> User doesn't exist"
    (left,) = eventually(hosts.queue, lambda queue: re.search(refused, json.dumps(queue)) is not None)
    assert re.search(refused, json.dumps(left))
    assert left["queue_name"] == "deferred"
    assert "status=bounced" not in hosts.in_gateway("cat", "/var/log/mail.log")
    hosts.in_gateway("postsuper", "-d", "ALL")
    time.sleep(0.1)
