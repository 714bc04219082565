"""A release as it is kept on its host: everything that is needed to bring it back; knows nothing of where it lies.

It holds secrets, since a rollback needs them. So it lies in the site's state volume, which no service sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from mailrig.errors import ApplyError
from mailrig.render.release import Release
from mailrig.secret import Secret
from mailrig.verify.target import Target


@dataclass(frozen=True)
class Stored:
    """A release, what its verification is pointed at, and the ids of its images by tag."""

    release: Release
    target: Target
    images: Mapping[str, str]


def dump(stored: Stored) -> bytes:
    """Return the bytes to keep."""
    return msgspec.json.encode(_plain(stored), enc_hook=_revealed)


def load(name: str, content: bytes | None) -> Stored:
    """Return what was kept under a name; raise ApplyError when it is not there, or not readable."""
    if content is None:
        raise ApplyError(f"release {name} is not on the host any more")
    try:
        return msgspec.json.decode(content, type=Stored, dec_hook=_hidden)
    except msgspec.DecodeError as error:
        raise ApplyError(f"release {name} cannot be read: {error}", hint="was it kept by a newer mailrig?") from error


def _plain(stored: Stored) -> Stored:
    """Return the same without what dataclasses have computed and remember."""
    release = stored.release
    return replace(stored, release=replace(release, services=tuple(replace(one) for one in release.services)))


def _revealed(value: Any) -> str:
    if isinstance(value, Secret):
        return value.reveal()
    raise NotImplementedError


def _hidden(wanted: type, value: Any) -> Any:
    if wanted is Secret:
        return Secret(value)
    raise NotImplementedError
