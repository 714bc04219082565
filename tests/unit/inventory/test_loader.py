"""A whole inventory: rules that accept, the order of problems, and size."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailrig.errors import InventoryError
from mailrig.inventory import State, load

from .conftest import NOW, SHA512_HASH, SITE, Load


def test_problems_come_in_the_order_of_the_files(load_site: Load, tmp_path: Path) -> None:
    """Whoever finds a problem, all are sorted by file, line and column."""
    (tmp_path / "accounts.yaml").write_text("accounts:\n  alice@example.net: {passwort: x, quota: all}\n")

    with pytest.raises(InventoryError) as caught:
        load_site("colour: red\nprobe: {address: probe@example.net}\n")

    places = [problem.location for problem in caught.value.problems]
    assert None not in places
    assert [(place.file.name, place.line) for place in places if place] == [
        ("accounts.yaml", 2),
        ("accounts.yaml", 2),
        ("accounts.yaml", 2),
        ("site.yaml", 8),
        ("site.yaml", 9),
    ]


def test_a_misspelt_key_is_one_problem(load_site: Load) -> None:
    """What hangs on a key that could not be read is not reported as well."""
    with pytest.raises(InventoryError) as caught:
        load_site("domans: [example.net]\naccounts:\n  alice@example.org: {quota: 1G, pasword: x}\n")

    assert [problem.message for problem in caught.value.problems] == [
        "unknown key `domans` in the inventory",
        "unknown key `pasword` in account `alice@example.org`",
    ]


def test_aliases_may_share_targets_and_follow_one_another(load_site: Load) -> None:
    """Diamonds are no loops, a detail after + belongs to its mailbox, and a catch-all may go to an account."""
    load_site(
        """
accounts:
  alice@example.org:
    password: !generated
aliases:
  a@example.org: [b@example.org, c@example.org]
  b@example.org: d@example.org
  c@example.org: d@example.org
  d@example.org: alice+lists@example.org
  "@example.org": alice@example.org
"""
    )


def test_a_long_chain_of_aliases_is_followed(load_site: Load) -> None:
    """Depth is no limit: 5,000 aliases in a row end at an account, or are one loop."""
    chain = "".join(f"  a{index}@example.org: a{index + 1}@example.org\n" for index in range(5000))
    account = "accounts:\n  a5000@example.org:\n    password: !generated\naliases:\n"

    load_site(account + chain)
    with pytest.raises(InventoryError, match="alias loop: a0@example"):
        load_site("aliases:\n" + chain + "  a5000@example.org: a0@example.org\n")


def load_lmtp(directory: Path, address: str) -> None:
    """Load a site that publishes LMTP on ``address``."""
    site = SITE.replace("587}", f'587, lmtp: {{port: 2525, addresses: ["{address}"]}}}}')
    (directory / "site.yaml").write_text(site)
    load(directory, State(directory), NOW)


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "172.20.0.1", "192.168.1.1", "100.100.1.1", "::1", "fd7a::1"]
)
def test_lmtp_may_be_open_to_private_networks(tmp_path: Path, address: str) -> None:
    """Loopback, RFC 1918, Tailscale's range and unique local addresses are not the world."""
    load_lmtp(tmp_path, address)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "203.0.113.1", "2001:db8::1", "169.254.1.1", "fe80::1"])
def test_lmtp_must_not_be_open_to_the_world(tmp_path: Path, address: str) -> None:
    """Public, link-local and unspecified addresses are refused for LMTP."""
    with pytest.raises(InventoryError, match="LMTP is open to the world"):
        load_lmtp(tmp_path, address)


def test_one_port_on_different_addresses(tmp_path: Path) -> None:
    """A port may be used twice when no address has it twice."""
    ports = "{imaps: {port: 993, addresses: [127.0.0.1]}, imap: {port: 993, addresses: [127.0.0.2, '::']}}"
    (tmp_path / "site.yaml").write_text(SITE.replace("{imaps: 993, submission: 587}", ports))

    assert load(tmp_path, State(tmp_path), NOW).site.hosts["home"].published("imap") is not None


def test_the_probe_can_have_a_password_from_elsewhere(load_site: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """A probe's own password is kept as it is, and hashed for the server."""
    monkeypatch.setenv("PROBE_PASSWORD", "hunter2")
    probe = load_site("probe:\n  address: canary@example.org\n  password: !env PROBE_PASSWORD\n").probe

    assert (probe.address, probe.password.reveal()) == ("canary@example.org", "hunter2")
    assert probe.hash.reveal().startswith("{ARGON2ID}")


def test_ten_thousand_accounts(tmp_path: Path) -> None:
    """A hundred domains with a hundred accounts each load, and the last account is there with its place."""
    domains = [f"d{number}.example.org" for number in range(100)]
    addresses = [f"user{number}@{domain}" for domain in domains for number in range(100)]
    site = SITE.replace("[example.org]", f"[{', '.join(domains)}]")
    accounts = "".join(f"  {address}:\n    password: '{SHA512_HASH}'\n    quota: 1G\n" for address in addresses)
    (tmp_path / "site.yaml").write_text(site)
    (tmp_path / "accounts.yaml").write_text(f"accounts:\n{accounts}")

    inventory = load(tmp_path, State(tmp_path), NOW)

    assert len(inventory.site.accounts) == 10_000
    place = inventory.at("accounts", "user99@d99.example.org", "quota")
    assert place is not None
    assert place.line == 30_001
