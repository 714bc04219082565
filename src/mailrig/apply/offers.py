"""What a service offers on its TLS ports, found out in the target image; knows nothing of who comes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from mailrig.clients import dovecot, postfix
from mailrig.clients.certificate import served_names
from mailrig.clients.offered import Materials, Offered
from mailrig.engine.workshop import Workshop


class _Daemon(Protocol):
    """What is known of a daemon's settings."""

    def lists(self, settings: Mapping[str, str], hostname: str, /) -> tuple[str, ...]: ...

    def paths(self, settings: Mapping[str, str], hostname: str, /) -> tuple[str, ...]: ...

    def ports(self, settings: Mapping[str, str], materials: Materials, hostname: str, /) -> Offered: ...


_DAEMONS: Mapping[str, _Daemon] = {"dovecot": dovecot, "postfix": postfix}


def offered(workshop: Workshop, settings: Mapping[str, str], delivered: str | None = None) -> Offered:
    """Return what each TLS port offers, by the port's name; nothing for a service that is no mail server.

    ``settings`` are the effective ones. ``delivered`` names the configuration from before that they are of; without it
    they are of the one that is in the workshop.
    """
    daemon = _DAEMONS.get(workshop.service.name)
    if daemon is None:
        return Offered({})
    hostname = workshop.service.spec.get("hostname", "")  # as mail clients are told it
    suites = {list_: workshop.suites(list_) for list_ in daemon.lists(settings, hostname)}
    files = {path: workshop.public_part(path, delivered) for path in daemon.paths(settings, hostname)}
    materials = Materials(
        {list_: text for list_, text in suites.items() if text is not None},
        {path: text for path, text in files.items() if text is not None},
    )
    return replace(daemon.ports(settings, materials, hostname), names=served_names(materials.files))
