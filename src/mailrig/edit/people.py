"""What is asked of accounts, as wishes for an inventory's text; knows nothing of how a password is had, or of text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from yaml.nodes import MappingNode, ScalarNode

from mailrig.edit import address as addresses
from mailrig.edit.book import Book
from mailrig.edit.collected import collected
from mailrig.edit.wishes import Change, Drop, DropItems, Put, Tag, Value, Wish
from mailrig.errors import InventoryError, MailrigError, Problem
from mailrig.inventory.document import entries
from mailrig.secret import Secret

ACCOUNTS, ALIASES = ("accounts",), ("aliases",)
_SIZE = re.compile(r"[1-9][0-9]*[KMGT]?")
_NAMED = 10  # that many are listed; the others are counted


@dataclass(frozen=True)
class Person:
    """An account that is to be: ``password`` is its hash, or None for one that mailrig makes and keeps."""

    address: str
    password: Secret | None
    quota: str | None = None
    is_enabled: bool = True
    aliases: tuple[str, ...] = ()


def added(people: Sequence[Person]) -> list[Wish]:
    """Return the wishes for new accounts, whose addresses were found to be free."""
    wishes: list[Wish] = [Put(ACCOUNTS, {person.address: _entry(person) for person in people})]
    if aliases := {alias: person.address for person in people for alias in person.aliases}:
        wishes.append(Put(ALIASES, aliases))
    return wishes


def refuse_taken(book: Book, address: str) -> None:
    """Raise InventoryError when an address is somebody's already."""
    if address == book.probe:
        raise InventoryError(f"`{address}` is the probe's own address", hint="choose another; `verify` needs it")
    if address in book.accounts:
        where = book.at("accounts", address)
        raise InventoryError(
            f"account `{address}` is there already", location=where, hint=f"`account passwd {address}`"
        )
    if address in book.aliases:
        where = book.at("aliases", address)
        hint = f"`alias remove {address}` makes room"
        raise InventoryError(f"`{address}` is an alias already", location=where, hint=hint)


def quota(text: str) -> str:
    """Return a quota as an inventory has it."""
    size = "".join(text.split()).upper().removesuffix("B").removesuffix("I")
    if not _SIZE.fullmatch(size):
        raise InventoryError(f"`{text.strip()}` is no quota", hint="bytes, or with K, M, G or T: `5G`")
    return size


def known(book: Book, words: Iterable[str]) -> list[str]:
    """Return the addresses of accounts that are there; raise InventoryError with each that is not."""
    return collected(dict.fromkeys(words), lambda word: _known(book, word))


def _known(book: Book, word: str) -> str:
    address = addresses.normal(word, book.domains)
    if address == book.probe:
        raise InventoryError(f"`{address}` is the probe: `verify` needs it as it is")
    if address in book.accounts:
        return address
    if address in book.aliases:
        where, hint = book.at("aliases", address), f"it goes to {', '.join(book.targets(address))}"
        raise InventoryError(f"`{address}` is an alias, and no account", location=where, hint=hint)
    raise InventoryError(
        f"there is no account `{address}`", hint=addresses.meant(address, book.accounts, "account list")
    )


def enabled(book: Book, known: Iterable[str], *, is_enabled: bool) -> list[Wish]:
    """Return the wishes that let accounts log in, or not; none for those that are so already."""
    wishes: list[Wish] = []
    for address in known:
        path = ("accounts", address, "enabled")
        if may_log_in(book, address) == is_enabled:
            continue
        is_written = _setting(book, address, "enabled") is not None
        wishes.append(Change(path, is_enabled) if is_written else Put(path[:2], {"enabled": is_enabled}))
    return wishes


def may_log_in(book: Book, address: str) -> bool:
    """Whether an account may log in."""
    stands = _setting(book, address, "enabled")
    return stands is None or stands.value.lower() not in ("false", "no", "off")


def with_password(address: str, password: Secret | None) -> list[Wish]:
    """Return the wish for another password."""
    return [Change(("accounts", address, "password"), _password(password))]


def removed(book: Book, known: Sequence[str], *, with_aliases: bool) -> list[Wish]:
    """Return the wishes that take accounts out; raise InventoryError when aliases lead to them, unless these go too."""
    left = aliases_left(book, known)
    if left and not with_aliases:
        raise _pointed_at(book, known)
    return [*_without(book, left), Drop(ACCOUNTS, tuple(known))]


def aliases_left(book: Book, known: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the targets that are left to each alias which loses one with these accounts; none, and it goes as well."""
    gone = set(known)
    left: dict[str, tuple[str, ...]] = {}
    while True:
        targets = {alias: left.get(alias, book.targets(alias)) for alias in book.aliases}
        lost = {alias: stay for alias, all_ in targets.items() if (stay := _staying(all_, gone)) != all_}
        if not lost:
            return left
        left |= lost
        gone |= {alias for alias, stay in lost.items() if not stay}


def _staying(targets: tuple[str, ...], gone: set[str]) -> tuple[str, ...]:
    return tuple(target for target in targets if _mailbox(target) not in gone)


def _without(book: Book, left: Mapping[str, tuple[str, ...]]) -> Iterator[Wish]:
    """Yield the wishes after which aliases have the targets that are left."""
    for alias, stay in left.items():
        if stay:
            yield DropItems(("aliases", alias), tuple(one for one in book.written(alias) if one.lower() not in stay))
    if gone := tuple(alias for alias, stay in left.items() if not stay):
        yield Drop(ALIASES, gone)


def _pointed_at(book: Book, known: Sequence[str]) -> MailrigError:
    hint = "let it go elsewhere first, or remove the account `--with-aliases`"
    problems = [
        Problem(f"alias `{alias}` goes to `{target}`", book.at("aliases", alias), hint)
        for alias in book.aliases
        for target in book.targets(alias)
        if _mailbox(target) in known
    ]
    more = len(problems) - _NAMED
    if more > 0:
        problems = [*problems[:_NAMED], Problem(f"and {more} more aliases", None, "`alias list` shows them all")]
    return InventoryError.of(problems)


def _entry(person: Person) -> dict[str, Value]:
    entry: dict[str, Value] = {"password": _password(person.password)}
    if person.quota:
        entry["quota"] = person.quota
    if not person.is_enabled:
        entry["enabled"] = False
    return entry


def _password(password: Secret | None) -> Value:
    return Tag.GENERATED if password is None else password.reveal()


def _setting(book: Book, address: str, name: str) -> ScalarNode | None:
    value = book.accounts[address][1]
    pairs = entries(value) if isinstance(value, MappingNode) else ()
    return next((node for key, node in pairs if key.value == name and isinstance(node, ScalarNode)), None)


def _mailbox(address: str) -> str:
    """Return the address without its detail (recipient_delimiter)."""
    local, at, domain = address.rpartition("@")
    return f"{local.partition('+')[0] or local}{at}{domain}"
