"""Findings on a Release before it goes anywhere; pure, and knows nothing of Docker."""

from __future__ import annotations

from mailrig.check.secrecy import exposed_secrets
from mailrig.check.wiring import loose_ends
from mailrig.errors import Problem, RenderError
from mailrig.render.release import Release

__all__ = ["check", "findings"]


def findings(release: Release) -> list[Problem]:
    """Return everything that is wrong with a release although each file of it is valid."""
    return [*exposed_secrets(release), *loose_ends(release)]


def check(release: Release) -> None:
    """Raise RenderError with all findings."""
    if found := findings(release):
        raise RenderError.of(found)
