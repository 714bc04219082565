"""An edit of the inventory, from its files to the plan: changed in memory, checked, written, planned or applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from mailrig.commands.call import Call
from mailrig.commands.changing import CHANGES, deploy, plan
from mailrig.console import Console
from mailrig.errors import EngineUnreachable, InventoryError, MailrigError, Problem

if TYPE_CHECKING:
    from mailrig.edit.book import Book
    from mailrig.edit.wishes import Wish
    from mailrig.inventory.model import Inventory
    from mailrig.inventory.state import State
    from mailrig.secret import Secret


@dataclass(frozen=True)
class Wanted:
    """What an edit is to do, and what is said of it.

    ``notes`` are for people, ``passwords`` those that were generated, by address; with ``reveal`` they are in the data.
    ``forgotten`` are addresses whose kept password counts no more: another is made.
    """

    wishes: Sequence[Wish]
    done: Sequence[str]
    notes: Sequence[str] = ()
    passwords: dict[str, Secret] = field(default_factory=dict)
    reveal: bool = False
    forgotten: Sequence[str] = ()


class _Held(Console):
    """A console that keeps the data of another verb, which is a part of ours."""

    def __init__(self, *, is_json: bool) -> None:
        super().__init__(is_json=is_json)
        self.held: object = None

    def data(self, value: object) -> None:
        """Keep it."""
        self.held = value


def edit(call: Call, want: Callable[[Book], Wanted], *, apply: bool, dry_run: bool) -> int:
    """Edit the inventory, and show what a deploy would do, or with ``apply`` do it; ``dry_run`` writes nothing."""
    if apply and dry_run:
        raise MailrigError("--apply does not go with --dry-run")
    try:
        return _edit(call, want, apply=apply, dry_run=dry_run)
    finally:
        call.close()


def _edit(call: Call, want: Callable[[Book], Wanted], *, apply: bool, dry_run: bool) -> int:
    from mailrig.edit.book import Book
    from mailrig.inventory.loader import uncollected

    directory = call.directory()
    with uncollected():
        book = Book.read(directory)
        wanted = want(book)
        if apply:
            call.begin(book.site, book.engines)
        edited = book.fulfilled(wanted.wishes)
        inventory, state = _loaded(edited, wanted.forgotten)
    changed = edited.changed_since(book)
    data: dict[str, object] = {
        "done": list(wanted.done) if changed or wanted.forgotten else [],
        "files": [str(new.file) for _, new in changed],
    }
    if not changed and not apply and not wanted.forgotten:
        call.console.text("nothing to change")
        call.console.data(data)
        return 0
    if dry_run:
        call.console.text(_difference(book, edited))
    else:
        _write(book, edited)
        call.adopt(inventory, state)
        _say(call, wanted, data)
    inner = replace(call, console=_Held(is_json=call.console.is_json))
    inner.adopt(inventory, state)
    return _go_on(call, inner, data, apply=apply)


def _loaded(edited: Book, forgotten: Sequence[str]) -> tuple[Inventory, State]:
    """Load the inventory as it would be; raise InventoryError with all that would be wrong with it."""
    from datetime import UTC, datetime

    from mailrig.inventory import State, load

    state = State(edited.directory)
    for address in forgotten:
        state.forget(address)
    try:
        return load(edited.directory, state, datetime.now(UTC), edited.roots), state
    except InventoryError as error:
        first = Problem(
            "with this change the inventory would not hold; nothing was written",
            hint="places below are those of the changed text" if len(error.problems) > 1 else None,
        )
        raise InventoryError.of([first, *error.problems]) from error


def _write(book: Book, edited: Book) -> None:
    from mailrig.inventory.replacement import Replacement, replace

    changes = [Replacement(new.file, old.content, new.content) for old, new in edited.changed_since(book)]
    replace(book.directory, changes)


def _say(call: Call, wanted: Wanted, data: dict[str, object]) -> None:
    """Say what was done, and show passwords that nobody has seen yet."""
    for line in (*wanted.done, *wanted.notes):
        call.console.text(line)
    call.keep_generated()
    call.show_new_passwords()
    if wanted.passwords:
        call.console.note("generated passwords, shown this once and kept nowhere:")
    for address, password in wanted.passwords.items():
        call.console.note(f"  {address}  {password.reveal()}")
    if wanted.reveal and wanted.passwords:
        data["passwords"] = {address: password.reveal() for address, password in wanted.passwords.items()}


def _go_on(call: Call, inner: Call, data: dict[str, object], *, apply: bool) -> int:
    """Deploy, or show what a deploy would do; what speaks against it leaves the edit as it is."""
    held = inner.console
    assert isinstance(held, _Held)  # noqa: S101 - for the type checker
    try:
        code = deploy(inner) if apply else plan(inner)
    except EngineUnreachable as error:
        call.console.warn(error.problems)
        code = 1 if apply else 0
    except MailrigError as error:
        call.console.error(error)
        code = 1
    data["deploy" if apply else "plan"] = held.held
    call.console.data(data)
    if code == CHANGES and not apply:
        call.console.note("not in force yet: `deploy`, or --apply the next time")
        return 0
    return code


def _difference(book: Book, edited: Book) -> str:
    """Return what would change in the text, without a hash of anybody's."""
    import difflib

    from mailrig.inventory.passwords import masked

    lines: list[str] = []
    for old, new in edited.changed_since(book):
        before, after = (masked(sheet.text).splitlines() for sheet in (old, new))
        lines += difflib.unified_diff(before, after, str(old.file), str(new.file), lineterm="")
    return "\n".join(lines)
