"""Where a host's certificates and keys are, as its containers see them; knows nothing of what is in them."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mailrig.clients.catalogue import Client, chosen
from mailrig.errors import RenderError
from mailrig.inventory.model import Certificate, Inventory, KeyPair
from mailrig.render.release import COPIES

_IN_RELEASE = "/etc/mailrig/current"

# What a mount from the host must not hide in the containers.
_NEEDED = (
    "/bin", "/dev", "/etc/dovecot", "/etc/mailrig", "/etc/postfix", "/etc/ssl/certs", "/lib", "/proc", "/run", "/sys",
    "/usr", "/var/lib/dovecot", "/var/lib/mailrig", "/var/lib/postfix", "/var/log", "/var/mail", "/var/spool/postfix",
)  # fmt: skip


# The files of the first certificate and of the second are called so, in a release and as copies.
_NAMES = ("tls", "alt")


@dataclass(frozen=True)
class Pair:
    """A certificate and its key: the paths that the daemons are given, and where the two come from.

    ``chain_files`` are the files with the key first and the chain behind it. ``pem`` travels with the release;
    ``on_host`` are the paths of certificate and key on the Docker host.
    """

    name: str
    cert_path: str
    key_path: str
    chain_files: tuple[str, ...]
    pem: KeyPair | None = None
    on_host: tuple[str, str] | None = None


def pairs(inventory: Inventory, host: str) -> tuple[Pair, ...]:
    """Find a host's certificates: in the release, or copied from the Docker host."""
    certificate = inventory.site.hosts[host].certificate
    if certificate.source == "host":
        return tuple(_copied(name, cert, key) for name, (cert, key) in zip(_NAMES, _on_host(certificate), strict=False))
    return tuple(_in_release(name, pem) for name, pem in zip(_NAMES, inventory.certificates[host], strict=False))


def _on_host(certificate: Certificate) -> Iterator[tuple[str, str]]:
    for cert, key in ((certificate.cert, certificate.key), (certificate.alt_cert, certificate.alt_key)):
        if cert and key:
            yield cert, key


def _copied(name: str, cert: str, key: str) -> Pair:
    copy = f"{COPIES}/current/{name}"
    return Pair(name, f"{copy}.crt", f"{copy}.key", (f"{copy}.pem",), on_host=(cert, key))


def _in_release(name: str, pem: KeyPair) -> Pair:
    cert, key = f"{_IN_RELEASE}/{name}.crt", f"{_IN_RELEASE}/{name}.key"
    return Pair(name, cert, key, (key, cert), pem=pem)


def mount(inventory: Inventory, host: str) -> str | None:
    """Return the directory of the Docker host in which its certificates are, mounted at the same path; None without."""
    certificate = inventory.site.hosts[host].certificate
    paths = [path for pair in _on_host(certificate) for path in pair] if certificate.source == "host" else []
    if not paths:
        return None
    found = certificate.mount or posixpath.commonpath([posixpath.dirname(path) for path in paths])
    hidden = [path for path in _NEEDED if posixpath.commonpath([found, path]) == posixpath.normpath(found)]
    if hidden:
        raise RenderError(
            f"mounting {found} for the certificate of `{host}` would hide the containers' own {hidden[0]}",
            location=inventory.at("hosts", host, "certificate"),
            hint="keep certificate and key in a directory of their own",
        )
    return found


def values(inventory: Inventory, host: str) -> dict[str, Any]:
    """Everything that the templates of any service ask for about the certificates of ``host``."""
    found = pairs(inventory, host)
    files = {
        f"{pair.name}_{which}": value
        for pair in found
        if pair.pem
        for which, value in (("certificate", pair.pem.cert), ("key", pair.pem.key))
    }
    watched = [pair for pair in found if pair.on_host]
    return {
        **{f"{name}_{which}": None for name in _NAMES for which in ("certificate", "key")},
        **files,
        "certificates": found,
        "watched": watched,
        "trusted": inventory.trust.get(host) if watched else None,
        "required_clients": _required_clients(inventory) if watched else [],
    }


def _required_clients(inventory: Inventory) -> list[Client]:
    """Return the mail clients that a renewed certificate must not lock out."""
    asked = inventory.site.clients
    clients = chosen(asked.require, asked.ignore, asked.add).values()
    return [client for client in clients if client.entry.standing == "required"]
