"""What is asked of aliases, as wishes for an inventory's text; knows nothing of text."""

from __future__ import annotations

from collections.abc import Sequence

from mailrig.edit import address as addresses
from mailrig.edit.book import Book
from mailrig.edit.collected import collected
from mailrig.edit.people import ALIASES
from mailrig.edit.wishes import Append, Drop, DropItems, Put, Wish
from mailrig.errors import InventoryError


def added(book: Book, alias: str, targets: Sequence[str]) -> list[Wish]:
    """Return the wish for an alias with these targets, beside those that it has."""
    name, *places = _checked(book, alias, targets)
    if name == book.probe:
        raise InventoryError(f"`{name}` is the probe's own address", hint="choose another; `verify` needs it")
    if name in book.accounts:
        where = book.at("accounts", name)
        raise InventoryError(f"`{name}` is an account", location=where, hint="an alias needs a name of its own")
    if name not in book.aliases:
        new = tuple(dict.fromkeys(places))
        return [Put(ALIASES, {name: new[0] if len(new) == 1 else new})]
    new = tuple(target for target in dict.fromkeys(places) if target not in book.targets(name))
    return [Append(("aliases", name), new)] if new else []


def removed(book: Book, alias: str, targets: Sequence[str]) -> list[Wish]:
    """Return the wish for an alias without these targets; without any target, for no such alias."""
    name, *places = _checked(book, alias, targets)
    if name not in book.aliases:
        raise InventoryError(f"there is no alias `{name}`", hint=addresses.meant(name, book.aliases, "alias list"))
    has = book.targets(name)
    if unknown := [target for target in places if target not in has]:
        raise InventoryError(
            f"alias `{name}` does not go to `{unknown[0]}`",
            location=book.at("aliases", name),
            hint=f"it goes to {', '.join(has)}",
        )
    if not places or set(has) <= set(places):
        return [Drop(ALIASES, (name,))]
    return [DropItems(("aliases", name), tuple(one for one in book.written(name) if one.lower() in places))]


def _checked(book: Book, alias: str, targets: Sequence[str]) -> list[str]:
    """Return the alias and its targets as an inventory has them; raise InventoryError with all that is wrong."""
    words = [(True, alias), *((False, target) for target in targets)]
    return collected(
        words,
        lambda word: addresses.catch_all_or_normal(word[1], book.domains) if word[0] else addresses.target(word[1]),
    )
