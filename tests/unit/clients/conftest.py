"""Real peers: certificates of two kinds, and OpenSSL's own server on loopback."""

from __future__ import annotations

import contextlib
import re
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mailrig.clients.catalogue import Client, shipped

NAME = "mail.example.test"
PATIENCE = 30.0


@pytest.fixture(params=sorted(shipped()))
def known(request: pytest.FixtureRequest) -> Client:
    """Each client of the catalogue in turn."""
    return shipped()[request.param]


def _issue(directory: Path, kind: str) -> Path:
    key = ec.generate_private_key(ec.SECP256R1()) if kind == "ecdsa" else rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = directory / f"{kind}.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + built.public_bytes(Encoding.PEM))
    return path


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A certificate with its key in one file, by the kind of its key."""
    directory = tmp_path_factory.mktemp("certificates")
    return {kind: _issue(directory, kind) for kind in ("rsa", "ecdsa")}


@contextlib.contextmanager
def openssl_server(*arguments: str) -> Iterator[int]:
    """Run ``openssl s_server``; return its port."""
    command = ["openssl", "s_server", "-accept", "127.0.0.1:0", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        assert process.stdout
        try:
            said = b""
            while not (ready := re.search(rb"ACCEPT \S+:(\d+)", said)):
                line = process.stdout.readline()
                assert line, said
                said += line
            threading.Thread(target=process.stdout.read, daemon=True).start()
            yield int(ready[1])
        finally:
            process.kill()


@pytest.fixture(scope="session")
def generous(certificates: dict[str, Path]) -> Iterator[int]:
    """A server that lets everybody in: both kinds of certificate, every version, every suite that OpenSSL has."""
    both = ("-cert", str(certificates["ecdsa"]), "-dcert", str(certificates["rsa"]))
    keys = ("-key", str(certificates["ecdsa"]), "-dkey", str(certificates["rsa"]))
    with openssl_server(*both, *keys, "-cipher", "ALL:@SECLEVEL=0", "-min_protocol", "TLSv1") as port:
        yield port


Serve = Callable[..., int]


@pytest.fixture
def serve(certificates: dict[str, Path]) -> Iterator[Serve]:
    """Run OpenSSL's server with one kind of certificate and more arguments until the test ends."""
    with contextlib.ExitStack() as servers:

        def run(kind: str, *arguments: str) -> int:
            path = str(certificates[kind])
            return servers.enter_context(openssl_server("-cert", path, "-key", path, *arguments))

        yield run


@contextlib.contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    """Open a connection to a port on loopback."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as line:
        yield line


@pytest.fixture
def connect() -> Callable[[int], contextlib.AbstractContextManager[socket.socket]]:
    """Open a connection to a port on loopback."""
    return connected


@contextlib.contextmanager
def replayed(flight: bytes, *, reset: bool = False) -> Iterator[socket.socket]:
    """Hold a connection on which a server says ``flight``, whatever it hears, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener, connected(listener.getsockname()[1]) as line:
        server, _ = listener.accept()
        if reset:  # a zero linger time: close() sends RST
            server.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

        def say() -> None:
            with contextlib.suppress(OSError), server:
                server.sendall(flight)
                if not reset:
                    server.shutdown(socket.SHUT_WR)
                    while server.recv(65536):
                        pass

        speaking = threading.Thread(target=say)
        speaking.start()
        try:
            yield line
        finally:
            line.close()
            speaking.join()


@pytest.fixture
def replay() -> Callable[..., contextlib.AbstractContextManager[socket.socket]]:
    """Hold a connection on which a server says given bytes."""
    return replayed
