"""The incident, replayed: two RSA suites meet an ECDSA certificate, and this time nobody is locked out by surprise."""

from __future__ import annotations

import json
import re
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docker
import pytest
import webmail
from authority import Authority, pem
from conftest import site_factory
from cryptography.hazmat.primitives.asymmetric import rsa
from sites import ALLOWING_THEM, TLS_1_2_AT_MOST, Site, exec_in, state

from mailrig.clients.catalogue import shipped

INCIDENT = ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"]
DHE_FIRST = ["DHE-RSA-AES128-GCM-SHA256", *INCIDENT]
REASON = "the certificate's key is ECDSA P-256, and no suite listed is for ECDSA"


@pytest.fixture(scope="module")
def deployed(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A deployed site, which stays as it is: what is asked of it is refused, taken back, or only planned."""
    with site_factory(engine, tmp_path_factory) as make:
        made = make()
        made.ok("deploy")
        yield made


@pytest.fixture
def site(deployed: Site) -> Site:
    """The deployed site, whose inventory says what it said in the incident."""
    deployed.settings.pop("extra", None)
    deployed.settings["tls"] = {"ciphers": INCIDENT}
    deployed.write()
    return deployed


@pytest.fixture(scope="session")
def roundcube(engine: docker.APIClient) -> Iterator[str]:
    """The image of Roundcube's stack."""
    with webmail.image() as name:
        yield name


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


def test_forced_it_is_rolled_back_while_roundcube_goes_on(site: Site, engine: docker.APIClient, roundcube: str) -> None:
    """Whoever insists is named in the audit log, and verification undoes it; the webmail (TLS 1.3) notices nothing."""
    with webmail.logging_in(engine, roundcube, site) as rounds:
        one_missing = site.run("deploy", *ALLOWING_THEM[2:])
        forced = site.run("deploy", *ALLOWING_THEM)
    assert one_missing.returncode == 1
    assert "would lock out 1 of 35 required mail clients" in one_missing.stderr
    assert forced.returncode == 3
    assert "tls-1.2 imaps failed" in forced.stderr
    assert "rolled back" in forced.stdout.splitlines()[-1]
    assert "ECDHE-ECDSA" in exec_in(site, "dovecot", "doveconf", "-h", "ssl_cipher_list")
    assert [one.error for one in rounds if one.error] == []
    assert {one.protocol for one in rounds} == {"TLSv1.3"}
    entries = [json.loads(line) for line in site.ok("history", "--audit").splitlines()]
    [begun] = [entry for entry in entries if entry.get("allowed_lockouts")]
    assert begun["allowed_lockouts"] == TLS_1_2_AT_MOST

    in_force = [one for one in rounds if not one.tls_1_2]
    assert in_force, "the webmail logged in while TLS 1.2 was locked out"
    assert rounds[0].tls_1_2
    assert rounds[-1].tls_1_2


def test_log_alone_names_the_cause(new_site: Callable[..., Site]) -> None:
    """Where it was forced on a site that has nothing to go back to, verify tells who is locked out, and the log why."""
    site = new_site()
    site.settings["tls"] = {"ciphers": INCIDENT}
    site.write()
    assert site.run("deploy", *ALLOWING_THEM).returncode == 1
    proven = site.run("verify", "--clients", "--json")
    assert proven.returncode == 1
    [report] = json.loads(proven.stdout)
    failed = [one for one in report["results"] if one["outcome"] == "failed"]
    assert {one["probe"] for one in failed} == {"tls-1.2", "clients"}
    said = "6 of 35 required clients are locked out: " + ", ".join(
        shipped()[id_].title for id_ in shipped() if id_ in TLS_1_2_AT_MOST
    )
    assert {one["seen"] for one in failed if one["probe"] == "clients"} == {said}, "exactly those that plan named"

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


def with_own_certificate(
    new_site: Callable[..., Site], source: str, directory: Path, **how: Any
) -> tuple[Site, Authority]:
    """Return a site whose certificate a CA of ours has issued; it lies in ``directory``."""
    authority = Authority()
    authority.issue(directory, "tls", **how)
    (directory / "root.pem").write_text(pem(authority.root))
    paths = {"cert": f"{directory}/tls.crt", "key": f"{directory}/tls.key", "trust": f"{directory}/root.pem"}
    return new_site(certificate={"source": source, **paths}), authority


@pytest.mark.parametrize("source", ["operator", "host"])
def test_certificate_of_another_kind_is_refused(new_site: Callable[..., Site], tmp_path: Path, source: str) -> None:
    """A renewal that turns RSA into ECDSA does not come into force where the list has suites for RSA only."""
    site, authority = with_own_certificate(new_site, source, tmp_path, key=rsa.generate_private_key(65537, 3072))
    site.settings["tls"] = {"ciphers": INCIDENT}
    site.write()
    site.ok("deploy")
    authority.issue(tmp_path, "tls")
    site.settings["message_size_limit"] = "20M"  # what is on the host is read when there is something to deploy
    site.write()
    refused = site.run("deploy")
    assert refused.returncode == 1
    assert "would lock out 6 of 35 required mail clients" in refused.stderr
    assert REASON in refused.stderr
    assert {key for key, _ in served(site)} == {"RSA 3072"}
    site.settings["tls"] = {"ciphers": "mail-clients"}
    site.write()
    site.ok("deploy")
    assert {key for key, _ in served(site)} == {"ECDSA P-256"}


def test_certificate_without_the_host_name_is_refused(new_site: Callable[..., Site], tmp_path: Path) -> None:
    """On the Docker host as well it is named before anybody meets it, at first and when it is renewed."""
    site, authority = with_own_certificate(new_site, "host", tmp_path, names=("www.example.test",))
    said = f"error: the certificate {tmp_path}/tls.crt is for www.example.test, not for mail.example.test\n  --> "
    for verb in ("plan", "deploy"):
        refused = site.run(verb)
        assert refused.returncode == 1
        assert refused.stderr.count(said) == 1, "both services have the same one"
        assert re.search(r"site\.yaml:\d+:\d+  hosts\.home\.certificate\.cert$", refused.stderr, re.MULTILINE)
        assert "have it issued for that name too, or correct `hostname`" in refused.stderr

    right = authority.issue(tmp_path, "tls")
    site.ok("deploy")
    authority.issue(tmp_path, "tls", names=("www.example.test",))
    site.settings["message_size_limit"] = "20M"
    site.write()
    assert said in site.run("deploy").stderr
    assert {fingerprint for _, fingerprint in served(site)} == {right}


def test_certificate_that_is_served_without_the_host_name_is_named(new_site: Callable[..., Site]) -> None:
    """Where clients are told another name than the certificate has, verify and certs say so in words."""
    site = new_site()
    site.ok("deploy")
    site.host["hostname"] = "imap.example.test"
    site.write()
    told = site.run("verify")
    assert told.returncode == 1
    assert "the certificate is for mail.example.test, localhost, not for imap.example.test" in told.stderr
    shown = site.run("certs")
    assert shown.returncode == 1
    assert "is for mail.example.test, localhost, not for imap.example.test" in shown.stderr
    assert "have it issued for that name too" in shown.stderr


def test_certificate_of_the_operators_without_the_host_name(new_site: Callable[..., Site], tmp_path: Path) -> None:
    """It is refused when the inventory is read."""
    site, _ = with_own_certificate(new_site, "operator", tmp_path, names=("www.example.test",))
    refused = site.run("plan")
    assert refused.returncode == 1
    assert "error: the certificate does not cover `mail.example.test`\n  --> " in refused.stderr
    assert "it is for www.example.test: have it issued for `mail.example.test` too" in refused.stderr


def served(site: Site) -> set[tuple[str, str]]:
    """Return key and fingerprint of each certificate that the ports serve."""
    [report] = json.loads(site.run("certs", "--json").stdout)
    return {(one["key"], one["fingerprint"]) for port in report["ports"] for one in port["served"]}


def test_no_parameters_lock_out_whoever_is_given_dhe(new_site: Callable[..., Site], tmp_path: Path) -> None:
    """Without Diffie-Hellman parameters Dovecot's DHE suites are dead letters, and who is given one is refused."""
    site, _ = with_own_certificate(new_site, "operator", tmp_path, key=rsa.generate_private_key(65537, 3072))
    site.settings["tls"] = {"ciphers": DHE_FIRST}
    site.write()
    site.ok("deploy")
    site.settings["extra"] = {"dovecot": "ssl_dh =\n"}
    site.write()
    refused = site.run("deploy")
    assert refused.returncode == 1
    assert "would lock out 2 of 35 required mail clients" in refused.stderr
    assert "Java 8u161, Windows 11 Schannel without TLS 1.3" in refused.stderr
    assert "chooses DHE-RSA-AES128-GCM-SHA256, for which it has no" in refused.stderr
    assert "take it out of `extra.dovecot` or set Diffie-Hellman parameters" in refused.stderr
    planned = json.loads(site.run("plan", "--json").stdout)["hosts"]["home"]["access"]
    dead = {one["service"]: sorted(one["dead_suites"]) for one in planned}
    assert dead == {"dovecot": [DHE_FIRST[0]]}


def test_curves_that_openssl_does_not_know_are_refused(site: Site) -> None:
    """Dovecot would start with Mozilla's list, and then fail every connection."""
    site.settings["tls"] = {"ciphers": "mail-clients"}
    site.settings["extra"] = {"dovecot": "ssl_curve_list = X25519MLKEM768:X25519:prime256v1:secp384r1\n"}
    site.write()
    refused = site.run("deploy")
    assert refused.returncode == 1
    assert "OpenSSL does not know every curve of `X25519MLKEM768:X25519:prime256v1:secp384r1`" in refused.stderr
    assert re.search(r"site\.yaml:\d+:\d+", refused.stderr)
    assert "correct it in `extra.dovecot`, or take it out" in refused.stderr


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
