"""What only a container itself, and the volume in it, can tell; changes nothing there and judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from docker.errors import APIError

from mailrig.engine.archive import Delivered, unpack
from mailrig.engine.connection import Engine
from mailrig.engine.sessions import open_sessions
from mailrig.errors import EngineError
from mailrig.render.release import COPIES

CURRENT = "/etc/mailrig/current/"  # with a slash it is what the link points to
TAKEN_IN = "/run/mailrig/release"
VERIFIED = "/run/mailrig/verified"
REFUSED = f"{COPIES}/refused"

# One process in the container for all of it: to start one takes longer than everything that it does.
_LOOK = f"""
read -r loaded <{TAKEN_IN}
read -r verified <{VERIFIED}
[ ! -f {REFUSED} ] || refused=$(tr '\\n' '\\t' <{REFUSED})
printf '%s\\n' "$loaded" "$verified" "$refused"
cat /proc/net/tcp
echo
exec tar -cC {CURRENT} .
"""


@dataclass(frozen=True)
class Inside:
    """The configuration in the volume, and what a running container says beside; empty where it does not run."""

    delivered: Delivered
    loaded: str | None = None
    verified: str | None = None
    refused: tuple[str, ...] = ()
    sessions: Mapping[str, int] = field(default_factory=dict)


def look_inside(engine: Engine, entry: Mapping[str, Any]) -> Inside:
    """Ask the container of an entry of the engine's list, or read its volume where it does not run or answer."""
    found = _asked(engine, entry["Id"]) if entry["State"] == "running" else None
    return found or Inside(_archived(engine, entry["Id"]))


def _asked(engine: Engine, container: str) -> Inside | None:
    """Ask a running container; None when it has stopped meanwhile, or does not answer as ours do."""
    try:
        output = engine.shells.run(container, ["sh", "-c", _LOOK])
    except (APIError, EngineError):
        return None
    return _understood(output.stdout)


def _understood(output: bytes) -> Inside | None:
    """Take apart what the command _LOOK printed."""
    loaded, _, rest = output.partition(b"\n")
    verified, _, rest = rest.partition(b"\n")
    refused, _, rest = rest.partition(b"\n")
    connections, _, archive = rest.partition(b"\n\n")
    delivered = unpack(archive)
    if delivered is None:
        return None
    reasons = tuple(reason for reason in refused.decode(errors="replace").split("\t") if reason)
    return Inside(delivered, _text(loaded), _text(verified), reasons, open_sessions(connections.decode()))


def _text(line: bytes) -> str | None:
    return line.decode(errors="replace") or None


def _archived(engine: Engine, container: str) -> Delivered:
    """Return the configuration that a stopped container would start with."""
    try:
        stream, _ = engine.api.get_archive(container, CURRENT)
    except APIError:  # nothing was ever delivered, or the container is being removed
        return Delivered()
    return unpack(b"".join(stream)) or Delivered()
