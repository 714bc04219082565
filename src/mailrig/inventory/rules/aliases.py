"""Aliases and where they lead; knows nothing of maps or of how mail is delivered."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator
from itertools import dropwhile

from mailrig.errors import Problem
from mailrig.inventory.draft import Draft
from mailrig.inventory.rules.addresses import is_address, own_address, own_domain

GROUPS = ("accounts", "aliases")


def check(draft: Draft) -> Iterator[Problem]:
    """Yield aliases that are not addresses, that lead nowhere, or that lead back to themselves."""
    for alias in draft.site.aliases:
        if not draft.is_sound("aliases", alias):
            continue
        if alias.startswith("@"):
            yield from own_domain(draft, alias[1:], f"catch-all `{alias}`", "aliases", alias)
        else:
            yield from own_address(draft, alias, f"alias `{alias}`", "aliases", alias)
        yield from _targets(draft, alias)
    yield from _loops(draft)


def targets(draft: Draft, alias: str) -> tuple[str, ...]:
    """Return the targets of ``alias``, one or several, in lower case."""
    value = draft.site.aliases[alias]
    return (value.lower(),) if isinstance(value, str) else tuple(target.lower() for target in value)


def _targets(draft: Draft, alias: str) -> Iterator[Problem]:
    found = targets(draft, alias)
    if not found:
        yield draft.problem(f"alias `{alias}` has no target", "aliases", alias, hint="name at least one address")
    several = not isinstance(draft.site.aliases[alias], str)
    for index, target in enumerate(found):
        path = ("aliases", alias, index) if several else ("aliases", alias)
        if not is_address(target):
            hint = "a target is one address; several are a list: [a@example.org, b@example.org]"
            yield draft.problem(f"alias `{alias}` goes to `{target}`, which is no address", *path, hint=hint)
        elif _leads_nowhere(draft, target):
            yield draft.problem(
                f"alias `{alias}` goes nowhere: there is no `{target}`", *path, hint=_cure(draft, alias, target)
            )
    for target, times in Counter(found).items():
        if times > 1:
            yield draft.problem(
                f"alias `{alias}` goes to `{target}` {times} times", "aliases", alias, hint="once will do"
            )


def _leads_nowhere(draft: Draft, target: str) -> bool:
    """Whether ``target`` is in a domain of ours that has neither such an account nor such an alias.

    A catch-all would take it, but a misspelt target is better said than delivered to somebody else.
    """
    local, _, domain = target.rpartition("@")
    if domain not in draft.domains:
        return False
    mailbox = f"{local.partition('+')[0]}@{domain}"  # what follows a + is a detail (recipient_delimiter)
    is_known = any((group, mailbox) in draft.marks for group in GROUPS)
    return not is_known and not any((group,) in draft.broken for group in GROUPS)


def _cure(draft: Draft, alias: str, target: str) -> str:
    domain = target[target.index("@") :]
    known = [one for one in (*draft.site.accounts, *draft.site.aliases) if one.endswith(domain) and one != alias]
    close = difflib.get_close_matches(target, known, n=1, cutoff=0.8)
    return f"did you mean `{close[0]}`?" if close else f"add `{target}` to `accounts`, or to `aliases`"


def _loops(draft: Draft) -> Iterator[Problem]:
    """Yield each loop once, at the alias by which it is entered first; a catch-all loops by being its own target."""
    done: set[str] = set()
    for start in draft.site.aliases:
        way = {start: None}  # in order, and quick to ask
        waiting = [iter(targets(draft, start))] if start not in done else []
        while waiting:
            target = next(waiting[-1], None)
            if target is None:
                waiting.pop()
                done.add(way.popitem()[0])
            elif target in way:
                loop = [*dropwhile(target.__ne__, way), target]
                yield draft.problem(
                    f"alias loop: {' → '.join(loop)}", "aliases", loop[0], hint="let one of them go to an account"
                )
            elif target in draft.site.aliases and target not in done:
                way[target] = None
                waiting.append(iter(targets(draft, target)))
