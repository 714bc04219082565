"""Which files a service has and what their settings need, as the YAML beside its templates says; knows no content."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mailrig.errors import RenderError
from mailrig.render.release import File, Rung, SettingRule
from mailrig.render.templates import Templates, Text
from mailrig.secret import Secret

# The numbers that the Dockerfiles give these users: files travel into the volumes by number.
IDS = {
    "root": 0,
    "dovecot": 501,
    "dovenull": 502,
    "postfix": 503,
    "postdrop": 504,
    "vmail": 505,
    "web": 506,
    "setup": 507,
    "roundcube": 508,
}


def rendered_files(templates: Templates, folder: str, values: Mapping[str, Any], role: str) -> tuple[File, ...]:
    """Render every file that ``folder``/files.yaml lists, from the same ``values``.

    A template that ``folder`` has in a folder with the name of the host's ``role`` takes the place of the common one.
    """
    return tuple(
        _file(entry, _text(templates, folder, entry, values, role))
        for entry in _entries(templates, folder)
        if "when" not in entry or values[entry["when"]]
    )


@dataclass(frozen=True)
class SettingRules:
    """What settings.yaml says: see Service for both."""

    rules: tuple[SettingRule, ...]
    lasting: tuple[str, ...]


def setting_rules(templates: Templates, folder: str) -> SettingRules:
    """Read ``folder``/settings.yaml: the rungs in their order, then what holds for every other setting.

    Without one, what changes is told by files alone.
    """
    if not templates.has(f"{folder}/settings.yaml"):
        return SettingRules((), ())
    document = templates.document(f"{folder}/settings.yaml")
    stated = {**document["settings"], "*": document["default"]}
    try:
        rules = tuple(SettingRule(pattern, _rung(rung)) for pattern, rung in stated.items())
    except KeyError as error:
        raise RenderError(f"{folder}/settings.yaml: unknown rung {error}") from error
    return SettingRules(rules, tuple(document.get("lasting", ())))


def _rung(name: str) -> Rung:
    return Rung[name.upper().replace("-", "_")]


def _entries(templates: Templates, folder: str) -> Iterator[Mapping[str, Any]]:
    yield from templates.document(f"{folder}/files.yaml")


def _text(templates: Templates, folder: str, entry: Mapping[str, Any], values: Mapping[str, Any], role: str) -> Text:
    if "template" in entry:
        name: str = entry["template"]
        places = [name[1:]] if name.startswith("/") else [f"{folder}/{role}/{name}", f"{folder}/{name}"]
        return templates.render(next(place for place in places if templates.has(place) or place == places[-1]), values)
    value = values[entry["copy"]]
    if isinstance(value, Secret):
        return Text(value.reveal(), f"{value}\n")
    return Text(value, value)


def _file(entry: Mapping[str, Any], text: Text) -> File:
    user, _, group = entry["owner"].partition(":")
    try:
        return File(
            path=entry["path"],
            content=text.content.encode(),
            shown=text.shown,
            mode=int(entry["mode"], 8),
            uid=IDS[user],
            gid=IDS[group],
            needs=_rung(entry["needs"]),
            judged=entry.get("judged") == "by-settings",
            unjudged=entry.get("judged") == "never",
            keyed=entry.get("keyed", ""),
            entries=entry.get("entries", ""),
        )
    except KeyError as error:
        raise RenderError(f"files.yaml: {entry['path']}: unknown user or rung {error}") from error
