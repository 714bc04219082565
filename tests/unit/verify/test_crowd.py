"""The verdict on all mail clients together: who counts, where it counts, and whether it was foreseen."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from msgspec.structs import replace

from mailrig.clients import wire
from mailrig.clients.answer import Answer
from mailrig.clients.catalogue import Client, shipped
from mailrig.clients.names import GROUPS, VERSIONS
from mailrig.clients.offered import broken
from mailrig.clients.openssl import GROUPS_BY_DEFAULT, SUITES13
from mailrig.clients.prediction import predict
from mailrig.clients.server import Certificate, Server
from mailrig.verify.clients import Meeting, Meetings
from mailrig.verify.crowd import Crowd, _agree, lane
from mailrig.verify.report import Result
from mailrig.verify.target import Target

ANDROID, MODERN, OLD = "android-7", "aerc-0.20", "java-7u25"


def three() -> tuple[Client, ...]:
    """Return two clients that are required and one that is legacy."""
    return tuple(shipped()[id_] for id_ in (ANDROID, MODERN, OLD))


def of_tls13_only() -> Server:
    """Return what a server offers that speaks TLS 1.3 alone."""
    certificate = Certificate("EC", 256, GROUPS["secp256r1"], 0x0403)
    return Server(
        versions=(VERSIONS["TLSv1.3"],),
        suites=(),
        suites13=SUITES13,
        groups=GROUPS_BY_DEFAULT,
        certificates=(certificate,),
    )


@pytest.fixture
def served(world: Any) -> Target:
    """A server on IMAPS, and one that stands for port 25, both of which speak TLS 1.3 alone."""
    import ssl

    context = world.authority.leaf()
    context.minimum_version = ssl.TLSVersion.TLSv1_3

    def smtp(line: Any) -> None:
        line.say("220 ready")
        while heard := line.hear():
            line.say(*(["250 STARTTLS"] if heard.startswith("EHLO") else ["220 begin"]))
            if heard == "STARTTLS":
                line.secure(context)
                return

    found: Target = world.at(imaps=lambda line: line.secure(context), smtp=smtp)
    return found


def asked(target: Target, crowd: Crowd) -> dict[str, Result]:
    """Return the results by their names, without those that were skipped."""
    results = lane(target, crowd).results(lambda *_: None)
    return {one.name: one for one in results if not one.skipped}


def test_a_required_client_that_is_locked_out_fails_the_port(served: Target) -> None:
    """A legacy one does not, and on port 25 nobody does."""
    found = asked(served, Crowd(three()))
    assert sorted(found) == ["clients imaps", "clients smtp"]
    assert not found["clients imaps"].ok
    assert found["clients imaps"].seen == "1 of 2 required clients are locked out: Android 7.0 native"
    assert found["clients smtp"].ok
    assert found["clients smtp"].seen == "1 of 3 clients let in; not Android 7.0 native, Java 7u25 (legacy)"


def test_whoever_is_allowed_to_stay_outside_fails_nothing(served: Target) -> None:
    """Somebody said so."""
    found = asked(served, Crowd(three(), frozenset({ANDROID})))
    assert found["clients imaps"].ok
    assert "not Android 7.0 native" in found["clients imaps"].seen


def speaking_first(line: Any) -> None:
    """Serve a port that does not begin with TLS."""
    line.say("* OK ready")


def test_a_required_client_that_could_not_be_asked_for_fails_the_port(world: Any) -> None:
    """Nobody knows whether it gets in; who it was and what was seen is told."""
    found = asked(world.at(imaps=speaking_first), Crowd(three(), offered={"imaps": of_tls13_only()}))
    assert not found["clients imaps"].ok
    said = "2 clients could not be asked for, as Android 7.0 native: the answer is not TLS"
    assert found["clients imaps"].seen.startswith(said)
    assert found["prediction imaps"].seen == "0 answers as foreseen", "no answer is no wrong one"


def test_a_legacy_client_that_could_not_be_asked_for_fails_nothing(world: Any) -> None:
    """It is not counted as let in either."""
    found = asked(world.at(imaps=speaking_first), Crowd(three()[2:]))
    assert found["clients imaps"].ok
    assert found["clients imaps"].seen == "0 of 1 clients let in"


def test_no_more_are_asked_for_at_once_than_the_crowd_says(world: Any) -> None:
    """People log in meanwhile."""
    counting = threading.Lock()
    now, most = [0], [0]

    def handler(line: Any) -> None:
        with counting:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.02)  # for another one to come, if one does
        with counting:
            now[0] -= 1  # before the answer, which lets the next one come
        line.socket.recv(65536)
        line.socket.sendall(wire.alert(40, 0x0303))

    asked(world.at(imaps=handler), Crowd(tuple(shipped().values())[:8], at_once=1))
    assert most[0] == 1


def test_nobody_waits_for_the_crowd(served: Target) -> None:
    """Whether mail works is known before: the lane takes seconds by its nature."""
    assert not lane(served, Crowd(three())).is_gating


def test_ignored_clients_are_not_asked_for(served: Target) -> None:
    """Nobody here uses them."""
    clients = [replace(one, entry=replace(one.entry, standing="ignored")) for one in three()[:1]]
    seen: list[Meetings] = []
    found = asked(served, Crowd((*clients, *three()[1:]), seen=seen.append))
    assert found["clients imaps"].ok
    assert {client for client, _ in seen[0]} == {MODERN, OLD}
    assert len(seen) == 1, "all ports are asked at once"


def test_what_was_foreseen_is_compared(served: Target) -> None:
    """Verdict, version and suite."""
    found = asked(served, Crowd(three(), offered={"imaps": of_tls13_only()}))
    assert found["prediction imaps"].ok
    assert found["prediction imaps"].seen == "3 answers as foreseen"
    assert "prediction smtp" not in found


def test_what_is_not_published_is_not_compared(served: Target) -> None:
    """Though it is known what it would offer."""
    found = asked(served, Crowd(three(), offered=dict.fromkeys(("imaps", "pop3s"), of_tls13_only())))
    assert "prediction pop3s" not in found
    assert "clients pop3s" not in found


def test_the_same_suite_in_another_version_is_another_answer() -> None:
    """Suites up to TLS 1.2 go with more than one version."""
    client = shipped()[MODERN]
    expected = predict(of_tls13_only(), client)
    assert expected.version == VERSIONS["TLSv1.3"]
    for version, is_same in (("TLSv1.3", True), ("TLSv1.2", False)):
        seen = Meeting(client, "imaps", Answer("hello", VERSIONS[version], expected.suite))
        assert _agree(seen, expected) == is_same


def test_what_comes_after_the_handshake_is_not_compared(served: Target) -> None:
    """A port that turns clients away after it is foreseen as closed, and a ClientHello is answered all the same."""
    late = broken("it asks for a certificate", refuses_late=True)
    found = asked(served, Crowd(three(), offered={"imaps": late}))
    assert "prediction imaps" not in found
    assert "clients imaps" in found


@pytest.mark.parametrize(
    ("offered", "said"),
    [
        (replace(of_tls13_only(), suites13=(0x1304,)), "aerc-0.20 was to be locked out (tls13: "),
        (replace(of_tls13_only(), suites13=(0x1303,)), "aerc-0.20 was to be TLS_CHACHA20_POLY1305_SHA256, and saw: "),
    ],
)
def test_a_wrong_prediction_is_an_error_of_its_own(served: Target, offered: Server, said: str) -> None:
    """It names the client, what was foreseen and what was seen."""
    found = asked(served, Crowd(three(), offered={"imaps": offered}))
    assert not found["prediction imaps"].ok
    assert found["prediction imaps"].seen.startswith("the prediction was wrong, please report it: ")
    assert said in found["prediction imaps"].seen
