"""What Postfix delivers again, after a crash between "saved" and its answer, is in the mailbox once (RFC 1047)."""

from __future__ import annotations

import smtplib
import time
from datetime import UTC, datetime
from email.utils import format_datetime

from sites import Site, eventually, exec_in, message

ALICE = "alice@example.test"
TAGGED = "alice+tag@example.test"
RESTRICTED = 'require "vnd.dovecot.execute"; if execute "mailrig-delivered" { discard; }'


def from_queue(queue_id: str, subject: str) -> bytes:
    """Return a message as Postfix hands it over, now and each time again."""
    taken = format_datetime(datetime.now(UTC))
    received = (
        "Received: from client.example.test (unknown [192.0.2.1])\r\n"
        f"\tby mail.example.test (Postfix) with ESMTPSA id {queue_id}\r\n"
        f"\tfor <{ALICE}>; {taken} (UTC)\r\n"
    )
    return received.encode() + bytes(message(subject, "bob@example.test", ALICE))


def deliver(site: Site, handed_over: bytes, recipient: str = ALICE) -> None:
    """Deliver by LMTP, as Postfix does, and expect 250."""
    with smtplib.LMTP("localhost", site.port("lmtp"), timeout=30) as client:
        assert client.sendmail("bob@example.test", recipient, handed_over) == {}


def later() -> None:
    """Let the second pass in which a message was taken: an attempt in that very second is the first one."""
    time.sleep(1.1)


def test_what_is_delivered_again_is_kept_once(site: Site) -> None:
    """The same message of the same queue file, some seconds later, is taken and not saved again."""
    handed_over = from_queue("4kAAAA1", "delivered again")
    for _ in range(3):
        deliver(site, handed_over)
        later()
    assert site.subjects().count("delivered again") == 1


def test_what_comes_late_is_kept(site: Site) -> None:
    """A message that waited in the queue is there, and so is its copy of another queue file."""
    first, second = from_queue("4kBBBB1", "late"), from_queue("4kBBBB2", "late")
    later()
    deliver(site, first)
    deliver(site, second)
    assert site.subjects().count("late") == 2


def test_what_was_filed_elsewhere_is_found(site: Site) -> None:
    """A message that a client has read and moved into a folder below another one does not come back."""
    handed_over = from_queue("4kCCCC1", "filed")
    deliver(site, handed_over)
    with site.imap() as client:
        client.create('"Kept/Of 2026"')
        client.select("INBOX")
        _, [number] = client.search(None, "SUBJECT", "filed")
        client.fetch(number.decode(), "(RFC822)")
        assert client.copy(number.decode(), '"Kept/Of 2026"')[0] == "OK"
        client.store(number.decode(), "+FLAGS", r"\Deleted")
        client.expunge()
    later()
    deliver(site, handed_over)
    assert "filed" not in site.subjects()


def test_each_address_gets_its_copy(site: Site) -> None:
    """One message to an address and to the same with a tag comes twice, late as well."""
    handed_over = from_queue("4kDDDD1", "two addresses")
    later()
    for recipient in (ALICE, TAGGED, ALICE, TAGGED):
        deliver(site, handed_over, recipient)
    assert site.subjects().count("two addresses") == 2


def test_an_alias_beside_the_address_adds_no_copy(site: Site) -> None:
    """Who is addressed by name and by an alias gets the message once."""
    with site.submission() as client:
        client.send_message(message("by two ways", ALICE, ALICE, "team@example.test", TAGGED))
    assert eventually(site.subjects, lambda found: found.count("by two ways") == 2).count("by two ways") == 2
    time.sleep(2)
    assert site.subjects().count("by two ways") == 2


def test_a_stranger_with_a_long_name_is_no_trouble(site: Site) -> None:
    """Whatever a client calls itself in Received, its message is kept, and kept once."""
    handed_over = from_queue("4kEEEE1", "long name").replace(b"client.example.test", b"(Postfix) id x; " * 120)
    for _ in range(2):
        later()
        deliver(site, handed_over)
    assert site.subjects().count("long name") == 1


def test_nobody_elses_script_runs_programs(site: Site) -> None:
    """The extension that looks into the mailbox is for the server's own script."""
    put = f"echo '{RESTRICTED}' | doveadm sieve put -u {ALICE} own 2>&1"
    assert "restricted to global scripts" in exec_in(site, "dovecot", "sh", "-c", put, check=False)


def test_the_script_is_compiled_in_the_image(site: Site) -> None:
    """No delivery tries to compile it, which would fail and be logged each time."""
    deliver(site, from_queue("4kFFFF1", "compiled"))
    assert "sieve" not in exec_in(site, "dovecot", "cat", "/var/log/dovecot.log")
