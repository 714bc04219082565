"""A mailbox deleted from the mail volume of a site; knows nothing of who may ask for that.

It is done in a throwaway container that has no network, and sees nothing but mail and the list of mailboxes in force.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from docker.errors import NotFound

from mailrig.engine import labels
from mailrig.engine.connection import Engine, refusals
from mailrig.engine.shell import PROGRAM
from mailrig.engine.tether import Tether
from mailrig.errors import EngineError

_MAIL, _CONFIG = "/mail", "/config"

# Exit 3: still a mailbox; 4: a link. `rm -rf` and `find -P` follow no link inside; one on the way there is refused.
_LOOK = f"""
cut -d: -f1 {_CONFIG}/current/users 2>/dev/null | grep -qxF -- "$1" && exit 3
cd {_MAIL} || exit
shift
for place; do
    way=.
    for part in $(echo "$place" | tr / ' '); do
        way=$way/$part
        [ ! -L "$way" ] || {{ echo "$way"; exit 4; }}
    done
    [ -d "$place" ] || continue
    messages=$(find -P "$place" -type f '(' -path '*/cur/*' -o -path '*/new/*' ')' | wc -l)
    files=$(find -P "$place" ! -type d | wc -l)
    bytes=$(du -sb -- "$place" | cut -f1)
    echo "$place $messages $files $bytes"
done
"""
_DELETE = f'cd {_MAIL} && exec rm -rf --one-file-system -- "$@"'
_IN_USE, _LINK = 3, 4


@dataclass(frozen=True)
class Contents:
    """What is in one directory of a mailbox: messages, all files, and the bytes that they take."""

    place: str
    messages: int
    files: int
    bytes: int


class StillInUse(EngineError):
    """The mailbox is one in the release in force."""


class Mailbox:
    """The directories of one mailbox, in a container that sees them."""

    def __init__(self, engine: Engine, project: str, image: str, address: str, places: Sequence[str]) -> None:
        self._address, self._places = address, tuple(places)
        host = {"Mounts": _mounts(engine, project), "CapAdd": ["DAC_OVERRIDE"]}  # the files are vmail's
        with refusals("cannot look at the mail volume"):
            self._tether = Tether.create(engine, image, [PROGRAM], host, Labels=labels.one_off_labels(project))
        try:
            self._tether.start()
        except BaseException:
            self._tether.close()
            raise

    def contents(self) -> list[Contents]:
        """Return what there is; raise EngineError for a mailbox in use, and for a link where a directory should be."""
        done = self._tether.run(["sh", "-c", _LOOK, "look", self._address, *self._places])
        said = done.stdout.decode(errors="replace")
        if done.code == _IN_USE:
            raise StillInUse(
                f"`{self._address}` is still a mailbox in the release in force; nothing was deleted",
                hint="`deploy` first, which takes it out",
            )
        if done.code == _LINK:
            raise EngineError(
                f"`{said.strip()}` in the mail volume is a link; nothing was deleted",
                hint="see where it leads, and take it away by hand",
            )
        if done.code != 0:
            raise EngineError(f"cannot look at the mail of `{self._address}`: {done.stderr.decode(errors='replace')}")
        return [Contents(place, *map(int, numbers)) for place, *numbers in map(str.split, said.splitlines())]

    def delete(self, places: Sequence[str]) -> None:
        """Delete directories of it, with all that is in them."""
        done = self._tether.run(["sh", "-c", _DELETE, "delete", *places])
        if done.code != 0:
            raise EngineError(f"cannot delete all mail of `{self._address}`: {done.stderr.decode(errors='replace')}")

    def close(self) -> None:
        """Let the container go."""
        self._tether.close()


def _mounts(engine: Engine, project: str) -> list[Mapping[str, object]]:
    """Return the mail volume, and Dovecot's configuration to read; the engine would make one that is missing."""
    mounts: list[Mapping[str, object]] = []
    for key, target, read_only in (("mail_data", _MAIL, False), ("dovecot_config", _CONFIG, True)):
        name = f"{project}_{key}"
        with refusals("cannot look for the mail volume"):
            try:
                engine.api.inspect_volume(name)
            except NotFound as error:
                raise EngineError(f"there is no volume {name}", hint="nothing of this site is there") from error
        options = {"NoCopy": True}
        mounts.append(
            {"Type": "volume", "Source": name, "Target": target, "ReadOnly": read_only, "VolumeOptions": options}
        )
    return mounts
