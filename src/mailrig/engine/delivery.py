"""Bringing a service's files into its configuration volume, and switching to them in one rename.

The files travel as a tar archive into a container that is created from the service's own image and not yet
started, since `put_archive` is the one way that works on every host; it is not atomic, so it only ever writes
a directory that nobody reads yet. Starting that container then moves the link.
"""

from __future__ import annotations

import io
import json
import tarfile
import time
from collections.abc import Mapping
from typing import Any

from mailrig.engine import labels
from mailrig.engine.connection import Engine, refusals
from mailrig.engine.containers import last_lines, remove
from mailrig.errors import EngineError
from mailrig.render.release import Release, Service

ROOT = "/etc/mailrig"
KEPT = 10  # releases that stay in the volume

# A release that is there already may be the one in force: its files are replaced one by one, each in a rename.
# `mv -T` is rename(2): a reader of `current` sees the old release or the new one, never neither.
# What is thrown away is the oldest by the time of its delivery, and never the one just switched to.
SWITCH = f"""
set -eu
cd {ROOT}
if [ -d releases/$1 ]; then
    cd releases/.$1
    find . -type d -exec mkdir -p ../$1/{{}} \\;
    find . -type f -exec mv -f {{}} ../$1/{{}} \\;
    cd {ROOT}
    rm -rf releases/.$1
else
    mv -T releases/.$1 releases/$1
fi
touch releases/$1
ln -sfn releases/$1 .next
mv -fT .next current
ls -1t releases | tail -n +{KEPT + 1} | while read -r old; do rm -rf "releases/$old"; done
"""


def deliver(engine: Engine, release: Release, service: Service) -> None:
    """Write the service's files as ``releases/<id>`` into its volume, then point `current` to them."""
    doing = f"cannot deliver the configuration of {service.name}"
    with refusals(doing):
        helper = engine.api.create_container_from_config(_helper(release, service))["Id"]
    try:
        with refusals(doing):
            engine.api.put_archive(helper, ROOT, archive(service, time.time()))
            engine.api.start(helper)
            code = engine.api.wait(helper)["StatusCode"]
        if code != 0:
            raise EngineError(f"{doing}: {' '.join(last_lines(engine, helper))}")
    finally:
        remove(engine, helper)


def archive(service: Service, now: float) -> bytes:
    """Pack the service's files, with a manifest of their digests, below ``releases/.<id>``, where nobody reads.

    ``now`` (seconds since the epoch, to the fraction) becomes their time: Dovecot takes a passwd-file for the one it
    has read when time and size are the same.
    """
    folder = f"releases/.{service.release_id}"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for directory in sorted({"releases", folder, *_parents(service, folder)}):
            tar.addfile(_entry(directory, now, mode=0o755, kind=tarfile.DIRTYPE))
        for file in service.files:
            entry = _entry(f"{folder}/{file.path}", now, mode=file.mode, size=len(file.content))
            entry.uid, entry.gid = file.uid, file.gid
            tar.addfile(entry, io.BytesIO(file.content))
        manifest = _manifest(service)
        tar.addfile(_entry(f"{folder}/.manifest", now, mode=0o644, size=len(manifest)), io.BytesIO(manifest))
    return buffer.getvalue()


def _parents(service: Service, folder: str) -> set[str]:
    paths = (file.path.split("/")[:-1] for file in service.files)
    return {"/".join([folder, *parts[: depth + 1]]) for parts in paths for depth in range(len(parts))}


def _manifest(service: Service) -> bytes:
    files = {file.path: file.digest for file in service.files}
    settings = {file.path: file.setting_digests for file in service.files if file.settings}
    manifest = {"release": service.release_id, "files": files, "settings": settings}
    return json.dumps(manifest, sort_keys=True).encode()


def _entry(name: str, now: float, *, mode: int, size: int = 0, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.mtime = now  # a fraction is kept, in a PAX header
    entry.mode, entry.size, entry.type = mode, size, kind
    return entry


def _helper(release: Release, service: Service) -> dict[str, Any]:
    """Return a container that can write the service's configuration volume and do nothing else."""
    source = _configuration_volume(release, service)
    return {
        "Image": service.spec["image"],
        "Labels": labels.one_off_labels(release.project),
        "Entrypoint": ["sh", "-c", SWITCH, "switch"],
        "Cmd": [service.release_id],
        "Healthcheck": {"Test": ["NONE"]},
        "HostConfig": {
            "NetworkMode": "none",
            "ReadonlyRootfs": True,
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges:true"],
            "Mounts": [{"Type": "volume", "Source": source, "Target": ROOT, "VolumeOptions": {"NoCopy": True}}],
        },
    }


def _configuration_volume(release: Release, service: Service) -> str:
    mounts: list[Mapping[str, Any]] = service.spec["volumes"]
    key = next(mount["source"] for mount in mounts if mount["target"] == ROOT)
    return str(release.model["volumes"][key]["name"])
