"""Certificates that somebody renews on the Docker host, under people's feet: what is served, and what is not."""

from __future__ import annotations

import imaplib
import json
import smtplib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import docker
import pytest
from authority import replaced
from conftest import site_factory
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from renewed import SERVICES, TLS_PORTS, Renewed, kept
from sites import Site, eventually, exec_in, message

REFUSED = "the certificate is not renewed"
COPY = "/var/lib/mailrig/tls/current/tls"


@pytest.fixture(scope="module")
def deployed(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renewed]:
    """A deployed site that the tests of this module share."""
    with site_factory(engine, tmp_path_factory) as make:
        made = kept(make())
        made.site.ok("deploy")
        yield made


@pytest.fixture
def before(deployed: Renewed) -> str:
    """The certificate that the shared site serves as a test begins: a good one, whatever the test before left there."""
    fingerprint = deployed.issue()
    deployed.look()
    return fingerprint


@pytest.fixture
def renewed(deployed: Renewed, before: str) -> Renewed:
    """The shared site."""
    return deployed


@contextmanager
def going_on(site: Site) -> Iterator[list[str]]:
    """Log in over IMAPS and submissions, over and over; yields what went wrong."""
    failures: list[str] = []
    over = threading.Event()
    password, context = site.password("alice@example.test"), site.trusting()

    def fetch() -> None:
        with imaplib.IMAP4_SSL("localhost", site.port("imaps"), ssl_context=context, timeout=20) as client:
            client.login("alice@example.test", password)

    def submit() -> None:
        with smtplib.SMTP_SSL("localhost", site.port("submissions"), context=context, timeout=20) as client:
            client.login("alice@example.test", password)

    def repeat(visit: Callable[[], None]) -> None:
        while not over.wait(0.1):
            try:
                visit()
            except (OSError, imaplib.IMAP4.error, smtplib.SMTPException) as error:
                failures.append(f"{visit.__name__}: {error!r}")

    threads = [threading.Thread(target=repeat, args=(visit,)) for visit in (fetch, submit)]
    for thread in threads:
        thread.start()
    try:
        yield failures
    finally:
        over.set()
        for thread in threads:
            thread.join()


def test_a_renewal_is_served_and_nobody_notices(renewed: Renewed) -> None:
    """Without anybody doing anything all ports show the new one; no login fails, and open sessions stay."""
    site = renewed.site
    with site.imap() as idle, site.imap() as waiting, going_on(site) as failures:
        idle.select("INBOX")
        idle.send(b"x IDLE\r\n")
        assert idle.readline().startswith(b"+")
        fingerprint = renewed.issue()
        assert eventually(lambda: renewed.serves(fingerprint), bool), renewed.served()
        assert waiting.noop()[0] == "OK"
        with site.submission() as client:
            client.send_message(message("heard of", "bob@example.test", "alice@example.test"), "alice@example.test")
        assert b"EXISTS" in next(line for line in iter(idle.readline, b"") if b"EXISTS" in line)
        idle.send(b"DONE\r\n")
    assert failures == []
    site.ok("status")
    for service in SERVICES:
        assert f"mailrig{'' if service == 'dovecot' else '['}" in renewed.log(service)
        assert f"serves the renewed certificate {renewed.directory}/tls.crt, valid until" in renewed.log(service)


def test_half_a_pair_is_no_complaint(renewed: Renewed) -> None:
    """A certificate that comes three seconds before its key is waited for, and the log has nothing to say of it."""
    key = ec.generate_private_key(ec.SECP256R1())
    refusals = {service: renewed.log(service).count(REFUSED) for service in SERVICES}
    aside = renewed.directory.parent / "aside"
    aside.mkdir()
    fingerprint = renewed.authority.issue(aside, "tls", key=key)
    await_a_look(renewed.site)
    time.sleep(8.5)  # so that the next one, ten seconds after it, falls in between
    replaced(renewed.directory / "tls.crt", (aside / "tls.crt").read_text())
    time.sleep(3)
    replaced(renewed.directory / "tls.key", (aside / "tls.key").read_text())
    assert eventually(lambda: renewed.serves(fingerprint), bool)
    assert {service: renewed.log(service).count(REFUSED) for service in SERVICES} == refusals


