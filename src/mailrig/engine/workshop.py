"""A throwaway container of a service's image, in which its configuration is judged and from which it is delivered.

The files travel as a tar archive into a container that is created and not yet started, since `put_archive` is the one
way that works on every host. They land where the daemon will see them, in a volume that nobody else has; only what was
judged is then copied into the service's own volume, beside the release in force, and comes into force by one rename.
"""

from __future__ import annotations

import io
import json
import posixpath
import tarfile
import time
from collections.abc import Collection, Mapping
from typing import Any

from mailrig.engine import labels
from mailrig.engine.connection import Engine, refusals
from mailrig.engine.shell import PROGRAM
from mailrig.engine.tether import Tether
from mailrig.engine.translation import container_body
from mailrig.errors import EngineError
from mailrig.render.release import COPIES, Release, Service

ROOT = "/etc/mailrig"
VOLUME = "/config"  # where the service's own configuration volume is, here
SERVED = "/served"  # and where the certificates are that it serves, if it has copies of the host's
KEPT = 10  # releases that stay in the volume
PATIENCE = 6 * 3600  # seconds until a workshop ends in any case: a hook may take its time while it waits

# `mv -T` is rename(2): a reader of `current` sees the old release or the new one, never neither. A release that is
# there already, as after a rollback, is used as it is. Where it is damaged and in force, a copy stands in for it.
# What is thrown away is the oldest by the time of its delivery, and never the one just switched to.
_SWITCH = f"""
set -eu
point() {{ ln -sfn "releases/$1" .next && mv -fT .next current; }}
facts() {{ (cd "$1" && find . -printf '%P %y %m %U %G\\n' | sort); }}
same() {{ diff -rq "$1" "$2" >/dev/null && [ "$(facts "$1")" = "$(facts "$2")" ]; }}
cd {VOLUME}
mkdir -p releases
new={ROOT}/releases/$1
if [ -n "$2" ]; then
    mkdir -p renewable
    printf '%s' "$2" >"renewable/.$1"
    mv -fT "renewable/.$1" "renewable/$1"
fi
if ! [ -d "releases/$1" ] || ! same "$new" "releases/$1"; then
    rm -rf "releases/.$1"
    cp -a "$new" "releases/.$1"
    if [ "$(readlink current)" = "releases/$1" ]; then
        point ".$1"
        rm -rf "releases/$1"
        cp -a "releases/.$1" "releases/$1"
    else
        rm -rf "releases/$1"
        mv -T "releases/.$1" "releases/$1"
    fi
fi
touch "releases/$1"
point "$1"
rm -rf "releases/.$1"
ls -1t releases | tail -n +{KEPT + 1} | while read -r old; do rm -rf "releases/$old" "renewable/$old"; done
"""

# For awk: the blocks of a PEM file that are no secret, each only when it ends as it began, since one that is cut off
# could have a key behind it; and outside of PEM the lines of a configuration file.
_PUBLIC = r"""
{ line = $0; sub(/\r$/, "", line) }
/^-----BEGIN / { kind = line; sub(/^-----BEGIN /, "", kind); text = "" }
kind == "" && line ~ /^[[:space:]]*(\[|[[:alnum:]_.]+[[:space:]]*=[[:space:]]*[^=[:space:]])/ { print line }
{ text = text line "\n" }
/^-----END / {
    if (kind ~ /^(CERTIFICATE|(X9.42 )?DH PARAMETERS)-----$/ && line == "-----END " kind) printf "%s", text
    kind = text = ""
}
"""


class Workshop:
    """The files of one service's release in a container of its image. Nothing else can see them yet."""

    def __init__(
        self,
        engine: Engine,
        release: Release,
        service: Service,
        *,
        volumes: Collection[str] = (),
        image: str | None = None,
    ) -> None:
        """Open a workshop; ``volumes`` are those that stand on the host, among which may be the service's own.

        ``image`` (an id) is used in the place of the one that the service's tag names now.
        """
        self.engine = engine
        self.service = service
        own = {target: name for target, name in _own_volumes(release, service).items() if name in volumes}
        self.has_volume = VOLUME in own
        with refusals(f"cannot make a container to check the configuration of {service.name}"):
            self._tether = Tether.create(
                engine,
                image or service.spec["image"],
                ["timeout", str(PATIENCE), PROGRAM],
                _host(release, service, own),
                Labels=labels.one_off_labels(release.project),
            )
        try:
            with refusals(f"cannot hand over the configuration of {service.name}"):
                engine.api.put_archive(self._tether.id, ROOT, archive(service, time.time()))
            self._tether.start()
        except BaseException:
            self.close()
            raise

    def check(self) -> str:
        """Return all that the image's own tools say of the files: errors, and effective settings."""
        return self._run("mailrig-check", f"{ROOT}/releases/{self.service.release_id}")[1]

    def settings_of(self, delivered: str) -> str:
        """Return the effective settings of a configuration that was delivered before, read by the same tools."""
        return self._run("mailrig-check", "--effective", f"{VOLUME}/releases/{delivered}")[1]

    def suites(self, list_: str) -> str | None:
        """Return what the image's own OpenSSL makes of a list of suites up to TLS 1.2; None where it takes none."""
        code, output = self._run("openssl", "ciphers", "-s", "-V", "-tls1_2", list_)
        return output if code == 0 else None

    def public_part(self, path: str, delivered: str | None = None) -> str | None:
        """Return certificates and parameters from a PEM file, or settings of OpenSSL, as the daemon finds them: no key.

        ``delivered`` names a configuration from before, whose own file is meant then. None where there is nothing.
        """
        code, output = self._run("awk", _PUBLIC, place_of(path, delivered))
        return output if code == 0 and output.strip() else None

    def switch(self, renewable: str = "") -> None:
        """Copy the files into the service's volume, and let `current` point to them.

        ``renewable`` says whom which kind of certificate would lock out (see check/renewal.py); what was said before
        holds on where it is empty.
        """
        code, output = self._run("sh", "-c", _SWITCH, "switch", self.service.release_id, renewable)
        if code != 0:
            raise EngineError(f"cannot deliver the configuration of {self.service.name}: {output.strip()}")

    def _run(self, *argv: str) -> tuple[int, str]:
        """Return a command's exit code and output, standard error last."""
        output = self._tether.run(argv)
        return output.code, (output.stdout + output.stderr).decode(errors="replace")

    def close(self) -> None:
        """Remove the container and its files."""
        self._tether.close()


