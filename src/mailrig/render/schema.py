"""The Compose Specification's schema, and what a compose.yaml does against it; knows nothing of templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mailrig.errors import Problem, RenderError

_SCHEMA = Path(__file__).with_name("compose-spec.json")


def validate(model: Mapping[str, Any]) -> None:
    """Refuse a parsed compose.yaml that the specification does not allow, naming every place.

    Costs about 0.15 s, most of it the import: call it when the text is new, not for one that was deployed before.
    """
    import jsonschema

    schema = json.loads(_SCHEMA.read_bytes())
    validator = jsonschema.validators.validator_for(schema)(schema)
    problems = [
        Problem(f"compose.yaml: {'.'.join(map(str, error.absolute_path))}: {error.message}")
        for error in sorted(validator.iter_errors(model), key=lambda error: list(map(str, error.absolute_path)))
    ]
    if problems:
        raise RenderError.of(problems)
