"""The user names that only probes use, by which their lines in a log are known; asks nothing."""

from __future__ import annotations

from mailrig.verify.login import NOBODY
from mailrig.verify.submission import unknown_address
from mailrig.verify.target import Target


def used_by_probes(target: Target) -> frozenset[str]:
    """Return the names with which the probes of ``target`` log in, try to, or are refused; in small letters."""
    return frozenset(name.lower() for name in (target.login, NOBODY, unknown_address(target)))
