"""A site's state volume: whoever holds the lock writes in it, anybody may read; knows nothing of what is written.

The lock is a container: its name can only be taken once, it writes what we tell it into the volume, and it ends with us
(see tether). While it is not told anything for PATIENCE seconds, it ends as well: a connection can hang for hours when
the machine at its other end has lost its power.
"""

from __future__ import annotations

import base64
import contextlib
import io
import json
import tarfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from docker.errors import APIError, NotFound

from mailrig.engine import labels
from mailrig.engine.connection import Engine, refusals
from mailrig.engine.containers import inspect, remove
from mailrig.engine.courier import CAPABILITIES, CONFIG, SCRIPT, Parcel, mounts
from mailrig.engine.storage import create_labelled_volume
from mailrig.engine.tether import Tether
from mailrig.errors import EngineError
from mailrig.render.release import Service

ROOT = "/state"
AUDIT = "audit.jsonl"
RELEASES = "releases"
VOLUME = "state"

PATIENCE = 45  # seconds
_BEAT = 10  # seconds between two signs of life
_CONFLICT = 409
_STARTING = 15  # seconds that a lock may take from its creation to its start

# A line that is none of the commands is a line of the audit log. Each is on the disk before it is answered.
_SCRIPT = f"""
cd {ROOT} || exit
{SCRIPT}
mkdir -p -m 0700 {RELEASES} && touch {AUDIT} && rm -f {RELEASES}/.[!.]* || exit
[ -z "$(tail -c 1 {AUDIT})" ] || echo >>{AUDIT} # a power cut may have torn the last line
while IFS= read -r -t {PATIENCE} line; do
    case $line in
        '') continue ;;
        here) ;;
        'unpack '*) head -c "${{line#* }}" | {{ tar -xf -; code=$?; cat >/dev/null; (exit "$code"); }} ;;
        'keep '*) mv -f "{RELEASES}/.${{line#* }}" "{RELEASES}/${{line#* }}" ;;
        'switch '*) set -- $line; switch "$2" "$3" && sync "{CONFIG}/$2" ;;
        'read '*) base64 -w 0 -- "${{line#* }}" 2>/dev/null && echo || echo -; continue ;;
        'drop '*) rm -f "{RELEASES}/${{line#* }}" ;;
        *) printf '%s\\n' "$line" >>{AUDIT} ;;
    esac && sync {AUDIT} {RELEASES} && echo done || echo failed
done
"""


class Taken(EngineError):
    """Somebody else holds the lock; ``marks`` are what its holder said of itself."""

    def __init__(self, marks: Mapping[str, str]) -> None:
        super().__init__("the site is locked")
        self.marks = marks


class Gone(EngineError):
    """The lock was taken away from us, or has ended."""


class Recorder:
    """The lock, held, and with it the right to write in the state volume."""

    def __init__(self, tether: Tether, volumes: Iterable[str] = ()) -> None:
        self._tether = tether
        self._reached = frozenset(volumes)
        self._ended = threading.Event()
        threading.Thread(target=self._beat, daemon=True).start()

    @classmethod
    def take(
        cls, engine: Engine, project: str, image: str, marks: Mapping[str, str], volumes: Mapping[str, str]
    ) -> Recorder:
        """Take the lock of a project; raise Taken when somebody else has it. ``marks`` say who we are.

        ``volumes`` are the configuration volumes to deliver into, by service.
        """
        create_labelled_volume(engine, project, VOLUME)
        tether = _create(engine, project, image, marks, volumes)
        try:
            tether.start()
            _ask(tether, "here")  # before that it may still be clearing away what nobody has kept
        except BaseException:
            tether.close()
            raise
        return cls(tether, volumes)

    def record(self, entry: Mapping[str, object]) -> None:
        """Append an entry to the audit log, and return when it is on the disk; raise Gone without the lock."""
        self._ask(json.dumps(entry, ensure_ascii=False))

    def put(self, releases: Mapping[str, bytes], services: Iterable[Service] = ()) -> dict[str, Parcel]:
        """Bring the content of releases, by name, and files of services to the host.

        Nobody finds them before ``keep``, and before the parcels that are returned by service are switched to.
        """
        parcels = {one.name: Parcel(self._tether, one) for one in services if one.name in self._reached}
        if not (releases or parcels):
            return {}
        buffer = io.BytesIO()
        with tarfile.open(fileobj=buffer, mode="w") as tar:
            for name, content in releases.items():
                entry = tarfile.TarInfo(f"{RELEASES}/.{name}")
                entry.size, entry.mode, entry.mtime = len(content), 0o600, int(time.time())
                tar.addfile(entry, io.BytesIO(content))
            for parcel in parcels.values():
                parcel.pack(tar)
        content = buffer.getvalue()
        self._ask(f"unpack {len(content)}", content)
        return parcels

    def keep(self, name: str) -> None:
        """Keep what was put there, under its name: all of it, or nothing."""
        self._ask(f"keep {name}")

    def drop(self, name: str) -> None:
        """Forget a release."""
        self._ask(f"drop {name}")

    def read(self, path: str) -> bytes | None:
        """Return a file of the volume, None when there is none."""
        answer = _answer(self._tether, f"read {path}")
        return None if answer == "-" else base64.b64decode(answer)

    @property
    def container(self) -> str:
        """The id of the lock's container."""
        return self._tether.id

    def close(self) -> None:
        """Give the lock back."""
        self._ended.set()
        self._tether.close()

    def _ask(self, line: str, content: bytes = b"") -> None:
        _ask(self._tether, line, content)

    def _beat(self) -> None:
        while not self._ended.wait(_BEAT):
            with contextlib.suppress(EngineError):  # whoever records next finds out
                self._tether.tell()


