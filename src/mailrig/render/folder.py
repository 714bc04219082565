"""A release as files for people to read, secrets as fingerprints; knows nothing of how a release is made."""

from __future__ import annotations

import difflib
import os
from collections.abc import Collection
from pathlib import Path

from mailrig.render import schema
from mailrig.render.release import Release

COMPOSE = "compose.yaml"


def write(release: Release, directory: Path) -> None:
    """Make ``directory`` hold the release and nothing else, each file replaced as a whole.

    A compose.yaml that was not there before is held against the Compose Specification first.
    """
    files = shown(release)
    if _read(directory / COMPOSE) != files[COMPOSE]:
        schema.validate(release.model)
    for path, text in files.items():
        target = directory / path
        if _read(target) == text:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = target.with_name(f".{target.name}.new")
        unfinished.write_text(text)
        os.replace(unfinished, target)  # noqa: PTH105 - as in rename(2): the old text or the new, never half
    for path in _stale(release, directory, files.keys()):
        (directory / path).unlink()


def diff(release: Release, directory: Path) -> str:
    """Compare what ``directory`` holds with the release, as a unified diff; all of it when nothing was written yet."""
    files = shown(release)
    changes = [_difference(path, _read(directory / path), text) for path, text in files.items()]
    changes += [_difference(path, _read(directory / path), None) for path in _stale(release, directory, files.keys())]
    return "".join(changes)


def shown(release: Release) -> dict[str, str]:
    """Return every file of a release by its path in the folder, as people get to see it."""
    files = {COMPOSE: release.compose}
    for service in release.services:
        files |= {f"{service.name}/{file.path}": file.shown for file in service.files}
    return files


def _stale(release: Release, directory: Path, wanted: Collection[str]) -> list[str]:
    """List the files that an earlier release had; what others put beside the services' folders is left alone."""
    found = (
        path.relative_to(directory).as_posix()
        for service in release.services
        for path in (directory / service.name).rglob("*")
        if path.is_file()
    )
    return sorted(set(found) - set(wanted))


def _difference(path: str, old: str | None, new: str | None) -> str:
    lines = difflib.unified_diff(
        [] if old is None else old.splitlines(keepends=True),
        [] if new is None else new.splitlines(keepends=True),
        "/dev/null" if old is None else f"a/{path}",
        "/dev/null" if new is None else f"b/{path}",
    )
    return "".join(lines)


def _read(path: Path) -> str | None:
    try:
        return path.read_text()
    except FileNotFoundError:
        return None
