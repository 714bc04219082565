"""What an inventory says of accounts, aliases and domains, as rows to show; knows nothing of how they are shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from mailrig.errors import InventoryError
from mailrig.inventory.model import Site


@dataclass(frozen=True)
class AccountRow:
    """An account, and the aliases that name it."""

    address: str
    quota: str | None
    enabled: bool
    aliases: tuple[str, ...]

    @property
    def domain(self) -> str:
        """What follows the @."""
        return self.address.rpartition("@")[2]


@dataclass(frozen=True)
class DomainRow:
    """A domain, and how many have an address in it."""

    name: str
    accounts: int
    aliases: int


def accounts(site: Site, domains: Sequence[str] = ()) -> list[AccountRow]:
    """Return all accounts, or those of some domains, in the inventory's order."""
    chosen = _chosen(site, domains)
    named: dict[str, list[str]] = {}
    for alias, targets in aliases(site):
        for target in targets:
            named.setdefault(target, []).append(alias)
    rows = (
        AccountRow(address, account.quota, account.enabled, tuple(named.get(address, ())))
        for address, account in site.accounts.items()
    )
    return [row for row in rows if row.domain in chosen]


def aliases(site: Site, domains: Sequence[str] = ()) -> list[tuple[str, tuple[str, ...]]]:
    """Return all aliases, or those of some domains, each with where it goes."""
    chosen = _chosen(site, domains)
    return [
        (alias, (targets,) if isinstance(targets, str) else targets)
        for alias, targets in site.aliases.items()
        if alias.rpartition("@")[2] in chosen
    ]


def domains(site: Site) -> list[DomainRow]:
    """Return all domains."""
    of_accounts = [address.rpartition("@")[2] for address in site.accounts]
    of_aliases = [alias.rpartition("@")[2] for alias in site.aliases]
    people, others = Counter(of_accounts), Counter(of_aliases)
    return [DomainRow(name, people[name], others[name]) for name in site.domains]


def _chosen(site: Site, domains: Sequence[str]) -> set[str]:
    chosen = {domain.strip().lower().removeprefix("@") for domain in domains}
    if unknown := sorted(chosen - set(site.domains)):
        raise InventoryError(f"there is no domain `{unknown[0]}`", hint="`domain list` shows those that there are")
    return chosen or set(site.domains)
