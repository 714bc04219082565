"""The only module that prints: data to standard output, progress and errors to standard error."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, TextIO

from mailrig.errors import MailrigError, Problem

if TYPE_CHECKING:
    from rich.status import Status

SUBJECT_WIDTH = 11
PADDING = 3  # columns around a cell
WIDEST_CELL = 28  # columns, of all but the last cell in a row of a table
WIDTH_OF_A_FILE = 160  # columns: what goes into a file or a pipe is not broken at 80


class _Screen:
    """What all consoles of a run share: one of them writes at a time, and below is shown what each waits for."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._waiting: dict[str, str] = {}
        self._status: Status | None = None

    @contextmanager
    def written(self, name: str) -> Iterator[None]:
        """Write, without the moving status line meanwhile; the console of that name waits for nothing any more.

        When the one without a name speaks, nobody does.
        """
        with self._lock:
            self._waiting.pop(name, None)
            if not name:
                self._waiting.clear()
            if self._status is not None:
                self._status.stop()
                self._status = None
            yield
            self._show()

    def wait(self, name: str, text: str) -> None:
        """Say what a console waits for."""
        with self._lock:
            self._waiting[name] = text
            self._show()

    def _show(self) -> None:
        if not self._waiting or not sys.stderr.isatty():
            return
        from rich.text import Text

        if self._status is None:
            from rich.console import Console as Terminal

            self._status = Terminal(stderr=True).status("")
            self._status.start()
        # As it is: what looks like rich's markup is somebody's path.
        self._status.update(Text("; ".join(self._waiting.values())))


class Console:
    """Where a verb's words go. With ``is_json`` data is JSON; progress and errors stay words.

    Several threads may write, each what belongs together ``as_a_whole``.
    """

    def __init__(
        self, *, is_json: bool = False, screen: _Screen | None = None, name: str = "", prefix: str = ""
    ) -> None:
        self.is_json = is_json
        self._screen = screen or _Screen()
        self._name = name
        self._prefix = prefix
        self._last: tuple[str, str] | None = None

    def of(self, name: str, *, among: Collection[str]) -> Console:
        """Return the console of one of several: its steps have the name before them; alone it is this one."""
        if len(among) == 1:
            return self
        prefix = f"{name + ':':<{max(map(len, among)) + 1}} "
        return Console(is_json=self.is_json, screen=self._screen, name=name, prefix=prefix)

    def as_a_whole(self) -> AbstractContextManager[None]:
        """Write what belongs together; nobody else's words come in between."""
        return self._screen.written(self._name)

    def data(self, value: object) -> None:
        """Print data as JSON, when JSON is asked for."""
        if self.is_json:
            print(json.dumps(value, indent=2, default=str))

    def document(self, value: object) -> None:
        """Print a document that is JSON whatever is asked for."""
        print(json.dumps(value, indent=2))

    def line(self, value: object) -> None:
        """Print data that comes piece by piece, one JSON document a line (JSON Lines)."""
        with self.as_a_whole():
            print(json.dumps(value, default=str), flush=True)

    def text(self, text: str, style: str = "") -> None:
        """Print text as it is to standard output, unless JSON is asked for; ``style`` is for a terminal."""
        if not self.is_json:
            with self.as_a_whole():
                _print(text, style, sys.stdout)

    def table(
        self, columns: Sequence[str], rows: Iterable[Sequence[str]], styles: Mapping[str, str] | None = None
    ) -> None:
        """Print a table to standard output, unless JSON is asked for; ``styles`` colours cells by their text.

        A cell may hold several lines. What the width cannot hold is wrapped, and in the last column cut off.
        """
        if self.is_json:
            return
        from rich import box
        from rich.console import Console as Terminal
        from rich.table import Table
        from rich.text import Text

        rows = list(rows)
        terminal = Terminal(highlight=False, width=None if sys.stdout.isatty() else WIDTH_OF_A_FILE)
        widest = min(WIDEST_CELL, terminal.width // 4)
        lengths = [max(map(_length, cells)) for cells in zip(columns, *rows, strict=True)]
        widths = [min(widest, length) for length in lengths]
        rest = max(terminal.width - sum(width + PADDING for width in widths[:-1]) - 1, WIDEST_CELL // 2)
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
        for column, width in zip(columns[:-1], widths, strict=False):
            table.add_column(column, min_width=width, max_width=width)
        table.add_column(columns[-1], max_width=rest, no_wrap=True, overflow="ellipsis")
        for row in rows:
            table.add_row(*(Text(cell, style=(styles or {}).get(cell, "")) for cell in row))
        with self.as_a_whole():
            terminal.print(table)

    def step(self, subject: str, text: str) -> None:
        """Say what is being done, one line a step; what only waits is shown on a terminal as a status that moves."""
        if (subject, text) == self._last:
            return
        self._last = (subject, text)
        if text.startswith("waiting"):
            self._screen.wait(self._name, f"{self._prefix}{subject}: {text.splitlines()[0]}")
            return
        self.note(f"  {self._prefix}{subject:<{SUBJECT_WIDTH}} {text}")

    def note(self, text: str) -> None:
        """Say something beside the data."""
        with self.as_a_whole():
            print(text, file=sys.stderr)

    def error(self, error: MailrigError) -> None:
        """Show every problem of an error."""
        with self.as_a_whole():
            _print(str(error), "red", sys.stderr)

    def warn(self, problems: Iterable[Problem]) -> None:
        """Show what is not wrong yet, each with its cure."""
        if texts := [str(problem).replace("error:", "warning:", 1) for problem in problems]:
            self.note("\n\n".join(texts))

    def secret(self, prompt: str) -> str | None:
        """Ask a person for a secret, which is not shown; None where there is no person to ask."""
        import getpass

        with self.as_a_whole():
            try:
                return getpass.getpass(prompt, sys.stderr) if sys.stdin.isatty() else None
            except EOFError:  # Ctrl-D
                return None

    def given(self) -> str:
        """Return what standard input holds, without its last line break; raise UnicodeDecodeError."""
        return sys.stdin.buffer.read().decode().removesuffix("\n").removesuffix("\r")


def _length(cell: str) -> int:
    """Return the columns that a cell takes: those of its longest line."""
    return max(map(len, cell.split("\n")))


def _print(text: str, style: str, stream: TextIO) -> None:
    if not style or not stream.isatty():
        print(text, file=stream)
        return
    from rich.console import Console as Terminal

    Terminal(file=stream, highlight=False, markup=False, soft_wrap=True).print(text, style=style)
