"""Which servers mail programs are told of, and who is told."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mailrig.advice import of_address, of_domain
from mailrig.errors import MailrigError
from mailrig.inventory.model import Inventory

Read = Callable[..., Inventory]


def test_tls_from_the_start_comes_before_starttls(read: Read) -> None:
    """Whichever order the inventory has: 993 before 143, 465 before 587, and IMAP before POP3."""
    settings = of_domain(read(), "example.org")
    assert [server.port for server in settings.incoming] == [993, 143, 995, 110]
    assert [server.port for server in settings.outgoing] == [465, 587]


def test_only_ports_for_mail_programs_are_told(read: Read) -> None:
    """Mail from other servers, and from the gateway, is not their business."""
    told = {server.name for server in of_domain(read("imaps: 993, submission: 587, smtp: 25, lmtp: 2525"), "x").servers}
    assert told == {"imaps", "submission"}


def test_the_number_that_is_published_is_told(read: Read) -> None:
    """Whatever it is by default."""
    settings = of_domain(read("imaps: 10993, submissions: 10465"), "example.org")
    assert [(server.hostname, server.port) for server in settings.servers] == [
        ("mail.example.org", 10993),
        ("mail.example.org", 10465),
    ]


@pytest.mark.parametrize(
    ("address", "message", "hint"),
    [
        ("ana@example.org", "there is no account `ana@example.org`", "did you mean `anna@example.org`?"),
        ("x@example.org", "there is no account `x@example.org`", "add it under `accounts`"),
        ("x@example.net", "there is no account `x@example.net`", "its mail goes to anna@example.org: log in as that"),
        (
            "team@example.org",
            "`team@example.org` is an alias, and has no login",
            "log in as who gets its mail: anna@example.org, ben@example.com",
        ),
        (
            "gone@example.org",
            "account `gone@example.org` is not enabled: nobody can log in with it",
            "set `enabled: true`",
        ),
        (
            "anna@example.com",
            "`example.com` is none of the inventory's domains",
            "the domains are: example.org, example.net",
        ),
        ("anna", "`anna` is no address", "write it whole, as in `setup show anna@example.org`"),
        ("\x1b]0;x\x07@example.org", "there is no account `?]0;x?@example.org`", "add it under `accounts`"),
    ],
)
def test_whoever_cannot_log_in_is_told_why(read: Read, address: str, message: str, hint: str) -> None:
    """With what helps; and what was typed never reaches a terminal raw."""
    with pytest.raises(MailrigError) as raised:
        of_address(read(), address)
    (problem,) = raised.value.problems
    assert (problem.message, problem.hint) == (message, hint)


@pytest.mark.parametrize(("ports", "what"), [("smtp: 25, imaps: 993", "sent"), ("submissions: 465", "read")])
def test_nobody_is_told_half(read: Read, ports: str, what: str) -> None:
    """Where mail can be read and not sent, or sent and not read, that is an error, at its place in the inventory."""
    with pytest.raises(MailrigError, match=f"no port is published through which mail can be {what}") as raised:
        of_address(read(ports), "anna@example.org")
    location = raised.value.problems[0].location
    assert location is not None
    assert location.line == 7
