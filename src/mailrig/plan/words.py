"""What differs between two values, in the words of a plan; knows nothing of where the values came from."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from mailrig.plan.effective import SettingChange
from mailrig.secret import Secret

_SUITES = re.compile(r"(cipher_?list|cipher_suites|exclude_ciphers)$")
_CURVES = re.compile(r"(curve_list|eecdh_auto_curves)$")
_LISTS = re.compile(
    r"(protocols|plugins|mechanisms|restrictions|networks|domains|destination|maps|interfaces|capability|"
    r"notify_classes|features|workarounds|milters|listen|master_service_disable)$"
)
# A list of words, of which one in braces may hold blanks and commas (postconf(5), check_policy_service).
_WORD = re.compile(r"\{[^}]*\}|[^\s,{}]+")
# Settings of the operator's own may hold what should be read from elsewhere. A path is no secret.
_SECRET_NAME = re.compile(r"pass(word|wd|phrase)?\b|password|secret|token|api_?key|nonce", re.IGNORECASE)
_SECRET_VALUE = re.compile(r"\bstatic:|pass(word)?\s*=|secret|://[^/\s]*:[^/\s]*@", re.IGNORECASE)
_PATH = re.compile(r"<?(?:[a-z]+:)?[/$][^\s]*$")
_FEW_WORDS, _SHORT_WORDS, _SHORT_VALUE = 3, 60, 48


def setting_words(change: SettingChange) -> str:
    """Say what became of a setting: ``ssl_cipher_list: +6 suites``, ``listen: set to *``."""
    return f"{change.name}: {_change(change)}"


def _change(change: SettingChange) -> str:
    before, after = (_masked(change.name, value) for value in (change.before, change.after))
    if before is None:
        return f"set to {shortened(after or '')}"
    if after is None:
        return f"no longer set (was {shortened(before)})"
    if (before, after) != (change.before, change.after):
        return arrow(before, after)
    for names, noun in ((_SUITES, "suite"), (_CURVES, "curve")):
        if names.search(change.name):
            return _counted(re.split(r"[:,\s]+", before), re.split(r"[:,\s]+", after), noun)
    if _LISTS.search(change.name):
        return _listed(_WORD.findall(before), _WORD.findall(after))
    return arrow(before, after)


def _masked(name: str, value: str | None) -> str | None:
    """Return a value, or the fingerprint of one that looks like a secret."""
    if not value or _PATH.match(value):
        return value
    is_secret = _SECRET_NAME.search(name.rpartition("/")[2]) or _SECRET_VALUE.search(value)
    return str(Secret(value)) if is_secret else value


def arrow(before: object, after: object) -> str:
    """Return ``before → after``, both shortened."""
    return f"{shortened(_scalar(before))} → {shortened(_scalar(after))}"


def shortened(value: str) -> str:
    """Return a value that fits into a line; doveconf hides some by itself."""
    if not value:
        return "nothing"
    if value.startswith("# hidden"):
        return "a hidden value"
    return value if len(value) <= _SHORT_VALUE else f"{value[:_SHORT_VALUE]}…"


def signed(added: int, removed: int) -> str:
    """Return ``+6``, ``-2`` or ``+1 -2``."""
    return " ".join([*([f"+{added}"] if added else []), *([f"-{removed}"] if removed else [])])


def _counted(before: list[str], after: list[str], noun: str) -> str:
    added, removed = _difference(before, after)
    if not (added or removed):
        return f"the same {noun}s in another order"
    plural = "" if len(added) + len(removed) == 1 else "s"
    return f"{signed(len(added), len(removed))} {noun}{plural}"


def _listed(before: list[str], after: list[str]) -> str:
    added, removed = _difference(before, after)
    words = " ".join([*(f"+{word}" for word in added), *(f"-{word}" for word in removed)])
    if not words:
        return "the same in another order"
    if len(added) + len(removed) <= _FEW_WORDS and len(words) <= _SHORT_WORDS:
        return words
    return signed(len(added), len(removed))


def _difference(before: Iterable[str], after: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return what only ``after`` has and what only ``before`` has, each in its own order."""
    old, new = list(dict.fromkeys(before)), list(dict.fromkeys(after))
    return [word for word in new if word not in old], [word for word in old if word not in new]


def spec_words(before: Mapping[str, Any], after: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """Yield what differs between two entries of compose.yaml: ``mem_limit: 256m → 300m``."""
    for key in sorted(before.keys() | after.keys()):
        old, new, name = before.get(key), after.get(key), f"{path}{key}"
        if old == new:
            continue
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from spec_words(old, new, f"{name}.")
        elif isinstance(old, list | None) and isinstance(new, list | None):
            yield f"{name}: {_items(old or [], new or [], _ITEM_WORDS.get(name, _scalar))}"
        elif old is None:
            yield f"{name}: set to {shortened(_scalar(new))}"
        elif new is None:
            yield f"{name}: no longer set (was {shortened(_scalar(old))})"
        else:
            yield f"{name}: {arrow(old, new)}"


def _items(before: list[Any], after: list[Any], words: Callable[[Any], str]) -> str:
    added = [words(item) for item in after if item not in before]
    removed = [words(item) for item in before if item not in after]
    differing = [item for item in added if item in removed]
    parts = [
        *(f"+{item}" for item in added if item not in differing),
        *(f"-{item}" for item in removed if item not in differing),
        *(f"{item} changed" for item in differing),
    ]
    return " ".join(parts) or "the same in another order"


def _port(item: Any) -> str:
    if not isinstance(item, Mapping):
        return _scalar(item)
    address = str(item.get("host_ip", ""))
    host = f"[{address}]:" if ":" in address else f"{address}:" if address else ""
    return f"{host}{item.get('published', '')}→{item.get('target', '')}"


def _mount(item: Any) -> str:
    return f"{item.get('source', '')} on {item.get('target', '')}" if isinstance(item, Mapping) else _scalar(item)


_ITEM_WORDS: Mapping[str, Callable[[Any], str]] = {"ports": _port, "volumes": _mount}


def _scalar(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, sort_keys=True, ensure_ascii=False)
