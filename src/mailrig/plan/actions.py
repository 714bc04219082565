"""What a plan consists of, as data; knows nothing of how an action is decided or done."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Verb(enum.Enum):
    """What is done to a service's container, from the least to the most disturbing."""

    NOTHING = "unchanged"
    REFRESH = "refresh"
    RELOAD = "reload"
    START = "start"
    RESTART = "restart"
    CREATE = "create"
    RECREATE = "recreate"
    REMOVE = "remove"


DELIVERING = frozenset({Verb.REFRESH, Verb.RELOAD, Verb.START, Verb.RESTART, Verb.CREATE, Verb.RECREATE})


@dataclass(frozen=True)
class Action:
    """One service and what is done to it, why, and what its users will notice."""

    service: str
    verb: Verb
    causes: tuple[str, ...] = ()

    @property
    def interruption(self) -> str:
        """What to expect while it is done."""
        return INTERRUPTIONS[self.verb]


INTERRUPTIONS = {
    Verb.NOTHING: "",
    Verb.REFRESH: "no interruption",
    Verb.RELOAD: "sessions stay, a login in that instant may fail",
    Verb.START: "none: it is down now",
    Verb.RESTART: "drops open sessions, a few seconds without logins",
    Verb.CREATE: "",
    Verb.RECREATE: "drops open sessions, a few seconds without logins",
    Verb.REMOVE: "stops for good",
}


@dataclass(frozen=True)
class Plan:
    """All that turns a host into what the release says, in the order in which it is done."""

    host: str
    images: tuple[str, ...]
    networks: tuple[str, ...]
    volumes: tuple[str, ...]
    actions: tuple[Action, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the host already is what the release says."""
        changes = any(action.verb is not Verb.NOTHING for action in self.actions)
        return not (self.images or self.networks or self.volumes or changes)
