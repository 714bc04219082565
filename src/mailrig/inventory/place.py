"""A key's path in the words that messages use; knows nothing of files or of what the keys mean."""

from __future__ import annotations

from collections.abc import Sequence

KeyPath = tuple[str | int, ...]

_NAMED: dict[str | int, str] = {"accounts": "account", "aliases": "alias", "hosts": "host"}


def place(path: KeyPath) -> str:
    """Say ``("hosts", "home", "ports", "imaps")`` as "`ports.imaps` of host `home`"."""
    if not path:
        return "the inventory"
    *above, last = path
    if isinstance(last, int):
        return f"item {last + 1} of {place(tuple(above))}"
    group, *rest = path
    if group not in _NAMED or not rest:
        return f"`{_dotted(path)}`"
    name, *keys = rest
    thing = f"{_NAMED[group]} `{name}`"
    return f"`{_dotted(keys)}` of {thing}" if keys else thing


def _dotted(path: Sequence[str | int]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
