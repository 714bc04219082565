"""What is asked of a gateway and of its home's port, against scripted dialogues and an inside made of strings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from mailrig.verify import gateway, settings
from mailrig.verify.causes import Causes
from mailrig.verify.evidence import Evidence
from mailrig.verify.report import Result
from mailrig.verify.survey import lanes

LMTP = {
    "LHLO": ["250-hello", "250 8BITMIME"],
    "MAIL": ["250 2.1.0 Ok"],
    "RCPT": ["550 5.1.1 <probe@example.test> User doesn't exist: probe@example.test"],
    "QUIT": ["221 2.0.0 Bye"],
}
TRANSPORT = (0, "virtual_transport = lmtp:inet:[100.64.0.10]:2525\n")
SAID = "220 hello\n> LHLO x\n250 ok\n> MAIL FROM:<>\n250 ok\n> RCPT TO:<probe@example.test>\n{}\n> QUIT\n221 bye\n"


def ask(lane: Any, explain: Any = lambda _probe, _seen: None) -> Result:
    """Ask a lane's only probe."""
    (result,) = lane.results(explain)
    return result


def at_gateway(world: Any) -> Any:
    """Return a gateway, and its home."""
    return replace(world.target, host="mx", home=world.target)


def stranger(world: Any, *gateways: str, **change: list[str]) -> Result:
    """Ask a home that has these gateways for what strangers must not get."""
    port = world.at(lmtp=world.script(["220 hello"], {**LMTP, **change}))
    (lane,) = gateway.strangers(replace(port, gateways=gateways))
    return ask(lane)


def hand_over(world: Any, outputs: Mapping[str, tuple[int, str]]) -> Result:
    """Ask from inside a gateway's container, of which these are the answers."""
    target = at_gateway(world)
    evidence = Evidence(world.inside({"postconf": TRANSPORT, **outputs}))
    (lane,) = [one for one in lanes(target, evidence) if [probe.name for probe in one.probes] == ["hand-over"]]
    return ask(lane, Causes(target, evidence).explain)


def test_who_is_no_gateway_is_refused(world: Any) -> None:
    """The refusal is what was seen."""
    found = stranger(world, "100.64.0.20")
    assert (found.ok, found.skipped) == (True, False)
    assert found.seen.startswith("refused: 550 5.1.1")


def test_mail_that_is_taken_from_anybody_fails(world: Any) -> None:
    """Whoever reaches the port would put mail into every mailbox."""
    found = stranger(world, "100.64.0.20", RCPT=["250 2.1.5 OK"])
    assert (found.ok, found.seen) == (False, "mail is taken from 127.0.0.1 that is no gateway's: 250 2.1.5 OK")


def test_the_gateways_own_machine_is_no_stranger(world: Any) -> None:
    """Whoever asks from there is served, and has learned nothing."""
    assert stranger(world, "127.0.0.1", RCPT=["250 2.1.5 OK"]).skipped


def test_a_home_without_gateways_is_asked_by_no_stranger(world: Any) -> None:
    """Its port may be for whoever reaches it."""
    assert gateway.strangers(world.target) == []


def test_home_is_asked_from_inside_the_gateway(world: Any) -> None:
    """At the address that Postfix really hands over to."""
    found = hand_over(world, {"timeout 15 bash": (0, SAID.format("250 2.1.5 OK"))})
    assert (found.ok, found.seen) == (True, "100.64.0.10:2525 answers: 250 2.1.5 OK")


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (
            (0, SAID.format("550 5.1.1 nobody")),
            "100.64.0.10:2525 answers, and does not take mail from here: 550 5.1.1 nobody",
        ),
        (
            (9, "bash: connect: Connection refused\n"),
            "does not answer from inside the gateway: bash: connect: Connection refused",
        ),
        ((124, ""), "100.64.0.10:2525 does not answer from inside the gateway: it says nothing"),
    ],
)
def test_home_that_takes_nothing_is_found_from_inside(world: Any, answer: tuple[int, str], seen: str) -> None:
    """It may be away, or know another address of the gateway; the hint names both."""
    found = hand_over(world, {"timeout 15 bash": answer})
    assert not found.ok
    assert seen in found.seen
    assert "`vpn_address`" in (found.cause or "")


def test_mail_that_goes_elsewhere_is_found_from_inside(world: Any) -> None:
    """A setting of the user's own may send it another way."""
    found = hand_over(world, {"postconf": (0, "virtual_transport = smtp:[192.0.2.1]\n")})
    assert found.seen == "virtual_transport hands over by `smtp:[192.0.2.1]`, not to an address and a port"


def test_a_gateway_is_asked_nothing_about_mailboxes_and_logins(world: Any) -> None:
    """Its report has no row of what is not there."""
    plan = lanes(at_gateway(world), Evidence(None))
    asked = {(probe.name, probe.subject) for lane in plan for probe in lane.probes}
    services = {probe.service for lane in plan for probe in lane.probes}
    assert {subject for name, subject in asked if name in ("tls-1.2", "certificate", "relay", "send")} == {"smtp"}
    assert "login-wrong" not in {name for name, _ in asked}
    assert services == {"postfix", "dovecot of home"}


def test_a_home_with_gateways_sends_itself_nothing_by_lmtp(world: Any) -> None:
    """It would be refused as everybody else is."""
    plan = lanes(replace(world.target, gateways=("100.64.0.20",)), Evidence(None))
    assert {probe.name for lane in plan for probe in lane.probes if probe.subject == "lmtp"} == {"stranger"}


def test_what_fails_at_home_is_explained_there(world: Any) -> None:
    """From the gateway's host nobody can look into the containers of another one."""
    target = at_gateway(world)
    evidence = Evidence(world.inside(states={"dovecot": "missing"}))
    opening = next(one for one in lanes(target, evidence) if [probe.name for probe in one.probes] == ["login"])
    (probe,) = opening.probes
    assert Causes(target, evidence).explain(probe, "x") == "the mailboxes are on `home`: what does `verify` find there?"


@pytest.mark.parametrize(("value", "ok"), [("enforce", True), ("drop", True), ("ignore", False)])
def test_who_speaks_before_the_greeting_must_not_get_in(world: Any, value: str, ok: bool) -> None:
    """By default postscreen only writes it down."""
    evidence = Evidence(world.inside({"postconf": (0, f"postscreen_greet_action = {value}\n")}))
    found = [one for lane in settings.lanes(at_gateway(world), evidence) for one in lane.results(lambda _p, _s: None)]
    (action,) = [one for one in found if one.subject == "postscreen_greet_action"]
    assert action.ok is ok
    assert "auth-socket" not in {one.subject for one in found}
