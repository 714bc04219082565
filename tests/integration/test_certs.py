"""`certs` against real daemons: what they serve, beside the files that somebody else renews on the Docker host."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
from authority import HOSTNAME, Authority, on_host, pem, replaced
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from sites import PORTS, Site, exec_in

from mailrig.verify.certificates.configured import DOVECOT, POSTFIX

TLS_PORTS = {port for port in PORTS if port != "lmtp"}
DOVECOT_PORTS = {"imaps", "pop3s", "imap", "managesieve"}


@pytest.fixture
def authority() -> Authority:
    """A CA with an intermediate, as public ones have."""
    return Authority()


@pytest.fixture
def kept(tmp_path: Path, authority: Authority) -> Path:
    """A directory of the Docker host, in which a certificate is kept."""
    (tmp_path / "root.pem").write_text(pem(authority.root))
    directory = tmp_path / "certificates"
    directory.mkdir()
    authority.issue(directory, "tls", age=24)
    return directory


def asked(site: Site, code: int) -> dict[str, Any]:
    """Return the report, of which the exit code is this."""
    done = site.run("certs", "--json")
    assert done.returncode == code, f"{done.stdout}\n{done.stderr}"
    [report] = json.loads(done.stdout)
    return dict(report)


def served(report: dict[str, Any], port: str) -> list[dict[str, Any]]:
    """Return the certificates that a port shows."""
    [found] = [one for one in report["ports"] if one["port"] == port]
    return list(found["served"])


def test_the_demo_ca_is_all_fine(site: Site) -> None:
    """Every published TLS port shows the release's certificate, which the demo CA has signed, and nothing is wrong."""
    report = asked(site, 0)
    assert {port["port"] for port in report["ports"]} == TLS_PORTS
    assert report["findings"] == []
    for port in TLS_PORTS:
        [shown] = served(report, port)
        assert (shown["file"], shown["file_is"]) == ("/etc/mailrig/current/tls.crt", "same")
        assert shown["chain_complete"]
        assert shown["key"] == "ECDSA P-256"
        assert shown["hellos"] == ["default", "ECDSA"]
    assert site.ok("certs").count("fine") == len(TLS_PORTS)


def test_a_renewed_file_is_seen_and_then_served(
    new_site: Callable[..., Site], authority: Authority, kept: Path
) -> None:
    """A renewed file is newer than what is served, and no failure, until both containers have looked at it."""
    site = new_site(certificate=on_host(kept))
    site.ok("deploy")
    before = asked(site, 0)
    assert [one["subject"] for one in served(before, "imaps")[0]["chain"]] == ["Test E1"]

    with not_looking(site):
        renewed = authority.issue(kept, "tls")
        report = asked(site, 0)
        [finding] = [one for one in report["findings"] if "imaps" in one["ports"]]
        assert set(finding["ports"]) == TLS_PORTS
        assert finding["level"] == "warning"
        assert finding["message"].startswith(f"{kept}/tls.crt is newer than what is served: {renewed[:16]} ")
        assert finding["hint"] == "it is served within a minute"
        assert served(report, "imaps")[0]["fingerprint"] == served(before, "imaps")[0]["fingerprint"]
        assert f"newer: {kept}"[:20] in site.ok("certs")

    for service in ("dovecot", "postfix"):
        exec_in(site, service, "mailrig-apply", "renew")
    report = asked(site, 0)
    assert {one["fingerprint"] for port in TLS_PORTS for one in served(report, port)} == {renewed}

    authority.issue(kept, "tls", chained=False)
    site.ok("restart")
    report = asked(site, 1)
    assert {one["fingerprint"] for port in TLS_PORTS for one in served(report, port)} == {renewed}
    [finding] = report["findings"]
    assert set(finding["ports"]) == TLS_PORTS
    assert "is not served, but the one before: clients would not trust" in finding["message"]


@contextmanager
def not_looking(site: Site) -> Iterator[None]:
    """Keep both containers from looking at the host's files."""
    with ExitStack() as stack:
        for service in ("dovecot", "postfix"):
            held = "exec 9>/run/mailrig-apply.lock; flock 9; echo held; read -r _"
            command = ["docker", "exec", "-i", site.container(service), "bash", "-c", held]
            holder = stack.enter_context(subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE))
            assert holder.stdin
            assert holder.stdout
            assert holder.stdout.readline() == b"held\n"
            stack.callback(holder.stdin.close)
        yield


def test_two_certificates_are_both_shown_and_keys_are_compared(
    new_site: Callable[..., Site], authority: Authority, kept: Path
) -> None:
    """RSA and ECDSA side by side are seen on every port, and a key that does not belong is found before a restart."""
    authority.issue(kept, "rsa", key=rsa.generate_private_key(65537, 2048), days=20)
    site = new_site(certificate=on_host(kept))
    site.settings["extra"] = {
        "dovecot": f"ssl_alt_cert = <{kept}/rsa.crt\nssl_alt_key = <{kept}/rsa.key\n",
        "postfix": {
            "smtpd_tls_chain_files": f"{kept}/tls.key, {kept}/tls.crt, {kept}/rsa.key, {kept}/rsa.crt",
        },
    }
    site.write()
    site.ok("deploy")
    report = asked(site, 0)
    for port in TLS_PORTS:
        shown = {one["key"]: (one["file"], one["file_is"]) for one in served(report, port)}
        assert shown == {"ECDSA P-256": (f"{kept}/tls.crt", "same"), "RSA 2048": (f"{kept}/rsa.crt", "same")}
    [warning] = report["findings"]
    assert warning["level"] == "warning"
    assert "(RSA 2048) ends in 19 days" in warning["message"]

    other = ec.generate_private_key(ec.SECP256R1())
    private = other.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()).decode()
    replaced(kept / "tls.key", private)
    assert wrong_with_dovecot(site) == [f"the key {kept}/tls.key does not belong to the certificate {kept}/tls.crt"]
    replaced(kept / "tls.key", "-----BEGIN PRIVATE KEY-----\nbm9uc2Vuc2U=\n-----END PRIVATE KEY-----\n")
    assert wrong_with_dovecot(site) == [f"{kept}/tls.key holds a private key that cannot be read"]


def wrong_with_dovecot(site: Site) -> list[str]:
    """Return what is wrong with all of Dovecot's ports; of Postfix's `extra`, each new process reads the files anew."""
    errors = [one for one in asked(site, 1)["findings"] if one["level"] == "error"]
    return [one["message"] for one in errors if set(one["ports"]) >= DOVECOT_PORTS]


def test_no_private_key_leaves_its_container(site: Site) -> None:
    """What is read of the files has the keys' public halves only, and says so of both services."""
    for service, script, what in (("dovecot", DOVECOT, "imap"), ("postfix", POSTFIX, "submission")):
        said = exec_in(site, service, "sh", "-c", script, "sh", what, HOSTNAME)
        assert said.count("-----BEGIN PUBLIC KEY-----") == 1
        assert "-----BEGIN CERTIFICATE-----" in said
        assert "PRIVATE" not in said
