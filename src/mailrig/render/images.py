"""Names of the images, by the content of their build contexts; knows nothing of how they are built."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mailrig.resources import PACKAGE, resource

_PACKAGES = "packages"
"""A file of a build context that names packages of mailrig, one a line: they stand beside it, below `mailrig/`."""

_WITH_CERTIFICATES = ("dovecot", "postfix", "web")
"""The services in whose build contexts the programs for certificates are, which compose/certificates/ holds for all."""


def context(service: str) -> Path:
    """Return the build context of a service's image."""
    return resource("compose") / service


def files(folder: Path) -> Mapping[str, Path]:
    """Return every file of the build context in a folder, by its path there, without what Python leaves behind."""
    found = _below(folder)
    if folder in map(context, _WITH_CERTIFICATES):
        found |= _below(context("certificates"))
    if (folder / _PACKAGES).is_file():
        for name in (folder / _PACKAGES).read_text().split():
            found |= {f"mailrig/{name}/{path}": file for path, file in _below(PACKAGE / name).items()}
    return dict(sorted(found.items(), key=lambda item: Path(item[0])))


def _below(folder: Path) -> dict[str, Path]:
    paths = (path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return {path.relative_to(folder).as_posix(): path for path in paths}


@cache
def context_hash(folder: Path) -> str:
    """Hash names, executable bits and contents of all files in a build context: 12 hexadecimal digits."""
    digest = hashlib.sha256()
    for name, path in files(folder).items():
        content = path.read_bytes()
        mode = "x" if path.stat().st_mode & 0o100 else "-"
        digest.update(f"{name} {mode} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]


@cache
def image_name(service: str) -> str:
    """Return ``mailrig/<service>:<hash>``: another content is another image."""
    return f"mailrig/{service}:{context_hash(context(service))}"
