"""Where a host's certificates and keys are, as its containers see them; knows nothing of what is in them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import Any

from mailrig.clients.catalogue import chosen
from mailrig.errors import RenderError
from mailrig.inventory.model import Inventory
from mailrig.render.release import COPIES
from mailrig.secret import Secret

_IN_RELEASE = "/etc/mailrig/current"

# What a mount from the host must not hide in the containers.
_NEEDED = (
    "/bin", "/dev", "/etc/dovecot", "/etc/mailrig", "/etc/postfix", "/etc/ssl/certs", "/lib", "/proc", "/run", "/sys",
    "/usr", "/var/lib/dovecot", "/var/lib/mailrig", "/var/lib/postfix", "/var/log", "/var/mail", "/var/spool/postfix",
)  # fmt: skip


@dataclass(frozen=True)
class Watched:
    """A certificate and its key on the Docker host, of which the containers keep copies called ``name``."""

    name: str
    cert: str
    key: str


@dataclass(frozen=True)
class Placed:
    """Paths of certificate and key in the containers, and their PEM when they travel with the release.

    ``chain_files`` are the files with the key first and the chain behind it. ``watched`` is what lies on the Docker
    host instead, below the directory ``mount``.
    """

    certificate_path: str
    key_path: str
    chain_files: tuple[str, ...]
    certificate: str | None = None
    key: Secret | None = None
    watched: tuple[Watched, ...] = ()
    mount: str | None = None


def placed(inventory: Inventory, host: str) -> Placed:
    """Find a host's certificate: in the release, or in a directory of the Docker host, mounted at the same path."""
    certificate = inventory.site.hosts[host].certificate
    if certificate.source != "host":
        pair = inventory.certificates[host]
        cert, key = f"{_IN_RELEASE}/tls.crt", f"{_IN_RELEASE}/tls.key"
        return Placed(cert, key, (key, cert), pair.cert, pair.key)
    if certificate.cert is None or certificate.key is None:
        raise RenderError(
            f"the certificate of `{host}` has no path", location=inventory.at("hosts", host, "certificate")
        )
    mount = certificate.mount or posixpath.commonpath(
        [posixpath.dirname(certificate.cert), posixpath.dirname(certificate.key)]
    )
    hidden = [path for path in _NEEDED if posixpath.commonpath([mount, path]) == posixpath.normpath(mount)]
    if hidden:
        raise RenderError(
            f"mounting {mount} for the certificate of `{host}` would hide the containers' own {hidden[0]}",
            location=inventory.at("hosts", host, "certificate"),
            hint="keep certificate and key in a directory of their own",
        )
    copy = f"{COPIES}/current/tls"
    watched = (Watched("tls", certificate.cert, certificate.key),)
    return Placed(f"{copy}.crt", f"{copy}.key", (f"{copy}.pem",), watched=watched, mount=mount)


def values(inventory: Inventory, host: str) -> dict[str, Any]:
    """Everything that the templates of any service ask for about the certificates of ``host``."""
    found = placed(inventory, host)
    asked = inventory.site.clients
    clients = chosen(asked.require, asked.ignore, asked.add).values()
    return {
        "certificate": found.certificate,
        "certificate_path": found.certificate_path,
        "key": found.key,
        "key_path": found.key_path,
        "chain_files": found.chain_files,
        "watched": found.watched,
        "trusted": inventory.trust.get(host) if found.watched else None,
        "required_clients": [client for client in clients if client.entry.standing == "required"],
    }
