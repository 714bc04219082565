"""Inventory → the records that lead to its web pages: to settings for programs, and to a policy for senders; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mailrig.advice import of_domain
from mailrig.discovery.pacc import digest_record, pacc
from mailrig.dns.record import Kind, Note, text_data
from mailrig.inventory.model import Host, Inventory
from mailrig.inventory.public import (
    AUTOCONFIG,
    AUTODISCOVER,
    HTTPS,
    MTA_STS,
    PACC,
    is_held,
    is_open,
    policy_id,
    web_host,
)

HTTP = 80

STS_RECORD = "_mta-sts"  # RFC 8461 section 3.1
PACC_RECORD = f"_{PACC}"

Entry = tuple[str, Kind, str, str, bool]
"""A record's name, type and data, what it is for, and whether it is optional."""


@dataclass(frozen=True)
class Pages:
    """The host to which the web names of a site's domains lead; ``name`` is None where none answers browsers."""

    inventory: Inventory
    name: str | None

    @classmethod
    def of(cls, inventory: Inventory) -> Pages:
        """Find the host."""
        return cls(inventory, web_host(inventory.site))

    def entries(self, domain: str) -> Iterator[Entry]:
        """Yield the records of a domain; none where programs would not find the host's pages."""
        if self.name is None or not self._is_found():
            return
        host = self._host
        yield from self._settings(domain, host)
        if number := policy_id(self.inventory.site):
            why = "where senders look for the policy of MTA-STS (RFC 8461); the certificate must hold the name"
            yield from self._alias(f"{MTA_STS}.{domain}", why)
            why = "that there is such a policy, and which: senders ask for it again when this changes"
            yield f"{STS_RECORD}.{domain}", "TXT", text_data(f"v=STSv1; id={number}"), why, False

    def _settings(self, domain: str, host: Host) -> Iterator[Entry]:
        for prefix, why in (
            (AUTOCONFIG, "where Thunderbird and others find their settings"),
            (AUTODISCOVER, "where Outlook looks for its settings"),
        ):
            if self._is_answered(host, f"{prefix}.{domain}"):
                yield from self._alias(f"{prefix}.{domain}", why)
        why = "where Outlook finds its settings by a name that the certificate holds"
        yield f"_autodiscover._tcp.{domain}", "SRV", f"0 1 {HTTPS} {host.hostname}.", why, True
        document = pacc(of_domain(self.inventory, domain))
        if document and is_held(self.inventory, self.name or "", f"{PACC}.{domain}") is not False:
            why = "where programs will find their settings (draft-ietf-mailmaint-pacc), by a certificate for the name"
            yield from self._alias(f"{PACC}.{domain}", why, is_optional=True)
            why = "the digest of these settings, without which nobody believes them"
            yield f"{PACC_RECORD}.{domain}", "TXT", text_data(digest_record(document)), why, True

    def _alias(self, name: str, why: str, *, is_optional: bool = False) -> Iterator[Entry]:
        """Yield a CNAME, but for a name that has records of its own."""
        taken = {*self.inventory.site.domains, *(host.hostname for host in self.inventory.site.hosts.values())}
        if name not in taken:
            yield name, "CNAME", f"{self._host.hostname}.", why, is_optional

    def _is_answered(self, host: Host, name: str) -> bool:
        """Whether programs get an answer by a name: over TLS, or in the clear where they ask there too."""
        http = host.published("http")
        in_the_clear = http is not None and http.port == HTTP
        return in_the_clear or is_held(self.inventory, self.name or "", name) is not False

    @property
    def _host(self) -> Host:
        return self.inventory.site.hosts[self.name or ""]

    def _is_found(self) -> bool:
        """Whether programs look where the host's pages are: at the usual port, which others can reach."""
        published = self._host.published("https")
        return published is not None and published.port == HTTPS and is_open(self._host, "https")

    def notes(self) -> Iterator[Note]:
        """Yield why there are no such records, or not all."""
        if self.name is None:
            text = "autoconfig, autodiscover and MTA-STS need a web server that answers there: publish `https`"
            yield Note("web", text)
        elif not self._is_found():
            text = "autoconfig, autodiscover and MTA-STS are looked for at port 443, which is not open to others"
            yield Note("web", f"`https` of `{self.name}`: {text}")
        elif lacking := list(self._unanswered()):
            text = f"the certificate of `{self.name}` is not for {', '.join(lacking)}, and `http: 80` is not published"
            yield Note("web", f"{text}: no records for these names")

    def _unanswered(self) -> Iterator[str]:
        for domain in self.inventory.site.domains:
            names = (f"{prefix}.{domain}" for prefix in (AUTOCONFIG, AUTODISCOVER))
            yield from (name for name in names if not self._is_answered(self._host, name))
