"""Which files a service has, as files.yaml beside its templates says; knows nothing of what is in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mailrig.errors import RenderError
from mailrig.render.release import File, Rung
from mailrig.render.templates import Templates, Text, parse_yaml
from mailrig.secret import Secret

# The numbers that both Dockerfiles give these users: files travel into the volumes by number.
IDS = {"root": 0, "dovecot": 501, "dovenull": 502, "postfix": 503, "postdrop": 504, "vmail": 505}


def rendered_files(templates: Templates, folder: str, values: Mapping[str, Any]) -> tuple[File, ...]:
    """Render every file that ``folder``/files.yaml lists, from the same ``values``."""
    return tuple(
        _file(entry, _text(templates, folder, entry, values))
        for entry in _entries(templates, folder)
        if "when" not in entry or values[entry["when"]]
    )


def _entries(templates: Templates, folder: str) -> Iterator[Mapping[str, Any]]:
    yield from parse_yaml((templates.root / folder / "files.yaml").read_text())


def _text(templates: Templates, folder: str, entry: Mapping[str, Any], values: Mapping[str, Any]) -> Text:
    if "template" in entry:
        return templates.render(f"{folder}/{entry['template']}", values)
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
            needs=Rung[entry["needs"].upper()],
            settings={name: Rung[rung.upper()] for name, rung in entry.get("settings", {}).items()},
        )
    except KeyError as error:
        raise RenderError(f"files.yaml: {entry['path']}: unknown user or rung {error}") from error
