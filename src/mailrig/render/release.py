"""What a release is: the rendered files of one host, as one unit; knows nothing of templates or of Docker."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any


class Rung(enum.IntEnum):
    """What a change needs, from the least to the most disturbing."""

    NOTHING = 0
    RELOAD = 1
    RESTART = 2
    RECREATE = 3


@dataclass(frozen=True)
class File:
    """One rendered file, ``path`` relative to /etc/mailrig/current in the container.

    ``shown`` is the text with every secret replaced by its fingerprint: what people and build/ get to see.
    ``settings`` names those whose change needs another rung than the file does.
    """

    path: str
    content: bytes
    shown: str
    mode: int
    uid: int
    gid: int
    needs: Rung
    settings: Mapping[str, Rung] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 over content, mode and owner."""
        return hashlib.sha256(f"{self.mode:o} {self.uid} {self.gid}\n".encode() + self.content).hexdigest()

    @property
    def setting_digests(self) -> dict[str, str]:
        """SHA-256 of the value of each of ``settings``; of a name that is set twice the last counts."""
        pairs = (line.partition("=") for line in self.content.decode().splitlines()) if self.settings else ()
        values = {name.strip(): value.strip() for name, _, value in pairs}
        return {name: hashlib.sha256(values.get(name, "").encode()).hexdigest() for name in self.settings}


@dataclass(frozen=True)
class Service:
    """A container's role: its name, its entry in compose.yaml, and its configuration."""

    name: str
    spec: Mapping[str, Any]
    files: tuple[File, ...]

    @cached_property
    def release_id(self) -> str:
        """Name of the configuration by its content: 16 hexadecimal digits."""
        lines = "".join(f"{file.path} {file.digest}\n" for file in self.files)
        return hashlib.sha256(lines.encode()).hexdigest()[:16]

    @cached_property
    def spec_hash(self) -> str:
        """Hash of the service's entry in compose.yaml: 16 hexadecimal digits."""
        return hashlib.sha256(json.dumps(self.spec, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Release:
    """Everything that was rendered for one host.

    ``compose`` is the text of compose.yaml and ``model`` the same, parsed; ``services`` stand in the order
    in which they start.
    """

    host: str
    project: str
    compose: str
    model: Mapping[str, Any]
    services: tuple[Service, ...]

    @cached_property
    def id(self) -> str:
        """Name of the release by its content: 16 hexadecimal digits."""
        lines = self.compose + "".join(f"{service.name} {service.release_id}\n" for service in self.services)
        return hashlib.sha256(lines.encode()).hexdigest()[:16]
