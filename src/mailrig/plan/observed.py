"""What stands on a Docker host, as data; knows nothing of how it was found out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class PresentFile:
    """A file of the configuration as it lies in the container now."""

    content: bytes = field(repr=False)
    mode: int
    uid: int
    gid: int

    @property
    def digest(self) -> str:
        """SHA-256 over content, mode and owner, as of a release's File."""
        return hashlib.sha256(f"{self.mode:o} {self.uid} {self.gid}\n".encode() + self.content).hexdigest()


@dataclass(frozen=True)
class Container:
    """One of our containers.

    ``image`` is the image's id, ``spec`` the entry of compose.yaml that it was made from (None when its labels do
    not say so: somebody else made it), ``drift`` what somebody changed on it by hand since, in words.

    ``delivered`` names the configuration that its volume's `current` points to, ``recorded`` the digests of the files
    that were delivered with it (path to digest), ``files`` what lies there now; ``loaded`` the configuration that the
    daemon last took in, and ``verified`` the release that was verified since the container started; each None or
    empty when it cannot be told.

    ``refused`` says why a renewed certificate on the host is not served.

    ``sessions`` counts the open connections from outside, by the port's name in the inventory.
    """

    id: str
    name: str
    service: str
    state: str
    status: str
    image: str
    spec_hash: str
    spec: Mapping[str, Any] | None = None
    drift: tuple[str, ...] = ()
    delivered: str | None = None
    loaded: str | None = None
    verified: str | None = None
    refused: tuple[str, ...] = ()
    recorded: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, PresentFile] = field(default_factory=dict)
    sessions: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_running(self) -> bool:
        """Whether its process runs (which does not mean that it serves)."""
        return self.state == "running"

    @property
    def holds_its_place(self) -> bool:
        """Whether it runs, or the engine lets it run again by itself: it has its ports until it is stopped."""
        return self.state in ("running", "paused", "restarting")

    @property
    def is_unhealthy(self) -> bool:
        """Whether the engine's health check has given up on it."""
        return "(unhealthy)" in self.status

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each file as it lies there now."""
        return {path: file.digest for path, file in self.files.items()}


@dataclass(frozen=True)
class Foreign:
    """Something that is not ours and holds what we need: a ``container`` of our name, a ``port``."""

    kind: str
    name: str
    detail: str
    hint: str


@dataclass(frozen=True)
class Observed:
    """One Docker host as far as a release concerns it.

    ``networks`` maps our networks' names to the hash of their specification, ``volumes`` names our volumes,
    ``images`` maps tags that the release names to image ids, for those that exist. ``kept`` holds the containers
    that a deploy has set aside and not yet removed, by service: what would serve again if it were undone.
    """

    containers: tuple[Container, ...] = ()
    networks: Mapping[str, str] = field(default_factory=dict)
    volumes: frozenset[str] = frozenset()
    images: Mapping[str, str] = field(default_factory=dict)
    foreign: tuple[Foreign, ...] = ()
    kept: Mapping[str, Container] = field(default_factory=dict)

    def container(self, service: str) -> Container | None:
        """Return our container of a service, or None."""
        return next((container for container in self.containers if container.service == service), None)
