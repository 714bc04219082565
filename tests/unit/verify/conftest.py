"""A world for the probes: certificates, local servers that follow a script, and an inside made of strings."""

from __future__ import annotations

import contextlib
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mailrig.clients.answer import Answer
from mailrig.clients.catalogue import Client
from mailrig.clients.names import GROUPS, SUITES, VERSIONS
from mailrig.clients.openssl import GROUPS_BY_DEFAULT, SUITES13
from mailrig.clients.prediction import Prediction, predict
from mailrig.clients.server import Certificate, Server, Suite
from mailrig.secret import Secret
from mailrig.verify import Endpoint, Target
from mailrig.verify.clients import Meeting
from mailrig.verify.matrix import Matrix

HOSTNAME = "mail.example.test"


class Authority:
    """A certificate authority that issues leaves of any kind."""

    def __init__(self, directory: Path, name: str = "Test CA") -> None:
        self._directory = directory
        self._name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        self._key = ec.generate_private_key(ec.SECP256R1())
        built = self._builder(self._name, self._key.public_key(), 365)
        built = built.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        identifier = x509.SubjectKeyIdentifier.from_public_key(self._key.public_key())
        self.pem = (
            built.add_extension(identifier, critical=False).sign(self._key, hashes.SHA256()).public_bytes(Encoding.PEM)
        ).decode()

    def leaf(self, *, name: str = HOSTNAME, days: float = 30, kind: str = "ecdsa") -> ssl.SSLContext:
        """Issue a certificate and return a server's settings with it."""
        key = ec.generate_private_key(ec.SECP256R1()) if kind == "ecdsa" else rsa.generate_private_key(65537, 2048)
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        built = self._builder(subject, key.public_key(), days)
        built = built.add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        made = built.add_extension(authority, critical=False).sign(self._key, hashes.SHA256())
        path = self._directory / f"{name}-{days}-{kind}.pem"
        private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        path.write_bytes(private + made.public_bytes(Encoding.PEM))
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(path)
        return server

    def _builder(self, subject: x509.Name, key: object, days: float) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key)  # type: ignore[arg-type]
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=60))
            .not_valid_after(now + timedelta(days=days))
        )


class Line:
    """The server's end of a connection, in whole lines."""

    def __init__(self, socket: object) -> None:
        self.socket = socket
        self._file = socket.makefile("rb")  # type: ignore[attr-defined]

    def say(self, *lines: str) -> None:
        """Send lines."""
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode())  # type: ignore[attr-defined]

    def hear(self) -> str:
        """Receive a line, an empty one at the end."""
        return self._file.readline().decode().rstrip("\r\n")

    def secure(self, settings: ssl.SSLContext) -> None:
        """Become TLS; a client that fails the handshake is left alone."""
        self._file.close()
        self.socket = settings.wrap_socket(self.socket, server_side=True)  # type: ignore[arg-type]
        self._file = self.socket.makefile("rb")

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self.socket.close()  # type: ignore[attr-defined]


Handler = Callable[[Line], None]


@contextlib.contextmanager
def serving(handler: Handler) -> Iterator[Endpoint]:
    """Serve on a loopback port, each connection with ``handler``."""

    class Request(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            line = Line(self.request)
            with contextlib.suppress(OSError), contextlib.closing(line):
                handler(line)

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Request) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield Endpoint("127.0.0.1", server.server_address[1])
        finally:
            server.shutdown()


def reply(answers: Mapping[str, Sequence[str]], heard: str) -> Sequence[str]:
    """Return the first answer whose key begins the line, in whatever case."""
    fitting = (answer for start, answer in answers.items() if heard.lower().startswith(start.lower()))
    return next(fitting, ["500 what?"])


def script(
    greeting: Sequence[str], answers: Mapping[str, Sequence[str]], *, tls: ssl.SSLContext | None = None
) -> Handler:
    """Follow a script, in TLS from the first byte where ``tls`` is given."""

    def handler(line: Line) -> None:
        if tls is not None:
            line.secure(tls)
        line.say(*greeting)
        while heard := line.hear():
            line.say(*reply(answers, heard))

    return handler


