"""A container of one of our images, with the files that its settings speak of."""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
from matrix.own import OPENSSL_CNF

from mailrig.clients.offered import Materials
from mailrig.render.images import image_name
from mailrig.resources import resource

FOLDER = "/trial"


@contextmanager
def container(engine: docker.APIClient, service: str, files: dict[str, bytes]) -> Iterator[Callable[[str], str]]:
    """Run a container of our image with files below /trial; yields what runs a script in it and returns its output."""
    body = {
        "Image": image_name(service),
        "Entrypoint": ["sleep", "infinity"],
        "Cmd": [],
        "HostConfig": {"NetworkMode": "host", "Init": True},
    }
    made = str(engine.create_container_from_config(body)["Id"])
    try:
        engine.put_archive(made, "/", _packed(files))
        engine.start(made)

        def run(script: str) -> str:
            command = ["docker", "exec", "-i", made, "bash", "-eu"]
            done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
            assert done.returncode == 0, f"{script[:500]}\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
            return done.stdout

        yield run
    finally:
        engine.remove_container(made, force=True, v=True)


def _packed(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for path, content in files.items():
            entry = tarfile.TarInfo(f"{FOLDER[1:]}/{path}")
            entry.size, entry.mode = len(content), 0o644
            tar.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


def shared(directory: Path) -> dict[str, bytes]:
    """Return certificates, keys, parameters and settings of OpenSSL as files of a container."""
    found = {path.name: path.read_bytes() for path in directory.iterdir() if path.suffix in (".crt", ".key")}
    parameters_ = {f"dh{bits}.pem": parameters(bits).read_bytes() for bits in (2048, 3072)}
    return {**found, **parameters_, "openssl.cnf": OPENSSL_CNF.encode()}


def materials(run: Callable[[str], str], lists: set[str], paths: set[str], files: dict[str, bytes]) -> Materials:
    """Let the container's OpenSSL expand the lists, and add the files."""
    ordered = sorted(lists)
    script = "".join(
        f"echo == {n}\nopenssl ciphers -s -V -tls1_2 '{list_}' || true\n" for n, list_ in enumerate(ordered)
    )
    texts = re.split(r"^== \d+\n", run(script), flags=re.MULTILINE)[1:]
    suites = {list_: text for list_, text in zip(ordered, texts, strict=True) if text}
    known = {f"{FOLDER}/{path}": content for path, content in files.items()}
    return Materials(suites, {path: known[path].decode() for path in paths if path in known})


def parameters(bits: int) -> Path:
    """Return the file with Diffie-Hellman parameters of this size."""
    return Path(str(resource("templates"))) / "tls" / f"ffdhe{bits}.pem"
