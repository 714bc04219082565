"""The model as a JSON Schema, for editors; knows nothing of how an inventory is read."""

from __future__ import annotations

import re
from typing import Any

import msgspec.inspect as mi
from msgspec import json

from mailrig.inventory import model
from mailrig.inventory.kinds import keys_of
from mailrig.inventory.reader import OWN_PREFIX

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of all files of an inventory together.

    An editor sees one file at a time, so no top-level key is required. Its YAML support has to be told of the
    tags of secrets: for yaml-language-server, `yaml.customTags: ["!env", "!file", "!command", "!generated"]`.
    """
    schema = _strict(json.schema(model.Site, schema_hook=_of_secret))
    for name, definition in schema["$defs"].items():
        _name_keys(definition["properties"], getattr(model, name))
    site = schema["$defs"]["Site"]
    site["patternProperties"] = {f"^{OWN_PREFIX}": {"description": "your own, to hang anchors on"}}
    del site["required"]
    return {"$schema": DIALECT, "title": "mailrig inventory", **schema}


def _of_secret(_kind: type) -> dict[str, Any]:
    """Describe the one type of the model that msgspec does not know."""
    return {"type": ["string", "null"], "title": "secret"}


def _name_keys(properties: dict[str, Any], struct: type) -> None:
    """Say which keys a mapping takes where the model fixes them, as it does for ports."""
    for key in keys_of(struct).values():
        match key.kinds:
            case (mi.DictType(key_type=mi.LiteralType(values=names)),):
                properties[key.name]["propertyNames"] = {"enum": list(names)}


def _strict(part: Any) -> Any:
    """Refuse unknown keys everywhere, and let a number stand for text that may be digits, as the reader does."""
    if isinstance(part, list):
        return [_strict(one) for one in part]
    if not isinstance(part, dict):
        return part
    strict = {key: _strict(value) for key, value in part.items()}
    if "properties" in part:
        strict["additionalProperties"] = False
    pattern = part.get("pattern", "")
    if part.get("type") == "string" and any(re.fullmatch(pattern, digits) for digits in ("500", "0600")):
        strict["type"] = ["string", "integer"]
    return strict
