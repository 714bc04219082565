"""The page's words: each language has all of them, and says the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from markupsafe import Markup
from werkzeug.datastructures import LanguageAccept

import mailrig.portal
from mailrig.portal.guides import FIELDS
from mailrig.portal.words import LANGUAGES, Words, catalogue, choose

PORTAL = Path(mailrig.portal.__file__).parent


def places(text: Any) -> Any:
    """Return what is put into a text, or into each of a list, and how many labels it has."""
    if isinstance(text, list):
        return [places(one) for one in text]
    return sorted(re.findall(r"\{[a-z]*\}", text)), text.count("*") % 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_languages_have_the_same_texts(language: str) -> None:
    """With the same values to be put in, and as many steps; no label is left open."""
    expected = {name: places(text) for name, text in catalogue("en").items()}
    assert {name: places(text) for name, text in catalogue(language).items()} == expected
    assert not [name for name, found in expected.items() if isinstance(found, tuple) and found[1]]


def test_japanese_is_japanese() -> None:
    """No text was left in English, but names."""
    names = {"outlook.title", "mac.title", "form.example"}
    texts = {name: text if isinstance(text, str) else "".join(text) for name, text in catalogue("ja").items()}
    assert {name for name, text in texts.items() if not re.search("[぀-ヿ一-鿿]", text)} <= names


def test_no_text_is_left_over() -> None:
    """Each is named in a template or in the code, as a whole or by what it begins with."""
    sources = "".join(path.read_text() for path in (*PORTAL.glob("*.py"), *PORTAL.glob("templates/*.html")))
    sources = sources.replace("'", '"')
    made = {f"{program}.fields.{field}" for program, ways in FIELDS.items() for way in ways for field in way}
    made |= {f"{program}.{way}" for program in FIELDS for way in ("incoming", "outgoing")}
    by_kind = re.compile(
        r"refusal\.\d+\.|other\.(imap|pop3|smtp|managesieve|headings\.)|gmail\.(imap|pop3)|fault\.|.*\.(title|lead)$"
    )
    left = [
        name for name in catalogue("en") if f'"{name}"' not in sources and name not in made and not by_kind.match(name)
    ]
    assert left == []


def test_what_is_put_in_stays_text() -> None:
    """Labels are marked, and values are not, unless they are markup already."""
    words = Words("en")
    assert "<b>Next</b>, and choose" in words("ios.hand", protocol="<i>*IMAP*</i>")
    assert "<b>&lt;i&gt;*IMAP*&lt;/i&gt;</b>" in words("ios.hand", protocol="<i>*IMAP*</i>")
    assert words("title_for", address=Markup("<code>a</code>")) == "Mail for <code>a</code>"


@pytest.mark.parametrize(
    ("offered", "asked", "accepted", "chosen"),
    [
        (("en", "ja"), "", [], "en"),
        (("ja", "en"), "", [], "ja"),
        (("en", "ja"), "", [("ja-JP", 1), ("en", 0.5)], "ja"),
        (("en", "ja"), "", [("de", 1), ("fr", 0.5)], "en"),
        (("en", "ja"), "en", [("ja", 1)], "en"),
        (("en", "ja"), "JA-jp", [("en", 1)], "ja"),
        (("en", "ja"), "<script>", [("ja", 1)], "ja"),
        (("en",), "ja", [("ja", 1)], "en"),
        (("de",), "", [("ja", 1)], "ja"),
    ],
)
def test_language_is_what_somebody_reads(
    offered: Sequence[str], asked: str, accepted: list[tuple[str, float]], chosen: str
) -> None:
    """What was clicked, else what the browser prefers, of those that the site offers."""
    assert choose(offered, asked, LanguageAccept(accepted)) == chosen
