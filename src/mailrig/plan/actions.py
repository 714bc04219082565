"""What a plan consists of, as data; knows nothing of how an action is decided or done."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # most plans have nothing to do, and ask for nobody's access
    from mailrig.check.access import Access


class Verb(enum.Enum):
    """What is done to a service's container, from the least to the most disturbing.

    RELOAD replaces processes that wait, one by one; RELOAD_ALL has the daemon's master read its configuration anew.
    """

    NOTHING = "unchanged"
    REFRESH = "refresh"
    RELOAD = "reload"
    RELOAD_ALL = "reload-all"
    START = "start"
    RESTART = "restart"
    CREATE = "create"
    RECREATE = "recreate"
    REMOVE = "remove"


DELIVERING = frozenset(
    {Verb.REFRESH, Verb.RELOAD, Verb.RELOAD_ALL, Verb.START, Verb.RESTART, Verb.CREATE, Verb.RECREATE}
)


@dataclass(frozen=True)
class Action:
    """One service and what is done to it, why, and what its users will notice."""

    service: str
    verb: Verb
    causes: tuple[str, ...] = ()
    interruption: str = ""


@dataclass(frozen=True)
class Drift:
    """What is otherwise than the last deploy left it: somebody's work, or an accident's, and no change of ours.

    ``service`` is `network` or `volume` where it concerns the host.
    """

    service: str
    what: str


@dataclass(frozen=True)
class Plan:
    """All that turns a host into what the release says, in the order in which it is done.

    ``unverified`` says why a deploy would ask from outside although nothing else is to be done. ``access`` is how mail
    clients will fare on the ports of each service whose configuration was judged.
    """

    host: str
    images: tuple[str, ...]
    networks: tuple[str, ...]
    volumes: tuple[str, ...]
    actions: tuple[Action, ...]
    drift: tuple[Drift, ...] = ()
    unverified: str = ""
    access: tuple[Access, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether anything is made, changed or removed."""
        return bool(self.images or self.networks or self.volumes) or any(
            action.verb is not Verb.NOTHING for action in self.actions
        )

    @property
    def is_empty(self) -> bool:
        """Whether the host already is what the release says, and has been seen to work."""
        return not self.changes and not self.unverified
