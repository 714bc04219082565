"""All clients on all ports: who is let in, who is locked out, and what is nobody's lockout."""

from __future__ import annotations

import json
import queue
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from mailrig.clients import wire
from mailrig.clients.catalogue import shipped
from mailrig.errors import VerifyError
from mailrig.verify import connection
from mailrig.verify.clients import Meeting, ask_all, probe
from mailrig.verify.probe import Skip
from mailrig.verify.target import Endpoint

APPLE, MODERN, OLD = "apple-mail-16-macos", "thunderbird-153esr", "java-7u25"
THREE = [shipped()[id_] for id_ in (APPLE, MODERN, OLD)]

GREETINGS: Mapping[str, list[str]] = {
    "imap": ["* OK ready"],
    "pop3": ["+OK ready"],
    "smtp": ["220 ready"],
    "submission": ["220 ready"],
    "managesieve": ['"STARTTLS"', "OK ready"],
}
ANSWERS: Mapping[str, Mapping[str, list[str]]] = {
    "imap": {"a STARTTLS": ["a OK begin"]},
    "pop3": {"STLS": ["+OK begin"]},
    "smtp": {"EHLO": ["250-me", "250 STARTTLS"], "STARTTLS": ["220 begin"]},
    "submission": {"EHLO": ["250 STARTTLS"], "STARTTLS": ["220 begin"]},
    "managesieve": {"STARTTLS": ["OK begin"]},
}


def shaking(server: ssl.SSLContext) -> Any:
    """Return a handler that shakes hands."""
    return lambda line: line.secure(server)


def upgrading(world: Any, port: str, server: ssl.SSLContext) -> Any:
    """Return a handler that shakes hands after STARTTLS."""

    def handler(line: Any) -> None:
        line.say(*GREETINGS[port])
        while heard := line.hear():
            line.say(*world.reply(ANSWERS[port], heard))
            if heard.split()[-1] in ("STARTTLS", "STLS"):
                line.secure(server)
                return

    return handler


def verdicts(met: Mapping[tuple[str, str], Meeting]) -> dict[tuple[str, str], str]:
    """Return the verdicts alone."""
    return {key: meeting.verdict for key, meeting in met.items()}


def test_every_port_is_asked_for_every_client(world: Any) -> None:
    """In TLS from the first byte and after STARTTLS in each protocol, the same clients get the same answer."""
    leaf = world.authority.leaf()
    direct = {port: shaking(leaf) for port in connection.DIRECT}
    upgraded = {port: upgrading(world, port, leaf) for port in connection.UPGRADED}
    met = ask_all(world.at(**direct, **upgraded), THREE)
    ports = (*connection.DIRECT, *connection.UPGRADED)
    assert list(met) == [(client.id, port) for client in THREE for port in ports]
    expected = {APPLE: ("let in", "TLSv1.2"), MODERN: ("let in", "TLSv1.3"), OLD: ("locked out", None)}
    for (id_, _), meeting in met.items():
        assert (meeting.verdict, meeting.as_dict()["version"]) == expected[id_], meeting.seen


def test_the_incident(world: Any) -> None:
    """An ECDSA certificate with RSA suites locks out who speaks TLS 1.2 at most, and nobody else."""
    leaf = world.authority.leaf()
    leaf.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384")
    met = ask_all(world.at(imaps=shaking(leaf)), shipped().values())
    for (id_, _), meeting in met.items():
        modern = "TLSv1.3" in shipped()[id_].entry.versions
        assert meeting.verdict == ("let in" if modern else "locked out"), id_
    assert met[APPLE, "imaps"].seen == "the server refused the handshake (alert 40, handshake_failure)"


def test_what_is_known_of_a_meeting(world: Any) -> None:
    """A meeting is plain data, with names."""
    met = ask_all(world.at(imaps=shaking(world.authority.leaf(kind="rsa"))), THREE, ["imaps"])
    told = json.loads(json.dumps([meeting.as_dict() for meeting in met.values()]))
    assert told[0] == {
        "client": APPLE,
        "port": "imaps",
        "verdict": "let in",
        "version": "TLSv1.2",
        "suite": "ECDHE-RSA-AES256-GCM-SHA384",
        "group": "secp256r1",
        "signature_algorithm": "rsa_pkcs1_sha256",
        "alert": None,
        "retried": False,
        "seen": "TLSv1.2 ECDHE-RSA-AES256-GCM-SHA384",
    }
    assert (told[2]["verdict"], told[2]["alert"]) == ("locked out", 70)


def test_an_end_without_an_alert_locks_out(world: Any) -> None:
    """Dovecot 2.3 refuses by hanging up; it is asked twice before that is believed."""
    connections: list[Any] = []
    met = ask_all(world.at(imaps=connections.append), THREE[:1])
    assert met[APPLE, "imaps"].verdict == "locked out"
    assert met[APPLE, "imaps"].seen == "the server closed the connection without an alert"
    assert len(connections) == 2


def test_an_answer_is_believed_at_once(world: Any) -> None:
    """Only an end is asked for again: each connection costs the server a process."""
    connections: list[Any] = []
    leaf = world.authority.leaf()

    def handler(line: Any) -> None:
        connections.append(line)
        line.secure(leaf)

    assert set(verdicts(ask_all(world.at(imaps=handler), THREE[:2])).values()) == {"let in"}
    assert len(connections) == 2


