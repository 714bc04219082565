"""A site on two hosts: mailboxes on the local engine, and a gateway on an engine of the tests' own.

The pair of interfaces that leads to the second engine is their VPN: home has one end, the gateway the other.
"""

from __future__ import annotations

import json
import smtplib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

import docker
from private_engine import PrivateEngine
from sites import Site, exec_in, free_ports

MX = "mx.example.test"


@dataclass
class TwoHosts:
    """A site with a home and a gateway, and what a person does with either."""

    site: Site
    engine: docker.APIClient
    private: PrivateEngine

    @property
    def gateway(self) -> dict[str, Any]:
        """The settings of the gateway."""
        host: dict[str, Any] = self.site.settings["hosts"]["mx"]
        return host

    @property
    def address(self) -> tuple[str, int]:
        """Where the world finds port 25."""
        return self.private.published, int(self.gateway["ports"]["smtp"])

    @property
    def lmtp(self) -> tuple[str, int]:
        """Where the gateway finds home."""
        port = self.site.host["ports"]["lmtp"]
        return port["addresses"][0], port["port"]

    @contextmanager
    def smtp(self, helo: str = "foreign.example.net") -> Iterator[smtplib.SMTP]:
        """Be a foreign mail server at port 25, in the clear."""
        with smtplib.SMTP(*self.address, local_hostname=helo, timeout=30) as client:
            client.ehlo()
            yield client

    def send(self, content: bytes, *recipients: str, sender: str = "somebody@example.net") -> None:
        """Have a message taken for all recipients."""
        with self.smtp() as client:
            assert client.sendmail(sender, list(recipients), content) == {}

    def answers(self, *recipients: str, sender: str = "") -> list[int]:
        """Return the code with which each recipient is answered, few of them in a session."""
        found: list[int] = []
        for start in range(0, len(recipients), 8):  # at the tenth error Postfix begins to take its time
            with self.smtp() as client:
                client.mail(sender)
                found += [client.docmd(f"RCPT TO:<{one}>")[0] for one in recipients[start : start + 8]]
        return found

    def queue(self) -> list[dict[str, Any]]:
        """Return what is in the gateway's queue."""
        said = self.in_gateway("postqueue", "-j").splitlines()
        return [
            json.loads(line) for line in said if line.startswith("{")
        ]  # else it warns that Postfix is just starting

    def in_gateway(self, *words: str) -> str:
        """Run a command in the gateway's container, and return what it printed."""
        with self.api() as api:
            made = api.exec_create(self.site.container("postfix"), list(words))
            return str(api.exec_start(made["Id"]).decode())

    def at_home(self, service: str, *words: str) -> str:
        """Run a command in a container of the home."""
        return exec_in(self.site, service, *words)

    def api(self) -> closing[docker.APIClient]:
        """Return a client of the gateway's engine."""
        return closing(docker.APIClient(base_url=self.private.address, version="auto", timeout=120))


def add_gateway(site: Site, private: PrivateEngine) -> None:
    """Add a gateway to a site of one host, whose LMTP is then for it alone."""
    port, smtp = free_ports(2)
    site.host["ports"]["lmtp"] = {"port": port, "addresses": [private.gateway]}
    site.settings["hosts"]["mx"] = {
        "role": "mx",
        "hostname": MX,
        "engine": private.address,
        "certificate": {"source": "demo-ca", "names": [private.published]},
        "vpn_address": private.published,
        "listen": [private.published],
        "ports": {"smtp": smtp},
        # There is no resolver, and each client would be kept waiting for its time-outs.
        "extra": {"postfix": {"smtpd_peername_lookup": False}},
    }
    site.write()
