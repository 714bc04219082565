"""Secrets of a release that would be seen by more than their daemon."""

from __future__ import annotations

from collections.abc import Iterable

from mailrig.errors import Problem
from mailrig.render.release import Release

OTHERS = 0o007


def exposed_secrets(release: Release) -> Iterable[Problem]:
    """Yield each file that holds a secret and that everybody in its container may read."""
    for service in release.services:
        for file in service.files:
            if file.content != file.shown.encode() and file.mode & OTHERS:
                yield Problem(
                    f"{service.name}: {file.path} holds a secret and is readable by everybody (mode {file.mode:04o})",
                    hint=f"give it a mode such as 0640 in files.yaml beside the templates of {service.name}",
                )
