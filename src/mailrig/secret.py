"""A value that never shows itself by accident; knows nothing of where it came from."""

from __future__ import annotations

import hashlib
from typing import Any


class Secret:
    """Text that prints as a mask; ``reveal()`` is the one way to its value.

    The fingerprint tells two secrets apart in a diff. It keeps 32 bits, so that it cannot
    be turned into the secret by trying a word list without thousands of false hits.
    """

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the secret itself."""
        return self._value

    @property
    def fingerprint(self) -> str:
        """First 8 hexadecimal digits of the value's BLAKE2b hash."""
        return hashlib.blake2b(self._value.encode(), person=b"mailrig").hexdigest()[:8]

    def __str__(self) -> str:
        return f"<secret {self.fingerprint}>"

    def __repr__(self) -> str:
        return f"Secret({self})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __reduce__(self) -> Any:
        raise TypeError("a Secret is not pickled: it would leave its value in a file")
