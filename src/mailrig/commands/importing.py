"""Accounts from a CSV file, each with the hash of its password: all of them, or none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from mailrig.commands.asking import Ways
from mailrig.commands.call import Call
from mailrig.errors import Location, MailrigError

if TYPE_CHECKING:
    from mailrig.edit.book import Book
    from mailrig.edit.people import Person
    from mailrig.edit.table import Row
    from mailrig.secret import Secret


def people_of(call: Call, book: Book, file: Path, ways: Ways) -> tuple[list[Person], dict[str, Secret]]:
    """Return the accounts in a CSV file, and the passwords that were generated for them, by address."""
    from mailrig.edit.people import Person
    from mailrig.edit.table import rows
    from mailrig.inventory import passwords

    found = rows(file, _content(file), book, needs_password=not (ways.generate or ways.kept))
    call.console.step("import", f"{len(found)} accounts in {file}")
    clear: dict[str, Secret] = {row.address: row.password for row in found if row.password}
    made = {row.address: passwords.generate() for row in found if _has_none(row) and ways.generate}
    clear |= made
    with ThreadPoolExecutor() as threads:  # a hash takes 25 ms, and lets others work meanwhile
        hashes = dict(zip(clear, threads.map(passwords.hash_of, clear.values()), strict=True))
    people = [
        Person(row.address, row.hash or hashes.get(row.address), row.quota, row.is_enabled, row.aliases)
        for row in found
    ]
    return people, made


def _has_none(row: Row) -> bool:
    return row.password is None and row.hash is None


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        where = Location(file, 1, 1)
        raise MailrigError(f"cannot read `{file}`: {error.strerror}", location=where) from None
