"""`logs --explain` on a real site that locks clients out: who, why, and none of our own probes."""

from __future__ import annotations

import imaplib
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import docker
import pytest
from conftest import site_factory
from sites import ALLOWING_THEM, Site, exec_in
from testcontainers.core.container import DockerContainer

ALICE = "alice@example.test"


@dataclass
class Phone:
    """A client with an address of its own on the site's network."""

    address: str
    container: str

    def connect(self, port: str, *options: str) -> None:
        """Shake hands, and leave."""
        command = ["docker", "exec", self.container, "openssl", "s_client", "-connect", port, *options]
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)


@pytest.fixture(scope="module")
def strict(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site as in the incident: an ECDSA key, and two suites for RSA; nothing was there to go back to."""
    with site_factory(engine, tmp_path_factory) as make:
        made = make()
        made.settings["tls"] = {"ciphers": ["ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"]}
        made.write()
        done = made.run("deploy", *ALLOWING_THEM)
        assert done.returncode == 1
        assert "not every probe passed" in done.stdout
        yield made


@pytest.fixture(scope="module")
def phone(strict: Site, engine: docker.APIClient) -> Iterator[Phone]:
    """A client that speaks TLS 1.2 on demand."""
    image = engine.inspect_container(strict.container("dovecot"))["Config"]["Image"]
    network = f"mailrig-{strict.name}_mail"
    guest = DockerContainer(image).with_kwargs(entrypoint=["sleep", "3600"], network=network).start()
    try:
        key = guest.get_wrapped_container().id
        inspected = engine.inspect_container(key)
        yield Phone(inspected["NetworkSettings"]["Networks"][network]["IPAddress"], key)
    finally:
        guest.stop()


def explained(site: Site, *words: str) -> dict[tuple[str, str, str, str], dict[str, Any]]:
    """Return what is explained, by address, signature, door and user."""
    [host] = site.data("logs", "--explain", *words)
    return {
        (entry["address"], trouble["signature"], trouble["door"], trouble["user"]): {**trouble, **entry}
        for entry in host["addresses"]
        for trouble in entry["troubles"]
    }


def test_a_locked_out_client_is_named_with_the_cause(strict: Site, phone: Phone) -> None:
    """A client of TLS 1.2 fails on two ports; one of TLS 1.3 does not; neither does `verify` appear."""
    for _ in range(3):
        phone.connect("dovecot:993", "-tls1_2")
    phone.connect("postfix:465", "-tls1_2")
    found = explained(strict)
    imap = found[phone.address, "no-shared-cipher", "IMAP", ""]
    assert (imap["times"], imap["locked_out"], imap["logged_in_since"]) == (3, True, None)
    assert f"rip={phone.address}" in imap["line"]
    assert found[phone.address, "no-shared-cipher", "submissions (465)", ""]["times"] == 1
    assert {key[0] for key in found} == {phone.address}
    assert strict.data("logs", "--explain")[0]["left_out_as_our_own"] > 0
    said = strict.ok("logs", "--explain")
    assert f"home, in the last 24 hours: cannot log in or send: {phone.address}" in said
    assert "no cipher suite in common with the client" in said
    assert "`tls.ciphers: mail-clients`" in said


def test_a_wrong_password_is_a_persons_also_while_verify_runs(strict: Site) -> None:
    """A user's name tells people from probes, though both come from Docker's gateway; a login ends the trouble."""
    strict.run("verify")
    client = imaplib.IMAP4_SSL("localhost", strict.port("imaps"), ssl_context=strict.trusting(), timeout=30)
    with client, pytest.raises(imaplib.IMAP4.error):
        client.login(ALICE, "an old one")
    [wrong] = [value for key, value in explained(strict).items() if key[1:] == ("wrong-password", "IMAP", ALICE)]
    assert wrong["known_as"].startswith("Docker's gateway")
    assert wrong["logged_in_since"] is None
    with strict.imap(ALICE):
        pass
    [wrong] = [value for key, value in explained(strict).items() if key[1:] == ("wrong-password", "IMAP", ALICE)]
    assert wrong["logged_in_since"] is not None


def test_rotated_files_and_those_of_a_stopped_container_are_read(strict: Site, phone: Phone) -> None:
    """What was rotated away and packed counts, and so do the logs of a Dovecot that is down and locks out senders."""
    phone.connect("dovecot:995", "-tls1_2")
    exec_in(strict, "dovecot", "mailrig-rotate", "-f")
    assert (phone.address, "no-shared-cipher", "POP3", "") in explained(strict)
    subprocess.run(["docker", "stop", strict.container("dovecot")], check=True, capture_output=True)
    try:
        exec_in(strict, "postfix", "postfix", "reload")
        phone.connect("postfix:587", "-starttls", "smtp", "-tls1_3")
        found = explained(strict)
        assert (phone.address, "no-shared-cipher", "POP3", "") in found
        assert found[phone.address, "dead-sasl-socket", "submission (587)", ""]["kind"] == "server"
    finally:
        subprocess.run(["docker", "start", strict.container("dovecot")], check=True, capture_output=True)


def test_lines_and_service_bound_what_is_read(strict: Site, phone: Phone) -> None:
    """`--lines` counts lines of each file whatever their age, and one service's trouble is not the other's."""
    phone.connect("postfix:465", "-tls1_2")
    assert explained(strict, "--lines", "0") == {}
    doors = {key[2] for key in explained(strict, "postfix", "--lines", "100000")}
    assert "submissions (465)" in doors
    assert not doors & {"IMAP", "POP3"}


def test_what_cannot_be_is_refused(strict: Site) -> None:
    """A number that is none, and looking back and forth at once."""
    for words, error in {
        ("--lines", "many"): "--lines many: there is no such number of lines",
        ("--explain", "--follow"): "--explain looks back, and cannot --follow",
    }.items():
        done = strict.run("logs", *words)
        assert done.returncode == 1
        assert f"error: {error}" in done.stderr
