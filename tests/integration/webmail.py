"""Roundcube's stack, as far as mail servers see it: Debian's PHP 8.2, which logs in over IMAPS by stream sockets."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
from sites import LOCAL, Site, eventually, packed

from mailrig.engine.connection import connect
from mailrig.engine.images import base_image, build

CONTEXT = Path(__file__).parent / "roundcube"
ADDRESS = "alice@example.test"


@dataclass(frozen=True)
class Round:
    """One login, the TLS that it had or what went wrong, and whether TLS 1.2 alone was let in right after it."""

    tls_1_2: bool
    protocol: str = ""
    suite: str = ""
    error: str = ""


@contextmanager
def image() -> Iterator[str]:
    """Build an image with PHP, for as long as it is needed; yields its name."""
    name = f"mailrig-test/roundcube:{uuid.uuid4().hex[:10]}"
    with closing(connect(LOCAL)) as engine:
        build(engine, name, CONTEXT, base_image(engine, print), print)
        try:
            yield name
        finally:
            engine.api.remove_image(name)


@contextmanager
def logging_in(engine: docker.APIClient, image: str, site: Site) -> Iterator[list[Round]]:
    """Log in over and over, from before the block to after it; the rounds are there when it is left."""
    rounds: list[Round] = []
    body = {"Image": image, "HostConfig": {"NetworkMode": "host"}}
    container = str(engine.create_container_from_config(body)["Id"])
    try:
        told = {"host": "localhost", "port": site.port("imaps"), "user": ADDRESS, "password": site.password(ADDRESS)}
        authority = (site.directory / ".state" / "ca.crt").read_bytes()
        engine.put_archive(
            container, "/", packed({"trial/told.json": json.dumps(told).encode(), "trial/ca.crt": authority})
        )
        engine.start(container)
        eventually(lambda: _rounds(engine, container), bool)
        yield rounds
        engine.put_archive(container, "/", packed({"trial/over": b""}))
        status = engine.wait(container)["StatusCode"]
        assert status == 0, engine.logs(container, stdout=False).decode()
        rounds += _rounds(engine, container)
    finally:
        engine.remove_container(container, force=True, v=True)


def _rounds(engine: docker.APIClient, container: str) -> list[Round]:
    """Return the rounds that have ended; the last line may be on its way."""
    lines: list[bytes] = engine.logs(container, stderr=False).splitlines(keepends=True)
    return [Round(**json.loads(line)) for line in lines if line.endswith(b"\n")]
