"""ClientHellos made from facts: as the client sends them, fresh each time, and understood by a real server."""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Callable, Iterator

import msgspec
import pytest

from mailrig.clients import names, wire
from mailrig.clients.catalogue import Client, client, shipped
from mailrig.clients.encounter import meet, part
from mailrig.clients.hello import LEFT_OUT, again, hello
from mailrig.clients.shares import share
from mailrig.errors import HandshakeError

NAME = "mail.example.test"
ALPN = 16

Connect = Callable[[int], contextlib.AbstractContextManager[socket.socket]]


def _changed(id_: str, **fields: object) -> Client:
    return client("mine", msgspec.structs.replace(shipped()[id_].entry, **fields))


def _shares(made: wire.ClientHello) -> dict[int, bytes]:
    return dict(_pairs(made.extension(wire.KEY_SHARE) or b"\0\0"))


def _pairs(content: bytes) -> Iterator[tuple[int, bytes]]:
    listed = wire.Cursor(content, "test").inside(2, "test")
    while not listed.is_done:
        yield listed.number(2), listed.vector(2)


def test_everybody_is_let_in_where_everything_is_offered(known: Client, generous: int, connect: Connect) -> None:
    """A server that has everything takes each client at its highest version, with a suite that it offers."""
    with connect(generous) as line:
        answer = meet(line, known, NAME)
        part(line, answer)
    assert answer.is_let_in
    assert answer.version == max(known.versions)
    assert answer.suite in known.suites
    assert answer.group is None or answer.group in known.groups
    assert not answer.retried


def test_what_an_entry_lists_is_what_is_sent(known: Client) -> None:
    """Suites and extensions go out in the entry's order, and nothing else does."""
    made = wire.parsed(hello(known, NAME))
    assert tuple(suite for suite in made.suites if suite not in names.GREASE) == known.suites
    sent = ["grease" if number in names.GREASE else number for number, _ in made.extensions]
    assert sent == [number for number in known.entry.extensions if number not in LEFT_OUT]
    assert len(made.session_id) == known.entry.session_id


def test_never_a_browsers_protocol(known: Client) -> None:
    """No hello says ALPN, nor what goes with it."""
    made = wire.parsed(hello(known, NAME))
    assert not LEFT_OUT & {number for number, _ in made.extensions}


def test_no_two_are_the_same(known: Client) -> None:
    """Random, session id and key shares are fresh."""
    first, second = (wire.parsed(hello(known, NAME)) for _ in range(2))
    assert first.random != second.random
    assert first.session_id != second.session_id or not known.entry.session_id
    assert not set(_shares(first).values()) & set(_shares(second).values()) - {b"\0"}


def test_the_same_entropy_gives_the_same_bytes(known: Client) -> None:
    """Nothing but entropy is not pure."""
    assert hello(known, NAME, bytes) == hello(known, NAME, bytes)


def test_padding(known: Client) -> None:
    """Who pads fills a hello of more than 255 bytes up to 512, as was captured; a longer one goes without."""
    if 21 in known.entry.extensions:
        assert len(hello(known, NAME)) == known.entry.hello_bytes == 517
        label = "long." * 45
        long = wire.parsed(hello(known, label + NAME))
        assert long.extension(wire.PADDING) is None or len(long.message()) == 512
    else:
        assert wire.parsed(hello(known, NAME)).extension(wire.PADDING) is None


def test_grease() -> None:
    """Who greases does so in every list, with values that differ where they must."""
    made = wire.parsed(hello(shipped()["apple-network-26"], NAME))
    greased = [(number, content) for number, content in made.extensions if number in names.GREASE]
    assert len({number for number, _ in greased}) == 2
    assert [content for _, content in greased] == [b"", b"\0"]
    groups = wire.Cursor(made.extension(wire.SUPPORTED_GROUPS) or b"", "test").inside(2, "test").numbers(2)
    versions = wire.Cursor(made.extension(wire.SUPPORTED_VERSIONS) or b"", "test").inside(1, "test").numbers(2)
    assert {made.suites[0], groups[0], versions[0], next(iter(_shares(made)))} <= names.GREASE
    assert groups[0] == next(iter(_shares(made)))


def test_all_grease_values_come_about() -> None:
    """Which values are sent depends on chance."""
    seen = {wire.parsed(hello(shipped()["apple-network-26"], NAME, _seeded(seed))).suites[0] for seed in range(16)}
    assert seen == names.GREASE


def _seeded(seed: int) -> Callable[[int], bytes]:
    return lambda length: bytes((seed,)) * length


