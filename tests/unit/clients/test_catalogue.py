"""The catalogue that comes with the program: every entry says where it comes from, and what is a stand-in."""

from __future__ import annotations

import msgspec
import pytest

from mailrig.clients import names
from mailrig.clients.catalogue import Client, Entry, UnknownName, client, shipped

REQUIRED_EXTENSIONS = {10: "groups", 13: "signature_algorithms", 50: "signature_algorithms_cert", 51: "key_shares"}


@pytest.fixture(params=sorted(shipped()))
def known(request: pytest.FixtureRequest) -> Client:
    """Each client in turn."""
    return shipped()[request.param]


def test_size() -> None:
    """The catalogue has the clients it was begun with, most of them required."""
    standings = [client.entry.standing for client in shipped().values()]
    assert len(standings) == 45
    assert standings.count("legacy") == 10


def test_each_entry_is_told_apart_and_accounted_for(known: Client) -> None:
    """Nobody takes a stand-in for the real thing, or a guess for a fact."""
    assert known.entry.source
    assert known.entry.confidence
    assert ("stand-in" in known.title) == (known.entry.kind == "stand-in")
    assert not known.entry.assumed or known.entry.hello_bytes is None


def test_each_entry_is_coherent(known: Client) -> None:
    """What stands in an extension is there when the extension is, and the other way round."""
    entry = known.entry
    for extension, field in REQUIRED_EXTENSIONS.items():
        assert (extension in entry.extensions) == bool(getattr(entry, field)), field
    assert (16 in entry.extensions) == bool(entry.alpn_seen)
    assert (0 in entry.extensions) == entry.sni
    assert (43 in entry.extensions) == ("TLSv1.3" in entry.versions)
    assert set(entry.key_shares) <= set(entry.groups)
    assert not set(known.suites) & names.GREASE
    assert ("TLSv1.3" in entry.versions) == any(suite >> 8 == 0x13 for suite in known.suites)


def test_names_stand_for_numbers() -> None:
    """What has a name goes by it, and what has none by its number."""
    assert names.number("ECDHE-ECDSA-AES128-GCM-SHA256", names.SUITES) == 0xC02B
    assert names.name(0xC02B, names.SUITES) == "ECDHE-ECDSA-AES128-GCM-SHA256"
    assert names.number("0x1304", names.SUITES) == 0x1304
    assert names.name(0x1304, names.SUITES) == "0x1304"


def test_unknown_name() -> None:
    """A name that no table has is an error that says where it stands."""
    entry = msgspec.structs.replace(shipped()["aerc-0.20"].entry, groups=("x25519", "x25591"))
    with pytest.raises(UnknownName, match="groups: unknown name `x25591`"):
        client("mine", entry)


def test_an_entry_survives_being_written() -> None:
    """What is written down of a client reads as the same client."""
    for one in shipped().values():
        assert msgspec.yaml.decode(msgspec.yaml.encode(one.entry), type=Entry) == one.entry
