"""The zone file, as another reader of zone files takes it."""

from __future__ import annotations

from collections.abc import Callable

import dns.name
import dns.rdatatype
import dns.zone
import pytest

from mailrig.dns.record import TTL, text_data
from mailrig.dns.records import Shown, wanted
from mailrig.dns.zone import listing, zone_file
from mailrig.inventory.model import Inventory

Read = Callable[..., Inventory]
SHOWN = {"home": [Shown(b"key", "O=Let's Encrypt")]}


def loaded(text: str) -> dict[tuple[str, str], set[str]]:
    """Return the records of a zone file, by name and type."""
    zone = dns.zone.from_text(text, relativize=False)
    return {
        (str(name), dns.rdatatype.to_text(records.rdtype)): {record.to_text() for record in records}
        for name, records in zone.iterate_rdatasets()
    }


def test_zone_file_holds_what_is_wanted(read: Read) -> None:
    """Everything that belongs in the zone, nothing else, and what a server needs to load it."""
    found = wanted(read(domains="[example.org, example.net]"), SHOWN)
    there = loaded(zone_file(found, "example.org", 2026010101))
    needed: dict[tuple[str, str], set[str]] = {}
    for record in found.records:
        if record.zone == "example.org":
            needed.setdefault((f"{record.name}.", record.type), set()).add(record.data)
    assert {key: value for key, value in there.items() if key[1] not in ("SOA", "NS")} == needed
    assert [value.split(" ")[2] for value in there["example.org.", "SOA"]] == ["2026010101"]


def test_time_to_live_is_said(read: Read) -> None:
    """Else some servers refuse the zone."""
    zone = dns.zone.from_text(zone_file(wanted(read(), SHOWN), "example.org", 1))
    assert {records.ttl for _, records in zone.iterate_rdatasets()} == {TTL}


def test_zone_without_a_known_address_loads(read: Read) -> None:
    """What is not known stands in it as a comment."""
    text = zone_file(wanted(read(listen="[0.0.0.0]"), SHOWN), "example.org", 1)
    assert ("mail.example.org.", "A") not in loaded(text)
    assert "; mail.example.org: its address is not in the inventory" in text


def test_each_record_is_explained(read: Read) -> None:
    """What it is for stands below it, and what others set stands apart."""
    text = listing(wanted(read(), SHOWN))
    assert "  example.org. MX 10 mail.example.org.\n      takes the domain's mail\n" in text
    assert text.index("in zones of others") < text.index("in-addr.arpa. PTR") < text.index("note: DKIM")


@pytest.mark.parametrize("text", ["", 'a "quoted" \\ one', "x" * 700, "\\" * 600])
def test_text_comes_back_as_it_was(text: str) -> None:
    """Whatever is in it, and however long: in strings of at most 255 bytes."""
    zone = dns.zone.from_text(f"$ORIGIN x.\n$TTL 1\n@ SOA a. b. 1 1 1 1 1\n@ NS a.\n@ TXT {text_data(text)}\n")
    (record,) = zone.find_rdataset("@", "TXT")
    assert b"".join(record.strings).decode() == text