def _ask(tether: Tether, line: str, content: bytes = b"") -> None:
    """Give the lock's process a line, and wait until that is done; raise Gone or EngineUnreachable when it is gone."""
    if (answer := _answer(tether, line, content)) != "done":
        raise EngineError(f"cannot write in the state volume: {answer}", hint="is the disk of the host full?")


def _answer(tether: Tether, line: str, content: bytes = b"") -> str:
    try:
        return tether.ask(line, content)
    except EngineError as error:
        tether.engine.require_answer()
        raise Gone("the lock was taken away") from error


class Reader:
    """The state volume of a project, read without a lock."""

    def __init__(self, engine: Engine, container: str) -> None:
        self._engine = engine
        self._container = container

    def read(self, path: str) -> bytes | None:
        """Return a file of the volume, None when there is none."""
        return _read(self._engine, self._container, path)


@contextlib.contextmanager
def reading(engine: Engine, project: str, image: str) -> Iterator[Reader]:
    """Read the state volume through a container that is never started; raise EngineError when there is none.

    The engine would make a volume that is missing, and nobody would know whose it is.
    """
    with refusals("cannot look for the state volume"):
        try:
            engine.api.inspect_volume(f"{project}_{VOLUME}")
        except NotFound as error:
            site = project.removeprefix(labels.PREFIX)
            raise EngineError(f"nothing of a site `{site}` has been deployed there", hint="deploy first") from error
    body = {
        "Image": image,
        "Entrypoint": ["true"],
        "Labels": labels.one_off_labels(project),
        "HostConfig": {"NetworkMode": "none", "Mounts": [_mount(project, read_only=True)]},
    }
    with refusals("cannot read the state volume"):
        container = str(engine.api.create_container_from_config(body)["Id"])
    try:
        yield Reader(engine, container)
    finally:
        remove(engine, container)


def holder(engine: Engine, project: str) -> Mapping[str, str] | None:
    """Return what the holder of a project's lock said of itself, None when nobody holds it."""
    state = inspect(engine, labels.lock_name(project))
    return dict(state["Config"]["Labels"]) if state and not _is_dead(engine, state) else None


def break_lock(engine: Engine, project: str) -> bool:
    """Take the lock away from whoever holds it; False when nobody does."""
    state = inspect(engine, labels.lock_name(project))
    is_ours = bool(state) and labels.is_ours(state["Config"]["Labels"], project)
    if is_ours:
        remove(engine, state["Id"])
    return is_ours


def _create(engine: Engine, project: str, image: str, marks: Mapping[str, str], volumes: Mapping[str, str]) -> Tether:
    """Create the lock's container; one that never started is somebody's who was killed in that instant."""
    host = {"Mounts": [_mount(project, read_only=False), *mounts(volumes)], "CapAdd": CAPABILITIES if volumes else []}
    marks = {**labels.one_off_labels(project), **marks}

    def create() -> Tether:
        return Tether.create(engine, image, ["bash", "-c", _SCRIPT], host, name=labels.lock_name(project), Labels=marks)

    with refusals("cannot take the lock"):
        try:
            return create()
        except APIError as error:
            if error.status_code != _CONFLICT:
                raise
        return _create_in_place_of(engine, project, create)


def _create_in_place_of(engine: Engine, project: str, create: Callable[[], Tether]) -> Tether:
    """Take the place of a lock whose holder is gone; raise Taken when it is not."""
    for _ in range(2):
        state = inspect(engine, labels.lock_name(project))
        if state and not (_is_dead(engine, state) and labels.is_ours(state["Config"]["Labels"], project)):
            raise Taken(state["Config"]["Labels"])
        if state:
            remove(engine, state["Id"])
        try:
            return create()
        except APIError as error:
            if error.status_code != _CONFLICT:
                raise
    raise Taken({})


def _is_dead(engine: Engine, state: Mapping[str, Any]) -> bool:
    """Whether a lock was created, by the engine's own clock, too long ago to be still starting."""
    status = state["State"]["Status"]
    if status == "created":
        return _seconds(engine.api.info()["SystemTime"]) - _seconds(state["Created"]) > _STARTING
    return status in ("exited", "dead")


def _seconds(moment: str) -> float:
    """Turn the engine's own form of a moment (RFC 3339 with nanoseconds, in UTC or not) into seconds."""
    head, _, rest = moment.partition(".")
    zone = rest.lstrip("0123456789") or "Z"
    return datetime.fromisoformat(head.removesuffix("Z") + zone.replace("Z", "+00:00")).timestamp()


def _mount(project: str, *, read_only: bool) -> dict[str, object]:
    source = f"{project}_{VOLUME}"
    options = {"NoCopy": True}
    return {"Type": "volume", "Source": source, "Target": ROOT, "ReadOnly": read_only, "VolumeOptions": options}


def _read(engine: Engine, container: str, path: str) -> bytes | None:
    with refusals("cannot read the state volume"):
        try:
            stream, _ = engine.api.get_archive(container, f"{ROOT}/{path}")
        except NotFound:
            return None
        with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as archive:
            member = archive.extractfile(archive.next() or "")
            return member.read() if member else None
