"""A real MariaDB of somebody else's, in a site's network: with a user for one database, who comes over TLS alone."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import tarfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import docker
from ahead import kept_image
from sites import Site, eventually

from mailrig.inventory import authority

HOST = "database.example.test"
URL = f"mysql://roundcube:it%27s%20secret@{HOST}/roundcube"

_USERS = """\
CREATE DATABASE roundcube;
CREATE DATABASE other;
CREATE USER roundcube IDENTIFIED BY 'it''s secret';
GRANT ALL PRIVILEGES ON roundcube.* TO roundcube;
"""


@dataclass(frozen=True)
class Database:
    """A running server: its container, and the CA that its certificate comes from."""

    container: str
    authority: str

    def ask(self, query: str) -> str:
        """Ask as the server's own administrator, in its container."""
        command = ["docker", "exec", self.container, "mariadb", "--batch", "--skip-column-names", "-e", query]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


@contextmanager
def running_database(engine: docker.APIClient, site: Site) -> Iterator[Database]:
    """Run a server in the network of a site that is deployed."""
    now = dt.datetime.now(dt.UTC)
    ca = authority.found("CA of a database", now)
    pair = authority.issue(ca, [HOST], now)
    body = {"Image": kept_image("mariadb"), "Labels": {"io.mailrig.site": site.name}}
    container = str(engine.create_container_from_config(body, f"{site.name}-{uuid.uuid4().hex[:6]}")["Id"])
    try:
        files = {"init.sql": _USERS, "ca.crt": ca.cert, "tls.crt": pair.cert, "tls.key": pair.key.reveal()}
        engine.put_archive(container, "/", _packed(files))
        engine.connect_container_to_network(container, f"mailrig-{site.name}_mail", aliases=[HOST])
        engine.start(container)
        database = Database(container, ca.cert)
        assert eventually(lambda: database.ask("SELECT 1"), bool) == "1", engine.logs(container).decode()
        yield database
    finally:
        engine.remove_container(container, force=True, v=True)


def _packed(files: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, text in files.items():
            entry = tarfile.TarInfo(f"server/{name}")
            entry.size, entry.mode = len(text.encode()), 0o644
            tar.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()