def await_a_look(site: Site) -> None:
    """Wait until Dovecot's container has just looked at the files, and sleeps again."""
    sleeping = (
        "for one in /proc/[0-9]*; do [ \"$(tr '\\0' ' ' <$one/cmdline)\" = 'sleep 10 ' ] && echo $one; done 2>/dev/null"
    )
    before = exec_in(site, "dovecot", "sh", "-c", sleeping, check=False)
    assert before
    eventually(lambda: exec_in(site, "dovecot", "sh", "-c", sleeping, check=False), lambda now: now not in ("", before))


def other_key(renewed: Renewed) -> None:
    """Put a key beside the certificate that is another's."""
    key = ec.generate_private_key(ec.SECP256R1())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    replaced(renewed.directory / "tls.key", private)


def damaged_intermediate(renewed: Renewed) -> None:
    """Leave the certificate as it is renewed, and spoil the one behind it."""
    renewed.issue()
    file = renewed.directory / "tls.crt"
    leaf, mark, _ = file.read_text().partition("-----END CERTIFICATE-----\n")
    replaced(file, f"{leaf}{mark}-----BEGIN CERTIFICATE-----\nbm9uc2Vuc2U=\n-----END CERTIFICATE-----\n")


BAD: dict[str, tuple[Callable[[Renewed], object], str]] = {
    "a key that does not fit": (other_key, "does not fit the certificate"),
    "Ed25519": (
        lambda renewed: renewed.issue(key=ed25519.Ed25519PrivateKey.generate()),
        "would lock out 18 required mail clients",
    ),
    "a chain cut short": (lambda renewed: renewed.issue(chained=False), "unable to get local issuer certificate"),
    "another name": (lambda renewed: renewed.issue(names=("localhost",)), "hostname mismatch"),
    "expired": (lambda renewed: renewed.issue(age=48, days=-1), "has expired"),
    "not yet valid": (lambda renewed: renewed.issue(age=-48), "is not valid yet"),
    "an empty file": (lambda renewed: replaced(renewed.directory / "tls.crt", ""), "holds no certificate (PEM)"),
    "no file": (lambda renewed: (renewed.directory / "tls.crt").unlink(), "No such file or directory"),
    "a damaged intermediate": (damaged_intermediate, "clients would not trust"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_may_not_be_served_is_not(renewed: Renewed, before: str, name: str) -> None:
    """What was there before is served, also after a restart; everybody who asks is told why; mended, it is served."""
    spoil, reason = BAD[name]
    spoil(renewed)
    renewed.look()
    shown = renewed.site.run("status")
    assert shown.returncode == 1
    for service in SERVICES:
        assert f"home: {service} does not serve the renewed certificate, but the one before: " in shown.stderr
        assert REFUSED in renewed.log(service)
    assert reason in shown.stderr
    certs = renewed.site.run("certs", "--json")
    assert certs.returncode == 1
    assert reason in certs.stderr
    [report] = json.loads(certs.stdout)
    served = {one["port"]: {shown["fingerprint"] for shown in one["served"]} for one in report["ports"]}
    assert served == {port: {before} for port in TLS_PORTS}
    explained = renewed.site.run("logs", "--explain", "--json").stdout
    assert "renewal-refused" in explained
    renewed.site.run("restart")
    assert renewed.serves(before)
    assert renewed.site.run("status").returncode == 1
    mended = renewed.issue()
    renewed.look()
    assert renewed.serves(mended)
    renewed.site.ok("status")


def test_damaged_files_hold_up_no_deploy(renewed: Renewed, before: str) -> None:
    """Who adds an account need not mend a certificate first: the copies are judged, and served on."""
    replaced(renewed.directory / "tls.key", "no key")
    renewed.site.accounts["accounts"]["carol@example.test"] = {"password": "!generated"}
    renewed.site.write()
    renewed.site.ok("deploy")
    with renewed.site.imap("carol@example.test") as client:
        client.noop()
    renewed.look()
    assert renewed.serves(before)
    assert renewed.site.run("status").returncode == 1


def test_what_has_ended_makes_way(renewed: Renewed, before: str) -> None:
    """A chain cut short lets in more people than a certificate that nobody can use any more."""
    ended = renewed.issue(age=48, days=-1)
    for service in SERVICES:  # as if it had been there all the time
        exec_in(renewed.site, service, "sh", "-c", f"cat '{renewed.directory}/tls.crt' >{COPY}.crt")
        exec_in(renewed.site, service, "sh", "-c", f"cat '{renewed.directory}/tls.key' >{COPY}.key")
    last = renewed.issue(chained=False)
    assert len({before, ended, last}) == 3
    renewed.look()
    assert renewed.serves(last)


def test_a_key_without_the_end_of_its_line(renewed: Renewed) -> None:
    """Postfix gets key and chain in one file, which must not run together."""
    fingerprint = renewed.issue()
    replaced(renewed.directory / "tls.key", (renewed.directory / "tls.key").read_text().rstrip("\n"))
    renewed.look()
    assert renewed.serves(fingerprint)


def test_links_that_point_elsewhere_are_followed(renewed: Renewed) -> None:
    """As certbot does it: a renewal lies in files of its own, to which the links of before then point."""
    for number in (1, 2):
        folder = renewed.directory / f"archive-{number}"
        folder.mkdir()
        fingerprint = renewed.authority.issue(folder, "tls")
        for suffix in ("crt", "key"):
            link = renewed.directory / f"next.{suffix}"
            link.symlink_to(f"archive-{number}/tls.{suffix}")
            link.rename(renewed.directory / f"tls.{suffix}")
        renewed.look()
        assert renewed.serves(fingerprint)


def test_a_reload_that_fails_goes_back(renewed: Renewed, before: str) -> None:
    """Where Dovecot cannot be told of the new files, those before are in force again, and the log says so."""
    fail_once = """
        cd /var/lib/mailrig/tls; before=$(readlink current)
        mv /run/dovecot/master.pid /run/dovecot/away
        while [ "$(readlink current)" = "$before" ]; do sleep 0.02; done
        until [ "$(readlink current)" = "$before" ]; do sleep 0.005; done
        mv /run/dovecot/away /run/dovecot/master.pid
    """
    with subprocess.Popen(["docker", "exec", renewed.site.container("dovecot"), "sh", "-c", fail_once]) as breaking:
        renewed.issue()
        assert breaking.wait() == 0
    wanted = "does not serve the renewed certificate, but the one before: the daemon does not work with it: "
    assert wanted in eventually(lambda: renewed.site.run("status").stderr, lambda said: wanted in said)
    assert renewed.served()["imaps"] == {before}
    assert "/run/dovecot/master.pid" in renewed.log("dovecot")
    renewed.site.run("restart")
    assert renewed.served()["imaps"] == {before}
    again = renewed.issue()
    renewed.look()
    assert renewed.serves(again)


def test_a_watcher_that_is_killed_is_replaced(renewed: Renewed) -> None:
    """What a renewal needs does not end with one process."""
    for service in SERVICES:
        killed = (
            "for one in /proc/[0-9]*; do grep -qz '^watch$' $one/cmdline 2>/dev/null && kill -9 ${one#/proc/}; done"
        )
        exec_in(renewed.site, service, "bash", "-c", killed, check=False)
    fingerprint = renewed.issue()
    assert eventually(lambda: renewed.serves(fingerprint), bool)
