"""The doors and the relay probes against scripted SMTP dialogues, and the inner dialogue in a real bash."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from mailrig.verify import relay, submission
from mailrig.verify.evidence import Evidence
from mailrig.verify.report import Result

CLOSED = {
    "EHLO": ["250-hello", "250-8BITMIME", "250 AUTH PLAIN"],
    "AUTH": ["235 2.7.0 welcome"],
    "MAIL FROM:<mailrig-no": ["553 5.7.1 not yours"],
    "MAIL FROM:<somebody": ["553 5.7.1 not yours"],
    "MAIL": ["250 2.1.0 Ok"],
    "RCPT TO:<victim": ["554 5.7.1 Relay access denied"],
    "RCPT TO:<probe@": ["250 2.1.5 Ok"],
    "RCPT": ["550 5.1.1 unknown"],
    "DATA": ["354 go on"],
    ".": ["250 2.0.0 Ok: queued as 4F1B2C"],
    "VRFY": ["502 5.5.1 disabled"],
    "RSET": ["250 2.0.0 Ok"],
    "QUIT": ["221 2.0.0 Bye"],
}


def server(world: Any, received: list[str] | None = None, **change: str) -> Any:
    """Return a handler of SMTP in TLS; keyword arguments replace the answer to a command."""
    answers = {name: [text] for name, text in change.items()}
    answers |= {name: answer for name, answer in CLOSED.items() if name not in answers}

    def handler(line: Any) -> None:
        line.secure(world.authority.leaf())
        line.say("220 hello")
        in_data = False
        while (heard := line.hear()) or in_data:
            if received is not None:
                received.append(heard)
            if in_data and heard != ".":
                continue
            in_data = heard.lower() == "data"
            line.say(*world.reply(answers, heard))

    return handler


def ask(lane: Any) -> dict[str, Result]:
    """Ask a lane's probes and return the results by the probe's name."""
    return {result.probe: result for result in lane.results(lambda _probe, _seen: None)}


def test_a_door_logs_in_sends_and_is_refused_what_it_must_be(world: Any) -> None:
    """One session logs in, submits, and meets both refusals; the queue id is remembered."""
    received: list[str] = []
    door = submission.Door(world.at(submissions=server(world, received)), "submissions")
    found = ask(door.lane())
    assert all(result.ok for result in found.values()), found
    assert door.queue_id == "4F1B2C"
    assert door.message is not None
    assert f"Message-ID: {door.message.id}" in received
    assert "...a dot" not in received
    assert "..a dot at the start of a line (RFC 5321 section 4.5.2)" in received


def test_a_foreign_sender_that_is_let_through_fails(world: Any) -> None:
    """Sending in somebody else's name must be refused."""
    open_door = server(world, **{"MAIL FROM:<mailrig-no": "250 Ok"})
    found = ask(submission.Door(world.at(submissions=open_door), "submissions").lane())
    assert found["foreign-sender"].seen == ("mailrig-no-such-mailbox@example.test may be used as sender: 250 2.1.5 Ok")


def test_a_temporary_refusal_of_an_unknown_recipient_fails(world: Any) -> None:
    """An unknown recipient must be refused for good, or the sender tries for days."""
    slow = server(world, **{"RCPT TO:<mailrig-no": "450 4.1.1 maybe later"})
    found = ask(submission.Door(world.at(submissions=slow), "submissions").lane())
    assert found["unknown-recipient"].seen.endswith("is accepted: 450 4.1.1 maybe later")


def test_no_address_is_unknown_where_every_domain_has_a_catch_all(world: Any) -> None:
    """The question is skipped where it cannot arise."""
    target = replace(world.at(submissions=server(world)), domain=None)
    found = ask(submission.Door(target, "submissions").lane())
    assert found["unknown-recipient"].skipped
    assert found["foreign-sender"].ok


def test_what_follows_a_failed_login_is_skipped(world: Any) -> None:
    """One failure is reported once."""
    found = ask(submission.Door(world.at(submissions=server(world, AUTH="535 5.7.8 no")), "submissions").lane())
    assert found["login"].seen == "535 5.7.8 no"
    assert [found[name].outcome for name in ("send", "foreign-sender", "unknown-recipient")] == ["skipped"] * 3


def test_submission_that_takes_mail_without_tls_fails(world: Any) -> None:
    """MAIL before STARTTLS must be answered with 530."""
    handler = world.script(["220 hello"], {"EHLO": ["250 hello"], "MAIL": ["250 2.1.0 Ok"]})
    [result] = submission.demands(world.at(submission=handler))[0].results(lambda _probe, _seen: None)
    assert result.seen == "MAIL before STARTTLS is answered with: 250 2.1.0 Ok"


