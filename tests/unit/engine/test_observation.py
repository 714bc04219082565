"""What counts as ours, and what stands in the way."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from mailrig.engine import labels, ports
from mailrig.engine.connection import Engine
from mailrig.engine.labels import Role
from mailrig.engine.observation import _specification, name_of
from mailrig.inventory.engine import parse
from mailrig.plan.planner import hash_of
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
        "Labels": {**labels.container_labels(project, "dovecot", "0", {}), **more},
        "Ports": [{"IP": address, "PublicPort": port, "Type": kind} for address, port in bindings],
    }


def engine(address: str = "unix:///elsewhere.sock") -> Engine:
    """Return an engine that is never asked anything."""
    return Engine(parse(address), None, None)  # type: ignore[arg-type]


def test_ours_needs_both_labels() -> None:
    """Compose's label alone, or another project's, does not make an object ours."""
    assert labels.is_ours(labels.object_labels("mailrig-t"), "mailrig-t")
    assert not labels.is_ours({labels.PROJECT: "mailrig-t"}, "mailrig-t")
    assert not labels.is_ours(labels.object_labels("mailrig-u"), "mailrig-t")
    assert not labels.is_ours(None, "mailrig-t")


def test_helper_is_no_service() -> None:
    """A container that lives for one step is not taken for the service."""
    assert labels.is_service(entry("mailrig-t"), "mailrig-t")
    helper = entry("mailrig-t", **{labels.ONE_OFF: "True"})
    assert labels.role(helper, "mailrig-t") is Role.HELPER
    assert not labels.is_service(helper, "mailrig-t")


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("mailserver-dovecot", Role.SERVICE),
        ("mailserver-dovecot.next", Role.WAITING),
        ("mailserver-dovecot.old", Role.KEPT),
        ("mailserver-dovecot.failed", Role.FAILED),
    ],
)
def test_role_by_name(name: str, role: Role) -> None:
    """A container that waits for its place, or had it, is told by its name; another project's is nothing to us."""
    listed = {**entry("mailrig-t"), "Names": [f"/{name}"]}
    assert labels.role(listed, "mailrig-t") is role
    assert labels.is_service(listed, "mailrig-t") == (role is Role.SERVICE)
    assert labels.role(listed, "mailrig-u") is None


def test_container_that_is_being_removed_has_no_name() -> None:
    """The engine lists a container for a moment without any name."""
    for names in (None, []):
        listed = {**entry("mailrig-t"), "Names": names}
        assert labels.is_service(listed, "mailrig-t")
        assert name_of(listed) == ""


def test_specification_in_the_labels() -> None:
    """The entry of compose.yaml is believed when its hash is the one in the labels, and only then."""
    service = Service("dovecot", {"image": "a", "cpus": 2.0}, ())
    marks = labels.container_labels("mailrig-t", "dovecot", service.spec_hash, service.spec)
    assert _specification(marks) == service.spec
    for content in ('{"image":"b"}', "{", "[]", ""):
        assert _specification({**marks, labels.SPEC_JSON: content}) is None
    assert _specification({labels.SPEC: service.spec_hash}) is None
    assert _specification({labels.SPEC: hash_of([]), labels.SPEC_JSON: "[]"}) is None  # type: ignore[arg-type]


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
