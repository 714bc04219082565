"""The images of a release on its host, held as long as a release that is kept names them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from mailrig.apply.waiting import Progress
from mailrig.engine import images
from mailrig.engine.connection import Engine
from mailrig.errors import ApplyError, Problem
from mailrig.render.release import Release


def image_to_run(engine: Engine, release: Release | None = None) -> str:
    """Return an image with a shell in it that the engine has: the release's, else any of ours."""
    for service in release.services if release else ():
        if images.has_image(engine, service.spec["image"]):
            return str(service.spec["image"])
    found = images.any_of_ours(engine)
    if found is None:
        raise ApplyError("the host has none of our images, and so no deploy of ours", hint="deploy first")
    return found


def require(engine: Engine, wanted: Mapping[str, str]) -> None:
    """Raise ApplyError with every image (id by tag) of a release that is not on the host any more."""
    gone = [
        Problem(
            f"the image {tag} ({image[:19]}) of that release is not on the host any more",
            hint="was it removed by hand? deploy from the checkout builds it anew",
        )
        for tag, image in wanted.items()
        if images.image_id(engine, image) is None
    ]
    if gone:
        raise ApplyError.of(gone)


def restore(engine: Engine, wanted: Mapping[str, str], step: Progress) -> None:
    """Let each tag name the image again that it named when the release was kept."""
    for tag, image in wanted.items():
        if images.image_id(engine, tag) != image:
            step("image", f"{tag} is {image[:19]} again")
            images.tag(engine, image, tag)


def pin(engine: Engine, release: Release, name: str) -> None:
    """Hold the images of a release under a tag of its own, so that a rebuild or a removed tag leaves them."""
    for service in release.services:
        images.tag(engine, service.spec["image"], _pin(release, service.name, name))


def unpin(engine: Engine, release: Release, name: str, held: Mapping[str, str], in_use: Collection[str]) -> None:
    """Let go of the images of a release that is no longer kept; those that ``in_use`` names (ids) stay."""
    for service in release.services:
        images.untag(engine, _pin(release, service.name, name))
    for tag, image in _unused(held, in_use):
        if images.image_id(engine, tag) == image and images.only_tags(engine, image) == [tag]:
            images.untag(engine, tag)


def unpin_all(engine: Engine, project: str) -> None:
    """Let go of the images of all releases of a project: none of them is kept any more."""
    for tag in images.tags_of(engine, f"{project}/*"):
        images.untag(engine, tag)


def _unused(held: Mapping[str, str], in_use: Collection[str]) -> Iterable[tuple[str, str]]:
    return ((tag, image) for tag, image in held.items() if image not in in_use)


def _pin(release: Release, service: str, name: str) -> str:
    return f"{release.project}/{service}:{name}"
