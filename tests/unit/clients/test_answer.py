"""What servers answer: let in, asked again, refused with and without a word; and what is no answer at all."""

from __future__ import annotations

import contextlib
import random
import socket
from collections.abc import Callable
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from mailrig.clients import names, wire
from mailrig.clients.answer import Answer, read_answer
from mailrig.clients.catalogue import shipped
from mailrig.clients.encounter import meet, part
from mailrig.clients.hello import hello
from mailrig.errors import HandshakeError

NAME = "mail.example.test"
HANDSHAKE_FAILURE, PROTOCOL_VERSION, UNRECOGNIZED_NAME = 40, 70, 112
TLS12, TLS13 = names.VERSIONS["TLSv1.2"], names.VERSIONS["TLSv1.3"]
APPLE, MODERN = "apple-mail-16-macos", "thunderbird-153esr"

Connect = Callable[[int], contextlib.AbstractContextManager[socket.socket]]
Serve = Callable[..., int]
Replay = Callable[..., contextlib.AbstractContextManager[socket.socket]]


def _met(connect: Connect, port: int, id_: str, name: str = NAME) -> Answer:
    with connect(port) as line:
        answer = meet(line, shipped()[id_], name)
        part(line, answer)
        return answer


def _flight(connect: Connect, port: int, id_: str) -> bytes:
    """Record what a server says until it waits for the client."""
    with connect(port) as line:
        line.sendall(hello(shipped()[id_], NAME))
        line.shutdown(socket.SHUT_WR)
        said = b""
        while part_ := line.recv(65536):
            said += part_
        return said


def _messages(flight: bytes) -> tuple[bytes, bytes]:
    """Split a flight into what its handshake records hold, and the records after them."""
    left = wire.Cursor(flight, "flight")
    messages, at = b"", 0
    while not left.is_done:
        type_, _, content = left.number(1), left.take(2), left.vector(2)
        if type_ != wire.HANDSHAKE:
            break
        messages += content
        at += wire.RECORD_HEADER + len(content)
    return messages, flight[at:]


