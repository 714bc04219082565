"""The verbs `alias` and `domain`: other addresses, and where mail is taken for, changed in the inventory's own text."""

from __future__ import annotations

from collections.abc import Sequence

from mailrig.commands.call import Call
from mailrig.commands.editing import Wanted, edit
from mailrig.errors import MailrigError

ACTIONS = ("add", "list", "remove")


def alias(call: Call, action: tuple[str, ...] = (), apply: bool = False, dry_run: bool = False) -> int:
    """Show the aliases, or change them in the inventory: add ALIAS TARGET…, remove ALIAS [TARGET…]."""
    verb, *words = action or ("list",)
    _refuse_unknown("alias", verb, is_written=apply or dry_run)
    if verb == "list":
        return _list_aliases(call, words)
    if not words or (verb == "add" and len(words) == 1):
        usage = "alias add ALIAS TARGET…" if verb == "add" else "alias remove ALIAS [TARGET…]"
        raise MailrigError(f"`alias {verb}` takes more words", hint=usage)
    from mailrig.edit import aliases

    change = aliases.added if verb == "add" else aliases.removed
    done = f"alias `{words[0]}`: " + (
        f"{', '.join(words[1:])} {verb}{'ed' if verb == 'add' else 'd'}" if words[1:] else "removed"
    )
    return edit(call, lambda book: Wanted(change(book, words[0], words[1:]), [done]), apply=apply, dry_run=dry_run)


def domain(call: Call, action: tuple[str, ...] = (), apply: bool = False, dry_run: bool = False) -> int:
    """Show the domains that mail is accepted for, or change them in the inventory: add DOMAIN…, remove DOMAIN…."""
    verb, *words = action or ("list",)
    _refuse_unknown("domain", verb, is_written=apply or dry_run)
    if verb == "list":
        return _list_domains(call)
    if not words:
        raise MailrigError(f"`domain {verb}` takes a DOMAIN, or several", hint=f"domain {verb} DOMAIN…")
    from mailrig.edit import domains

    change = domains.added if verb == "add" else domains.removed
    done = f"domain {', '.join(words)} {'added' if verb == 'add' else 'removed'}"
    return edit(call, lambda book: Wanted(change(book, words), [done]), apply=apply, dry_run=dry_run)


def _refuse_unknown(noun: str, verb: str, *, is_written: bool) -> None:
    if verb not in ACTIONS:
        raise MailrigError(f"`{noun}` does not know `{verb}`", hint=f"it knows {', '.join(ACTIONS)}")
    if verb == "list" and is_written:
        raise MailrigError(f"--apply and --dry-run do not go with `{noun} list`", hint="it changes nothing")


def _list_aliases(call: Call, words: Sequence[str]) -> int:
    from mailrig.edit.listing import aliases

    rows = aliases(call.load().site, words)
    call.console.table(("alias", "goes to"), [(name, ", ".join(targets)) for name, targets in rows])
    call.console.data([{"alias": name, "targets": list(targets)} for name, targets in rows])
    return 0


def _list_domains(call: Call) -> int:
    from mailrig.edit.listing import domains

    rows = domains(call.load().site)
    call.console.table(
        ("domain", "accounts", "aliases"), [(row.name, str(row.accounts), str(row.aliases)) for row in rows]
    )
    call.console.data([{"domain": row.name, "accounts": row.accounts, "aliases": row.aliases} for row in rows])
    return 0