@pytest.mark.parametrize(
    ("server_name", "sent"),
    [
        ("mail.example.test", b"mail.example.test"),
        ("mail.example.test.", b"mail.example.test"),
        ("bücher.example", b"xn--bcher-kva.example"),
        ("192.0.2.1", None),
        ("2001:db8::1", None),
    ],
)
def test_server_name(server_name: str, sent: bytes | None) -> None:
    """A host name is sent as DNS spells it, an address is not sent."""
    content = wire.parsed(hello(shipped()["aerc-0.20"], server_name)).extension(wire.SERVER_NAME)
    assert content == (None if sent is None else wire.vector(2, b"\0" + wire.vector(2, sent)))


def test_no_server_name_from_who_sends_none() -> None:
    """A client that sends no SNI goes without."""
    silent = _changed("aerc-0.20", sni=False)
    assert wire.parsed(hello(silent, NAME)).extension(wire.SERVER_NAME) is None


_OPENSSL = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521", "x25519": "X25519", "x448": "X448"}
_OPENSSL |= {f"ffdhe{bits}": f"ffdhe{bits}" for bits in (2048, 3072, 4096, 6144, 8192)}


@pytest.mark.parametrize("group", _OPENSSL)
def test_a_key_share_is_what_a_server_can_calculate_with(
    group: str, serve: Callable[..., int], connect: Connect
) -> None:
    """A server that has but one group takes a share of it, in the first hello and in the second."""
    port = serve("rsa", "-groups", _OPENSSL[group], "-tls1_3")
    other = "x25519" if group != "x25519" else "secp256r1"
    for shares, retried in (((group,), False), ((other,), True), ((), True)):
        with connect(port) as line:
            answer = meet(line, _changed("java-17", groups=(group, other), key_shares=shares), NAME)
            part(line, answer)
        assert (answer.kind, answer.group, answer.retried) == ("hello", names.GROUPS[group], retried)


def test_a_lattice_key_is_one_that_can_be_encapsulated_to() -> None:
    """The share of X25519MLKEM768 passes the checks of FIPS 203, whatever the random bytes are."""
    mlkem = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.mlkem")
    for entropy in (_seeded(0xFF), _seeded(0xAA), None):
        made = share(names.GROUPS["X25519MLKEM768"], entropy) if entropy else _shares(_hybrid())[0x11EC]
        assert made is not None
        assert len(made) == 1184 + 32
        mlkem.MLKEM768PublicKey.from_public_bytes(made[:1184]).encapsulate()


def _hybrid() -> wire.ClientHello:
    return wire.parsed(hello(shipped()["openssl-3.5"], NAME))


@pytest.mark.parametrize(("group", "length"), [(0x11EB, 65 + 1184), (0x11ED, 97 + 1568), (0x6399, 32 + 1184)])
def test_other_hybrids(group: int, length: int) -> None:
    """The other hybrid groups have shares of their own length."""
    made = share(group, _seeded(1))
    assert made is not None
    assert len(made) == length


def test_a_share_that_nobody_can_make_is_left_to_a_retry(serve: Callable[..., int], connect: Connect) -> None:
    """A client with an unknown group is heard all the same, and asked for a share of another."""
    odd = _changed("java-17", groups=("0xfe00", "x25519"), key_shares=("0xfe00",))
    with connect(serve("rsa", "-tls1_3")) as line:
        answer = meet(line, odd, NAME)
        part(line, answer)
    assert (answer.kind, answer.group, answer.retried) == ("hello", names.GROUPS["x25519"], True)


def test_the_second_hello_is_the_first_with_another_share() -> None:
    """Random and session id stay, the share is the one that was asked for, the cookie goes back."""
    first = hello(shipped()["python-3.11"], NAME)
    before, after = wire.parsed(first), wire.parsed(again(first, names.GROUPS["secp384r1"], b"crumbs"))
    assert (after.random, after.session_id, after.suites) == (before.random, before.session_id, before.suites)
    assert list(_shares(after)) == [names.GROUPS["secp384r1"]]
    assert after.extension(wire.COOKIE) == b"\0\6crumbs"
    changed = {wire.KEY_SHARE, wire.COOKIE, wire.PADDING}
    assert [one for one in after.extensions if one[0] not in changed] == [
        one for one in before.extensions if one[0] not in changed
    ]
    assert len(after.message()) == 512


def test_a_retry_without_a_group_keeps_the_shares() -> None:
    """A server that only wants its cookie back gets the same shares again."""
    first = hello(shipped()["python-3.11"], NAME)
    assert _shares(wire.parsed(again(first, None, b"crumbs"))) == _shares(wire.parsed(first))


@pytest.mark.parametrize(
    ("group", "message"),
    [
        ("brainpoolP256r1", "brainpoolP256r1, which the client does not offer"),
        ("0xfe00", "0xfe00, which cannot be made"),
    ],
)
def test_a_share_that_cannot_be_had(group: str, message: str) -> None:
    """A server that asks for the impossible is an error that names it."""
    first = hello(_changed("java-17", groups=("0xfe00", "x25519")), NAME)
    with pytest.raises(HandshakeError, match=message):
        again(first, names.number(group, names.GROUPS), None)
