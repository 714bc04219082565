"""Whether the ports that a release publishes are free on its host; opens none for longer than the question takes."""

from __future__ import annotations

import errno
import socket
from collections.abc import Iterable, Mapping
from typing import Any

from mailrig.engine import labels
from mailrig.engine.connection import Engine
from mailrig.plan.observed import Foreign
from mailrig.render.release import Release

Binding = tuple[str, int]

ANY = {"", "0.0.0.0", "::"}  # noqa: S104 - compared with, not bound


def foreign(engine: Engine, containers: list[dict[str, Any]], release: Release) -> Iterable[Foreign]:
    """Yield each port of the release that another container, or a program on the host, holds."""
    wanted = {binding for service in release.services for binding in published(service.spec)}
    held = {binding: entry for entry in containers for binding in bindings(entry)}
    for address, port in sorted(wanted):
        holder = next((entry for binding, entry in held.items() if clash(binding, (address, port))), None)
        if holder is not None:
            if not labels.is_ours(holder["Labels"], release.project):
                yield _held_by_container(address, port, holder)
        elif engine.is_local and (reason := _refusal(address, port)):
            yield reason


def published(spec: Mapping[str, Any]) -> Iterable[Binding]:
    """Yield the address and port of everything that a service publishes."""
    for entry in spec.get("ports", []):
        yield entry.get("host_ip", ""), int(entry["published"])


def bindings(entry: Mapping[str, Any]) -> Iterable[Binding]:
    """Yield where a container, as the engine lists it, is published."""
    for port in entry["Ports"]:
        if "PublicPort" in port and port["Type"] == "tcp":
            yield port.get("IP", ""), port["PublicPort"]


def clash(one: Binding, other: Binding) -> bool:
    """Whether nobody can have one while somebody has the other."""
    return one[1] == other[1] and (one[0] == other[0] or one[0] in ANY or other[0] in ANY)


def _held_by_container(address: str, port: int, holder: Mapping[str, Any]) -> Foreign:
    name = holder["Names"][0].lstrip("/")
    detail = f"the container `{name}` publishes it; {labels.owner(holder['Labels'])}"
    return Foreign("port", f"{address}:{port}", detail, "stop that container, or publish another port or address")


def _refusal(address: str, port: int) -> Foreign | None:
    """Try to bind as Docker will, and say why it cannot."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return _explained(address, port, error.errno)
    return None


def _explained(address: str, port: int, code: int | None) -> Foreign | None:
    if code == errno.EADDRINUSE:
        detail, hint = "a program on this host listens there", f"see which one: ss -ltnp 'sport = :{port}'"
    elif code == errno.EADDRNOTAVAIL:
        detail, hint = "this host does not have the address", "is the VPN up? (ip address)"
    else:
        return None  # not permitted to ask (a low port without root): Docker will tell
    return Foreign("port", f"{address}:{port}", detail, hint)
