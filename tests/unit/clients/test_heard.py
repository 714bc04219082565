"""ClientHellos read back into facts: nothing gained, nothing lost, and nothing but one error for what is none."""

from __future__ import annotations

import random

import msgspec
import pytest

from mailrig.clients import wire
from mailrig.clients.catalogue import Client, Entry, client, shipped
from mailrig.clients.heard import heard
from mailrig.clients.hello import LEFT_OUT, hello
from mailrig.errors import HandshakeError

NAME = "mail.example.test"

ON_THE_WIRE = (
    "versions",
    "suites",
    "groups",
    "key_shares",
    "signature_algorithms",
    "signature_algorithms_cert",
    "ec_point_formats",
    "compression",
    "session_id",
    "sni",
)


def test_round_trip(known: Client) -> None:
    """What a client's hello tells is what its entry says, but for what is never sent."""
    entry = heard(hello(known, NAME))
    for field in ON_THE_WIRE:
        assert getattr(entry, field) == getattr(known.entry, field), field
    assert entry.extensions == tuple(number for number in known.entry.extensions if number not in LEFT_OUT)
    assert entry.alpn_seen == ()


def test_a_heard_client_speaks_alike(known: Client) -> None:
    """An entry that was heard is heard again from the hello that is made of it."""
    once = heard(hello(known, NAME))
    again = heard(hello(client("mine", once), NAME))
    assert again == once


def test_bytes_are_counted(known: Client) -> None:
    """The length is that of the record."""
    said = hello(known, NAME)
    assert heard(said).hello_bytes == len(said)


def test_what_bytes_cannot_tell_is_said() -> None:
    """Name, kind and source are what the person says."""
    entry = heard(hello(shipped()["aerc-0.20"], NAME), name="aerc", kind="stand-in", source="my desk", confidence="low")
    assert (entry.name, entry.kind, entry.source, entry.confidence) == ("aerc", "stand-in", "my desk", "low")
    assert msgspec.yaml.decode(msgspec.yaml.encode(entry), type=Entry) == entry


def _made(**changed: object) -> bytes:
    parts: dict[str, object] = {
        "version": 0x0303,
        "random": bytes(32),
        "session_id": b"",
        "suites": (0xC02B,),
        "compression": (0,),
        "extensions": (),
    }
    return wire.ClientHello(**(parts | changed)).record(0x0301)  # type: ignore[arg-type]


def test_protocols_are_seen() -> None:
    """ALPN is kept as what was seen, GREASE and bytes that are no letters among it."""
    names = b"".join(wire.vector(1, name) for name in (b"\x0a\x0a", b"imap", b"\xff1"))
    assert heard(_made(extensions=((16, wire.vector(2, names)),))).alpn_seen == ("imap", "\\xff1")


def test_grease_marks_its_place() -> None:
    """GREASE stands among the extensions as such, and nowhere else."""
    extensions = ((0x3A3A, b""), (10, b"\0\4\x4a\x4a\0\x1d"), (0xBABA, b"\0"))
    entry = heard(_made(suites=(0x2A2A, 0xC02B), extensions=extensions))
    assert entry.extensions == ("grease", 10, "grease")
    assert (entry.suites, entry.groups) == (("ECDHE-ECDSA-AES128-GCM-SHA256",), ("x25519",))


def test_versions() -> None:
    """The list counts where there is one, GREASE and drafts apart; else the version at the front."""
    listed = wire.vector(1, wire.numbers(2, (0x5A5A, 0x7F1C, 0x0304, 0x0303)))
    assert heard(_made(extensions=((43, listed),))).versions == ("TLSv1.3", "TLSv1.2")
    assert heard(_made(version=0x0301)).versions == ("TLSv1.0",)


def test_what_has_no_name_keeps_its_number() -> None:
    """Suites and groups that no table has are written as numbers."""
    entry = heard(_made(suites=(0xC02B, 0xFE01), extensions=((10, b"\0\2\xfe\2"),)))
    assert (entry.suites[1], entry.groups) == ("0xfe01", ("0xfe02",))


def test_a_hello_in_several_records() -> None:
    """A hello that is cut into records is one hello."""
    message = _made()[wire.RECORD_HEADER :]
    cut = b"".join(wire.records(wire.HANDSHAKE, 0x0301, message[at : at + 10]) for at in range(0, len(message), 10))
    assert heard(cut).suites == heard(_made()).suites


def test_a_hello_that_is_too_long_for_a_record() -> None:
    """A hello of more than 16 KiB goes out in several records, none of them too long."""
    said = _made(extensions=((0xFE00, bytes(20_000)),))
    assert said[:5] == b"\x16\3\1\x40\0"
    assert heard(said).extensions == (0xFE00,)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (b"", "ends too early"),
        (b"GET / HTTP/1.1\r\n\r\n", "not a TLS ClientHello: it begins with b'GET / HTTP"),
        (b"\x80\x2e\x01\x03\x01" + bytes(50), "not a TLS ClientHello"),
        (_made()[:-1], "ends too early"),
        (_made() + wire.records(wire.HANDSHAKE, 0x0301, b"\0"), "goes on after its end"),
        (wire.records(wire.HANDSHAKE, 0x0301, b"\2\0\0\0"), "first message is not a ClientHello"),
        (_made(suites=()), "offers no suite"),
        (_made(suites=(0x0A0A,)), "offers no suite"),
        (_made(version=0x0300), "no version of TLS"),
        (_made(session_id=bytes(33)), "session id is longer"),
        (_made(extensions=((35, b""), (35, b""))), "extension stands twice"),
        (_made(extensions=((10, b"\0\3\0\x1d\0"),)), "extension 10 ends too early"),
        (_made(extensions=((51, b"\0\0\0"),)), "extension 51 goes on after its end"),
        (_made(extensions=((51, b""),)), "extension 51 ends too early"),
    ],
)
def test_what_is_no_hello(said: bytes, message: str) -> None:
    """What cannot be a ClientHello is an error that says why."""
    with pytest.raises(HandshakeError, match=message):
        heard(said)


def test_mutilated_hellos() -> None:
    """Whatever the bytes are, they are an entry that can be sent again, or one known error."""
    chance = random.Random(4)  # noqa: S311 - for a test that can be repeated
    known = list(shipped().values())
    errors = 0
    for _ in range(3000):
        said = _mutilated(hello(chance.choice(known), NAME, chance.randbytes), chance)
        try:
            entry = heard(said)
        except HandshakeError:
            errors += 1
        else:
            assert hello(client("mine", entry), NAME)
    assert 0 < errors < 3000


def _mutilated(said: bytes, chance: random.Random) -> bytes:
    broken = bytearray(said)
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(broken))
        match chance.randrange(3):
            case 0:
                broken[at] = chance.randrange(256)
            case 1:
                del broken[at : at + chance.randrange(1, 9)]
            case _:
                broken[at:at] = chance.randbytes(chance.randrange(1, 9))
        if not broken:
            break
    return bytes(broken)
