"""The incident, replayed: two RSA suites meet an ECDSA certificate, and this time nobody is locked out by surprise."""

from __future__ import annotations

import imaplib
import json
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import docker
import pytest
from authority import Authority, pem
from cryptography.hazmat.primitives.asymmetric import rsa
from sites import ALLOWING_THEM, TLS_1_2_AT_MOST, Site, exec_in

INCIDENT = ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"]
REASON = "the certificate's key is ECDSA P-256, and no suite listed is for ECDSA"


@pytest.fixture
def site(new_site: Callable[..., Site]) -> Site:
    """A deployed site whose inventory then says what it said in the incident."""
    made = new_site()
    made.ok("deploy")
    made.settings["tls"] = {"ciphers": INCIDENT}
    made.write()
    return made


@contextmanager
def going_on(site: Site) -> Iterator[list[str]]:
    """Log in over and over with TLS 1.3, as a webmail does; yields what went wrong."""
    context = site.trusting()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    failures: list[str] = []
    over = threading.Event()

    def log_in() -> None:
        while not over.wait(0.05):
            try:
                with imaplib.IMAP4_SSL("localhost", site.port("imaps"), ssl_context=context, timeout=10) as client:
                    client.login("alice@example.test", site.password("alice@example.test"))
            except (OSError, imaplib.IMAP4.error) as error:
                failures.append(repr(error))

    thread = threading.Thread(target=log_in)
    thread.start()
    try:
        yield failures
    finally:
        over.set()
        thread.join()


def state(engine: docker.APIClient, site: Site) -> list[object]:
    """Return what a deploy that touches nothing leaves as it is."""
    containers = [engine.inspect_container(site.container(service)) for service in ("dovecot", "postfix")]
    return [
        *((one["Id"], one["State"]["StartedAt"]) for one in containers),
        exec_in(site, "dovecot", "readlink", "/etc/mailrig/current"),
        exec_in(site, "postfix", "readlink", "/etc/mailrig/current"),
        exec_in(site, "dovecot", "cat", "/run/mailrig/release"),
        site.data("history"),
    ]


def test_plan_foresees_it_and_deploy_refuses(site: Site, engine: docker.APIClient) -> None:
    """Both name the clients, the reason, the place and the cure; nothing is touched."""
    before = state(engine, site)
    planned, refused = site.run("plan"), site.run("deploy")
    assert planned.returncode == refused.returncode == 1
    assert "ssl_cipher_list: -6 suites" in planned.stdout
    assert "lock out" in planned.stdout
    for said in (planned.stderr, refused.stderr):
        assert "error: this release would lock out 6 of 35 required mail clients" in said
        assert "site.yaml" in said
        assert "tls.ciphers" in said
        assert "Apple Mail 16.0 (macOS), Android 7.0 native" in said
        assert REASON in said
        assert "add ECDHE-ECDSA-AES128-GCM-SHA256" in said
    assert state(engine, site) == before


def test_it_is_foreseen_in_a_block_for_the_name_of_the_host(site: Site) -> None:
    """Clients name the host that they were told, and so a block for it is what they get; addresses are not foreseen."""
    del site.settings["tls"]
    listed = f"  ssl_cipher_list = {':'.join(INCIDENT)}"
    blocks = ["local_name *.example.test {", listed, "}", "local 10.0.0.1 {", "  ssl_min_protocol = TLSv1.3", "}"]
    site.settings["extra"] = {"dovecot": "\n".join(blocks) + "\n"}
    site.write()
    planned = site.run("plan")
    assert planned.returncode == 1
    assert "error: this release would lock out 6 of 35 required mail clients" in planned.stderr
    assert "extra.dovecot" in planned.stderr
    assert REASON in planned.stderr
    assert "set for some addresses only: local 10.0.0.1/ssl_min_protocol" in planned.stdout
    blocks[0] = "local_name other.example.test {"
    site.settings["extra"] = {"dovecot": "\n".join(blocks) + "\n"}
    site.write()
    harmless = site.run("plan")
    assert harmless.returncode == 2
    assert "set for other names than mail.example.test only: local_name other.example.test" in harmless.stdout


def test_plan_as_data_has_each_client_with_its_source(site: Site) -> None:
    """A program learns of each port who is locked out and why, and which suites are dead letters."""
    done = site.run("plan", "--json")
    assert done.returncode == 1
    [dovecot, *_] = json.loads(done.stdout)["hosts"]["home"]["access"]
    required = [one for one in dovecot["locked_out"] if one["standing"] == "required"]
    assert sorted(one["client"] for one in required) == sorted(TLS_1_2_AT_MOST)
    assert all(one["source"] and one["confidence"] and REASON in one["reason"] for one in required)
    assert dovecot["ports"]["imaps"] == site.port("imaps")
    assert sorted(dovecot["dead_suites"]) == sorted(INCIDENT)


