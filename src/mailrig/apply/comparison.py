"""What leads from one release that is kept to another, by the same planner that plans a deploy."""

from __future__ import annotations

from collections.abc import Iterable

from mailrig.apply.judgement import judged_alone
from mailrig.apply.store import Stored
from mailrig.engine.connection import Engine
from mailrig.plan.actions import Plan
from mailrig.plan.effective import Effective
from mailrig.plan.observed import Container, Observed, PresentFile
from mailrig.plan.planner import hash_of, named, plan
from mailrig.render.release import Service


def compared(engine: Engine, old: Stored, new: Stored) -> Plan:
    """Plan the way from a host on which ``old`` is in force, whole, to ``new``."""
    before, after = judged_alone(engine, old.release), judged_alone(engine, new.release)
    effective = {name: Effective(before[name], after[name]) for name in before.keys() & after.keys()}
    return plan(new.release, _standing(old, new), effective)


def _standing(old: Stored, new: Stored) -> Observed:
    release = old.release
    wanted_images = {service.spec["image"] for service in new.release.services}
    return Observed(
        containers=tuple(_containers(old)),
        networks={name: hash_of(spec) for name, spec in named(release, "networks").items()},
        volumes=frozenset(named(release, "volumes")),
        images={tag: new.images.get(tag, tag) for tag in wanted_images},
    )


def _containers(stored: Stored) -> Iterable[Container]:
    for service in stored.release.services:
        yield Container(
            id=service.name,
            name=service.spec["container_name"],
            service=service.name,
            state="running",
            status="Up",
            image=stored.images.get(service.spec["image"], ""),
            spec_hash=service.spec_hash,
            spec=service.spec,
            delivered=service.release_id,
            loaded=service.release_id,
            recorded={file.path: file.digest for file in service.files},
            files=_files(service),
        )


def _files(service: Service) -> dict[str, PresentFile]:
    return {file.path: PresentFile(file.content, file.mode, file.uid, file.gid) for file in service.files}
