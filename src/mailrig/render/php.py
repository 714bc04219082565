"""Values as literals of PHP, which has no escapes but two in single quotes; knows nothing of what they mean."""

from __future__ import annotations

from collections.abc import Sequence

from mailrig.secret import Secret

Value = str | int | bool | Secret | Sequence[str]


def php_literal(value: Value) -> str | Secret:
    """Write a value for a PHP source; of a secret, the literal is one as well."""
    match value:
        case Secret():
            return Secret(_quoted(value.reveal()))
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return _quoted(value)
    return f"[{', '.join(_quoted(one) for one in value)}]"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