@dataclass
class StringInside:
    """An `Inside` that answers from tables: a command's beginning, joined by blanks, to exit code and output."""

    outputs: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    states: Mapping[str, str] = field(default_factory=dict)

    def run(self, _service: str, argv: Sequence[str]) -> tuple[int, str]:
        """Answer with what fits the longest beginning."""
        command = " ".join(argv)
        fitting = sorted((start for start in self.outputs if command.startswith(start)), key=len)
        return self.outputs[fitting[-1]] if fitting else (127, f"{argv[0]}: not found")

    def state(self, service: str) -> str:
        """Return the state from the table; a service that is not in it runs."""
        return self.states.get(service, "running")


@dataclass
class World:
    """What a test builds its case from."""

    authority: Authority
    target: Target
    servers: contextlib.ExitStack

    reply = staticmethod(reply)
    script = staticmethod(script)
    inside = StringInside
    evil = Authority

    def serve(self, handler: Handler) -> Endpoint:
        """Serve until the end of the test; return where."""
        return self.servers.enter_context(serving(handler))

    def at(self, **handlers: Handler) -> Target:
        """Return a target whose ports are served by these handlers."""
        return replace(self.target, endpoints={port: self.serve(handler) for port, handler in handlers.items()})


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One CA for all tests."""
    return Authority(tmp_path_factory.mktemp("ca"))


@pytest.fixture
def target(authority: Authority) -> Target:
    """A target that trusts the CA and has no ports yet."""
    return Target(
        host="home",
        hostname=HOSTNAME,
        endpoints={},
        login="probe@example.test",
        password=Secret("right"),
        domain="example.test",
        trust=authority.pem,
        ciphers=(),
        prefer_server_ciphers=True,
        min_protocol="TLSv1.2",
    )


@pytest.fixture
def world(authority: Authority, target: Target) -> Iterator[World]:
    """Everything above, and no server left running."""
    with contextlib.ExitStack() as servers:
        yield World(authority, target, servers)


def _server(*suites: str) -> Server:
    """Return a server with an ECDSA certificate and these suites, all of them with ECDHE."""
    return Server(
        versions=(VERSIONS["TLSv1.2"], VERSIONS["TLSv1.3"]),
        suites=tuple(Suite(SUITES[name], name, "ECDHE", "RSA" if "-RSA-" in name else "ECDSA") for name in suites),
        suites13=SUITES13,
        groups=GROUPS_BY_DEFAULT,
        certificates=(Certificate("EC", 256, GROUPS["secp256r1"], 0x0403),),
    )


GOOD = _server("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384")
INCIDENT = _server("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384")


class Fared:
    """How clients fare: with servers as they are foreseen, or on a port that does not answer (a sentence)."""

    good, incident = GOOD, INCIDENT

    def __call__(self, clients: Iterable[Client], **ports: Server | str) -> Matrix:
        """Return the matrix of clients and ports."""
        meetings: dict[tuple[str, str], Meeting] = {}
        predictions: dict[tuple[str, str], Prediction] = {}
        for client in clients:
            for port, server in ports.items():
                if isinstance(server, str):
                    meetings[client.id, port] = Meeting(client, port, error=server)
                else:
                    foreseen = predictions[client.id, port] = predict(server, client)
                    meetings[client.id, port] = Meeting(client, port, self.answer(foreseen))
        return Matrix(meetings, predictions)

    @staticmethod
    def answer(foreseen: Prediction) -> Answer:
        """Return what a server says that does as foreseen."""
        if not foreseen.is_let_in:
            return Answer("alert", alert=40)
        return Answer("hello", foreseen.version, foreseen.suite)


@pytest.fixture
def fared() -> Fared:
    """Makes matrices."""
    return Fared()
