"""What the page says in each language, and which language somebody is answered in; must not know where it is said."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from markupsafe import Markup, escape
from werkzeug.datastructures import LanguageAccept

_FOLDER = Path(__file__).with_name("words")
_LABEL = re.compile(r"\*([^*]+)\*")

LANGUAGES: Mapping[str, str] = {"en": "English", "ja": "日本語"}
"""Each language by its tag (RFC 5646), in its own words."""


class Words:
    """A catalogue: texts by dotted names, with {places} for what differs and *labels* as they stand on a screen."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = catalogue(language)

    def __call__(self, name: str, **values: object) -> Markup:
        """Return a text; what is put in is taken for text as well, unless it is markup already."""
        return _marked(str(self._texts[name]), values)

    def plain(self, name: str, **values: object) -> str:
        """Return a text without any markup."""
        return str(self._texts[name]).replace("*", "").format(**values)

    def each(self, name: str, **values: object) -> list[Markup]:
        """Return the texts of a list."""
        return [_marked(str(text), values) for text in self._texts[name]]


def _marked(text: str, values: Mapping[str, object]) -> Markup:
    marked = _LABEL.sub(r"<b>\1</b>", str(escape(text)))
    return Markup(marked).format(**values)  # noqa: S704 - the catalogue is ours, and was escaped


@cache
def catalogue(language: str) -> Mapping[str, Any]:
    """Return a language's texts by dotted names."""
    return dict(_flat("", json.loads((_FOLDER / f"{language}.json").read_text("utf-8"))))


def _flat(prefix: str, texts: Mapping[str, Any]) -> Sequence[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for name, text in texts.items():
        found += _flat(f"{prefix}{name}.", text) if isinstance(text, dict) else [(f"{prefix}{name}", text)]
    return found


def choose(offered: Sequence[str], asked: str, accepted: LanguageAccept) -> str:
    """Return one of the languages that are offered: what was asked for, else what a browser prefers, else the first."""
    known = [language for language in offered if language in LANGUAGES] or list(LANGUAGES)
    preferred = sorted(accepted, key=lambda one: -one[1])
    wanted = (asked, *(tag for tag, quality in preferred if quality > 0))
    spoken = (tag.partition("-")[0].lower() for tag in wanted)  # RFC 5646: in any case, and a region may follow
    return next((language for language in spoken if language in known), known[0])
