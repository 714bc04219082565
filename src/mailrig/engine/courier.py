"""Configurations whose change needs no judgement, brought into force by the container that holds the lock.

A workshop costs a container for each service. What only changes files of which the daemon's tools have nothing to say,
such as accounts, is delivered without one.
"""

from __future__ import annotations

import tarfile
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mailrig.engine import labels
from mailrig.engine.tether import Tether
from mailrig.engine.workshop import KEPT, ROOT, pack
from mailrig.errors import EngineError
from mailrig.render.release import Release, Service

PARCELS = "parcels"
CONFIG = "/config"

CAPABILITIES = ["CHOWN", "DAC_READ_SEARCH"]  # to copy files with their owners, as a workshop does

# Its words are a service and a release. What may be served (renewable) was reckoned for the same settings. A release
# that is in force is never replaced. What is left was left by a deploy that was killed.
SCRIPT = f"""
switch() (
    new=$PWD/{PARCELS}/$1/$2
    cd "{CONFIG}/$1" && old=$(readlink current) && [ "$old" != "releases/$2" ] || exit
    rm -rf "releases/$2" && cp -a "$new" "releases/.$2" && mv -T "releases/.$2" "releases/$2" || exit
    touch "releases/$2"
    said=renewable/${{old#releases/}}
    if [ -e "$said" ]; then
        cp "$said" "renewable/.$2" && mv -fT "renewable/.$2" "renewable/$2" || exit
    fi
    ln -sfn "releases/$2" .next && mv -fT .next current && sync . && rm -rf "$new" || exit
    ls -1t releases | tail -n +{KEPT + 1} | while read -r old; do rm -rf "releases/$old" "renewable/$old"; done
)
rm -rf {PARCELS}
for left in {CONFIG}/*/releases/.[!.]*; do
    [ ! -e "$left" ] || [ "$(readlink "${{left%/releases/*}}/current")" = "releases/${{left##*/}}" ] || rm -rf "$left"
done
"""


@dataclass(frozen=True)
class Parcel:
    """The files of a service, on the host and not in force."""

    tether: Tether
    service: Service

    def pack(self, tar: tarfile.TarFile) -> None:
        """Add them to what is brought to the host."""
        pack(tar, self.service, f"{PARCELS}/{self.service.name}/{self.service.release_id}", time.time())

    def switch(self) -> None:
        """Copy them into the service's volume, and let `current` point to them; raise EngineError when it cannot."""
        answer = self.tether.ask(f"switch {self.service.name} {self.service.release_id}")
        if answer != "done":
            raise EngineError(f"cannot deliver the configuration of {self.service.name}: {answer}")


def volumes_of(release: Release, present: Iterable[str]) -> dict[str, str]:
    """Return the names of the configuration volumes by service, of those that are ``present`` on the host."""
    there = frozenset(present)
    named = {
        service.name: str(release.model["volumes"][mount["source"]]["name"])
        for service in release.services
        for mount in service.spec["volumes"]
        if mount["target"] == ROOT
    }
    return {service: name for service, name in named.items() if name in there}


def attached_to(services: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the same, of entries of the engine's list of containers."""
    return {
        entry["Labels"][labels.SERVICE]: mount["Name"]
        for entry in services
        for mount in entry["Mounts"]
        if mount["Destination"] == ROOT
    }


def mounts(volumes: Mapping[str, str]) -> list[dict[str, object]]:
    """Return how the volumes are mounted in the lock's container."""
    return [
        {"Type": "volume", "Source": name, "Target": f"{CONFIG}/{service}", "VolumeOptions": {"NoCopy": True}}
        for service, name in volumes.items()
    ]
