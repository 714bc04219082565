"""What Dovecot's templates are filled with; knows nothing of how Dovecot writes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from mailrig.errors import RenderError
from mailrig.inventory.model import Host, Inventory, Resources, ServiceName, size_in_bytes
from mailrig.render import certificates
from mailrig.render.manifest import IDS
from mailrig.render.profiles import dh_parameters, negotiation
from mailrig.render.templates import Block
from mailrig.secret import Secret

# Settings' names differ between 2.3 and 2.4, so templates are kept for each.
TEMPLATES = "dovecot/2.3"

# Room for probe messages, and for those that a failed run left behind.
_PROBE_QUOTA = 20 * 2**20

# Processes of the container that are not somebody's session.
_PROCESSES_RESERVED = 60


@dataclass(frozen=True)
class User:
    """An account as Dovecot sees it; ``quota`` in bytes, 0 for none."""

    address: str
    password: Secret
    quota: int
    enabled: bool


def values(inventory: Inventory, host_name: str) -> dict[str, Any]:
    """Everything that Dovecot's templates of ``host_name`` ask for."""
    site = inventory.site
    host = site.hosts[host_name]
    tls = negotiation(site.tls)
    limits = host.resources.get("dovecot", Resources())
    return {
        "hostname": host.hostname,
        "postmaster": f"postmaster@{site.domains[0]}",
        "auth_debug": host.logs.verbosity != "quiet",
        "mail_debug": host.logs.verbosity == "debug",
        "tls": tls,
        "dh": dh_parameters(tls.dh),
        **certificates.values(inventory, host_name),
        "auth_socket_mode": host.auth_socket_mode,
        "users": tuple(_users(inventory)),
        "vmail": {"uid": IDS["vmail"]},
        "session_limit": max(limits.pids - _PROCESSES_RESERVED, 10),
        "imap": host.published("imap") is not None,
        "pop3": host.published("pop3") is not None,
        "pop3s": host.published("pop3s") is not None,
        "lmtp": host.published("lmtp") is not None,
        # Roundcube's own filters come this way, too.
        "managesieve": host.published("managesieve") is not None or "roundcube" in site.services_of(host_name),
        "webmail_address": _webmail_address(host, site.services_of(host_name)),
        "gateways": [site.hosts[name].vpn_address for name in site.gateways_of(host_name)],
        "extra": Block(inventory.extra_on(host_name)[1].dovecot.strip()),
    }


def _webmail_address(host: Host, services: Sequence[ServiceName]) -> str | None:
    """Return the one address from which log-ins for others come; None where somebody else could pretend them.

    Without a fixed address of ``web``, Roundcube does not know who tells it a browser's.
    """
    addresses = host.network.addresses
    return addresses.get("roundcube") if "roundcube" in services and "web" in addresses else None


def _users(inventory: Inventory) -> Iterator[User]:
    """Every account and the probe's, by address; what a passwd-file cannot hold is refused."""
    users = {
        address.lower(): User(
            address.lower(),
            account.password,
            size_in_bytes(account.quota) if account.quota else 0,
            account.enabled,
        )
        for address, account in inventory.site.accounts.items()
    }
    probe = inventory.probe
    if probe.address.lower() in users:
        raise RenderError(
            f"the probe's address {probe.address} is an account of its own",
            location=inventory.at("probe", "address"),
            hint="`verify` reads and removes mail there: give it an address that nobody uses",
        )
    users[probe.address.lower()] = User(probe.address.lower(), probe.hash, _PROBE_QUOTA, enabled=True)
    for address in sorted(users):
        if ":" in users[address].password.reveal() or ":" in address:
            raise RenderError(
                f"a colon in the password hash or the name of {address}: a passwd-file cannot hold it",
                location=inventory.at("accounts", address),
            )
        yield users[address]
