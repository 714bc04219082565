"""compose.yaml in the Engine API's words."""

from __future__ import annotations

import pytest

from mailrig.engine.translation import container_body, nanoseconds, network_arguments, size
from mailrig.errors import EngineError

MODEL = {
    "networks": {"mail": {"name": "mailrig-t_mail"}},
    "volumes": {"spool": {"name": "mailrig-t_postfix_spool"}},
}


def test_every_key_reaches_the_api() -> None:
    """Each key of a service that the template uses stands in the body where the Engine API reads it."""
    spec = {
        "image": "mailrig/postfix:1",
        "container_name": "mailserver-postfix",
        "hostname": "mail.example.org",
        "restart": "unless-stopped",
        "read_only": True,
        "cap_drop": ["ALL"],
        "cap_add": ["SETUID"],
        "security_opt": ["no-new-privileges:true"],
        "tmpfs": ["/run:size=16m,mode=755", "/tmp"],
        "volumes": [
            {"type": "volume", "source": "spool", "target": "/var/spool/postfix", "volume": {"nocopy": True}},
            {"type": "bind", "source": "/srv/certs", "target": "/srv/certs", "read_only": True},
            {"type": "bind", "source": "/srv/logs", "target": "/var/log", "bind": {"create_host_path": True}},
        ],
        "networks": {"mail": {"ipv4_address": "172.31.250.20", "aliases": ["postfix"]}},
        "ports": [{"target": 25, "published": "25", "host_ip": "127.0.0.1"}],
        "healthcheck": {"test": ["CMD", "mailrig-health"], "interval": "5s", "timeout": "10s", "retries": 3},
        "depends_on": {"dovecot": {"condition": "service_healthy"}},
        "labels": {"io.mailrig.site": "t"},
        "mem_limit": "512m",
        "cpus": 1.5,
        "pids_limit": 500,
        "stop_grace_period": "30s",
        "logging": {"driver": "json-file", "options": {"max-file": 3}},
        "ulimits": {"nofile": 4096},
        "environment": {"TZ": "UTC"},
    }
    body = container_body(spec, MODEL, {"io.mailrig.spec": "abc"})
    host = body["HostConfig"]
    assert body["Labels"] == {"io.mailrig.site": "t", "io.mailrig.spec": "abc"}
    assert (body["Image"], body["Hostname"], body["StopTimeout"]) == ("mailrig/postfix:1", "mail.example.org", 30)
    assert body["Env"] == ["TZ=UTC"]
    assert body["ExposedPorts"] == {"25/tcp": {}}
    assert body["Healthcheck"]["Test"] == ["CMD", "mailrig-health"]
    assert body["Healthcheck"]["Interval"] == 5 * 10**9
    assert body["NetworkingConfig"]["EndpointsConfig"] == {
        "mailrig-t_mail": {"Aliases": ["postfix"], "IPAMConfig": {"IPv4Address": "172.31.250.20"}}
    }
    assert host["RestartPolicy"] == {"Name": "unless-stopped", "MaximumRetryCount": 0}
    assert host["ReadonlyRootfs"] is True
    assert (host["CapDrop"], host["CapAdd"]) == (["ALL"], ["SETUID"])
    assert host["Tmpfs"] == {"/run": "size=16m,mode=755", "/tmp": ""}
    assert host["Mounts"][0]["Source"] == "mailrig-t_postfix_spool"
    assert host["Mounts"][0]["VolumeOptions"] == {"NoCopy": True}
    assert host["Mounts"][1] == {"Type": "bind", "Source": "/srv/certs", "Target": "/srv/certs", "ReadOnly": True}
    assert len(host["Mounts"]) == 2
    assert host["Binds"] == ["/srv/logs:/var/log:rw"]
    assert host["PortBindings"] == {"25/tcp": [{"HostIp": "127.0.0.1", "HostPort": "25"}]}
    assert (host["Memory"], host["NanoCpus"], host["PidsLimit"]) == (512 * 2**20, 1_500_000_000, 500)
    assert host["LogConfig"] == {"Type": "json-file", "Config": {"max-file": "3"}}
    assert host["Ulimits"] == [{"Name": "nofile", "Soft": 4096, "Hard": 4096}]
    assert host["NetworkMode"] == "mailrig-t_mail"


def test_one_port_on_two_addresses_is_bound_twice() -> None:
    """A port that is published on two addresses keeps both bindings."""
    ports = [{"target": 993, "published": "993", "host_ip": address} for address in ("127.0.0.1", "100.64.0.1")]
    body = container_body({"ports": ports}, MODEL, {})
    assert [binding["HostIp"] for binding in body["HostConfig"]["PortBindings"]["993/tcp"]] == [
        "127.0.0.1",
        "100.64.0.1",
    ]


def test_unknown_key_is_an_error() -> None:
    """A key that could not be applied is refused, rather than left out in silence."""
    with pytest.raises(EngineError, match="`privileged`"):
        container_body({"privileged": True}, MODEL, {})


def test_network_keeps_its_subnet() -> None:
    """The subnet of compose.yaml becomes the engine's IPAM configuration."""
    spec = {"name": "n", "ipam": {"config": [{"subnet": "172.31.250.0/24"}]}}
    assert network_arguments(spec)["ipam"]["Config"] == [{"Subnet": "172.31.250.0/24"}]


@pytest.mark.parametrize(("text", "expected"), [("5s", 5e9), ("1m30s", 90e9), ("500ms", 5e8), ("1h", 3600e9)])
def test_duration(text: str, expected: float) -> None:
    """Durations are read as Compose writes them."""
    assert nanoseconds(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("512m", 2**29), ("1G", 2**30), ("10kb", 10240), (4096, 4096)])
def test_size(text: str | int, expected: int) -> None:
    """Sizes are read as Compose writes them."""
    assert size(text) == expected


@pytest.mark.parametrize("text", ["5", "s", "5 s", "", "five"])
def test_bad_duration_is_named(text: str) -> None:
    """A duration that is none is named in the error."""
    with pytest.raises(EngineError, match="duration"):
        nanoseconds(text)
