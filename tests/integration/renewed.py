"""A site whose certificate lies on the Docker host, and who renews it there."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from authority import Authority, on_host, pem
from sites import PORTS, Site, exec_in

from mailrig.inventory.loader import load
from mailrig.inventory.state import State
from mailrig.targets import target_of
from mailrig.verify.certificates.presented import ports

SERVICES = ("dovecot", "postfix")
TLS_PORTS = {port for port in PORTS if port != "lmtp"}


class Renewed:
    """A site whose certificate is in a directory of the Docker host, and who issues it."""

    def __init__(self, site: Site, authority: Authority, directory: Path) -> None:
        self.site = site
        self.authority = authority
        self.directory = directory

    def issue(self, **how: Any) -> str:
        """Renew the certificate, and return its fingerprint."""
        return self.authority.issue(self.directory, "tls", **how)

    def look(self) -> None:
        """Have both containers look at once, as they do by themselves after a while."""
        with ThreadPoolExecutor() as threads:
            list(threads.map(lambda service: exec_in(self.site, service, "mailrig-apply", "renew"), SERVICES))

    def served(self) -> dict[str, set[str]]:
        """Return the fingerprints that each port shows: what `certs` asks first, without all that it asks then."""
        state = State(self.site.directory / ".state")
        inventory = load(self.site.directory, state, dt.datetime.now(dt.UTC))
        asked = ports(target_of(inventory, "home"))
        return {port.name: {shown.leaf.fingerprint for shown in port.presented} for port in asked}

    def serves(self, fingerprint: str) -> bool:
        """Whether each TLS port shows this certificate, and no other."""
        return self.served() == {port: {fingerprint} for port in TLS_PORTS}

    def log(self, service: str) -> str:
        """Return the daemon's log, with that of the containers about certificates."""
        file = "/var/log/dovecot.log" if service == "dovecot" else "/var/log/mail.log"
        return exec_in(self.site, service, "cat", file)


def kept(site: Site, key: Any = None) -> Renewed:
    """Give a site a certificate on the Docker host."""
    authority = Authority()
    directory = site.directory.parent / "a directory with blanks"
    directory.mkdir()
    (directory.parent / "root.pem").write_text(pem(authority.root))
    authority.issue(directory, "tls", age=24, key=key)
    site.host["certificate"] = on_host(directory)
    site.write()
    return Renewed(site, authority, directory)
