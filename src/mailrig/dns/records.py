"""Inventory → the records that its domains and hosts need; pure, asks nobody and knows no server's answers."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailrig.advice import has_mailboxes, of_domain
from mailrig.discovery.settings import Server
from mailrig.dns.pages import Pages
from mailrig.dns.reach import is_public, is_tellable, kind_of
from mailrig.dns.record import Note, Record, Wanted, is_within, text_data
from mailrig.inventory.model import Host, Inventory
from mailrig.inventory.public import is_open, mail_servers

if TYPE_CHECKING:
    from cryptography import x509

# RFC 6186 section 3, RFC 8314 section 5.1 and RFC 5804 section 1.8. The priorities say which of all is preferred
# (RFC 6186 section 3.4): TLS from the start before STARTTLS, IMAP before POP3.
SERVICES: Mapping[str, tuple[str, int]] = {
    "imaps": ("_imaps", 0),
    "imap": ("_imap", 10),
    "pop3s": ("_pop3s", 20),
    "pop3": ("_pop3", 30),
    "submissions": ("_submissions", 0),
    "submission": ("_submission", 10),
    "managesieve": ("_sieve", 0),
}

# What CAA records call those who issue certificates (RFC 8659), by the organisation that the certificates name.
ISSUERS: Mapping[str, str] = {
    "Let's Encrypt": "letsencrypt.org",
    "Google Trust Services": "pki.goog",
    "ZeroSSL": "sectigo.com",
    "Sectigo Limited": "sectigo.com",
    "DigiCert Inc": "digicert.com",
    "GlobalSign nv-sa": "globalsign.com",
    "Actalis S.p.A.": "actalis.it",
    "SSL Corporation": "ssl.com",
}

_SMTP = 25  # mail from the world comes there, whatever is published


@dataclass(frozen=True)
class Shown:
    """What of a certificate goes into records: its public key (DER, SubjectPublicKeyInfo), and its issuer in words."""

    public_key: bytes
    issuer: str

    @property
    def authority(self) -> str | None:
        """What CAA records call the issuer; None of one that is not known to look at them."""
        return next((name for organisation, name in ISSUERS.items() if f"O={organisation}" in self.issuer), None)


def shown(certificate: x509.Certificate) -> Shown:
    """Return what of a certificate goes into records."""
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    key = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Shown(key, certificate.issuer.rfc4514_string())


def wanted(inventory: Inventory, served: Mapping[str, Sequence[Shown]]) -> Wanted:
    """Return every record; ``served`` holds the certificates of hosts, as far as they are known."""
    return _Names(inventory, served, zones(inventory.site.domains)).wanted()


def zones(domains: Sequence[str]) -> tuple[str, ...]:
    """Return the domains that have none of the others above them: what lies below is in their zones."""
    return tuple(one for one in domains if not any(one != other and is_within(one, other) for other in domains))


@dataclass(frozen=True)
class _Names:
    """One inventory on its way to records."""

    inventory: Inventory
    served: Mapping[str, Sequence[Shown]]
    zones: tuple[str, ...]

    def wanted(self) -> Wanted:
        site = self.inventory.site
        return Wanted(
            domains=site.domains,
            zones=self.zones,
            mail_servers=tuple(site.hosts[name].hostname for name in mail_servers(self.inventory.site)),
            senders=self._senders(),
            records=tuple(dict.fromkeys(self._records())),
            notes=tuple(dict.fromkeys(self._notes())),
        )

    def _records(self) -> Iterator[Record]:
        for domain in self.inventory.site.domains:
            yield from self._mail(domain)
            yield from self._policies(domain)
            yield from self._services(domain)
            for name, kind, data, why, is_optional in Pages.of(self.inventory).entries(domain):
                yield self._record(name, kind, data, why, is_optional=is_optional)
        for name, host in self.inventory.site.hosts.items():
            yield from self._host(name, host)

    def _record(self, name: str, kind: str, data: str, why: str, *, is_optional: bool = False) -> Record:
        return Record(name, kind, data, why, self._zone(name), is_optional)

    def _zone(self, name: str) -> str | None:
        return next((zone for zone in self.zones if is_within(name, zone)), None)

    def _hosts(self) -> Iterator[Host]:
        """Yield the hosts that take mail from the world."""
        return (self.inventory.site.hosts[name] for name in mail_servers(self.inventory.site))

    def _senders(self) -> tuple[str, ...]:
        """Return the names under which mail is sent to the world."""
        if self.inventory.site.relay:
            return ()
        return tuple(host.hostname for host in self.inventory.site.hosts.values() if has_mailboxes(host))

    def _mail(self, domain: str) -> Iterator[Record]:
        for number, host in enumerate(self._hosts(), 1):
            yield self._record(domain, "MX", f"{10 * number} {host.hostname}.", "takes the domain's mail")

    def _policies(self, domain: str) -> Iterator[Record]:
        yield self._record(domain, "TXT", text_data(self._spf()), "who sends for the domain (SPF, RFC 7208)")
        reports = self._reports(domain)
        policy = "v=DMARC1; p=none" + (f"; rua=mailto:{reports}" if reports else "")
        why = "what others do with mail that fails SPF: tell, and deliver (DMARC, RFC 7489)"
        yield self._record(f"_dmarc.{domain}", "TXT", text_data(policy), why)
        if reports and mail_servers(self.inventory.site):
            text = text_data(f"v=TLSRPTv1; rua=mailto:{reports}")
            why = "where others report that TLS failed (RFC 8460)"
            yield self._record(f"_smtp._tls.{domain}", "TXT", text, why, is_optional=True)

    def _spf(self) -> str:
        """Return the SPF policy; what only a relay's operator knows is left open, and so the end is soft."""
        terms = ["mx"] if mail_servers(self.inventory.site) else []
        taking = [host.hostname for host in self._hosts()]
        terms += [f"a:{name}" for name in self._senders() if name not in taking]
        return " ".join(["v=spf1", *terms, "~all" if self.inventory.site.relay else "-all"])

    def _reports(self, domain: str) -> str | None:
        """Return who reads reports about a domain, if anybody does."""
        site, address = self.inventory.site, f"postmaster@{domain}"
        is_read = address in site.accounts or address in site.aliases or f"@{domain}" in site.aliases
        return address if is_read else None

    def _services(self, domain: str) -> Iterator[Record]:
        for server in self._reachable(domain):
            service, priority = SERVICES[server.name]
            data = f"{priority} 1 {server.port} {server.hostname}."
            yield self._record(f"{service}._tcp.{domain}", "SRV", data, f"where mail programs find {server.name}")

    def _reachable(self, domain: str) -> Iterator[Server]:
        """Yield the servers that others than the host itself can reach."""
        for server in of_domain(self.inventory, domain).servers:
            if is_open(self.inventory.site.hosts[server.host], server.name):
                yield server

    def _host(self, name: str, host: Host) -> Iterator[Record]:
        yield from self._addresses(name, host)
        is_sender = name in mail_servers(self.inventory.site) or host.hostname in self._senders()
        if is_sender and host.hostname not in self.inventory.site.domains and self._zone(host.hostname):
            why = "the name by which the host greets others (RFC 7208 section 2.3)"
            yield self._record(host.hostname, "TXT", text_data("v=spf1 a -all"), why, is_optional=True)
        if self._zone(host.hostname):
            yield from self._certificates(name, host)

    def _addresses(self, name: str, host: Host) -> Iterator[Record]:
        for address in filter(is_tellable, map(_plain, host.listen)):
            yield self._record(host.hostname, kind_of(address), address, f"the host `{name}`: its `listen`")
        is_known = name in mail_servers(self.inventory.site) or host.hostname in self._senders()
        for address in filter(is_public, map(_plain, host.listen if is_known else ())):
            reverse = ipaddress.ip_address(address).reverse_pointer
            why = "set by whoever gave you the address: many refuse mail from one without a name"
            yield Record(reverse, "PTR", f"{host.hostname}.", why, None)

    def _certificates(self, name: str, host: Host) -> Iterator[Record]:
        for certificate in self.served.get(name, ()):
            if name in mail_servers(self.inventory.site):
                data = f"3 1 1 {hashlib.sha256(certificate.public_key).hexdigest()}"
                why = "the key of its certificate (DANE, RFC 7672): works where the zone is signed; follows the key"
                yield self._record(f"_{_SMTP}._tcp.{host.hostname}", "TLSA", data, why, is_optional=True)
            if certificate.authority:
                data = f'0 issue "{certificate.authority}"'
                why = "who may issue certificates for the name (RFC 8659)"
                yield self._record(host.hostname, "CAA", data, why, is_optional=True)

    def _notes(self) -> Iterator[Note]:
        site = self.inventory.site
        if not mail_servers(self.inventory.site):
            text = "no host takes mail from the world (no `smtp` that others can reach): the MX is somebody else's"
            yield Note("MX", text)
        if site.relay:
            text = f"mail leaves through {site.relay.host}: put the `include:` that its operator names before `~all`"
            yield Note("SPF", text)
        for name, host in site.hosts.items():
            yield from self._about(name, host)
        yield Note("DKIM", "nothing signs mail here: DMARC rests on SPF alone, and a policy but `none` loses mail")
        yield from Pages.of(self.inventory).notes()

    def _about(self, name: str, host: Host) -> Iterator[Note]:
        if self._zone(host.hostname) is None:
            yield Note(host.hostname, f"`{name}` is in none of the inventory's domains: its records are elsewhere")
        elif not any(map(is_tellable, host.listen)):
            yield Note(host.hostname, "its address is not in the inventory: add an A record, and AAAA if it has one")
        if hidden := list(self._hidden(name)):
            yield Note(host.hostname, f"no SRV record for {', '.join(hidden)}: open on the host itself alone")
        if name in mail_servers(self.inventory.site):
            yield from self._about_mail_server(name, host)

    def _hidden(self, name: str) -> Iterator[str]:
        """Yield the ports for mail programs that nobody else can reach."""
        domain = self.inventory.site.domains[0]
        reachable = list(self._reachable(domain))
        for server in of_domain(self.inventory, domain).servers:
            if server.host == name and server not in reachable:
                yield server.name

    def _about_mail_server(self, name: str, host: Host) -> Iterator[Note]:
        tellable = [address for address in host.listen if is_tellable(address)]
        if tellable and not any(map(is_public, tellable)):
            yield Note(host.hostname, "no server on the Internet reaches an address of a VPN: mail will not arrive")
        published = host.published("smtp")
        if published and published.port != _SMTP:
            yield Note(host.hostname, f"mail from the world comes at port 25, and `smtp` is open at {published.port}")
        if host.certificate.source == "host" and not self.served.get(name):
            yield Note(
                host.hostname,
                "no TLSA record: its certificate is on the host, and none that can be trusted was seen there",
            )


def _plain(address: str) -> str:
    """Return an address as answers have it."""
    return str(ipaddress.ip_address(address))
