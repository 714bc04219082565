"""Who receives what, and who may send as whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mailrig.inventory.model import Inventory
from mailrig.render.addresses import Table, mailboxes, sender_logins, virtual_aliases

HASH = "{BLF-CRYPT}$2y$05$2wNPBZlxDyPBbUbaOiUTgei57zjHMn6RABvLZ4V.D7UwNDv8AH5bW"
PROBE = "mailrig-probe@example.org"

ALIASES = """\
aliases:
  info@example.org: [sales@example.org, friend@example.com]
  sales@example.org: [bob@example.org, carol+sales@example.net]
  "@example.net": alice@example.org
"""


@pytest.fixture
def boxes(inventory: Callable[..., Inventory]) -> tuple[str, ...]:
    """All mailboxes of the small inventory."""
    return mailboxes(inventory().site, PROBE)


@pytest.fixture
def aliases(inventory: Callable[..., Inventory], boxes: tuple[str, ...]) -> Table:
    """The alias map of the small inventory with aliases."""
    return virtual_aliases(inventory(ALIASES).site, boxes)


@pytest.fixture
def senders(inventory: Callable[..., Inventory], boxes: tuple[str, ...]) -> Table:
    """The map of senders and logins of the same."""
    return sender_logins(inventory(ALIASES).site, boxes)


def test_mailboxes_hold_the_probe_and_are_sorted(boxes: tuple[str, ...]) -> None:
    """The probe's mailbox is one of them."""
    assert boxes == ("alice@example.org", "bob@example.org", "carol@example.net", PROBE)


def test_account_that_is_not_enabled_still_receives(inventory: Callable[..., Inventory]) -> None:
    """Switching an account off takes its login away, not its mail."""
    more = f"  dave@example.org: {{password: '{HASH}', enabled: false}}\n"
    assert "dave@example.org" in mailboxes(inventory(more).site, PROBE)


def test_catch_all_leaves_mailboxes_alone(aliases: Table) -> None:
    """In a domain with a catch-all each mailbox is an alias of itself, since Postfix asks for aliases first."""
    assert aliases["carol@example.net"] == ("carol@example.net",)


def test_mailboxes_of_other_domains_are_no_aliases(aliases: Table) -> None:
    """Without a catch-all there is nothing to guard a mailbox from."""
    assert "bob@example.org" not in aliases


def test_alias_keeps_all_its_targets_in_order(aliases: Table) -> None:
    """Targets stand as they are written, those of other servers too."""
    assert aliases["info@example.org"] == ("sales@example.org", "friend@example.com")


@pytest.mark.parametrize(
    ("address", "logins"),
    [
        ("alice@example.org", ("alice@example.org",)),
        ("sales@example.org", ("bob@example.org", "carol@example.net")),
        ("info@example.org", ("bob@example.org", "carol@example.net")),
        ("@example.net", ("alice@example.org",)),
        ("carol@example.net", ("carol@example.net",)),
    ],
    ids=["own", "alias", "alias-of-alias", "catch-all", "mailbox-beside-catch-all"],
)
def test_address_belongs_to_the_logins_that_get_its_mail(senders: Table, address: str, logins: tuple[str, ...]) -> None:
    """Whoever receives an address's mail in the end may send as it, and nobody else."""
    assert senders[address] == logins
