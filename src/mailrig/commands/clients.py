"""The verb about mail clients: which are known, and what is known of each."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from mailrig.commands.call import Call
from mailrig.errors import MailrigError, Problem

if TYPE_CHECKING:
    from mailrig.clients.catalogue import Client


def clients(call: Call, action: tuple[str, ...] = ()) -> int:
    """Show the mail clients that are known, and which of them a deploy must not lock out: list, show ID."""
    what, *ids = action or ("list",)
    if what == "list" and not ids:
        return _list(call)
    if what == "show" and ids:
        return _show(call, ids)
    raise MailrigError(
        f"clients does not know how to `{' '.join(action)}`", hint="clients list, or clients show ID (one or several)"
    )


def unknown(id_: str, known: Mapping[str, Client]) -> Problem:
    """Return the problem of a mail client that is not among those ``known``."""
    close = difflib.get_close_matches(id_, known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else "`clients list` shows all"
    return Problem(f"there is no mail client `{id_}`", None, hint)


def _known(call: Call) -> Mapping[str, Client]:
    """Return the catalogue as the inventory wants it."""
    from mailrig.clients.catalogue import chosen

    asked = call.load().site.clients
    return chosen(asked.require, asked.ignore, asked.add)


def _list(call: Call) -> int:
    import msgspec

    known = _known(call)
    call.console.data({id_: msgspec.to_builtins(one.entry) for id_, one in known.items()})
    call.console.table(
        ("client", "name", "standing", "speaks", "confidence", "source"),
        [
            (id_, one.title, one.entry.standing, _speaks(one), one.confidence, one.entry.source)
            for id_, one in known.items()
        ],
        {"required": "green", "ignored": "dim"},
    )
    required = sum(one.entry.standing == "required" for one in known.values())
    call.console.text(f"{len(known)} mail clients, {required} of them required")
    return 0


def _speaks(one: Client) -> str:
    """Say how far it goes; of one that names its highest version only, no more is known."""
    return f"TLS {one.entry.versions[0].removeprefix('TLSv')}"


def _show(call: Call, ids: list[str]) -> int:
    import msgspec

    known = _known(call)
    if problems := [unknown(id_, known) for id_ in ids if id_ not in known]:
        raise MailrigError.of(problems)
    entries = {id_: msgspec.to_builtins(known[id_].entry) for id_ in ids}
    call.console.data(entries)
    for id_ in ids:
        call.console.text(f"{id_}: {known[id_].title}")
        for field, value in entries[id_].items():
            if value not in ("", (), None) and field != "name":
                words = ", ".join(str(one) for one in value) if isinstance(value, (list, tuple)) else value
                call.console.text(f"  {field.replace('_', ' ')}: {words}")
    return 0
