"""What stands on a Docker host, as data; knows nothing of how it was found out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Container:
    """One of our containers.

    ``image`` is the image's id. ``delivered`` names the configuration that its volume's `current` points to,
    ``digests`` the files in it (path to digest), ``settings`` the digests of those settings in a file that need
    another rung than it, ``loaded`` the one that the daemon last took in, and ``verified`` the release that was
    verified since the container started; each None or empty when it cannot be told.
    """

    id: str
    name: str
    service: str
    state: str
    status: str
    image: str
    spec_hash: str
    delivered: str | None = None
    loaded: str | None = None
    verified: str | None = None
    digests: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def is_running(self) -> bool:
        """Whether its process runs (which does not mean that it serves)."""
        return self.state == "running"

    @property
    def is_unhealthy(self) -> bool:
        """Whether the engine's health check has given up on it."""
        return "(unhealthy)" in self.status


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
    ``images`` maps tags that the release names to image ids, for those that exist.
    """

    containers: tuple[Container, ...] = ()
    networks: Mapping[str, str] = field(default_factory=dict)
    volumes: frozenset[str] = frozenset()
    images: Mapping[str, str] = field(default_factory=dict)
    foreign: tuple[Foreign, ...] = ()

    def container(self, service: str) -> Container | None:
        """Return our container of a service, or None."""
        return next((container for container in self.containers if container.service == service), None)
