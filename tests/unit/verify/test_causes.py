"""Causes, named from what the containers say."""

from __future__ import annotations

from typing import Any

import pytest

from mailrig.verify.causes import Causes
from mailrig.verify.evidence import Evidence
from mailrig.verify.probe import Probe

DEAD = {"dovecot": "exited (89): doveconf: Fatal: Unknown setting: sll"}
GONE = {"test -S": (1, "")}
THERE = {"test -S": (0, "")}


def probe(name: str, subject: str, service: str) -> Probe:
    """Make a probe that is never asked."""
    return Probe(name, subject, service, lambda: "")


def explain(world: Any, asked: Probe, seen: str, outputs: Any = None, states: Any = None) -> str | None:
    """Explain a failure in a deployment that answers like this."""
    inside = world.inside(outputs or {}, states or {})
    return Causes(world.target, Evidence(inside)).explain(asked, seen)


def log(text: str) -> dict[str, tuple[int, str]]:
    """Answer every look at a log file with this line."""
    return {"sh -c": (0, text), "stat": (0, ""), **THERE}


def test_a_dead_dovecot_explains_a_refused_connection(world: Any) -> None:
    """The state of the container comes first."""
    cause = explain(world, probe("login", "imaps", "dovecot"), "the connection is refused", states=DEAD)
    assert cause == "Dovecot is not running: exited (89): doveconf: Fatal: Unknown setting: sll"


def test_a_dead_dovecot_explains_a_submission_that_hangs_up(world: Any) -> None:
    """When the auth socket is missing, the cause is usually a dead Dovecot: say that."""
    asked = probe("login", "submission", "postfix")
    cause = explain(world, asked, "the server closed the connection", GONE, DEAD)
    assert cause == (
        "the auth socket is missing because Dovecot is not running: exited (89): doveconf: Fatal: Unknown setting: sll"
    )


def test_a_missing_socket_beside_a_living_dovecot_is_named(world: Any) -> None:
    """The socket may be missing for other reasons."""
    cause = explain(world, probe("login", "submission", "postfix"), "the server closed the connection", GONE)
    assert cause == (
        "the auth socket /var/spool/postfix/private/auth is missing though Dovecot runs: "
        "does `service auth` listen there?"
    )


def test_an_open_relay_is_explained_by_mynetworks(world: Any) -> None:
    """The network that is trusted is named."""
    outputs = {"postconf": (0, "mynetworks = 127.0.0.0/8 0.0.0.0/0\n")}
    cause = explain(world, probe("relay", "smtp", "postfix"), "relays for a stranger: …", outputs)
    assert cause == "mynetworks trusts 0.0.0.0/0"


def test_an_undelivered_message_is_explained_by_postfix_own_words(world: Any) -> None:
    """The reason of a deferral is quoted, and a known one is explained."""
    line = (
        "postfix/lmtp[7]: 4F1B2C: to=<probe@example.test>, relay=none, dsn=4.4.3, status=deferred "
        "(Host or domain name not found. Name service error for name=dovecot type=AAAA: Host not found)"
    )
    cause = explain(world, probe("arrive", "submission", "postfix"), "accepted, but not in the mailbox", log(line))
    assert cause is not None
    assert cause.startswith("deferred: Host or domain name not found.")
    assert "(a name cannot be looked up from where Postfix runs: " in cause


def test_duplicates_are_counted_in_the_log(world: Any) -> None:
    """The log says how often the message was delivered, and what may have sent it twice."""
    line = "postfix/lmtp[7]: 4F: to=<probe@example.test>, relay=x, status=sent (250 Saved)"
    cause = explain(world, probe("once", "submission", "postfix"), "one message was sent, 2 are there", log(line))
    assert cause is not None
    assert "shows 1 deliveries in all: look for bcc maps, aliases" in cause


@pytest.mark.parametrize(
    ("service", "line", "cause"),
    [
        ("dovecot", "imap-login: Error: Can't set curve list: X", "does not know the curve list"),
        ("dovecot", "SSL_accept() failed: error:0A0000C1: no shared cipher", "no cipher suite in common"),
        ("dovecot", "imap-login: Fatal: Can't load ssl_key", "cannot load its certificate or key"),
        ("dovecot", "imap(a): Error: open(/var/mail) failed: Permission denied", "may not write where the mail is"),
        ("postfix", "warning: SASL: Connect to private/auth failed: No such file", "cannot reach Dovecot's auth"),
        ("postfix", "fatal: no SASL authentication mechanisms", "found no login mechanism"),
        ("postfix", "warning: cannot get RSA certificate from file", "cannot load its certificate or key"),
    ],
)
def test_a_known_log_line_is_explained(world: Any, service: str, line: str, cause: str) -> None:
    """Signatures in the log that came since verify began name the cause."""
    found = explain(world, probe("tls-1.3", "smtp", service), "the server closed the connection", log(line))
    assert found is not None
    assert cause in found


def test_a_wrong_deployment_of_the_probe_account_is_explained(world: Any) -> None:
    """A refused right password means that the server knows another one."""
    asked = probe("login", "imaps", "dovecot")
    cause = explain(world, asked, "[AUTHENTICATIONFAILED] Authentication failed.", log(""))
    assert cause is not None
    assert cause.startswith("the server knows probe@example.test with another password")


def test_no_evidence_gives_no_cause(world: Any) -> None:
    """Where nothing is known nothing is claimed, and an inside that fails does no harm."""
    asked = probe("vrfy", "smtp", "postfix")
    assert Causes(world.target, Evidence(None)).explain(asked, "VRFY tells addresses apart") is None
    assert explain(world, asked, "VRFY tells addresses apart") is None
