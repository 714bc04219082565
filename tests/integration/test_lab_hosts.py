"""The hosts of the test world are what tests take them for: sshd, engine, networks, and ways to break them."""

from __future__ import annotations

import contextlib
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab_host import Host
from sites import eventually
from testworld import Lab

PORT = 2525
TELL = f"""use IO::Socket::INET;
my $server = IO::Socket::INET->new(LocalPort => {PORT}, Listen => 9) or die $!;
while (my $client = $server->accept) {{ print $client $client->peerhost; close $client }}"""


@pytest.fixture
def telling(lab: Lab) -> Iterator[Host]:
    """A host where a container, published in the VPN, tells the address of whoever comes."""
    home = lab.hosts["home"]
    home.take_images(lab.base)
    published = f"--publish={home.vpn}:{PORT}:{PORT}"
    home.inside("docker", "run", "--detach", "--restart=always", published, lab.base, "perl", "-e", TELL)
    eventually(lambda: told(home.vpn), bool)
    yield home
    home.clean()


def told(address: str) -> str:
    """Return what the container tells a client on this machine; nothing when it is not reached."""
    with contextlib.suppress(OSError), socket.create_connection((address, PORT), timeout=2) as client:
        return client.recv(100).decode()
    return ""


def test_ssh_leads_to_the_engine(lab: Lab) -> None:
    """Root and a member of the group `docker` reach a host's engine by SSH, by IPv4, by IPv6 and by name."""
    for host in (lab.hosts["home"], lab.hosts["mx"]):
        for whom in (f"root@{host.internet}", f"deploy@{host.internet6}", f"lab-{host.name}"):
            assert lab.operator.ssh(whom, "docker", "info", "--format", "{{.Name}}").strip() == host.name


def test_published_in_the_vpn(lab: Lab, telling: Host) -> None:
    """What a host publishes in the VPN answers there alone, and is told the client's own address."""
    assert told(telling.vpn) == f"{lab.vpn}.1"
    assert told(telling.internet) == ""
    read = f"exec 3<>/dev/tcp/{telling.vpn}/{PORT}; cat <&3"
    assert lab.hosts["mx"].inside("bash", "-c", read) == lab.hosts["mx"].vpn


def test_breaking_a_host(lab: Lab, telling: Host) -> None:
    """A cable that is pulled, a host that stands still and a power cut silence it, and then it is there again."""
    with telling.cut_off(telling.vpn):
        assert told(telling.vpn) == ""
        assert telling.ssh("hostname") == "home\n"
    with telling.frozen():
        assert told(telling.vpn) == ""
    telling.kill()
    telling.start()
    assert eventually(lambda: told(telling.vpn), bool) == f"{lab.vpn}.1"


def test_full_disk(lab: Lab) -> None:
    """The gateway's volumes are on a disk that can be filled, and that outlives a power cut."""
    mx = lab.hosts["mx"]
    mx.inside("docker", "volume", "create", "kept")
    kept = "/var/lib/docker/volumes/kept/_data/file"
    with mx.full_disk(), pytest.raises(subprocess.CalledProcessError):
        mx.write(kept, "x" * 10_000)
    mx.write(kept, "x" * 10_000)
    mx.kill()
    mx.start()
    assert len(mx.inside("cat", kept)) == 10_000
    mx.clean()


def test_sshd_otherwise(lab: Lab) -> None:
    """A test may have an sshd that listens on a second port and forwards no sockets."""
    home = lab.hosts["home"]
    home.configure_sshd("Port 22\nPort 2222\nAllowStreamLocalForwarding no\n")
    told = lab.operator.ssh("-p", "2222", f"root@{home.internet}", "sshd", "-T")
    home.configure_sshd("")
    assert "allowstreamlocalforwarding no" in told
    assert "allowstreamlocalforwarding yes" in home.ssh("sshd", "-T")


def test_engine_on_a_port(lab: Lab, tmp_path: Path) -> None:
    """An engine may listen on a port, for clients with a certificate of its authority."""
    home = lab.hosts["home"]
    address = home.offer_tls(tmp_path)
    try:
        for pair, is_let_in in (("tls", True), ("stranger", False)):
            ca, cert, key = (str(tmp_path / name) for name in ("ca.crt", f"{pair}.crt", f"{pair}.key"))
            tls = ("--tlsverify", f"--tlscacert={ca}", f"--tlscert={cert}", f"--tlskey={key}")
            done = subprocess.run(["docker", "--host", address, *tls, "version"], capture_output=True, check=False)
            assert (done.returncode == 0) == is_let_in, done.stderr
    finally:
        home.configure_engine()


def test_empty_host(empty_host: Host) -> None:
    """There is a host with sshd and without Docker."""
    assert empty_host.ssh("command -v dockerd || echo none") == "none\n"
