"""A real MariaDB or PostgreSQL in a site's network: with a user for one database, who comes over TLS alone."""

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


@dataclass(frozen=True)
class Kind:
    """One kind of server: its image, how it is asked in its container, and its words for what the tests do."""

    name: str
    url: str
    client: tuple[str, ...]
    users: str
    lock: str
    unlock: str
    refusal: str


MARIADB = Kind(
    name="mariadb",
    url=f"mysql://roundcube:it%27s%20secret@{HOST}/roundcube",
    client=("mariadb", "--batch", "--skip-column-names", "roundcube", "-e"),
    users="""\
CREATE DATABASE roundcube;
CREATE DATABASE other;
CREATE USER roundcube IDENTIFIED BY 'it''s secret';
GRANT ALL PRIVILEGES ON roundcube.* TO roundcube;
""",
    lock="ALTER USER roundcube ACCOUNT LOCK",
    unlock="ALTER USER roundcube ACCOUNT UNLOCK",
    refusal="locked",
)
POSTGRESQL = Kind(
    name="postgresql",
    url=f"pgsql://roundcube:it%27s%20secret@{HOST}/roundcube",
    client=("psql", "--username=postgres", "--no-align", "--tuples-only", "--dbname=roundcube", "--command"),
    users="""\
CREATE USER roundcube PASSWORD 'it''s secret';
CREATE DATABASE roundcube OWNER roundcube;
""",
    lock="ALTER ROLE roundcube NOLOGIN",
    unlock="ALTER ROLE roundcube LOGIN",
    refusal="not permitted to log in",
)


@dataclass(frozen=True)
class Database:
    """A running server: its kind, its container, and the CA that its certificate comes from."""

    kind: Kind
    container: str
    authority: str

    def ask(self, query: str) -> str:
        """Ask as the server's own administrator, in its container."""
        user = "postgres" if self.kind is POSTGRESQL else "root"
        command = ["docker", "exec", "--user", user, self.container, *self.kind.client, query]
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

    def tables(self) -> int:
        """Return how many tables of Roundcube's there are."""
        schemas = "table_schema IN ('roundcube', 'public')"
        return int(self.ask(f"SELECT count(*) FROM information_schema.tables WHERE {schemas}"))  # noqa: S608 - of our own words


@contextmanager
def running_database(engine: docker.APIClient, site: Site, kind: Kind) -> Iterator[Database]:
    """Run a server in the network of a site that is deployed."""
    now = dt.datetime.now(dt.UTC)
    ca = authority.found("CA of a database", now)
    pair = authority.issue(ca, [HOST], now)
    body = {"Image": kept_image(kind.name), "Labels": {"io.mailrig.site": site.name}}
    container = str(engine.create_container_from_config(body, f"{site.name}-{uuid.uuid4().hex[:6]}")["Id"])
    try:
        files = {"init.sql": kind.users, "ca.crt": ca.cert, "tls.crt": pair.cert, "tls.key": pair.key.reveal()}
        engine.put_archive(container, "/", _packed(files))
        engine.connect_container_to_network(container, f"mailrig-{site.name}_mail", aliases=[HOST])
        engine.start(container)
        database = Database(kind, container, ca.cert)
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
