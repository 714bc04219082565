"""Images that are kept between tests: each is built by one test run at a time, and some before anybody needs them."""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from sites import LOCAL

from mailrig.engine.connection import connect
from mailrig.engine.images import base_image, build, has_image
from mailrig.errors import MailrigError
from mailrig.render.images import context, context_hash, image_name

_FIRST = ("dovecot", "postfix")
_LATER = ("web", "setup", "roundcube")
_OURS = ("thunderbird", "mariadb", "postgresql")


def kept_image(name: str) -> str:
    """Return the tag of an image of the tests' own, built where there is none; it stays for the next time."""
    folder = Path(__file__).parent / name
    return _kept(f"mailrig-test/{name}:{context_hash(folder)}", folder)


def kept_base() -> str:
    """Return the name of the Debian image that all is made on, made where there is none."""
    with alone("base"), closing(connect(LOCAL)) as engine:
        return base_image(engine, _silence)


def begin() -> None:
    """Build what nearly every test deploys: two runs that found none would build it twice, and move its tag."""
    with suppress(MailrigError):  # whoever needs it will meet it
        for service in _FIRST:
            _kept(image_name(service), context(service))


def go_on() -> None:
    """Build the others in the background; whoever needs one that is not there yet builds it, as ever."""
    threading.Thread(target=_build, daemon=True).start()


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Be the only test run on this machine that makes what goes by this name; the others wait."""
    lock = Path(tempfile.gettempdir()) / f"mailrig-tests-{os.getuid()}-{re.sub('[/:]', '-', name)}.lock"
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _build() -> None:
    with suppress(Exception):
        for service in _LATER:
            _kept(image_name(service), context(service))
        for name in _OURS:
            kept_image(name)


def _kept(tag: str, folder: Path) -> str:
    base = kept_base()
    with alone(tag), closing(connect(LOCAL)) as engine:
        if not has_image(engine, tag):
            build(engine, tag, folder, base, _silence)
    return tag


def _silence(line: str) -> None:
    """Take a line of progress: another test may be listening to what is printed."""
