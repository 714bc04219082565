"""The catalogue that comes with the program: every entry says where it comes from, and what is a stand-in."""

from __future__ import annotations

import msgspec
import pytest

from mailrig.clients import names
from mailrig.clients.catalogue import Client, Entry, UnknownName, chosen, client, incoherences, shipped


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
    assert list(incoherences(known.entry)) == []
    assert not set(known.suites) & names.GREASE


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sni", False),
        ("groups", ()),
        ("signature_algorithms", ()),
        ("key_shares", ("x448",)),
        ("alpn_seen", ("h2",)),
        ("versions", ("TLSv1.2",)),
        ("suites", ("ECDHE-RSA-AES128-SHA",)),
    ],
)
def test_incoherent_entry(field: str, value: object) -> None:
    """A field that cannot be so is named."""
    entry = msgspec.structs.replace(shipped()["java-21"].entry, groups=("x25519",), key_shares=("x25519",))
    assert field in [name for name, _ in incoherences(msgspec.structs.replace(entry, **{field: value}))]


def test_a_site_has_its_own_standings() -> None:
    """An inventory requires, ignores and adds; the rest stays as it is in the catalogue."""
    mine = msgspec.structs.replace(shipped()["aerc-0.20"].entry, name="Anna's phone")
    clients = chosen(require=["java-7u25"], ignore=["php-8.2"], add={"anna": mine})
    standings = {id_: one.entry.standing for id_, one in clients.items()}
    assert (standings["java-7u25"], standings["php-8.2"], standings["anna"]) == ("required", "ignored", "required")
    assert standings["thunderbird-60"] == "legacy"
    assert clients["anna"].title == "Anna's phone"
    assert len(clients) == len(shipped()) + 1


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
