"""What a release is: the rendered files of one host, as one unit; knows nothing of templates or of Docker."""

from __future__ import annotations

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

CERTIFICATES = "certificates"
"""The file of a release that names certificates on the Docker host."""

COPIES = "/var/lib/mailrig/tls"
"""Where a container keeps the copies of these that it serves."""


class Rung(enum.IntEnum):
    """What a change needs, from the least to the most disturbing.

    RELOAD reaches what processes read as they start, RELOAD_ALL what the daemon's master holds.
    """

    NOTHING = 0
    RELOAD = 1
    RELOAD_ALL = 2
    RESTART = 3
    RECREATE = 4


@dataclass(frozen=True)
class File:
    """One rendered file, ``path`` relative to /etc/mailrig/current in the container.

    ``shown`` is the text with every secret replaced by its fingerprint: what people and build/ get to see.
    A ``judged`` file's change is judged by the settings in it, where they are known; of an ``unjudged`` one the
    daemon's tools have nothing to say. ``keyed`` is what separates the key of an entry from its value in a file of one
    entry a line, and ``entries`` what these are; empty for others.
    """

    path: str
    content: bytes
    shown: str
    mode: int
    uid: int
    gid: int
    needs: Rung
    judged: bool = False
    unjudged: bool = False
    keyed: str = ""
    entries: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 over content, mode and owner."""
        return hashlib.sha256(f"{self.mode:o} {self.uid} {self.gid}\n".encode() + self.content).hexdigest()


@dataclass(frozen=True)
class SettingRule:
    """What a change of the settings whose flat name fits ``pattern`` needs; see plan/effective.py for the names."""

    pattern: str
    needs: Rung

    def fits(self, name: str) -> bool:
        """Whether the rule speaks of the setting ``name``."""
        return fnmatchcase(name, self.pattern)


@dataclass(frozen=True)
class Service:
    """A container's role: its name, its entry in compose.yaml, and its configuration.

    Of ``rules`` the first that fits a setting counts; the last fits all. ``lasting`` are patterns of settings that make
    the daemon keep processes which RELOAD does not replace.
    """

    name: str
    spec: Mapping[str, Any]
    files: tuple[File, ...]
    rules: tuple[SettingRule, ...] = ()
    lasting: tuple[str, ...] = ()

    def rung_of(self, setting: str) -> Rung:
        """Return what a change of a setting needs; without a rule, what is sure to be enough short of a restart."""
        return next((rule.needs for rule in self.rules if rule.fits(setting)), Rung.RELOAD_ALL)

    def is_lasting(self, setting: str) -> bool:
        """Whether processes outlive a gentle reload because of this setting."""
        return any(fnmatchcase(setting, pattern) for pattern in self.lasting)

    @property
    def watches_certificates(self) -> bool:
        """Whether it takes in certificates of the Docker host by itself."""
        return any(file.path == CERTIFICATES for file in self.files)

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
