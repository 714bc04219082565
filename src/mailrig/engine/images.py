"""Images: reuse, else build from a context; the base is local, else pulled, else made from Debian's packages."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from docker.errors import APIError, ImageNotFound

from mailrig.engine.connection import Engine, refusals
from mailrig.engine.install import install_packages
from mailrig.errors import EngineError
from mailrig.render.images import files

PUBLIC_BASE = ("debian", "bookworm-slim")
OWN = "mailrig"
OWN_BASE = (f"{OWN}/base", "bookworm")
SUITE = "bookworm"

# What Debian's own slim images leave out as well: nobody reads manuals in a container.
LEFT_OUT = ("/usr/share/man/*", "/usr/share/doc/*", "/usr/share/info/*", "/usr/share/locale/*")
KEPT_ANYWAY = ("/usr/share/doc/*/copyright",)

_CONFLICT = 409

Progress = Callable[[str], None]


def build(engine: Engine, tag: str, context: Path, base: str, progress: Progress) -> None:
    """Build ``tag`` from a context directory on ``base``; raise EngineError with the build's last lines."""
    with refusals(f"cannot build {tag}"):
        stream = engine.api.build(
            fileobj=io.BytesIO(_packed(context)),
            custom_context=True,
            tag=tag,
            buildargs={"BASE": base},
            rm=True,
            forcerm=True,
            nocache=True,
            decode=True,
        )
        _follow(f"cannot build {tag}", stream, progress)


def base_image(engine: Engine, progress: Progress) -> str:
    """Return the name of a Debian base image that the engine has, after getting one where it has none."""
    for repository, tag in (PUBLIC_BASE, OWN_BASE):
        if has_image(engine, f"{repository}:{tag}"):
            return f"{repository}:{tag}"
    if _pull(engine, progress):
        return ":".join(PUBLIC_BASE)
    _bootstrap(engine, progress)
    return ":".join(OWN_BASE)


def has_image(engine: Engine, tag: str) -> bool:
    """Whether the engine has an image of that name."""
    return image_id(engine, tag) is not None


def image_id(engine: Engine, name: str) -> str | None:
    """Return the id of an image by tag or id, None when there is none."""
    with refusals(f"cannot look for the image {name}"):
        try:
            return str(engine.api.inspect_image(name)["Id"])
        except ImageNotFound:
            return None


def ids(engine: Engine, tags: Iterable[str]) -> dict[str, str]:
    """Return the ids of those of the tags that name an image."""
    found = ((tag, image_id(engine, tag)) for tag in tags)
    return {tag: image for tag, image in found if image}


def only_tags(engine: Engine, image: str) -> list[str]:
    """Return every tag of an image."""
    with refusals(f"cannot look at the image {image}"):
        return list(engine.api.inspect_image(image)["RepoTags"] or [])


def tag(engine: Engine, image: str, name: str) -> None:
    """Give an image one more tag, ``repository:tag``."""
    repository, _, word = name.rpartition(":")
    with refusals(f"cannot tag the image {image}"):
        engine.api.tag(image, repository, word)


def untag(engine: Engine, name: str) -> None:
    """Remove a tag, and with the last one the image, unless a container uses it; one that is gone is fine."""
    with refusals(f"cannot remove the tag {name}"):
        try:
            engine.api.remove_image(name)
        except ImageNotFound:
            return
        except APIError as error:
            if error.status_code != _CONFLICT:
                raise


def tags_of(engine: Engine, pattern: str) -> list[str]:
    """Return the tags that a pattern such as ``mailrig-demo/*`` fits."""
    with refusals("cannot list images"):
        found = engine.api.images(name=pattern)
    prefix = pattern.rstrip("*")
    return [name for image in found for name in image["RepoTags"] or [] if name.startswith(prefix)]


def any_of_ours(engine: Engine) -> str | None:
    """Return the id of some image with a shell in it: one that we built, or the base of these."""
    with refusals("cannot list images"):
        for pattern in (f"{OWN}/*", ":".join(PUBLIC_BASE)):
            if found := engine.api.images(name=pattern, quiet=True):
                return str(found[0])
    return None


def _packed(context: Path) -> bytes:
    """Pack a build context; owner and time are left out, so that the same files give the same archive."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, path in files(context).items():
            tar.add(path, arcname=name, recursive=False, filter=_anonymous)
    return buffer.getvalue()


def _anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime = 0
    return entry


def _follow(doing: str, stream: Iterable[Mapping[str, Any]], progress: Progress) -> None:
    """Pass a build's or a pull's lines on; raise EngineError with the last of them when it fails."""
    lines: list[str] = []
    for message in stream:
        if "error" in message:
            raise EngineError("\n".join([f"{doing}: {message['error']}", *(f"  | {line}" for line in lines[-15:])]))
        for line in str(message.get("stream") or message.get("status") or "").splitlines():
            if line.strip():
                lines.append(line)
                progress(line)


def _pull(engine: Engine, progress: Progress) -> bool:
    """Pull Debian's image; False where no registry can be reached."""
    repository, tag = PUBLIC_BASE
    progress(f"pulling {repository}:{tag}")
    try:
        _follow("cannot pull", engine.api.pull(repository, tag=tag, stream=True, decode=True), progress)
    except (APIError, EngineError):
        return False
    return has_image(engine, f"{repository}:{tag}")


def _bootstrap(engine: Engine, progress: Progress) -> None:
    """Make a minimal Debian with mmdebstrap and hand it to the engine as an image."""
    if shutil.which("mmdebstrap") is None:
        install_packages(["mmdebstrap"], "no registry answers; mmdebstrap makes the base image", progress)
    progress("no registry answers: making the base image from Debian's packages (mmdebstrap)")
    options = [f"--dpkgopt=path-exclude={path}" for path in LEFT_OUT]
    options += [f"--dpkgopt=path-include={path}" for path in KEPT_ANYWAY]
    command = ["mmdebstrap", "--variant=minbase", "--quiet", *options, SUITE, "-"]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "0"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        with refusals("cannot import the base image"):
            engine.api.import_image_from_stream(process.stdout, *OWN_BASE)
        _, said = process.communicate()
    if process.returncode != 0:
        engine.api.remove_image(":".join(OWN_BASE), force=True)
        raise EngineError(f"mmdebstrap failed: {said.decode(errors='replace').strip() or process.returncode}")
