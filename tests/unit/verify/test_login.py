"""The login probes against scripted dialogues."""

from __future__ import annotations

from typing import Any

import pytest

from mailrig.verify import login
from mailrig.verify.report import Result

CAPABILITY = ["* CAPABILITY IMAP4rev1 AUTH=PLAIN", "a OK"]


def ask(lanes: Any, subject: str) -> Result:
    """Ask the one probe about ``subject``."""
    [result] = [
        result
        for lane in lanes
        if any(probe.subject == subject for probe in lane.probes)
        for result in lane.results(lambda _probe, _seen: None)
    ]
    return result


def imap(world: Any, answer: str) -> Any:
    """Return a handler of IMAPS that answers AUTHENTICATE in the end with ``answer``."""

    def handler(line: Any) -> None:
        line.secure(world.authority.leaf())
        line.say("* OK [CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN] hello")
        while heard := line.hear():
            tag, _, command = heard.partition(" ")
            if command.startswith("CAPABILITY"):
                line.say("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN", f"{tag} OK done")
            elif command.startswith("AUTHENTICATE"):
                line.say("+ ")
                line.hear()
                line.say(f"{tag} {answer}")
            else:
                line.say("* BYE", f"{tag} OK done")

    return handler


def smtp(world: Any, answer: str) -> Any:
    """Return a handler of submissions that answers AUTH with ``answer``."""
    dialogue = {"EHLO": ["250-hello", "250 AUTH PLAIN"], "AUTH PLAIN": [answer], "QUIT": ["221 bye"]}
    return world.script(["220 hello"], dialogue, tls=world.authority.leaf())


def test_a_refused_wrong_password_passes(world: Any) -> None:
    """A wrong password that is refused as such is what the probe wants."""
    result = ask(login.wrong(world.at(imaps=imap(world, "NO [AUTHENTICATIONFAILED] Go away."))), "imaps")
    assert result.ok
    assert result.seen.endswith("[AUTHENTICATIONFAILED] Go away.")


def test_an_accepted_wrong_password_fails(world: Any) -> None:
    """A server that lets anybody in fails."""
    result = ask(login.wrong(world.at(imaps=imap(world, "OK welcome"))), "imaps")
    assert result.seen == "a wrong password is let in"
    assert not result.ok


def test_an_accepted_wrong_password_fails_over_smtp(world: Any) -> None:
    """A submission server that lets anybody in fails."""
    result = ask(login.wrong(world.at(submissions=smtp(world, "235 welcome"))), "submissions")
    assert result.seen == "a wrong password is let in"


def test_a_server_in_trouble_does_not_pass_for_one_that_refuses(world: Any) -> None:
    """A temporary failure says nothing about wrong passwords."""
    result = ask(login.wrong(world.at(imaps=imap(world, "NO [UNAVAILABLE] Later."))), "imaps")
    assert result.seen == "a wrong password is answered with: [UNAVAILABLE] Later."
    result = ask(login.wrong(world.at(submissions=smtp(world, "454 4.7.0 Later"))), "submissions")
    assert result.seen == "a wrong password is answered with: 454 4.7.0 Later"


def test_only_one_mechanism_is_tried_with_a_wrong_password(world: Any) -> None:
    """Each attempt costs the server's delay, so there is just one."""
    result = ask(login.wrong(world.at(submissions=smtp(world, "535 5.7.8 no"))), "submissions")
    assert result.ok


GOOD = {
    "imap": (
        ["* OK [CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED] hello"],
        {
            "a CAPABILITY": ["* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED", "a OK"],
            "a LOGIN": ["a NO [PRIVACYREQUIRED] not in the clear"],
        },
    ),
    "pop3": (["+OK hello"], {"CAPA": ["+OK", "STLS", "."], "USER": ["-ERR [AUTH] not in the clear"]}),
    "managesieve": (
        ['"SASL" ""', '"STARTTLS"', "OK hello"],
        {"AUTHENTICATE": ['NO (ENCRYPT-NEEDED) "not in the clear"']},
    ),
    "submission": (["220 hello"], {"EHLO": ["250-hello", "250 STARTTLS"], "AUTH": ["530 5.7.0 STARTTLS first"]}),
}


@pytest.mark.parametrize("port", GOOD)
def test_a_refusal_in_the_clear_passes(world: Any, port: str) -> None:
    """A server that takes no login before TLS passes."""
    result = ask(login.clear(world.at(**{port: world.script(*GOOD[port])})), port)
    assert result.ok, result.seen


@pytest.mark.parametrize(
    ("port", "change", "seen"),
    [
        ("imap", {"a CAPABILITY": CAPABILITY}, "LOGIN is offered in the clear"),
        ("imap", {"a LOGIN": ["a OK welcome"]}, "answered with: a OK welcome"),
        ("imap", {"a LOGIN": ["a NO [AUTHENTICATIONFAILED] no"]}, "answered with: a NO [AUTHENTICATIONFAILED] no"),
        ("pop3", {"CAPA": ["+OK", "USER", "."]}, "a login is offered in the clear: USER"),
        ("pop3", {"USER": ["+OK and your password?"]}, "answered with: +OK and your password?"),
        ("managesieve", {"AUTHENTICATE": ['NO "Authentication failed."']}, "Authentication failed."),
        ("managesieve", {"AUTHENTICATE": ["OK"]}, "answered with: OK"),
        ("submission", {"EHLO": ["250-hello", "250 AUTH PLAIN"]}, "AUTH is offered in the clear: 250 AUTH PLAIN"),
        ("submission", {"AUTH": ["535 5.7.8 no"]}, "answered with: 535 5.7.8 no"),
    ],
)
def test_an_attempt_in_the_clear_that_is_looked_at_fails(
    world: Any, port: str, change: dict[str, list[str]], seen: str
) -> None:
    """Offering a login, or even judging a password, before TLS fails."""
    greeting, answers = GOOD[port]
    result = ask(login.clear(world.at(**{port: world.script(greeting, answers | change)})), port)
    assert not result.ok
    assert seen in result.seen


def test_the_real_login_is_never_sent_in_the_clear(world: Any) -> None:
    """Neither the probe's password nor its address travels before TLS."""
    heard: list[str] = []

    def spying(port: str) -> Any:
        greeting, answers = GOOD[port]

        def handler(line: Any) -> None:
            line.say(*greeting)
            while said := line.hear():
                heard.append(said)
                line.say(*next(answer for start, answer in answers.items() if said.startswith(start)))

        return handler

    for port in GOOD:
        assert ask(login.clear(world.at(**{port: spying(port)})), port).ok
    assert not [said for said in heard if "right" in said or "probe" in said or "cmlnaHQ" in said]
