"""Where the images of a site come from: built once, and sent to whatever host lacks them; knows nothing of releases.

An image goes from this machine's engine, or from a host that is named before, to one that is named after, never the
other way: what stands in the open comes last, and has nothing to say about what runs on the others.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from mailrig.apply.waiting import Progress
from mailrig.engine import images, transfer
from mailrig.engine.connection import Engine, connect
from mailrig.engine.image_archive import ImageArchive
from mailrig.errors import EngineError
from mailrig.inventory.engine import LOCAL, EngineAddress
from mailrig.render.images import context
from mailrig.render.release import Release

THIS_MACHINE = "this machine"

Reach = Callable[[], Engine]


@dataclass(frozen=True)
class Source:
    """An engine that has an image, or could build it."""

    name: str
    engine: Engine


class Supply:
    """The images of one run, over all its hosts: one at a time is looked for and built, and threads wait for it."""

    def __init__(self, hosts: Mapping[str, Reach] | None = None) -> None:
        """Name the site's hosts in their order, each with a function that reaches its engine."""
        self._hosts = dict(hosts or {})
        self._lock = threading.Lock()
        self._sources: dict[str, Source | None] = {}
        self._built: set[tuple[str, EngineAddress]] = set()  # tags, each with the engine that built it
        self._unable: set[str] = set()  # names of those who could not build
        self._archives: dict[tuple[str, EngineAddress], ImageArchive] = {}
        weakref.finalize(self, _close, self._archives)

    def provide(
        self, engine: Engine, release: Release, missing: Collection[str], progress: Progress, *, rebuild: bool = False
    ) -> None:
        """Let a host have the images named in ``missing``; with ``rebuild`` none will do that was there before."""
        for service in release.services:
            if service.spec["image"] in missing:
                need = _Need(Source(release.host, engine), service.name, service.spec["image"], progress)
                self._provide(need, rebuild=rebuild)

    def _provide(self, need: _Need, *, rebuild: bool) -> None:
        with self._lock:
            source = self._source(need, rebuild=rebuild)
            if _is_same(source.engine, need.host.engine):
                return
            archive = self._archive(source, need)
        transfer.send(archive, need.tag, need.host.engine, need.host.name, need.told)

    def _source(self, need: _Need, *, rebuild: bool) -> Source:
        """Return an engine that has the image, after building it where none has."""
        kind = transfer.architecture(need.host.engine)
        fitting = [one for one in self._candidates(need.host) if transfer.architecture(one.engine) == kind]
        for source in fitting:
            is_new = (need.tag, source.engine.address.plain) in self._built
            if is_new or (not rebuild and images.has_image(source.engine, need.tag)):
                return source
        source = self._build(fitting, need)
        self._built.add((need.tag, source.engine.address.plain))
        return source

    def _build(self, sources: Sequence[Source], need: _Need) -> Source:
        """Have the first build it that can: this machine may reach no packages where a host does."""
        able = [one for one in sources if one.name not in self._unable] or sources[-1:]
        for source in able[:-1]:
            try:
                _build(source, need)
            except EngineError as error:
                self._unable.add(source.name)
                need.told(f"{source.name} {error.problems[0].message.splitlines()[0]}")
            else:
                return source
        _build(able[-1], need)
        return able[-1]

    def _candidates(self, host: Source) -> list[Source]:
        """Return this machine's engine and those of the hosts before, as far as they answer, and the host's own."""
        if host.engine.is_local:
            return [host]
        names = list(self._hosts)
        before = names[: names.index(host.name)] if host.name in names else []
        reached = [
            self._reached(THIS_MACHINE, _this_machine),
            *(self._reached(one, self._hosts[one]) for one in before),
        ]
        return [*(one for one in reached if one), host]

    def _reached(self, name: str, reach: Reach) -> Source | None:
        if name not in self._sources:
            try:
                self._sources[name] = Source(name, reach())
            except EngineError:  # whoever is that host, is told of it
                self._sources[name] = None
        return self._sources[name]

    def _archive(self, source: Source, need: _Need) -> ImageArchive:
        key = (need.tag, source.engine.address.plain)
        if key not in self._archives:
            need.told(f"waiting for {need.tag} from {source.name}")
            self._archives[key] = transfer.fetch(source.engine, need.tag)
        return self._archives[key]


@dataclass(frozen=True)
class _Need:
    """A host that lacks the image of a service."""

    host: Source
    service: str
    tag: str
    progress: Progress

    def told(self, text: str) -> None:
        self.progress(self.service, text)


def _build(source: Source, need: _Need) -> None:
    base = images.base_image(source.engine, lambda line: need.progress("base image", line))
    elsewhere = "" if _is_same(source.engine, need.host.engine) else f", by the engine of {source.name}"
    need.told(f"building {need.tag} on {base}{elsewhere}")
    waiting = "waiting for the build: {}".format
    images.build(source.engine, need.tag, context(need.service), base, lambda line: need.told(waiting(line)))


def _is_same(one: Engine, other: Engine) -> bool:
    return one.address.plain == other.address.plain


def _close(archives: Mapping[tuple[str, EngineAddress], ImageArchive]) -> None:
    for archive in archives.values():
        archive.file.close()


def _this_machine() -> Engine:
    return connect(LOCAL)
