"""What goes to standard output."""

from __future__ import annotations

import sys

import pytest

from mailrig.console import Console
from mailrig.errors import MailrigError


def test_a_cell_of_several_lines_is_as_wide_as_the_longest(capsys: pytest.CaptureFixture[str]) -> None:
    """The lines of a cell stand below one another, and leave the rest of the width to the others."""
    Console().table(("first", "second"), [("1.2 ECDHE-RSA\nAES128-GCM", "known")])
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines() if line.strip()][-2:] == [
        " 1.2 ECDHE-RSA   known",
        " AES128-GCM",
    ]


@pytest.mark.parametrize("is_terminal", [True, False])
def test_red_is_for_terminals(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, is_terminal: bool
) -> None:
    """What alarms is red where somebody looks, and plain text in a file; brackets in it are no markup."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for stream in (sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: is_terminal)
    Console().text("mailrig[7]: [red]not renewed", "red")
    Console().text("fine")
    Console().error(MailrigError("it is [not] well"))
    said = capsys.readouterr()
    red = ("\x1b[31m", "\x1b[0m") if is_terminal else ("", "")
    assert said.out == f"{red[0]}mailrig[7]: [red]not renewed{red[1]}\nfine\n"
    assert said.err.startswith(f"{red[0]}error: it is [not] well")
