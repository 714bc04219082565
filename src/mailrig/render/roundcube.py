"""What Roundcube's templates are filled with; knows nothing of how Roundcube writes it."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from mailrig.inventory.model import Inventory, Resources, size_in_bytes
from mailrig.inventory.web import Webmail
from mailrig.render.addresses import mailboxes, sender_logins
from mailrig.render.templates import Block
from mailrig.secret import Secret

TEMPLATES = "roundcube"

_CURRENT = "/etc/mailrig/current"
_SYSTEM_CAS = "/etc/ssl/certs/ca-certificates.crt"
_SQLITE = "sqlite:////var/lib/mailrig/roundcube/data/roundcube.db?mode=0600"

_MEBI = 2**20
_RESERVED = 64 * _MEBI  # for php-fpm's master and what its processes share
_PER_PROCESS = 40 * _MEBI  # what one takes, most of the time
_PROCESSES_RESERVED = 20


def values(inventory: Inventory, host_name: str) -> dict[str, Any]:
    """Everything that Roundcube's templates of ``host_name`` ask for."""
    site = inventory.site
    host = site.hosts[host_name]
    webmail = site.webmail or Webmail()
    trusted = inventory.trust.get(host_name)
    limits = host.resources.get("roundcube", Resources())
    message_size_limit = size_in_bytes(site.message_size_limit)
    return {
        "hostname": host.hostname,
        "name": webmail.name,
        "languages": webmail.languages,
        "key": inventory.session_keys[host_name],
        "database": _database(inventory),
        "database_trusted": inventory.database_trust,
        "trusted": trusted,
        "cafile": f"{_CURRENT}/trust.pem" if trusted else _SYSTEM_CAS,
        "sender_logins": sender_logins(site, mailboxes(site, inventory.probe.address)),
        "message_size_limit": message_size_limit,
        "memory_limit": 128 + 2 * message_size_limit // _MEBI,
        "processes": _processes(size_in_bytes(limits.memory), limits.pids),
        "web_address": host.network.addresses.get("web"),
        "extra": Block(site.extra.roundcube.strip()),
    }


def _processes(memory: int, pids: int) -> int:
    """Return how many requests are answered at once, at most; the others wait."""
    return max(2, min((memory - _RESERVED) // _PER_PROCESS, pids - _PROCESSES_RESERVED, 50))


def _database(inventory: Inventory) -> Secret:
    """Return the database as Roundcube writes it: a URL, too, but with its own words for TLS."""
    webmail = inventory.site.webmail
    if webmail is None or webmail.database is None:
        return Secret(_SQLITE)
    url = webmail.database.reveal()
    if webmail.database_tls == "none":
        return webmail.database
    trust = quote(f"{_CURRENT}/database-trust.pem" if inventory.database_trust else _SYSTEM_CAS, safe="")
    parts = urlsplit(url)
    verified = {"mysql": f"ca={trust}&verify_server_cert=1", "pgsql": f"sslmode=verify-full&sslrootcert={trust}"}
    return Secret(f"{url}{'&' if parts.query else '?'}{verified[parts.scheme]}")
