"""What counts as ours, and what stands in the way."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from mailrig.engine import labels, ports
from mailrig.engine.connection import Engine
from mailrig.render.release import Release, Service

ANY_PORT = 65000


def release(*bindings: tuple[str, int]) -> Release:
    """Return a release that publishes ``bindings``."""
    spec = {"ports": [{"target": 1, "published": str(port), "host_ip": address} for address, port in bindings]}
    return Release("home", "mailrig-t", "", {}, (Service("dovecot", spec, ()),))


def entry(project: str, *bindings: tuple[str, int], kind: str = "tcp", **more: str) -> dict[str, Any]:
    """Return a container as the engine lists it."""
    return {
        "Names": ["/other"],
        "Labels": {**labels.container_labels(project, "dovecot", "0"), **more},
        "Ports": [{"IP": address, "PublicPort": port, "Type": kind} for address, port in bindings],
    }


def engine(address: str = "unix:///elsewhere.sock") -> Engine:
    """Return an engine that is never asked anything."""
    return Engine(address, None)  # type: ignore[arg-type]


def test_ours_needs_both_labels() -> None:
    """Compose's label alone, or another project's, does not make an object ours."""
    assert labels.is_ours(labels.object_labels("mailrig-t"), "mailrig-t")
    assert not labels.is_ours({labels.PROJECT: "mailrig-t"}, "mailrig-t")
    assert not labels.is_ours(labels.object_labels("mailrig-u"), "mailrig-t")
    assert not labels.is_ours(None, "mailrig-t")


def test_helper_is_no_service() -> None:
    """Neither a container that only delivers files nor one that waits for its place is taken for the service."""
    assert labels.is_service(entry("mailrig-t"), "mailrig-t")
    assert not labels.is_service(entry("mailrig-t", **{labels.ONE_OFF: "True"}), "mailrig-t")
    assert not labels.is_service({**entry("mailrig-t"), "Names": ["/mailserver-dovecot.next"]}, "mailrig-t")


@pytest.mark.parametrize("held", ["127.0.0.1", "0.0.0.0", ""])
def test_port_of_another_container(held: str) -> None:
    """A port is taken by a container that publishes it on the same address, or on all."""
    [found] = ports.foreign(engine(), [entry("mailrig-u", (held, 993))], release(("127.0.0.1", 993)))
    assert found.name == "127.0.0.1:993"
    assert "the mailrig site `u`" in found.detail


def test_udp_port_is_another_port() -> None:
    """A port of the same number that is published for UDP is not in the way."""
    held = entry("mailrig-u", ("127.0.0.1", 993), kind="udp")
    assert not list(ports.foreign(engine(), [held], release(("127.0.0.1", 993))))


def test_port_of_ours_and_other_addresses_are_free() -> None:
    """Our own container's port, and the same number on another address, are not in the way."""
    assert not list(ports.foreign(engine(), [entry("mailrig-t", ("127.0.0.1", 993))], release(("127.0.0.1", 993))))
    assert not list(ports.foreign(engine(), [entry("mailrig-u", ("100.64.0.1", 993))], release(("127.0.0.1", 993))))


def test_port_of_a_program_on_this_host() -> None:
    """A program that listens on the port is found, with the command that names it."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        [found] = ports.foreign(engine("unix:///var/run/docker.sock"), [], release(("127.0.0.1", port)))
    assert str(port) in found.hint
    assert "listens" in found.detail


def test_address_that_this_host_does_not_have() -> None:
    """A VPN that is down shows as an address that is missing; of a remote host nothing is concluded."""
    wanted = release(("192.0.2.77", ANY_PORT))
    [found] = ports.foreign(engine("unix:///var/run/docker.sock"), [], wanted)
    assert "does not have the address" in found.detail
    assert not list(ports.foreign(engine(), [], wanted))