def test_the_host_is_asked_for_by_the_name_that_clients_are_told(world: Any) -> None:
    """Whoever says which host it means says the same as in earnest; a server may choose its certificate by it."""
    leaf, asked = world.authority.leaf(), []
    leaf.sni_callback = lambda _, name, __: asked.append(name)
    ask_all(world.at(imaps=shaking(leaf)), THREE[:1])
    assert asked == [world.target.hostname]


def test_the_server_is_told_that_nothing_more_comes(world: Any) -> None:
    """It need not wait for the rest of the handshake, nor take the client for one that went away."""
    ends: queue.SimpleQueue[str] = queue.SimpleQueue()

    def handler(line: Any) -> None:
        with pytest.raises(ssl.SSLError) as caught:
            line.secure(world.authority.leaf())
        ends.put(str(caught.value))

    ask_all(world.at(imaps=handler), THREE[:1])
    assert "USER_CANCELLED" in ends.get()


def test_a_missing_key_share_costs_a_retry(world: Any) -> None:
    """The client gets in all the same, and it is known that it was asked again."""
    leaf = world.authority.leaf()
    leaf.set_ecdh_curve("secp521r1")
    [meeting] = ask_all(world.at(imaps=shaking(leaf)), [shipped()[MODERN]]).values()
    told = meeting.as_dict()
    assert (told["verdict"], told["retried"], told["group"]) == ("let in", True, "secp521r1")


def test_an_end_that_does_not_come_again(world: Any) -> None:
    """A server that hangs up once, as it reloads, has locked out nobody."""
    connections: list[Any] = []

    def handler(line: Any) -> None:
        connections.append(line)
        if len(connections) > 1:
            line.secure(world.authority.leaf())

    assert ask_all(world.at(imaps=handler), THREE[:1])[APPLE, "imaps"].verdict == "let in"


@pytest.mark.parametrize(
    ("port", "answers", "seen"),
    [
        ("imap", {"a STARTTLS": ["a BAD no"]}, "STARTTLS is refused: a BAD no"),
        ("submission", {"EHLO": ["250 me"], "STARTTLS": ["454 later"]}, "STARTTLS is refused: 454 later"),
        ("imaps", {}, "the answer is not TLS: it begins with b'* OK '"),
    ],
)
def test_who_cannot_be_asked_locks_out_nobody(world: Any, port: str, answers: Any, seen: str) -> None:
    """A port that does not come as far as TLS is an error, not a verdict about a client."""
    handler = world.script(GREETINGS.get(port, ["* OK ready"]), answers)
    (meeting,) = ask_all(world.at(**{port: handler}), THREE[:1]).values()
    assert (meeting.verdict, meeting.seen) == ("unknown", seen)
    assert meeting.as_dict()["version"] is None


def test_silence_locks_out_nobody(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that does not answer in time says nothing about the client."""
    monkeypatch.setattr(connection, "TIMEOUT", 0.05)
    met = ask_all(world.at(imaps=lambda line: line.socket.recv(65536) and line.socket.recv(1)), THREE[:1])
    assert (met[APPLE, "imaps"].verdict, met[APPLE, "imaps"].seen) == ("unknown", "no answer in time")


def test_nobody_there_locks_out_nobody(world: Any) -> None:
    """A port at which nobody listens is an error."""
    met = ask_all(replace(world.target, endpoints={"imaps": Endpoint("127.0.0.1", 1)}), THREE[:1])
    assert met[APPLE, "imaps"].seen == "the connection is refused"


def test_ports_that_are_not_published(world: Any) -> None:
    """What is not published is not asked; asked for by name, it says so."""
    target = world.at(imaps=shaking(world.authority.leaf()))
    assert list(ask_all(target, THREE[:1], ["imaps", "pop3s"])) == [(APPLE, "imaps")]
    assert list(ask_all(target, THREE[:1], ["pop3s"])) == [], "only what is asked for"
    with pytest.raises(Skip, match="port pop3s is not published"):
        probe(target, THREE[0], "pop3s")


def test_one_client_on_one_port(world: Any) -> None:
    """A probe returns the answer, or raises why there is none."""
    target = world.at(imaps=shaking(world.authority.leaf()), imap=world.script(GREETINGS["imap"], {"a": ["a NO"]}))
    assert probe(target, THREE[1], "imaps").is_let_in
    with pytest.raises(VerifyError, match="STARTTLS is refused"):
        probe(target, THREE[1], "imap")


def test_progress_is_told(world: Any) -> None:
    """Whoever waits sees each meeting as it comes."""
    seen: list[Meeting] = []
    met = ask_all(world.at(imaps=shaking(world.authority.leaf())), THREE, progress=seen.append)
    assert sorted(meeting.client.id for meeting in seen) == sorted(client.id for client in THREE)
    assert set(verdicts(met).values()) == {"let in", "locked out"}


def test_never_more_at_once_than_is_good_for_the_server(world: Any) -> None:
    """So many connections are open side by side, and no more."""
    both_here = threading.Barrier(2)
    counting = threading.Lock()
    now, most = [0], [0]

    def handler(line: Any) -> None:
        with counting:
            now[0] += 1
            most[0] = max(most[0], now[0])
        both_here.wait()
        time.sleep(0.02)  # for a third one to come, if one does
        with counting:
            now[0] -= 1  # before the answer, which lets the client go on to its next connection
        line.socket.recv(65536)
        line.socket.sendall(wire.alert(40, 0x0303))

    assert len(ask_all(world.at(imaps=handler), list(shipped().values())[:12], at_once=2)) == 12
    assert most[0] == 2
