"""Certificates that are not for the name that mail clients are told, with a place in the inventory; pure.

With such a one each handshake succeeds, and then every client asks its user whether to go on, or ends the connection.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailrig.check.lockout import Place
from mailrig.clients.certificate import covers
from mailrig.clients.offered import Offered
from mailrig.errors import Problem
from mailrig.inventory.model import Inventory
from mailrig.render.certificates import pairs

_KEYS = {"tls": "cert", "alt": "alt_cert"}


def problems(offered: Offered, inventory: Inventory, host: str) -> Iterator[Problem]:
    """Yield each certificate of a service that is not for the name of ``host``.

    Where some clients get another one by the name that they ask for, only they can tell: none is yielded.
    """
    hostname = inventory.site.hosts[host].hostname
    if offered.chooses_by_name:
        return
    copies = {copy: pair for pair in pairs(inventory, host) for copy in (pair.cert_path, *pair.chain_files)}
    for path, names in offered.names.items():
        if not any(covers(name, hostname) for name in names):
            own = copies.get(path)
            place = ("hosts", host, "certificate", _KEYS[own.name]) if own else _place(path, inventory, host)
            shown = own.on_host[0] if own and own.on_host else path
            yield Problem(
                f"the certificate {shown} is for {', '.join(names) or 'no name at all'}, not for {hostname}",
                inventory.at(*place),
                f"clients are told `{hostname}`: have it issued for that name too, or correct `hostname`",
                what=".".join(part for part in place if isinstance(part, str)),
            )


def _place(path: str, inventory: Inventory, host: str) -> Place:
    """Return the setting in `extra` that names the certificate, else the host's own."""
    written, extra = inventory.extra_on(host)
    for index, line in enumerate(extra.dovecot.splitlines()):
        if line.partition("=")[2].strip() == f"<{path}":
            return (*written, "dovecot", index)
    for section, settings in (("postfix", extra.postfix), ("postfix_master", extra.postfix_master)):
        for name, value in settings.items():
            if path in str(value).replace(",", " ").split():
                return (*written, section, name)
    return ("hosts", host, "certificate")
