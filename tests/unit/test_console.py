"""What goes to standard output."""

from __future__ import annotations

import sys
import threading

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


def test_steps_of_several_hosts_have_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    """Each name before its steps, all as wide as the longest; one host alone is not named."""
    console = Console()
    among = ("home", "gateway")
    for host in among:
        console.of(host, among=among).step("dovecot", "serves")
    console.of("home", among=("home",)).step("dovecot", "serves")
    assert capsys.readouterr().err.splitlines() == [
        "  home:    dovecot     serves",
        "  gateway: dovecot     serves",
        "  dovecot     serves",
    ]


def test_what_belongs_together_stays_together(capsys: pytest.CaptureFixture[str]) -> None:
    """While one host writes, nobody else's words come in between."""
    console = Console()
    one, other = (console.of(host, among=("home", "mx")) for host in ("home", "mx"))
    with one.as_a_whole():
        thread = threading.Thread(target=other.text, args=("other",))
        thread.start()
        one.text("one")
        thread.join(timeout=0.2)
        one.text("one")
    thread.join()
    assert capsys.readouterr().out.split() == ["one", "one", "other"]


def test_status_line_shows_what_every_host_waits_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until it says something else; in the end nothing moves any more."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    console = Console()
    home, gateway = (console.of(host, among=("home", "mx")) for host in ("home", "mx"))
    home.step("postfix", "waiting for its start")
    gateway.step("verify", "waiting for the answers")
    assert list(console._screen._waiting.values()) == [
        "home: postfix: waiting for its start",
        "mx:   verify: waiting for the answers",
    ]
    home.step("postfix", "serves")
    assert list(console._screen._waiting) == ["mx"]
    assert console._screen._status is not None
    console.text("done")
    assert console._screen._status is None
    assert "home: postfix     serves" in capsys.readouterr().err