def test_forced_it_is_rolled_back_while_tls_1_3_goes_on(site: Site) -> None:
    """Whoever insists is named in the audit log, and verification undoes it; who speaks TLS 1.3 notices nothing."""
    with going_on(site) as failures:
        one_missing = site.run("deploy", *ALLOWING_THEM[2:])
        forced = site.run("deploy", *ALLOWING_THEM)
    assert one_missing.returncode == 1
    assert "would lock out 1 of 35 required mail clients" in one_missing.stderr
    assert forced.returncode == 3
    assert "tls-1.2 imaps failed" in forced.stderr
    assert "rolled back" in forced.stdout.splitlines()[-1]
    assert "ECDHE-ECDSA" in exec_in(site, "dovecot", "doveconf", "-h", "ssl_cipher_list")
    assert failures == []
    entries = [json.loads(line) for line in site.ok("history", "--audit").splitlines()]
    [begun] = [entry for entry in entries if entry.get("allowed_lockouts")]
    assert begun["allowed_lockouts"] == TLS_1_2_AT_MOST


def test_log_alone_names_the_cause(new_site: Callable[..., Site]) -> None:
    """Where it was forced on a site that has nothing to go back to, the log tells who is locked out, and why."""
    site = new_site()
    site.settings["tls"] = {"ciphers": INCIDENT}
    site.write()
    assert site.run("deploy", *ALLOWING_THEM).returncode == 1
    old = site.trusting()
    old.maximum_version = ssl.TLSVersion.TLSv1_2
    time.sleep(11)  # what comes so soon after a verify counts as its own
    with (
        pytest.raises((ssl.SSLError, OSError, EOFError)),
        socket.create_connection(("localhost", site.port("imaps"))) as line,
    ):
        old.wrap_socket(line, server_hostname="mail.example.test").recv(1)
    said = site.run("logs", "--explain").stdout
    assert "no shared cipher" in said
    assert "mail-clients" in said, "and what helps"


def test_certificate_of_another_kind_is_refused(new_site: Callable[..., Site]) -> None:
    """A renewal that turns RSA into ECDSA does not come into force where the list has suites for RSA only."""
    site, authority = new_site(), Authority()
    directory = site.directory
    authority.issue(directory, "tls", key=rsa.generate_private_key(65537, 3072))
    (directory / "root.pem").write_text(pem(authority.root))
    site.host["certificate"] = {"source": "operator", "cert": "tls.crt", "key": "tls.key", "trust": "root.pem"}
    site.settings["tls"] = {"ciphers": INCIDENT}
    site.write()
    site.ok("deploy")
    authority.issue(directory, "tls")
    refused = site.run("deploy")
    assert refused.returncode == 1
    assert "would lock out 6 of 35 required mail clients" in refused.stderr
    assert REASON in refused.stderr
    [seen] = {row["key"] for row in served(site)}
    assert seen == "RSA 3072"
    site.settings["tls"] = {"ciphers": "mail-clients"}
    site.write()
    site.ok("deploy")


def served(site: Site) -> list[dict[str, str]]:
    """Return the certificate of each port, in a few words."""
    [report] = site.data("certs")
    return [{"key": certificate["key"]} for port in report["ports"] for certificate in port["served"]]


def test_only_suites_without_parameters_lock_out_everybody_on_tls_1_2(site: Site) -> None:
    """DHE suites are dead letters where no Diffie-Hellman parameters are set."""
    site.settings["tls"] = {"ciphers": ["DHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"]}
    site.settings["extra"] = {"dovecot": "ssl_dh =\n", "postfix": {"smtpd_tls_dh1024_param_file": ""}}
    site.write()
    planned = json.loads(site.run("plan", "--json").stdout)["hosts"]["home"]["access"]
    [dovecot] = [one for one in planned if one["service"] == "dovecot"]
    assert "DHE-RSA-AES128-GCM-SHA256" in dovecot["dead_suites"]


def test_curves_that_openssl_does_not_know_are_refused(site: Site) -> None:
    """Dovecot would start with Mozilla's list, and then fail every connection."""
    site.settings["tls"] = {"ciphers": "mail-clients"}
    site.settings["extra"] = {"dovecot": "ssl_curve_list = X25519MLKEM768:X25519:prime256v1:secp384r1\n"}
    site.write()
    refused = site.run("deploy")
    assert refused.returncode == 1
    assert "OpenSSL does not know every curve of `X25519MLKEM768:X25519:prime256v1:secp384r1`" in refused.stderr
    assert "site.yaml" in refused.stderr


def test_eight_suites_let_everybody_in(site: Site) -> None:
    """With the report's eight suites no required client is locked out."""
    site.settings["tls"] = {"ciphers": "mail-clients", "dh": "ffdhe2048"}
    site.write()
    done = site.run("plan", "--json")
    assert done.returncode == 2
    found = json.loads(done.stdout)["hosts"]["home"]["access"]
    assert found
    assert {one["standing"] for access in found for one in access["locked_out"]} == {"legacy"}


def test_unknown_client_is_no_permission(site: Site) -> None:
    """A name that nobody has is refused, with the one that was meant."""
    done = site.run("deploy", "--allow-lockout", "android-8.2")
    assert done.returncode == 1
    assert "there is no mail client `android-8.2`" in done.stderr
    assert "did you mean `android-8.1`?" in done.stderr
