"""The QR code of Thunderbird on a phone."""

from __future__ import annotations

import json
from collections.abc import Callable

from mailrig.advice import of_domain
from mailrig.discovery.transfer import transfer
from mailrig.inventory.model import Inventory

Read = Callable[..., Inventory]


def test_account_is_as_the_format_has_it(read: Read) -> None:
    """Format 1, code 1 of 1; IMAP with TLS and a password; SMTP likewise; who one is. No password."""
    address = "anna@example.org"
    assert json.loads(transfer(of_domain(read(), "example.org"), address)) == [
        1,
        [1, 1],
        [0, "mail.example.org", 993, 3, 1, address],
        [[[0, "mail.example.org", 465, 3, 1, address], [address, "anna"]]],
    ]


def test_starttls_and_pop3_have_numbers_of_their_own(read: Read) -> None:
    """2 is STARTTLS that must succeed; 1 is POP3."""
    _, _, incoming, ((outgoing, _),) = json.loads(transfer(of_domain(read("pop3: 110, submission: 587"), "x"), "a@x"))
    assert (incoming[0], incoming[2:4], outgoing[2:4]) == (1, [110, 2], [587, 2])


def test_it_is_short(read: Read) -> None:
    """A larger code is harder to scan: nothing is in it that need not be."""
    assert " " not in transfer(of_domain(read(), "example.org"), "anna@example.org")
