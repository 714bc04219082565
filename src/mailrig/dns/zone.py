"""Wanted records → a zone file (RFC 1035 section 5), and text for a person; pure."""

from __future__ import annotations

from collections.abc import Iterator

from mailrig.dns.record import TTL, Record, Wanted

_HEAD = """\
; {zone}: what mail needs. Into a zone that is there already belong only the records below the name server's.
$ORIGIN {zone}.
$TTL {ttl}
@ SOA localhost. postmaster.{zone}. {serial} 7200 3600 1209600 3600
; the names of your name servers in the place of this one
@ NS localhost.
"""


def zone_file(wanted: Wanted, zone: str, serial: int) -> str:
    """Return a zone as a name server loads it; what is not known stands in it as a comment."""
    head = _HEAD.format(zone=zone, ttl=TTL, serial=serial)
    records = [record for record in wanted.records if record.zone == zone]
    return head + "\n".join([*_lines(records), *_remarks(wanted)]) + "\n"


def listing(wanted: Wanted) -> str:
    """Return every record with what it is for, by zone, then what others have to set, then the notes."""
    parts = [
        "\n".join([zone, *_indented([record for record in wanted.records if record.zone == zone])])
        for zone in wanted.zones
    ]
    if elsewhere := [record for record in wanted.records if record.zone is None]:
        parts.append("\n".join(["in zones of others", *_indented(elsewhere)]))
    parts.append("\n".join(f"note: {note.about}: {note.text}" for note in wanted.notes))
    return "\n\n".join(parts)


def _lines(records: list[Record]) -> Iterator[str]:
    why = ""
    for record in records:
        if record.why != why:
            yield f"\n; {record.why}"
        why = record.why
        yield str(record)


def _indented(records: list[Record]) -> Iterator[str]:
    for record in records:
        yield f"  {record}"
        yield f"      {'worth having: ' if record.is_optional else ''}{record.why}"


def _remarks(wanted: Wanted) -> Iterator[str]:
    yield ""
    yield from (f"; {note.about}: {note.text}" for note in wanted.notes)
