"""The verb `account`: who has mail here, changed in the inventory's own text."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mailrig.commands.asking import Obtained, Ways, password
from mailrig.commands.call import Call
from mailrig.commands.editing import Wanted, edit
from mailrig.errors import MailrigError

if TYPE_CHECKING:
    from collections.abc import Callable

    from mailrig.edit.book import Book
    from mailrig.secret import Secret

_EDIT = ("--apply", "--dry-run")
_MAKING = ("--generate", "--kept", "--reveal", *_EDIT)
OPTIONS: dict[str, tuple[str, ...]] = {
    "add": ("--quota", "--disabled", "--stdin", "--hashed", *_MAKING),
    "import": _MAKING,
    "list": (),
    "enable": _EDIT,
    "disable": _EDIT,
    "passwd": ("--stdin", "--hashed", *_MAKING),
    "remove": ("--with-aliases", "--purge", *_EDIT),
}
"""What there is to do, and the options that go with it."""

_ONE = ("add", "passwd", "import")  # these take one word


def account(  # noqa: PLR0913, PLR0917 - a verb's options are its flags
    call: Call,
    action: tuple[str, ...] = (),
    quota: str | None = None,
    disabled: bool = False,
    stdin: bool = False,
    generate: bool = False,
    kept: bool = False,
    hashed: bool = False,
    reveal: bool = False,
    with_aliases: bool = False,
    purge: str | None = None,
    apply: bool = False,
    dry_run: bool = False,
) -> int:
    """Show the accounts, or change them in the inventory: add, import, enable, disable, passwd, remove."""
    verb, *words = action or ("list",)
    told = {
        "--quota": quota is not None,
        "--disabled": disabled,
        "--stdin": stdin,
        "--hashed": hashed,
        "--kept": kept,
        "--generate": generate,
        "--reveal": reveal,
        "--with-aliases": with_aliases,
        "--purge": purge is not None,
        "--apply": apply,
        "--dry-run": dry_run,
    }
    _refuse_misplaced(verb, [option for option, is_told in told.items() if is_told])
    if verb == "list":
        return _list(call, words)
    if purge is not None:
        return _purge(call, words, purge)
    _refuse_number(verb, words)
    ways = Ways(stdin, generate, kept, hashed)
    wants: dict[str, Callable[[Book], Wanted]] = {
        "add": lambda book: _added(call, book, words[0], ways, quota, disabled=disabled, reveal=reveal),
        "import": lambda book: _imported(call, book, Path(words[0]), ways, reveal=reveal),
        "enable": lambda book: _enabled(book, words, is_enabled=True),
        "disable": lambda book: _enabled(book, words, is_enabled=False),
        "passwd": lambda book: _passed(call, book, words[0], ways, reveal=reveal),
        "remove": lambda book: _removed(book, words, with_aliases=with_aliases),
    }
    return edit(call, wants[verb], apply=apply, dry_run=dry_run)


def _refuse_misplaced(verb: str, told: Sequence[str]) -> None:
    """Raise for an action that there is not, and for options that do not go with it."""
    if verb not in OPTIONS:
        raise MailrigError(f"`account` does not know `{verb}`", hint=f"it knows {', '.join(OPTIONS)}")
    for option in told:
        if option not in OPTIONS[verb]:
            fitting = ", ".join(one for one, options in OPTIONS.items() if option in options)
            raise MailrigError(f"{option} does not go with `account {verb}`", hint=f"it goes with {fitting}")
    if "--purge" in told and len(told) > 1:
        raise MailrigError("--purge goes with no other option", hint="it deletes at once, and changes no inventory")


def _refuse_number(verb: str, words: Sequence[str]) -> None:
    what = "FILE" if verb == "import" else "ADDRESS"
    if verb in _ONE and len(words) != 1:
        raise MailrigError(f"`account {verb}` takes one {what}", hint=f"account {verb} {what}")
    if not words:
        raise MailrigError(f"`account {verb}` takes an ADDRESS, or several", hint=f"account {verb} ADDRESS…")


def _added(call: Call, book: Book, word: str, ways: Ways, quota: str | None, *, disabled: bool, reveal: bool) -> Wanted:
    from mailrig.edit import address as addresses
    from mailrig.edit import people

    address = addresses.normal(word, book.domains)
    people.refuse_taken(book, address)
    size = people.quota(quota) if quota is not None else None
    obtained = password(call, ways, address)
    person = people.Person(address, obtained.hash, size, is_enabled=not disabled)
    done = [f"account `{address}` added"]
    return Wanted(people.added([person]), done, (), _shown(address, obtained), reveal, [address] if ways.kept else ())


def _shown(address: str, obtained: Obtained) -> dict[str, Secret]:
    return {address: obtained.shown} if obtained.shown else {}


def _enabled(book: Book, words: Sequence[str], *, is_enabled: bool) -> Wanted:
    from mailrig.edit import people

    known = people.known(book, words)
    word = "enabled" if is_enabled else "disabled: no login, mail is still delivered"
    done = [f"account `{one}` {word}" for one in known if people.may_log_in(book, one) != is_enabled]
    return Wanted(people.enabled(book, known, is_enabled=is_enabled), done)


def _passed(call: Call, book: Book, word: str, ways: Ways, *, reveal: bool) -> Wanted:
    from mailrig.edit import people

    [address] = people.known(book, [word])
    obtained = password(call, ways, address)
    done = [f"account `{address}` has another password"]
    wishes = people.with_password(address, obtained.hash)
    return Wanted(wishes, done, (), _shown(address, obtained), reveal, [address])


def _removed(book: Book, words: Sequence[str], *, with_aliases: bool) -> Wanted:
    from mailrig.edit import people

    known = people.known(book, words)
    wishes = people.removed(book, known, with_aliases=with_aliases)
    done = [f"account `{one}` removed" for one in known]
    for alias, stay in people.aliases_left(book, known).items():
        done.append(f"alias `{alias}` " + (f"goes to {', '.join(stay)} alone" if stay else "removed"))
    return Wanted(wishes, done, [_where_mail_is(book.site, one) for one in known])


def _where_mail_is(site: str, address: str) -> str:
    from mailrig.render.mailboxes import VOLUME, places

    return (
        f"its mail is kept: volume mailrig-{site}_{VOLUME}, {' and '.join(places(address))}\n"
        f"  `account add {address}` gives it back; `account remove --purge {address}` deletes it, once this is in force"
    )


def _imported(call: Call, book: Book, file: Path, ways: Ways, *, reveal: bool) -> Wanted:
    from mailrig.commands.importing import people_of
    from mailrig.edit import people

    found, shown = people_of(call, book, file, ways)
    aliases = sum(len(person.aliases) for person in found)
    done = [f"{len(found)} accounts added" + (f", and {aliases} aliases" if aliases else "")]
    kept = [person.address for person in found if person.password is None]
    return Wanted(people.added(found) if found else [], done, (), shown, reveal, kept)


def _list(call: Call, words: Sequence[str]) -> int:
    """Show every account, or those of some domains."""
    from mailrig.edit.listing import accounts

    inventory = call.load()
    rows = accounts(inventory.site, words)
    call.console.table(
        ("address", "quota", "login", "aliases"),
        [(row.address, row.quota or "none", "yes" if row.enabled else "no", ", ".join(row.aliases)) for row in rows],
        {"no": "yellow"},
    )
    call.console.data(
        [
            {
                "address": row.address,
                "domain": row.domain,
                "quota": row.quota,
                "enabled": row.enabled,
                "aliases": list(row.aliases),
            }
            for row in rows
        ]
    )
    return 0


def _purge(call: Call, words: Sequence[str], purge: str) -> int:
    """Delete the mail of an address that is no account any more."""
    from mailrig.commands.purging import purged

    if words:
        raise MailrigError(
            f"`{words[0]}` is to be removed first, and that has to be in force",
            hint=f"account remove {words[0]} --apply, and then: account remove --purge {purge}",
        )
    return purged(call, purge)
