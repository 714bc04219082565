"""Images that are kept between tests, and those that take long: built in the background where everything is tested."""

from __future__ import annotations

import threading
from contextlib import closing, suppress
from pathlib import Path

from sites import LOCAL

from mailrig.engine.connection import connect
from mailrig.engine.images import base_image, build, has_image
from mailrig.render.images import context, context_hash, image_name

_SERVICES = ("web", "setup", "roundcube")  # the others are what the first test deploys
_OURS = ("thunderbird", "mariadb", "postgresql")


def kept_image(name: str) -> str:
    """Return the tag of an image of the tests' own, built where there is none; it stays for the next time."""
    folder = Path(__file__).parent / name
    return _kept(f"mailrig-test/{name}:{context_hash(folder)}", folder)


def begin() -> None:
    """Begin; whoever needs an image that is not there yet builds it, as ever."""
    with closing(connect(LOCAL)) as engine:
        base_image(engine, print)
    threading.Thread(target=_build, daemon=True).start()


def _build() -> None:
    with suppress(Exception):  # whoever needs it will meet it
        for service in _SERVICES:
            _kept(image_name(service), context(service))
        for name in _OURS:
            kept_image(name)


def _kept(tag: str, folder: Path) -> str:
    with closing(connect(LOCAL)) as engine:
        if not has_image(engine, tag):
            build(engine, tag, folder, base_image(engine, _silence), _silence)
    return tag


def _silence(line: str) -> None:
    """Take a line of progress: another test may be listening to what is printed."""
