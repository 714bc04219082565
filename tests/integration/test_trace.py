"""`trace` on a real site: a message by each of its names, through rotated logs, double deliveries, and dead hosts.

Postfix's logs lie in a directory of the host and Dovecot's in a volume, so that both are searched.
"""

from __future__ import annotations

import gzip
import json
import os
import smtplib
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import docker
import pytest
from conftest import site_factory
from sites import Site, eventually, exec_in, message

ALICE, BOB = "alice@example.test", "bob@example.test"
EVIL = "<$(touch${IFS}/tmp/owned)';touch$IFS/tmp/owned;`touch$IFS/tmp/owned`\"\\n-e.*@evil.example>"
TAKEN = format_datetime(datetime.now(UTC) - timedelta(minutes=10))
LONG_AGO = """\
{stamp} mail postfix/smtpd[268]: 0B7651D8011: client=mail.stranger.example[192.0.2.7]
{stamp} mail postfix/cleanup[261]: 0B7651D8011: message-id=<long-ago@stranger.example>
{stamp} mail postfix/qmgr[227]: 0B7651D8011: from=<x@stranger.example>, size=405, nrcpt=1 (queue active)
{stamp} mail postfix/qmgr[227]: 0B7651D8011: removed
"""


@pytest.fixture(scope="module")
def site(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A deployed site."""
    with site_factory(engine, tmp_path_factory) as make:
        made = make(logs={"postfix": str(tmp_path_factory.mktemp("logs"))})
        made.ok("deploy")
        yield made


def logs_of(site: Site) -> Path:
    """Return the directory of Postfix's logs."""
    return Path(site.host["logs"]["postfix"])


def submit(site: Site, name: str, *recipients: str) -> str:
    """Send a message from Alice, and return its message id when it is in Bob's mailbox."""
    made = message(name, ALICE, *recipients)
    made["Message-ID"] = f"<{name}@client.example>"
    with site.submission() as client:
        client.send_message(made)
    assert name in eventually(lambda: site.subjects(BOB), lambda subjects: name in subjects)
    return str(made["Message-ID"])


def hand_over(site: Site, queue_id: str, message_id: str) -> None:
    """Deliver a message to Bob as a Postfix does, out of one of its queue files."""
    made = message("handed over", ALICE, BOB)
    made["Message-ID"] = message_id
    received = (
        f"Received: from x (x [192.0.2.1])\r\n\tby mail.example.test (Postfix) with ESMTP id {queue_id}; {TAKEN}\r\n"
    )
    with smtplib.LMTP("localhost", site.port("lmtp"), timeout=30) as client:
        assert client.sendmail(ALICE, BOB, received.encode() + bytes(made)) == {}


def traced(site: Site, *words: str) -> dict[str, Any]:
    """Return what is told, as data; Dovecot and Postfix may not have written it all yet."""

    def ask() -> dict[str, Any]:
        done = site.run("trace", *words, "--json")
        assert done.stdout, done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    return eventually(ask, lambda told: all(one["outcomes"] for one in told["messages"]) and not told["missing"], 15)


@contextmanager
def stopped(site: Site, service: str) -> Iterator[None]:
    """Stop a service's container for a while."""
    subprocess.run(["docker", "stop", site.container(service)], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(["docker", "start", site.container(service)], check=True, capture_output=True)
        ask = ["docker", "exec", site.container(service), "mailrig-health"]
        eventually(lambda: subprocess.run(ask, check=False, capture_output=True).returncode, lambda code: code == 0)


def test_message_is_followed_by_each_of_its_names(site: Site) -> None:
    """By message id, with and without its brackets, by queue id, and by the addresses it went between."""
    message_id = submit(site, "followed", BOB)
    [told] = traced(site, message_id)["messages"]
    [leg] = told["queue_files"]
    assert (leg["accepted"]["login"], leg["accepted"]["by"]) == (ALICE, "submission (587)")
    assert leg["accepted"]["tls"].startswith("TLSv1.3 TLS_AES")
    assert [one["status"] for one in leg["attempts"]] == ["sent"]
    [delivery] = told["deliveries"]
    assert (delivery["user"], delivery["stored_in"]) == (BOB, ["INBOX"])
    assert delivery["session"] == leg["attempts"][0]["session"]
    assert (told["outcomes"], told["duplicates"]) == (
        [{"recipient": BOB, "state": "stored", "words": "stored in INBOX"}],
        [],
    )
    for name in (message_id.strip("<>"), leg["queue_id"]):
        assert traced(site, name)["messages"] == [told]
    assert traced(site, ALICE.upper(), "--count", "1")["messages"] == [told]


def test_newest_of_an_address_come_last_and_more_is_said(site: Site) -> None:
    """An alias is an address as others are; what is beyond the count is not told, but that it is there."""
    for name in ("one", "two", "three"):
        submit(site, name, "team@example.test")
    told = traced(site, "team@example.test", "--count", "2")
    assert [one["message_id"] for one in told["messages"]] == ["<two@client.example>", "<three@client.example>"]
    assert told["more"]
    assert {one["recipient"] for one in told["messages"][-1]["outcomes"]} == {ALICE, BOB}
    assert "--count shows more" in site.run("trace", "team@example.test", "--count", "2").stderr
    assert not traced(site, "team@example.test", "--count", "50")["more"]


def test_rotated_logs_are_searched(site: Site) -> None:
    """What our own rotation has put aside and packed tells the same as before."""
    message_id = submit(site, "rotated", BOB)
    before = traced(site, message_id)["messages"]
    for turn in range(2):
        submit(site, f"between-{turn}", BOB)
        for service in ("dovecot", "postfix"):
            exec_in(site, service, "mailrig-rotate", "-f")
    assert (logs_of(site) / "mail.log.2.gz").exists()
    assert traced(site, message_id)["messages"] == before


def test_old_stamps_have_no_year(site: Site) -> None:
    """A file of the host in syslog's old form is read: its last line cannot be later than the file."""
    year_ago = datetime.now(UTC) - timedelta(days=400)
    path = logs_of(site) / "mail.log.7.gz"
    path.write_bytes(gzip.compress(LONG_AGO.format(stamp=f"{year_ago:%b %e %H:%M:%S}").encode()))
    os.utime(path, (year_ago.timestamp(), year_ago.timestamp()))
    [told] = json.loads(site.run("trace", "0B7651D8011", "--json").stdout)["messages"]
    assert told["message_id"] == "<long-ago@stranger.example>"
    assert told["begin"] == year_ago.replace(microsecond=0).isoformat()


def test_double_delivery_is_said(site: Site) -> None:
    """Two queue files with one message id fill the mailbox twice; one that comes again is seen as dropped."""
    hand_over(site, "4kAAAA1", "<double@client.example>")
    assert not traced(site, "<double@client.example>")["messages"][0]["duplicates"]
    hand_over(site, "4kAAAA1", "<double@client.example>")
    [told] = traced(site, "<double@client.example>")["messages"]
    assert [one["dropped"] for one in told["deliveries"]] == [False, True]
    assert not told["duplicates"]
    hand_over(site, "4kBBBB1", "<double@client.example>")
    [told] = traced(site, "<double@client.example>")["messages"]
    assert [(one["user"], one["times"]) for one in told["duplicates"]] == [(BOB, 2)]
    assert f"! delivered twice to {BOB}" in site.ok("trace", "<double@client.example>")


def test_refusal_is_found_by_address(site: Site) -> None:
    """Who was refused in the dialogue has no queue file, but an answer."""
    with smtplib.SMTP("localhost", site.port("smtp"), timeout=30) as client:
        client.ehlo("stranger.example")
        client.mail("x@stranger.example")
        assert client.rcpt("nobody@example.test")[0] == 550
    [refused] = traced(site, "nobody@example.test")["refused"]
    assert "User unknown" in refused["answer"]
    assert refused["helo"] == "stranger.example"


def test_unknown_id_says_what_was_searched(site: Site) -> None:
    """Exit code 1, and from when to when the logs go."""
    done = site.run("trace", "<never@seen.example>")
    assert (done.returncode, done.stdout) == (1, "")
    assert "`<never@seen.example>` is nowhere in the logs of home (20" in done.stderr
    data = json.loads(site.run("trace", "<never@seen.example>", "--json").stdout)
    assert data["messages"] == []
    assert data["searched"]["home"]["from"] < data["searched"]["home"]["to"]


def test_nothing_of_an_id_reaches_a_shell(site: Site) -> None:
    """An id that is a shell's words is looked for as it is."""
    made = message("evil", "x@evil.example", BOB).as_bytes()
    with smtplib.SMTP("localhost", site.port("smtp"), timeout=30) as client:
        client.sendmail("x@evil.example", [BOB], f"Message-ID: {EVIL}\r\n".encode() + made)
    assert traced(site, EVIL)["messages"][0]["message_id"] == EVIL
    for service in ("dovecot", "postfix"):
        assert "owned" not in exec_in(site, service, "ls", "/tmp")


def test_logs_of_stopped_containers_are_searched(site: Site) -> None:
    """Volume and directory are read by containers that are gone afterwards."""
    message_id = submit(site, "stopped", BOB)
    before = traced(site, message_id)["messages"]
    listing = ["docker", "ps", "--all", "--quiet", "--filter", f"label=io.mailrig.site={site.name}"]
    containers = subprocess.run(listing, capture_output=True, check=True).stdout
    with stopped(site, "postfix"), stopped(site, "dovecot"):
        assert traced(site, message_id)["messages"] == before
        assert subprocess.run(listing, capture_output=True, check=True).stdout == containers


def test_host_that_does_not_answer_hides_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the others know is told, the dead host is named, and the exit code is 1."""
    message_id = submit(site, "one-host", BOB)
    away = {**site.host, "engine": f"unix://{site.directory}/nobody.sock", "hostname": "away.example.test"}
    monkeypatch.setitem(site.settings["hosts"], "away", away)
    site.write()
    try:
        done = site.run("trace", message_id)
    finally:
        monkeypatch.undo()
        site.write()
    assert done.returncode == 1
    assert f"= {BOB}: stored in INBOX" in done.stdout
    assert "away: no Docker engine answers" in done.stderr


def test_output_is_read_where_there_are_no_files(site: Site, restored: Callable[[], None]) -> None:
    """When the log files are gone, what Docker has kept of the container's output tells of it."""
    message_id = submit(site, "output", BOB)
    for path in logs_of(site).iterdir():
        path.unlink()
    [told] = traced(site, message_id)["messages"]
    assert told["queue_files"][0]["accepted"]["login"] == ALICE


@pytest.fixture
def restored(site: Site) -> Iterator[Callable[[], None]]:
    """Lets rsyslogd open its files anew in the end."""

    def reopen() -> None:
        exec_in(site, "postfix", "sh", "-c", "kill -HUP $(cat /run/mailrig/rsyslogd.pid)")
        time.sleep(0.1)

    yield reopen
    reopen()
