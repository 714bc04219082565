"""What goes to standard output."""

from __future__ import annotations

import pytest

from mailrig.console import Console


def test_a_cell_of_several_lines_is_as_wide_as_the_longest(capsys: pytest.CaptureFixture[str]) -> None:
    """The lines of a cell stand below one another, and leave the rest of the width to the others."""
    Console().table(("first", "second"), [("1.2 ECDHE-RSA\nAES128-GCM", "known")])
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines() if line.strip()][-2:] == [
        " 1.2 ECDHE-RSA   known",
        " AES128-GCM",
    ]
