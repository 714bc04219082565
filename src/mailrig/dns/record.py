"""One record that a site needs, and what it is for; knows nothing of where it comes from, or of how it is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

TTL = 3600  # seconds
_LONGEST = 255  # bytes of one string in a TXT record

Kind = str  # A, AAAA, MX, …


@dataclass(frozen=True)
class Record:
    """A record as a zone file has it: ``name`` without the last dot, the names in ``data`` with it.

    ``zone`` is the domain of the inventory in whose zone it belongs, None where the zone is somebody else's. An
    optional one is worth having, and nothing is wrong without it.
    """

    name: str
    type: Kind
    data: str
    why: str
    zone: str | None
    is_optional: bool = False

    def __str__(self) -> str:
        return f"{self.name}. {self.type} {self.data}"


@dataclass(frozen=True)
class Note:
    """What cannot be a record, and why; ``about`` is a domain, a host name or a kind of record."""

    about: str
    text: str


@dataclass(frozen=True)
class Wanted:
    """Everything that a site needs in the DNS, and what is to be known beside it.

    ``mail_servers`` are the host names that take mail from the world, ``senders`` those that send to it themselves.
    ``zones`` are the domains that have none of the others above them.
    """

    domains: tuple[str, ...]
    zones: tuple[str, ...]
    mail_servers: tuple[str, ...]
    senders: tuple[str, ...]
    records: tuple[Record, ...]
    notes: tuple[Note, ...]

    def only(self, domains: tuple[str, ...]) -> Wanted:
        """Return what is about these of the domains, and about the hosts in their zones."""
        others = tuple(domain for domain in self.domains if domain not in domains)
        kept = tuple(zone for zone in self.zones if any(is_within(domain, zone) for domain in domains))
        records = tuple(
            record
            for record in self.records
            if record.zone in (*kept, None) and not any(_is_about(record, domain) for domain in others)
        )
        return replace(self, domains=domains, zones=kept, records=records)

    def of(self, name: str, kind: Kind) -> tuple[Record, ...]:
        """Return the records of one name and type."""
        return tuple(record for record in self.records if (record.name, record.type) == (name, kind))


def _is_about(record: Record, domain: str) -> bool:
    """Whether a record is a domain's own, and not a host's in it."""
    labels = record.name.removesuffix(domain).split(".")[:-1]
    is_below = is_within(record.name, domain) and all(label.startswith("_") for label in labels)
    is_alias = record.type == "CNAME" and record.name.partition(".")[2] == domain
    return is_alias or (is_below and record.type in ("MX", "TXT", "SRV"))


def text_data(text: str) -> str:
    """Return text as the data of a TXT record: quoted strings (RFC 1035 section 3.3.14)."""
    parts = [text[start : start + _LONGEST] for start in range(0, len(text), _LONGEST)] or [""]
    return " ".join('"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"' for part in parts)


def is_within(name: str, domain: str) -> bool:
    """Whether a name is the domain, or below it."""
    return name == domain or name.endswith(f".{domain}")
