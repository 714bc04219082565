"""Names of images, by the content of their build contexts; knows nothing of how they are built."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from mailrig.resources import PACKAGE, resource

Context = Mapping[str, Path]
"""A build context: where each of its files comes from, by its place there."""

# What a context holds beside its own folder, by the place at which it is in there.
_CERTIFICATES = {"": resource("compose") / "certificates"}
_BESIDE: Mapping[str, Mapping[str, Path]] = {
    "dovecot": _CERTIFICATES,
    "postfix": _CERTIFICATES,
    "web": _CERTIFICATES,
    "setup": {"mailrig/discovery": PACKAGE / "discovery", "mailrig/portal": PACKAGE / "portal"},
}


@cache
def context(service: str) -> Context:
    """Return the build context of a service's image."""
    files = dict(files_of(resource("compose") / service))
    for place, folder in _BESIDE.get(service, {}).items():
        files.update({f"{place}/{name}".lstrip("/"): path for name, path in files_of(folder).items()})
    return files


def files_of(folder: Path) -> Context:
    """Return the files below a folder, without what Python compiled."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc")
    return {path.relative_to(folder).as_posix(): path for path in found}


def context_hash(files: Context) -> str:
    """Hash names, executable bits and contents of all files in a build context: 12 hexadecimal digits."""
    digest = hashlib.sha256()
    for name, path in sorted(files.items(), key=lambda item: Path(item[0])):
        content = path.read_bytes()
        mode = "x" if path.stat().st_mode & 0o100 else "-"
        digest.update(f"{name} {mode} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]


@cache
def image_name(service: str) -> str:
    """Return ``mailrig/<service>:<hash>``: another content is another image."""
    return f"mailrig/{service}:{context_hash(context(service))}"
