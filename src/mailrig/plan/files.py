"""What differs between the files that lie in a container and those of the release, and what that needs; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mailrig.plan.observed import Container, PresentFile
from mailrig.plan.words import signed
from mailrig.render.release import File, Rung, Service
from mailrig.secret import Secret

MANIFEST = ".manifest"
_NAMED = 3


@dataclass(frozen=True)
class FileChange:
    """A file that is to be written or removed: the rung that it needs, and why in words.

    ``is_judged`` says that the settings in it are to decide, where they are known; ``at_least`` holds then too.
    """

    path: str
    needs: Rung
    words: str
    is_judged: bool = False
    at_least: Rung = Rung.NOTHING


def file_changes(service: Service, container: Container) -> Iterator[FileChange]:
    """Yield each file that differs from the release's, and each that was edited in place."""
    wanted = {file.path: file for file in service.files}
    for path, file in wanted.items():
        present = container.files.get(path)
        at_least = _least(file, container)
        if present is None or present.digest != file.digest:
            words = _words(file, present, is_recorded=path in container.recorded)
            yield FileChange(path, max(file.needs, at_least), words, file.judged, at_least)
        elif at_least:
            yield FileChange(path, at_least, f"{path} was edited to what it is to be", file.judged, at_least)
    for path in sorted(container.files.keys() - wanted.keys() - {MANIFEST}):
        yield FileChange(path, Rung.RELOAD, f"{path}: to be removed")


def edited(container: Container) -> Iterator[str]:
    """Yield, in words, each file that is not what was delivered."""
    if container.delivered is None:
        yield "its configuration is gone from the volume"
        return
    if not (container.recorded and container.files):
        return  # it cannot be told
    present = container.digests
    for path in sorted((container.recorded.keys() | present.keys()) - {MANIFEST}):
        if path not in present:
            yield f"{path} was removed from the volume"
        elif path not in container.recorded:
            yield f"{path} was added to the volume"
        elif present[path] != container.recorded[path]:
            yield f"{path} was edited in the volume"


def _least(file: File, container: Container) -> Rung:
    """Return what a file needs since somebody edited it: whether the daemon has read it before or after is not known.

    Where the edit and the release both differ from what was delivered, the settings of the latter are not known either.
    """
    recorded, present = container.recorded.get(file.path), container.files.get(file.path)
    if recorded is None or not container.files or (present is not None and present.digest == recorded):
        return Rung.NOTHING
    return Rung.RELOAD if recorded == file.digest else max(file.needs, Rung.RELOAD)


def _words(file: File, present: PresentFile | None, *, is_recorded: bool) -> str:
    if present is None and is_recorded:
        return f"{file.path}: put back"
    if present is not None and present.content == file.content:
        return (
            f"{file.path}: {_rights(present.mode, present.uid, present.gid)} → {_rights(file.mode, file.uid, file.gid)}"
        )
    if file.keyed:
        return _entry_words(file, present)
    if file.judged:
        return f"{file.path}: {'its text changed' if present else 'new'}"
    after = _fingerprint(file.content)
    return f"{file.path}: {_fingerprint(present.content)} → {after}" if present else f"{file.path}: new, {after}"


def _rights(mode: int, uid: int, gid: int) -> str:
    return f"{mode:04o} {uid}:{gid}"


def _fingerprint(content: bytes) -> str:
    return Secret(content.decode(errors="backslashreplace")).fingerprint


def _entry_words(file: File, present: PresentFile | None) -> str:
    """Say which entries differ: ``accounts in logins: +2, 1 changed (bob@example.org, …)``."""
    before = _entries_of(present.content, file.keyed) if present else {}
    after = _entries_of(file.content, file.keyed)
    added = [key for key in after if key not in before]
    removed = [key for key in before if key not in after]
    changed = [key for key in after if key in before and before[key] != after[key]]
    counts = [signed(len(added), 0), signed(0, len(removed)), f"{len(changed)} changed" if changed else ""]
    total = ", ".join(count for count in counts if count)
    if not total:
        return f"{file.entries} in {file.path}: no change but in the text"
    names = [*added, *removed]
    names += [_changed(key, before[key], after[key], is_secret=_is_secret(file)) for key in changed]
    shown = [*names[:_NAMED], *(["…"] if len(names) > _NAMED else [])]
    return f"{file.entries} in {file.path}: {total} ({', '.join(shown)})"


def _changed(key: str, before: str, after: str, *, is_secret: bool) -> str:
    return f"{key} {Secret(before).fingerprint} → {Secret(after).fingerprint}" if is_secret else key


def _is_secret(file: File) -> bool:
    """Whether people get to see other text than the file holds."""
    return file.shown.encode() != file.content


def _entries_of(content: bytes, separator: str) -> Mapping[str, str]:
    entries = {}
    for line in content.decode(errors="backslashreplace").splitlines():
        if line.strip() and not line.startswith("#"):
            key, _, value = line.partition(separator)
            entries[key.strip()] = value.strip()
    return entries
