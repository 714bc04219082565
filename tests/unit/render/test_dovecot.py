"""What Dovecot is told of who may speak for others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from mailrig.inventory.model import Inventory
from mailrig.render import dovecot

WEB = """\
site: test
domains: [example.org]
hosts:
  home:
    hostname: mail.example.org
    certificate: {source: demo-ca}
    ports: {imaps: 993, submission: 587, https: 443}
"""


@pytest.mark.parametrize(
    ("network", "expected"),
    [
        ("{}", None),
        ("{subnet: 172.20.0.0/24}", None),
        ("{subnet: 172.20.0.0/24, addresses: {roundcube: 172.20.0.50}}", None),
        ("{subnet: 172.20.0.0/24, addresses: {web: 172.20.0.60}}", None),
        ("{subnet: 172.20.0.0/24, addresses: {roundcube: 172.20.0.50, web: 172.20.0.60}}", "172.20.0.50"),
    ],
)
def test_roundcube_is_believed_at_its_own_address(
    inventory: Callable[..., Inventory], network: str, expected: str | None
) -> None:
    """Only where the address is Roundcube's alone, and Roundcube takes requests from `web` alone."""
    read = inventory("webmail: {}\n", WEB.replace("    ports:", f"    network: {network}\n    ports:"))
    assert dovecot.values(read, "home")["webmail_address"] == expected


def test_nobody_is_believed_without_webmail(inventory: Callable[..., Inventory]) -> None:
    """Not even who has the address."""
    network = "{subnet: 172.20.0.0/24, addresses: {web: 172.20.0.60}}"
    read = inventory(site=WEB.replace("    ports:", f"    network: {network}\n    ports:"))
    assert dovecot.values(read, "home")["webmail_address"] is None
