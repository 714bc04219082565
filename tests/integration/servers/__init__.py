"""Real TLS servers with any settings: `openssl s_server`, Dovecot, Postfix; and what each answers a client's hello.

Each is judged by the settings that it reads itself: its own tools print them, and what they print is what is predicted
from. Dovecot and Postfix run in one container of our image each, which has no network but the host's loopback.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import docker
from matrix.setting import Setting
from sites import LOCAL

from mailrig.clients.catalogue import Client
from mailrig.engine.connection import connect
from mailrig.engine.images import base_image, build, has_image
from mailrig.render.images import context, image_name
from servers.dovecot import dovecots
from servers.postfix import postfixes
from servers.s_server import s_servers
from servers.trial import BATCH, Record, ask_all

__all__ = ["PROGRAMS", "Record", "provide_images", "record"]

PROGRAMS = ("s_server", "Dovecot", "Postfix")


def provide_images() -> None:
    """Build the images that belong to this checkout, where they are missing."""
    with closing(connect(LOCAL)) as engine:
        for service in ("dovecot", "postfix"):
            if not has_image(engine, image_name(service)):
                build(engine, image_name(service), context(service), base_image(engine, print), print)


def record(
    program: str, engine: docker.APIClient, settings: list[Setting], directory: Path, clients: list[Client]
) -> list[Record]:
    """Let each client shake hands with a program in each of the settings that it can be told."""
    records = []
    if program == "s_server":
        for some in _batches(settings):
            with s_servers(some, directory) as trials:
                records += ask_all(trials, clients)
    elif program == "Dovecot":
        with dovecots(engine, settings, directory) as batches:
            for trials in batches:
                records += ask_all(trials, clients)
    else:
        with postfixes(engine, settings, directory) as trials:
            records += ask_all(trials, clients)
    return records


def _batches(settings: list[Setting]) -> Iterator[list[Setting]]:
    for at in range(0, len(settings), BATCH):
        yield settings[at : at + BATCH]
