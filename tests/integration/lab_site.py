"""A site on the hosts of the test world: mailboxes on home, reached in the VPN, and a gateway on mx."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab_host import Host
from sites import Site, eventually
from testworld import Lab

ALICE, BOB = "alice@example.test", "bob@example.test"
LMTP = 2525


@dataclass
class LabSite:
    """A site whose every machine is a host of the lab, and what a person does with it."""

    lab: Lab
    site: Site

    @property
    def home(self) -> Host:
        """The host with the mailboxes."""
        return self.lab.hosts["home"]

    @property
    def mx(self) -> Host:
        """The gateway."""
        return self.lab.hosts["mx"]

    def arrived(self, subjects: list[str], seconds: float = 60, address: str = ALICE) -> Counter[str]:
        """Wait until each of the messages is in a mailbox, and return how often each is there."""

        def count() -> Counter[str]:
            return Counter(subject for subject in self.site.subjects(address) if subject in wanted)

        wanted = set(subjects)
        return eventually(count, lambda counted: set(counted) == wanted, seconds)

    def on(self, host: Host, service: str, *words: str) -> str:
        """Run a program in a service's container on a host, and return what it printed."""
        return host.inside("docker", "exec", self.site.container(service), *words)


def settings_of(lab: Lab, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return settings and accounts of a site with a home and a gateway in the lab."""
    home, mx = lab.hosts["home"], lab.hosts["mx"]
    hosts = {
        "home": {
            "hostname": "mail.example.test",
            "engine": home.address,
            "certificate": {"source": "demo-ca", "names": [home.vpn]},
            "listen": [home.vpn],
            "ports": {"imaps": 993, "submission": 587, "submissions": 465, "lmtp": LMTP},
        },
        "mx": {
            "role": "mx",
            "hostname": "mx.example.test",
            "engine": mx.address,
            "certificate": {"source": "demo-ca", "names": [mx.internet]},
            "vpn_address": mx.vpn,
            "listen": [mx.internet],
            "ports": {"smtp": 25},
        },
    }
    settings = {"site": name, "container_prefix": name, "domains": ["example.test"], "hosts": hosts}
    accounts = {
        "accounts": {address: {"password": "!generated"} for address in (ALICE, BOB)},
        "aliases": {"team@example.test": [ALICE, BOB]},
    }
    return settings, accounts


def site_in(lab: Lab, name: str, directory: Path) -> LabSite:
    """Write the inventory of a site in the lab, and return the site; nothing of it is deployed yet."""
    settings, accounts = settings_of(lab, name)
    address = lab.hosts["home"].vpn
    site = Site(name, directory / name, settings, accounts, address, dict(lab.operator.environment))
    site.write()
    return LabSite(lab, site)