def test_let_in_with_tls_1_2(serve: Serve, connect: Connect) -> None:
    """TLS 1.2 tells the suite, the group, what was signed with, and the certificate."""
    answer = _met(connect, serve("rsa", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"), APPLE)
    assert answer.is_let_in
    assert (answer.version, answer.suite) == (TLS12, names.SUITES["ECDHE-RSA-AES128-GCM-SHA256"])
    assert answer.group == names.GROUPS["secp256r1"]
    assert answer.signature_algorithm in shipped()[APPLE].signature_algorithms
    key = x509.load_der_x509_certificate(answer.certificate or b"").public_key()
    assert isinstance(key, rsa.RSAPublicKey)


@pytest.mark.parametrize("suite", ["AES128-GCM-SHA256", "DHE-RSA-AES128-GCM-SHA256"])
def test_other_key_exchanges(suite: str, serve: Serve, connect: Connect) -> None:
    """RSA comes without a ServerKeyExchange, and DHE without a group; both are let in."""
    answer = _met(connect, serve("rsa", "-cipher", suite, "-tls1_2"), "openssl-1.1.1")
    assert (answer.kind, answer.suite, answer.group) == ("hello", names.SUITES[suite], None)
    assert (answer.signature_algorithm is not None) == suite.startswith("DHE")


def test_old_versions_do_not_tell_what_they_sign_with(serve: Serve, connect: Connect) -> None:
    """TLS 1.0 has no signature algorithm in its ServerKeyExchange."""
    port = serve("rsa", "-tls1", "-cipher", "ECDHE-RSA-AES128-SHA:@SECLEVEL=0")
    answer = _met(connect, port, "java-7u25")
    assert (answer.kind, answer.version) == ("hello", names.VERSIONS["TLSv1.0"])
    assert (answer.group, answer.signature_algorithm) == (names.GROUPS["secp256r1"], None)


def test_let_in_with_tls_1_3(serve: Serve, connect: Connect) -> None:
    """TLS 1.3 tells the suite and the group, and encrypts the rest."""
    answer = _met(connect, serve("rsa", "-ciphersuites", "TLS_AES_256_GCM_SHA384"), MODERN)
    assert answer == Answer("hello", TLS13, names.SUITES["TLS_AES_256_GCM_SHA384"], names.GROUPS["x25519"])


def test_let_in_after_a_retry(serve: Serve, connect: Connect) -> None:
    """A missing key share costs a retry, no more."""
    answer = _met(connect, serve("rsa", "-groups", "P-521"), MODERN)
    assert (answer.kind, answer.version, answer.group) == ("hello", TLS13, names.GROUPS["secp521r1"])
    assert answer.retried


def test_a_retry_as_it_is_read(serve: Serve, connect: Connect) -> None:
    """A HelloRetryRequest is told from a ServerHello, and says which group it wants."""
    with connect(serve("rsa", "-groups", "P-521")) as line:
        line.sendall(hello(shipped()[MODERN], NAME))
        answer = read_answer(line)
        part(line, answer)
    assert (answer.kind, answer.version, answer.group) == ("retry", TLS13, names.GROUPS["secp521r1"])


def test_a_retry_with_a_cookie(serve: Serve, connect: Connect) -> None:
    """A server that keeps no state gets its cookie back."""
    port = serve("rsa", "-stateless", "-tls1_3")
    with connect(port) as line:
        line.sendall(hello(shipped()[MODERN], NAME))
        answer = read_answer(line)
        part(line, answer)
    assert answer.kind == "retry"
    assert answer.cookie
    answer = _met(connect, port, MODERN)
    assert (answer.kind, answer.retried) == ("hello", True)


@pytest.mark.parametrize(
    ("kind", "arguments", "id_", "alert"),
    [
        ("ecdsa", ("-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"), APPLE, HANDSHAKE_FAILURE),
        ("rsa", ("-tls1_3",), APPLE, PROTOCOL_VERSION),
        ("rsa", ("-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256"), MODERN, HANDSHAKE_FAILURE),
        ("rsa", ("-tls1_3", "-groups", "X448"), MODERN, HANDSHAKE_FAILURE),
        ("rsa", ("-tls1_3", "-sigalgs", "ed25519"), MODERN, HANDSHAKE_FAILURE),
    ],
)
def test_refused_with_an_alert(
    kind: str, arguments: tuple[str, ...], id_: str, alert: int, serve: Serve, connect: Connect
) -> None:
    """A server that has nothing in common says so by an alert, in TLS 1.3 too before anything is encrypted."""
    answer = _met(connect, serve(kind, *arguments), id_)
    assert answer == Answer("alert", alert=alert)
    assert not answer.is_let_in


@pytest.mark.parametrize(("manner", "kind"), [((), "hello"), (("-servername_fatal",), "alert")])
def test_a_warning_is_no_refusal(
    manner: tuple[str, ...], kind: str, certificates: dict[str, object], serve: Serve, connect: Connect
) -> None:
    """A server that does not know the name can warn and let in; it can also refuse."""
    path = str(certificates["rsa"])
    other = ("-servername", "other.example", "-cert2", path, "-key2", path)
    answer = _met(connect, serve("rsa", "-tls1_2", *other, *manner), APPLE)
    assert (answer.kind, answer.alert) == (kind, UNRECOGNIZED_NAME)


@pytest.mark.parametrize("reset", [False, True])
def test_an_end_without_a_word(replay: Replay, *, reset: bool) -> None:
    """A server that hangs up, or resets the line, has refused."""
    with replay(b"", reset=reset) as line:
        assert meet(line, shipped()[APPLE], NAME) == Answer("end")


def test_a_goodbye_is_an_end(replay: Replay) -> None:
    """close_notify is no refusal of its own kind: the stream has ended."""
    with replay(wire.alert(0, TLS12, fatal=False)) as line:
        assert read_answer(line) == Answer("end")


def test_any_cut_into_records_is_read_alike(serve: Serve, connect: Connect, replay: Replay) -> None:
    """Messages are cut into records as the server likes: each in several, or all in one."""
    messages, _ = _messages(_flight(connect, serve("rsa", "-tls1_2"), APPLE))
    answers = set()
    for size in (1, 3, 100, len(messages)):
        cut = [messages[at : at + size] for at in range(0, len(messages), size)]
        with replay(b"".join(wire.records(wire.HANDSHAKE, TLS12, one) for one in cut)) as line:
            answers.add(read_answer(line))
    (answer,) = answers
    assert answer.is_let_in
    assert answer.certificate


def test_a_refusal_after_the_server_hello(serve: Serve, connect: Connect, replay: Replay) -> None:
    """A server that gives up before ServerHelloDone has refused, and what it had chosen is told."""
    messages, _ = _messages(_flight(connect, serve("rsa", "-tls1_2"), APPLE))
    begun = wire.records(wire.HANDSHAKE, TLS12, messages[:-4])
    with replay(begun) as line:
        ended = read_answer(line)
    with replay(begun + wire.alert(80, TLS12)) as line:
        alerted = read_answer(line)
    assert (ended.kind, ended.version) == ("end", TLS12)
    assert ended.suite in shipped()[APPLE].suites
    assert alerted == replace(ended, kind="alert", alert=80)


def test_a_refusal_that_is_encrypted(serve: Serve, connect: Connect, replay: Replay) -> None:
    """In TLS 1.3 a ServerHello alone lets nobody in; an alert after it is known by its length."""
    flight = _flight(connect, serve("rsa", "-tls1_3"), MODERN)
    messages, _ = _messages(flight)
    begun = wire.records(wire.HANDSHAKE, TLS12, messages) + wire.records(wire.CHANGE_CIPHER_SPEC, TLS12, b"\1")
    alert, extensions, certificate = (
        wire.records(wire.APPLICATION_DATA, TLS12, bytes(length)) for length in (2 + 1 + 16, 30, 300)
    )
    kinds = []
    for rest in (b"", alert, extensions, extensions + alert, extensions + certificate, certificate):
        with replay(begun + rest) as line:
            kinds.append(read_answer(line).kind)
    with replay(flight) as line:
        kinds.append(read_answer(line).kind)
    assert kinds == ["end", "alert", "end", "alert", "hello", "hello", "hello"]


@pytest.mark.parametrize(
    ("said", "message"),
    [
        (b"* OK [CAPABILITY IMAP4rev1] Dovecot ready.\r\n", r"not TLS: it begins with b'\* OK '"),
        (b"220 mail.example.test ESMTP Postfix\r\n", r"not TLS: it begins with b'220 m'"),
        (b"\x16\x02\x00\x00\x01\x00", "not TLS"),
        (b"\x16\x03\x03\xff\xff" + bytes(70000), "not TLS"),
        (b"\x15\x03\x03\x00\x01\x02", "alert ends too early"),
        (wire.records(wire.APPLICATION_DATA, TLS12, bytes(50)), "encrypts before it has said how"),
        (wire.records(wire.HANDSHAKE, TLS12, b"\x0e\0\0\0"), "message 14 comes out of turn"),
        (wire.records(wire.HANDSHAKE, TLS12, b"\x02\0\0\x02\3\3"), "ServerHello ends too early"),
        (wire.records(wire.CHANGE_CIPHER_SPEC, TLS12, b"\1") * 100_000, "comes to no end"),
    ],
)
def test_what_is_no_answer(said: bytes, message: str, replay: Replay) -> None:
    """What is not TLS says nothing about a client, and is an error."""
    with replay(said) as line, pytest.raises(HandshakeError, match=message):
        read_answer(line)


def test_silence_is_an_error_of_its_own(generous: int, connect: Connect) -> None:
    """A server that does not answer in time has neither let in nor refused."""
    with connect(generous) as line:
        line.settimeout(0.05)
        with pytest.raises(TimeoutError):
            read_answer(line)


def test_what_was_not_offered_cannot_be_chosen(serve: Serve, connect: Connect, replay: Replay) -> None:
    """A client hangs up on a server that chooses freely, so that is no way in."""
    flight = _flight(connect, serve("rsa", "-tls1_2", "-cipher", "CAMELLIA128-SHA"), "openssl-1.0.2")
    with replay(flight) as line, pytest.raises(HandshakeError, match="CAMELLIA128-SHA, which the client does not"):
        meet(line, shipped()[APPLE], NAME)


def test_mutilated_answers(serve: Serve, connect: Connect, replay: Replay) -> None:
    """Whatever a server says, it is an answer or one known error."""
    chance = random.Random(4)  # noqa: S311 - for a test that can be repeated
    flights = [_flight(connect, serve("rsa", version), "openssl-1.1.1") for version in ("-tls1_2", "-tls1_3")]
    errors = 0
    for _ in range(300):
        flight = bytearray(chance.choice(flights))
        for _ in range(chance.randrange(1, 6)):
            flight[chance.randrange(min(len(flight), 200))] = chance.randrange(256)
        with replay(bytes(flight)) as line:
            try:
                assert read_answer(line).kind
            except HandshakeError:
                errors += 1
    assert 0 < errors < 300
