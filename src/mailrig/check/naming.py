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


def problems(offered: Offered, inventory: Inventory, host: str) -> Iterator[Problem]:
    """Yield each certificate of a service that is not for the name of ``host``.

    Where some clients get another one by the name that they ask for, only they can tell: none is yielded.
    """
    hostname = inventory.site.hosts[host].hostname
    if any(_chooses_by_name(setting) for setting in offered.left_out):
        return
    for served, names in offered.names.items():
        if not any(covers(name, hostname) for name in names):
            path, place = _origin(served, inventory, host)
            yield Problem(
                f"the certificate {path} is for {', '.join(names) or 'no name at all'}, not for {hostname}",
                inventory.at(*place),
                f"clients are told `{hostname}`: have it issued for that name too, or correct `hostname`",
                what=".".join(part for part in place if isinstance(part, str)),
            )


def _chooses_by_name(setting: str) -> bool:
    block, _, name = setting.rpartition("/")
    return name == "tls_server_sni_maps" or (block.startswith("local_name ") and name in ("ssl_cert", "ssl_alt_cert"))


def _origin(path: str, inventory: Inventory, host: str) -> tuple[str, Place]:
    """Return the file as people know it, and what names it: the host's own certificate, or a setting in `extra`."""
    for key, pair in zip(("cert", "alt_cert"), pairs(inventory, host), strict=False):
        if path in (pair.cert_path, *pair.chain_files):
            return pair.on_host[0] if pair.on_host else path, ("hosts", host, "certificate", key)
    return path, _set_in_extra(path, inventory)


def _set_in_extra(path: str, inventory: Inventory) -> Place:
    extra = inventory.site.extra
    for index, line in enumerate(extra.dovecot.splitlines()):
        if line.partition("=")[2].strip() == f"<{path}":
            return ("extra", "dovecot", index)
    for section, settings in (("postfix", extra.postfix), ("postfix_master", extra.postfix_master)):
        for name, value in settings.items():
            if path in str(value).replace(",", " ").split():
                return ("extra", section, name)
    return ("extra",)
