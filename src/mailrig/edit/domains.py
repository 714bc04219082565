"""What is asked of domains, as wishes for an inventory's text; knows nothing of text."""

from __future__ import annotations

from collections.abc import Sequence

from mailrig.edit import address as addresses
from mailrig.edit.book import Book
from mailrig.edit.collected import collected
from mailrig.edit.wishes import Append, DropItems, Wish
from mailrig.errors import InventoryError, Problem

DOMAINS = ("domains",)
_NAMED = 10


def added(book: Book, words: Sequence[str]) -> list[Wish]:
    """Return the wish for more domains, but for those that are there."""
    names = dict.fromkeys(collected(words, addresses.domain_name))
    new = tuple(name for name in names if name not in book.domains)
    return [Append(DOMAINS, new)] if new else []


def removed(book: Book, words: Sequence[str]) -> list[Wish]:
    """Return the wish for fewer domains; raise InventoryError with everybody who still has an address in one."""
    names = tuple(dict.fromkeys(collected(words, lambda word: _known(book, word))))
    if len(names) == len(book.domains):
        raise InventoryError(
            "no domain would be left", location=book.at("domains", names[0]), hint="`domain add` another first"
        )
    if problems := [problem for name in names for problem in _used(book, name)]:
        raise InventoryError.of(problems)
    return [DropItems(DOMAINS, names)]


def _known(book: Book, word: str) -> str:
    name = addresses.domain_name(word)
    if name not in book.domains:
        raise InventoryError(f"there is no domain `{name}`", hint=f"there are {', '.join(book.domains[:_NAMED])}")
    return name


def _used(book: Book, domain: str) -> list[Problem]:
    """Return who has an address in a domain."""
    problems = []
    for group, verb in (("accounts", "account remove"), ("aliases", "alias remove")):
        names = [name for name in (book.accounts if group == "accounts" else book.aliases) if _is_in(name, domain)]
        problems += [
            Problem(f"`{name}` is in domain `{domain}`", book.at(group, name), f"`{verb} {name}` first")
            for name in names[:_NAMED]
        ]
        if len(names) > _NAMED:
            problems.append(Problem(f"and {len(names) - _NAMED} more {group} are in `{domain}`"))
    if _is_in(book.probe, domain):
        hint = "give the probe an address in another one: `probe: {address: …}`"
        problems.append(Problem(f"the probe `{book.probe}` is in domain `{domain}`", book.at("domains", domain), hint))
    return problems


def _is_in(address: str, domain: str) -> bool:
    return address.rpartition("@")[2] == domain
