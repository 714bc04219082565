"""Where a host's certificate and key are, as its containers see them; knows nothing of what is in them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass

from mailrig.errors import RenderError
from mailrig.inventory.model import Inventory
from mailrig.secret import Secret

_IN_RELEASE = "/etc/mailrig/current"

# What a mount from the host must not hide in the containers.
_NEEDED = (
    "/bin", "/dev", "/etc/dovecot", "/etc/mailrig", "/etc/postfix", "/etc/ssl/certs", "/lib", "/proc", "/run", "/sys",
    "/usr", "/var/lib/dovecot", "/var/lib/postfix", "/var/log", "/var/mail", "/var/spool/postfix",
)  # fmt: skip


@dataclass(frozen=True)
class Placed:
    """Paths of certificate and key in the containers, and their PEM when they travel with the release."""

    certificate_path: str
    key_path: str
    certificate: str | None
    key: Secret | None
    mount: str | None


def placed(inventory: Inventory, host: str) -> Placed:
    """Find a host's certificate: in the release, or in a directory of the Docker host, mounted at the same path."""
    certificate = inventory.site.hosts[host].certificate
    if certificate.source != "host":
        pair = inventory.certificates[host]
        return Placed(f"{_IN_RELEASE}/tls.crt", f"{_IN_RELEASE}/tls.key", pair.cert, pair.key, None)
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
    return Placed(certificate.cert, certificate.key, None, None, mount)
