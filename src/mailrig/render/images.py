"""Names of the images, by the content of their build contexts; knows nothing of how they are built."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from mailrig.resources import resource


def context(service: str) -> Path:
    """Return the build context of a service's image."""
    return resource("compose") / service


@cache
def context_hash(folder: Path) -> str:
    """Hash names, executable bits and contents of all files in a build context: 12 hexadecimal digits."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        content = path.read_bytes()
        mode = "x" if path.stat().st_mode & 0o100 else "-"
        digest.update(f"{path.relative_to(folder).as_posix()} {mode} {len(content)}\n".encode() + content)
    return digest.hexdigest()[:12]


def image_name(service: str) -> str:
    """Return ``mailrig/<service>:<hash>``: another content is another image."""
    return f"mailrig/{service}:{context_hash(context(service))}"
