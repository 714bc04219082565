"""What a word may mean, and what it cannot."""

from __future__ import annotations

import pytest

from mailrig.errors import MailrigError
from mailrig.trace.query import Query, understood


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("<a@b>", Query("<a@b>", ("<a@b>",))),
        ("  <a@b>\n", Query("<a@b>", ("<a@b>",))),
        ("<a b$c'", Query("<a b$c'", ("<a b$c'>",))),
        ("A@B.example", Query("A@B.example", ("<A@B.example>", "A@B.example"), address="a@b.example")),
        ("4jc67W6RCxzCSpS", Query("4jc67W6RCxzCSpS", ("<4jc67W6RCxzCSpS>", "4jc67W6RCxzCSpS"), ("4jc67W6RCxzCSpS",))),
        ("0B7651D8011", Query("0B7651D8011", ("<0B7651D8011>", "0B7651D8011"), ("0B7651D8011",))),
        ("word", Query("word", ("<word>", "word"))),
    ],
)
def test_word_means_all_that_it_may(text: str, query: Query) -> None:
    """Between brackets a message id; else that as well, and what its form allows."""
    assert understood(text) == query


@pytest.mark.parametrize("text", ["", "  ", "<>", "a\x1b[31mb", "a\nb", "a\x00b", "x" * 999])
def test_word_that_can_mean_nothing_is_refused(text: str) -> None:
    """Empty, with control characters, or longer than a line of a message: nothing is searched for."""
    with pytest.raises(MailrigError, match="nothing to trace"):
        understood(text)


def test_extension_belongs_to_its_address() -> None:
    """Who asks after an address gets what came to its extensions; who asks after one of these, only that."""
    assert understood("bob@example.test").is_asked("Bob+Lists@example.test")
    assert not understood("bob+lists@example.test").is_asked("bob@example.test")
    assert not understood("bob@example.test").is_asked("bobby@example.test")
    assert not understood("<bob@example.test>").is_asked("")
