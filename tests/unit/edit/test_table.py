"""Accounts out of a CSV file, and every line that is wrong in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailrig.edit.book import Book
from mailrig.edit.table import Row, rows
from mailrig.errors import InventoryError
from mailrig.secret import Secret

from .test_cases import DOMAINS, HASH, SITE

FILE = Path("people.csv")


@pytest.fixture
def book(tmp_path: Path) -> Book:
    """An inventory with one account and one alias."""
    (tmp_path / "site.yaml").write_text(SITE + DOMAINS)
    text = "accounts: {alice@example.org: {password: !generated }}\naliases: {a@example.org: alice@example.org}\n"
    (tmp_path / "accounts.yaml").write_text(text)
    return Book.read(tmp_path)


def read(text: str, book: Book, *, needs_password: bool = True) -> list[Row]:
    """Read a CSV file of this text."""
    return rows(FILE, text.encode(), book, needs_password=needs_password)


def wrong(text: str | bytes, book: Book) -> list[tuple[int, str]]:
    """Return line and message of all that is wrong."""
    content = text if isinstance(text, bytes) else text.encode()
    with pytest.raises(InventoryError) as caught:
        rows(FILE, content, book, needs_password=True)
    assert all(problem.location and problem.location.file == FILE for problem in caught.value.problems)
    return [(problem.location.line, problem.message) for problem in caught.value.problems if problem.location]


def test_a_line_is_an_account(book: Book) -> None:
    """Columns come in any order, and what is not there is the default."""
    text = (
        "quota,Address,hash,password,enabled,aliases\n5g,Bob@Example.org,,long enough,no,b@example.org;c@example.net\n"
    )
    text += f",carol@example.net,{HASH},,,\n"
    assert read(text, book) == [
        Row(
            "bob@example.org",
            Secret("long enough"),
            None,
            "5G",
            is_enabled=False,
            aliases=("b@example.org", "c@example.net"),
        ),
        Row("carol@example.net", None, Secret(HASH), None, is_enabled=True, aliases=()),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffaddress;quota\r\nbob@example.org;1G\r\n",
        "address\tquota\nbob@example.org\t1G",
        "\ufeffsep=;\r\naddress;quota;;\r\nbob@example.org;1 GB;;\r\n;;;\r\n",
    ],
)
def test_what_excel_writes_is_read(book: Book, text: str) -> None:
    """Semicolons, tabs, a mark or `sep=` at the beginning, empty columns and CR LF are no hindrance."""
    assert [(row.address, row.quota) for row in read(text, book, needs_password=False)] == [("bob@example.org", "1G")]


def test_a_password_may_hold_what_separates(book: Book) -> None:
    """Text in quotes holds commas and quotes, and is counted in lines as it is written."""
    text = 'address,password\nbob@example.org,"a, ""b"", c"\n\nnobody@example.com,long enough\n'
    assert wrong(text, book) == [(4, "address `nobody@example.com` is in an unknown domain")]
    assert read(text.rpartition("nobody")[0], book)[0].password == Secret('a, "b", c')


def test_every_bad_line_is_told(book: Book) -> None:
    """All that is wrong is told at once, line by line, and no password is in it."""
    text = (
        "address,password,hash,quota,enabled,aliases\n"
        "bob@example.org,long enough,,,,\n"
        "bob@example.org,long enough,,,,\n"
        "alice@example.org,long enough,,,,\n"
        "a@example.org,long enough,,,,\n"
        "mailrig-probe@example.org,long enough,,,,\n"
        "carol,secret,,lots,maybe,x@example.com\n"
        "dan@example.org,long enough,{MD5}x,,,\n"
        "eve@example.org,,{SHA512-CRYPT}$6$cut,,,bob@example.org\n"
        "finn@example.org,,,,,\n"
        "too,few\n"
    )
    assert wrong(text, book) == [
        (3, "`bob@example.org` comes twice"),
        (4, f"account `alice@example.org` is there already (at {book.at('accounts', 'alice@example.org')})"),
        (5, f"`a@example.org` is an alias already (at {book.at('aliases', 'a@example.org')})"),
        (6, "`mailrig-probe@example.org` is the probe's own address"),
        (7, "address `carol` has no domain"),
        (7, "alias `x@example.com` is in an unknown domain"),
        (7, "`lots` is no quota"),
        (7, "`enabled` is `maybe`"),
        (7, "the password will not do: it is shorter than 8 characters"),
        (8, "both a password and a hash"),
        (9, "`bob@example.org` comes twice"),
        (9, "the hash is cut short or of an unknown scheme"),
        (10, "no password"),
        (11, "2 fields, and not 6"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "there is nothing in it"),
        ("bob@example.org,x\n", 1, "no column is called `address`"),
        ("address,passwort\n", 1, "unknown column `passwort`"),
        ("address,address\n", 1, "two columns are called `address`"),
        ('address,password\nbob@example.org,"never closed\n', 2, "no CSV from here on: unexpected end of data"),
        (b"address\nbob@example.org\nj\xf6rg@example.org\n", 3, "`people.csv` is not UTF-8"),
    ],
)
def test_what_is_no_table(book: Book, text: str | bytes, line: int, message: str) -> None:
    """A file that cannot be read as a table is refused where that shows."""
    assert wrong(text, book) == [(line, message)]
