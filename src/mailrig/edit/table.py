"""Accounts out of a CSV file, or every line that is wrong in it; knows nothing of how a password is hashed."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailrig.edit import address as addresses
from mailrig.edit import people
from mailrig.edit.book import Book
from mailrig.errors import InventoryError, Location, MailrigError, Problem
from mailrig.inventory import passwords
from mailrig.secret import Secret

COLUMNS = ("address", "password", "hash", "quota", "enabled", "aliases")
_WORDS = {"": True, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_SEPARATOR = re.compile(r"sep=([,;\t])\r?\n", re.IGNORECASE)  # a line before the first that Excel reads
_HEADER = f"the first line names the columns: {','.join(COLUMNS)}; only the address is needed"


@dataclass(frozen=True)
class Row:
    """One line: an account, whose password is one in the clear, a hash, or neither."""

    address: str
    password: Secret | None
    hash: Secret | None
    quota: str | None
    is_enabled: bool
    aliases: tuple[str, ...]


def rows(file: Path, content: bytes, book: Book, *, needs_password: bool) -> list[Row]:
    """Return every line of a CSV file; raise InventoryError with all that is wrong in all of them."""
    reader = _Reader(file, book, needs_password=needs_password)
    found = list(reader.rows(_text(file, content)))
    if reader.problems:
        raise InventoryError.of(reader.problems)
    return found


def _text(file: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        where = Location(file, line, 1)
        raise InventoryError(f"`{file}` is not UTF-8", location=where, hint="save it as CSV UTF-8") from None


class _Reader:
    """One pass over a file. What is wrong with a line is noted, and the reading goes on."""

    def __init__(self, file: Path, book: Book, *, needs_password: bool) -> None:
        self._file = file
        self._book = book
        self._needs_password = needs_password
        self._taken: dict[str, int] = {}
        self._line = 1
        self.problems: list[Problem] = []

    def rows(self, text: str) -> Iterator[Row]:
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        if _SEPARATOR.match(text):
            next(lines)
        header = _bare([name.strip().lower() for name in next(self._fields(lines), [])], 0)
        if not self._is_header(header):
            return
        for found in self._fields(lines):
            fields = _bare(found, len(header))
            if len(fields) != len(header):
                hint = "text with a comma in it stands in double quotes"
                self._note(f"{len(fields)} fields, and not {len(header)}", hint)
                continue
            yield from self._row(dict(zip(header, map(str.strip, fields), strict=True)))

    def _fields(self, lines: Any) -> Iterator[list[str]]:
        """Yield the fields of each line that is not empty, and note where it begins."""
        before = lines.line_num
        while True:
            try:
                fields = next(lines, None)
            except csv.Error as error:
                self._line = before + 1
                self._note(f"no CSV from here on: {error}", "is a quote opened and never closed?")
                return
            if fields is None:
                return
            self._line, before = before + 1, lines.line_num
            if any(field.strip() for field in fields):
                yield fields

    def _is_header(self, header: list[str]) -> bool:
        unknown = [name for name in header if name not in COLUMNS]
        if not header:
            self._note("there is nothing in it", _HEADER)
        elif "address" not in header:
            self._note("no column is called `address`", _HEADER)
        for name in unknown if "address" in header else ():
            self._note(f"unknown column `{name}`", _HEADER)
        for name in {name for name in header if header.count(name) > 1}:
            self._note(f"two columns are called `{name}`", _HEADER)
        return not self.problems

    def _row(self, fields: dict[str, str]) -> Iterator[Row]:
        before = len(self.problems)
        address = self._tried(lambda: self._new(addresses.normal(fields["address"], self._book.domains)))
        names = fields.get("aliases", "").replace(";", " ").split()
        aliases = [self._tried(lambda name=name: self._new_alias(name)) for name in names]  # type: ignore[misc]
        quota = self._tried(lambda: people.quota(fields["quota"])) if fields.get("quota") else None
        is_enabled = _WORDS.get(fields.get("enabled", "").lower())
        if is_enabled is None:
            self._note(f"`enabled` is `{fields['enabled']}`", "write yes or no; nothing means yes")
        password, hash_ = self._secret(fields)
        if address and is_enabled is not None and len(self.problems) == before:
            yield Row(address, password, hash_, quota, is_enabled, tuple(one for one in aliases if one))

    def _secret(self, fields: dict[str, str]) -> tuple[Secret | None, Secret | None]:
        """Return a password, or a hash; what is in them stays out of messages."""
        clear, hashed = fields.get("password", ""), fields.get("hash", "")
        if clear and hashed:
            self._note("both a password and a hash", "one of them will do")
        elif hashed and not passwords.is_hash(hashed):
            known = ", ".join(f"{{{scheme}}}" for scheme in passwords.SCHEMES)
            self._note("the hash is cut short or of an unknown scheme", f"known are {known}")
        elif clear and (fault := passwords.fault(Secret(clear))):
            self._note(f"the password will not do: {fault}", "--generate makes one for each line without")
        elif not (clear or hashed) and self._needs_password:
            self._note("no password", "give one, or a hash; --generate makes one, --kept has it made and kept")
        return Secret(clear) if clear else None, Secret(hashed) if hashed else None

    def _new(self, address: str) -> str:
        people.refuse_taken(self._book, address)
        if address in self._taken:
            hint = f"it is first on line {self._taken[address]}"
            raise InventoryError(f"`{address}` comes twice", hint=hint)
        self._taken[address] = self._line
        return address

    def _new_alias(self, name: str) -> str:
        return self._new(addresses.normal(name, self._book.domains, "alias"))

    def _tried(self, do: Callable[[], str]) -> str | None:
        try:
            return do()
        except MailrigError as error:
            for problem in error.problems:
                also = f" (at {problem.location})" if problem.location else ""
                self._note(problem.message + also, problem.hint)
            return None

    def _note(self, message: str, hint: str | None) -> None:
        self.problems.append(Problem(message, Location(self._file, self._line, 1), hint))


def _bare(fields: list[str], width: int) -> list[str]:
    """Return fields without the empty ones behind the last column: spreadsheets write those that were once filled."""
    while len(fields) > width and not fields[-1].strip():
        fields = fields[:-1]
    return fields


def _delimiter(text: str) -> str:
    """Return what separates fields: Excel writes semicolons where the comma is for decimals."""
    if told := _SEPARATOR.match(text):
        return told[1]
    header = text.partition("\n")[0]
    return max(",;\t", key=header.count)