def place_of(path: str, delivered: str | None) -> str:
    """Return where a file of the service's is in a workshop: its own, or of the configuration ``delivered`` before."""
    for place, kept in ((f"{ROOT}/current/", f"{VOLUME}/releases/{delivered}/"), (f"{COPIES}/", f"{SERVED}/tls/")):
        if delivered and path.startswith(place):
            return kept + path.removeprefix(place)
    return path


def archive(service: Service, now: float) -> bytes:
    """Pack the service's files as ``releases/<id>``, and `current` as a link to it.

    ``now`` (seconds since the epoch, to the fraction) becomes their time: Dovecot takes a passwd-file for the one it
    has read when time and size are the same.
    """
    folder = f"releases/{service.release_id}"
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        pack(tar, service, folder, now)
        link = _entry("current", now, mode=0o777, kind=tarfile.SYMTYPE)
        link.linkname = folder
        tar.addfile(link)
    return buffer.getvalue()


def pack(tar: tarfile.TarFile, service: Service, folder: str, now: float) -> None:
    """Add the service's files to an archive as ``folder``, with a manifest of their digests; ``now`` is their time."""
    for directory in sorted(_parents(service, folder)):
        tar.addfile(_entry(directory, now, mode=0o755, kind=tarfile.DIRTYPE))
    for file in service.files:
        entry = _entry(f"{folder}/{file.path}", now, mode=file.mode, size=len(file.content))
        entry.uid, entry.gid = file.uid, file.gid
        tar.addfile(entry, io.BytesIO(file.content))
    manifest = _manifest(service)
    tar.addfile(_entry(f"{folder}/.manifest", now, mode=0o644, size=len(manifest)), io.BytesIO(manifest))


def _parents(service: Service, folder: str) -> set[str]:
    """Return the directories that the service's files are in, from the top."""
    paths = [f"{folder}/{file.path}".split("/")[:-1] for file in service.files] or [folder.split("/")]
    return {"/".join(parts[: depth + 1]) for parts in paths for depth in range(len(parts))}


def _manifest(service: Service) -> bytes:
    manifest = {"release": service.release_id, "files": {file.path: file.digest for file in service.files}}
    return json.dumps(manifest, sort_keys=True).encode()


def _entry(name: str, now: float, *, mode: int, size: int = 0, kind: bytes = tarfile.REGTYPE) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.mtime = now  # a fraction is kept, in a PAX header
    entry.mode, entry.size, entry.type = mode, size, kind
    return entry


def _host(release: Release, service: Service, volumes: Mapping[str, str]) -> dict[str, Any]:
    """Return the HostConfig: the tmpfs and the certificate's directory of the service itself, and volumes of its own.

    The configuration that is judged, and copies of certificates that it would serve, are in volumes and a tmpfs of the
    workshop's, where the service has its own.
    """
    own = container_body(service.spec, release.model, {})["HostConfig"]
    mounts = [mount for mount in own["Mounts"] if mount["Type"] == "bind" and mount["ReadOnly"]]
    mounts.append({"Type": "volume", "Target": ROOT, "VolumeOptions": {"NoCopy": True}})
    for target, source in volumes.items():
        options = {"NoCopy": True}
        mounts.append({"Type": "volume", "Source": source, "Target": target, "VolumeOptions": options})
    # To copy a file with its owner, and to read a key of the host's that belongs to somebody else than root.
    capabilities = ["CHOWN", "DAC_READ_SEARCH"]
    tmpfs = {**own.get("Tmpfs", {}), posixpath.dirname(COPIES): "mode=700,size=1m,noexec,nosuid,nodev"}
    return {"Mounts": mounts, "Tmpfs": tmpfs, "CapAdd": capabilities}


def _own_volumes(release: Release, service: Service) -> Mapping[str, str]:
    """Return the names of the service's volumes that concern us, by where they are in a workshop."""
    places = {ROOT: VOLUME, posixpath.dirname(COPIES): SERVED}
    mounts: list[Mapping[str, Any]] = service.spec["volumes"]
    return {
        places[mount["target"]]: str(release.model["volumes"][mount["source"]]["name"])
        for mount in mounts
        if mount["target"] in places
    }
