"""The mail clients that an inventory requires, ignores and adds; knows nothing of what a server answers them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator

from mailrig.clients.catalogue import Entry, UnknownName, client, incoherences, known_names, shipped
from mailrig.errors import Problem
from mailrig.inventory.draft import Draft

_CAPTURE = "`clients capture` writes an entry from what a client sends"


def check(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with `clients`."""
    clients = draft.site.clients
    known = [*shipped(), *clients.add] if clients.require or clients.ignore or clients.add else []
    for key, named in (("require", clients.require), ("ignore", clients.ignore)):
        for index, id_ in enumerate(named):
            if draft.is_sound("clients", key, index) and id_ not in known:
                close = difflib.get_close_matches(id_, known, n=1)
                hint = f"did you mean `{close[0]}`?" if close else f"`clients list` shows all; {_CAPTURE}"
                yield draft.problem(f"unknown mail client `{id_}`", "clients", key, index, hint=hint)
    for index, id_ in enumerate(clients.ignore):
        if id_ in clients.require:
            hint = "leave it in one of the two lists"
            yield draft.problem(f"client `{id_}` is required and ignored", "clients", "ignore", index, hint=hint)
    for id_, entry in clients.add.items():
        yield from _added(draft, id_, entry)


def _added(draft: Draft, id_: str, entry: Entry) -> Iterator[Problem]:
    path = ("clients", "add", id_)
    if id_ in shipped():
        hint = "give yours another name; `ignore` takes the other one away"
        yield draft.problem(f"client `{id_}` is in the catalogue already", *path, hint=hint)
    if not draft.is_sound(*path):
        return
    try:
        client(id_, entry)
    except UnknownName as unknown:
        close = difflib.get_close_matches(unknown.name, known_names(unknown.field), n=1)
        hint = f"did you mean `{close[0]}`?" if close else "what has no name is written as its number: 0x1304"
        message = f"unknown name `{unknown.name}` in `{unknown.field}` of client `{id_}`"
        yield draft.problem(message, *path, unknown.field, unknown.index, hint=hint)
    for field, message in incoherences(entry):
        yield draft.problem(f"client `{id_}`: {message}", *path, field, hint=_CAPTURE)