def test_submission_that_takes_mail_without_login_fails(world: Any) -> None:
    """Even mail to the site's own mailboxes needs a login on the submission ports."""
    lanes = submission.demands(world.at(submissions=server(world)))
    [result] = lanes[2].results(lambda _probe, _seen: None)
    assert result.seen == "mail is taken without a login: 250 2.1.5 Ok"


def relays(world: Any, handler: Any) -> Result:
    """Try to relay over a port that speaks TLS at once."""
    lanes = relay.lanes(world.at(submissions=handler), Evidence(None))
    return next(
        result
        for lane in lanes
        if lane.probes[0].subject == "submissions"
        for result in lane.results(lambda _probe, _seen: None)
    )


def test_a_closed_relay_passes(world: Any) -> None:
    """All forms of a foreign address are refused."""
    assert relays(world, server(world)).seen == "9 forms refused: 554 5.7.1 Relay access denied"


@pytest.mark.parametrize("form", ["<victim@example.org>", '<"victim@example.org"@', "<victim%example.org@", "<@a.inv"])
def test_an_open_relay_fails_by_whatever_form(world: Any, form: str) -> None:
    """A relay that opens for one form only is found."""
    result = relays(world, server(world, **{f"RCPT TO:{form}": "250 2.1.5 Ok"}))
    assert not result.ok
    assert result.seen.startswith(f"relays for a stranger: RCPT TO:{form}")


def test_a_relay_attempt_never_reaches_data(world: Any) -> None:
    """The dialogue stops at the recipient, and fewer than ten refusals are provoked."""
    said = relay.commands(world.target, relay.paths(world.target))
    assert not [command for command in said if command.startswith("DATA")]
    assert len([command for command in said if command.startswith("RCPT")]) < 10


def test_vrfy_that_tells_addresses_apart_fails(world: Any) -> None:
    """A known and an unknown address must look the same."""
    talkative = server(world, **{"VRFY probe": "252 2.0.0 probe"})
    with pytest.raises(Exception, match=r"VRFY tells addresses apart: 252 2\.0\.0 probe / 502"):
        relay._vrfy(world.at(submissions=talkative), "submissions")


class BashInside:
    """Runs the inner dialogue with this machine's bash, against a local server instead of Postfix."""

    def __init__(self, endpoint: Any) -> None:
        self._endpoint = endpoint

    def run(self, _service: str, argv: Sequence[str]) -> tuple[int, str]:
        """Run the command with the address exchanged."""
        at = list(argv).index("postfix")
        changed = [*argv[:at], self._endpoint.address, str(self._endpoint.port), *argv[at + 2 :]]
        done = subprocess.run(changed, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def state(self, _service: str) -> str:
        """Say that all is well."""
        return "running"


def inner(world: Any, answers: dict[str, list[str]]) -> Result:
    """Hold the inner dialogue with a scripted server."""
    inside = BashInside(world.serve(world.script(["220-hello", "220 there"], answers)))
    lanes = relay.lanes(world.target, Evidence(inside))
    return next(
        result
        for lane in lanes
        if lane.probes[0].subject == "inside-25"
        for result in lane.results(lambda _probe, _seen: None)
    )


def test_the_inner_dialogue_waits_for_each_reply(world: Any) -> None:
    """The bash dialogue copes with replies of several lines and reports each command's own."""
    result = inner(world, CLOSED)
    assert result.seen == "9 forms refused: 554 5.7.1 Relay access denied"


def test_an_open_relay_is_found_from_inside(world: Any) -> None:
    """A `mynetworks` that trusts the inner network is found."""
    result = inner(world, {**CLOSED, "RCPT TO:<victim": ["250 2.1.5 Ok"]})
    assert not result.ok
    assert result.seen.startswith("relays for a stranger")


def test_an_inner_dialogue_that_breaks_off_fails(world: Any) -> None:
    """A server that hangs up in between has not refused."""
    inside = BashInside(world.serve(lambda line: line.say("220 hello")))
    [result] = [
        result
        for lane in relay.lanes(world.target, Evidence(inside))
        if lane.probes[0].subject == "inside-25"
        for result in lane.results(lambda _probe, _seen: None)
    ]
    assert not result.ok
    assert "the dialogue with postfix:25 broke off" in result.seen
