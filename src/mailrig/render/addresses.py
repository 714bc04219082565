"""Who receives what, and who may send as whom, as tables; knows nothing of a daemon's file format.

Aliases follow Postfix: an exact address goes before a catch-all, and a plain address covers its +extensions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from mailrig.inventory.model import Site

Table = dict[str, tuple[str, ...]]


def mailboxes(site: Site, probe: str) -> tuple[str, ...]:
    """Every address that has a mailbox, the probe's too, sorted; an account that is not enabled still receives."""
    return tuple(sorted({*(address.lower() for address in site.accounts), probe.lower()}))


def virtual_aliases(site: Site, boxes: Iterable[str]) -> Table:
    """Each alias with its targets.

    Postfix asks for a catch-all before it looks at mailboxes, so in a domain with a catch-all every mailbox becomes
    an alias of itself: else the catch-all would take its mail.
    """
    table = _written(site)
    caught = {address for address in table if address.startswith("@")}
    for box in boxes:
        if _catch_all(box) in caught:
            table.setdefault(box, (box,))
    return dict(sorted(table.items()))


def sender_logins(site: Site, boxes: Iterable[str]) -> Table:
    """Each address with the logins that may send as it: the mailbox's own, and those its alias ends at."""
    known = frozenset(boxes)
    written = _written(site)
    table: Table = {box: (box,) for box in known}
    for alias in written:
        logins = _ends(alias, written, known)
        if logins or alias in known:
            table[alias] = tuple(sorted(logins | ({alias} & known)))
    return dict(sorted(table.items()))


def _written(site: Site) -> Table:
    return {
        address.lower(): tuple(target.lower() for target in ([targets] if isinstance(targets, str) else targets))
        for address, targets in site.aliases.items()
    }


def _ends(alias: str, written: Mapping[str, tuple[str, ...]], known: frozenset[str]) -> set[str]:
    """Follow an alias to the mailboxes that mail to ``alias`` ends in."""
    found: set[str] = set()
    seen: set[str] = set()
    waiting = [alias]
    while waiting:
        address = _plain(waiting.pop())
        # An alias goes before a mailbox of the same name, but for one that is its own target.
        if address in written and address not in seen:
            waiting.extend(written[address])
        elif address in known:
            found.add(address)
        seen.add(address)
    return found


def _plain(address: str) -> str:
    """Take the +extension off (recipient_delimiter)."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"


def _catch_all(address: str) -> str:
    return "@" + address.rpartition("@")[2]
