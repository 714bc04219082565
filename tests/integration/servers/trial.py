"""Real TLS servers with any settings: `openssl s_server`, Dovecot, Postfix; and what each answers a client's hello.

Each is judged by the settings that it reads itself: its own tools print them, and what they print is what is predicted
from. Dovecot and Postfix run in one container of our image each, which has no network but the host's loopback.
"""

from __future__ import annotations

import io
import re
import socket
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
from matrix import MOZILLA, OPENSSL_CNF, UPGRADED, Setting
from sites import LOCAL, free_ports

from mailrig.clients import certificate, dovecot, offered, openssl, postfix
from mailrig.clients.answer import Answer, read_answer
from mailrig.clients.catalogue import Client
from mailrig.clients.hello import again, hello
from mailrig.clients.offered import Materials
from mailrig.clients.prediction import Prediction, predict
from mailrig.clients.server import Server
from mailrig.engine.connection import connect
from mailrig.engine.images import base_image, build, has_image
from mailrig.plan.effective import settings_of
from mailrig.render.images import context, image_name
from mailrig.resources import resource

FOLDER = "/trial"
VERSIONS = {"TLSv1": openssl.TLS10, "TLSv1.1": openssl.TLS11, "TLSv1.2": openssl.TLS12, "TLSv1.3": openssl.TLS13}
BATCH = 20  # servers at a time
PATIENCE = 30  # seconds for a server to start, or to answer


@dataclass(frozen=True)
class Outcome:
    """How a handshake ended: the agreed version and suite, or neither."""

    version: int | None = None
    suite: int | None = None


@dataclass(frozen=True)
class Trial:
    """A server with its settings, as it is read from them, and the port it listens on."""

    program: str
    setting: Setting
    server: Server
    port: int


@dataclass(frozen=True)
class Record:
    """What a real server answered a client."""

    trial: Trial
    client: Client
    seen: Outcome

    @property
    def predicted(self) -> Outcome:
        """What the prediction says now."""
        return outcome(predict(self.trial.server, self.client))

    @property
    def is_right(self) -> bool:
        """Whether the prediction says what was seen."""
        return self.predicted == self.seen

    def __str__(self) -> str:
        told = predict(self.trial.server, self.client)
        return f"{self.trial.program}, {self.trial.setting}, {self.client.id}: {self.seen}, not {told.outcome}"


def outcome(prediction: Prediction) -> Outcome:
    """Return a prediction as an outcome."""
    return Outcome(prediction.version, prediction.suite)


def ask(trial: Trial, clients: list[Client]) -> list[Record]:
    """Let each client shake hands with the server."""
    return [Record(trial, client, _seen(trial, client)) for client in clients]


def ask_all(trials: list[Trial], clients: list[Client], workers: int = 4) -> list[Record]:
    """Let each client shake hands with each server, some servers at a time."""
    with ThreadPoolExecutor(workers) as pool:
        return [record for found in pool.map(lambda trial: ask(trial, clients), trials) for record in found]


def _seen(trial: Trial, client: Client) -> Outcome:
    answer = _answer(trial, client)
    return Outcome(answer.version, answer.suite) if answer.is_let_in else Outcome()


def _answer(trial: Trial, client: Client) -> Answer:
    with socket.create_connection(("127.0.0.1", trial.port), timeout=PATIENCE) as line:
        if UPGRADED in trial.setting.own:
            _upgrade(line)
        first = hello(client, "localhost")
        line.sendall(first)
        answer = read_answer(line)
        if answer.kind == "retry":
            line.sendall(again(first, answer.group, answer.cookie))
            answer = read_answer(line)
        return answer


def _upgrade(line: socket.socket) -> None:
    """Ask for TLS as RFC 3207 has it."""
    with line.makefile("rb", buffering=0) as lines:
        for said in (b"", b"EHLO localhost\r\n", b"STARTTLS\r\n"):
            line.sendall(said)
            while lines.readline()[3:4] == b"-":
                pass


def wait_for(port: int) -> None:
    """Wait until a port answers."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


# OpenSSL of this machine


@contextmanager
def s_servers(settings: list[Setting], directory: Path) -> Iterator[list[Trial]]:
    """Run `openssl s_server` with each of the settings that it takes."""
    usable = [one for one in dict.fromkeys(settings) if one.is_for("s_server") and one.curves != MOZILLA]
    read = {setting: _s_server_reads(setting, directory) for setting in usable}
    with ExitStack() as stack:
        yield [
            Trial("s_server", setting, server, stack.enter_context(_s_server(setting, directory)))
            for setting, server in read.items()
            if not _is_refused(server)
        ]


def _is_refused(server: Server) -> bool:
    """Whether it would not even start, for a certificate that is too weak."""
    needed = openssl.LEVEL_BITS[server.security_level]
    return any(openssl.key_strength(one.key, one.bits) < needed for one in server.certificates)


@contextmanager
def _s_server(setting: Setting, directory: Path) -> Iterator[int]:
    (port,) = free_ports(1)
    command = ["openssl", "s_server", "-quiet", "-accept", f"127.0.0.1:{port}", *_s_server_options(setting, directory)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, **pipes) as program:  # type: ignore[call-overload]
        try:
            wait_for(port)
            yield port
        finally:
            program.kill()


def _s_server_options(setting: Setting, directory: Path) -> Iterator[str]:
    yield from ("-cipher", setting.list)
    for option, name in zip(("", "d"), setting.names, strict=False):
        yield from (f"-{option}cert", str(directory / f"{name}.crt"), f"-{option}key", str(directory / f"{name}.key"))
    yield from ("-min_protocol", setting.oldest, "-max_protocol", setting.newest)
    yield from ("-dhparam", str(parameters(setting.dh_bits))) if setting.dh_bits else ("-no_dhe",)
    if setting.curves:
        yield from ("-curves", setting.curves)
    if setting.prefers_own_order:
        yield "-serverpref"


def parameters(bits: int) -> Path:
    """Return the file with Diffie-Hellman parameters of this size."""
    return Path(str(resource("templates"))) / "tls" / f"ffdhe{bits}.pem"


def _s_server_reads(setting: Setting, directory: Path) -> Server:
    command = ["openssl", "ciphers", "-s", "-V", "-tls1_2", setting.list]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    spoken = range(VERSIONS[setting.oldest], VERSIONS[setting.newest] + 1)
    return Server(
        versions=tuple(version for version in VERSIONS.values() if version in spoken),
        suites=offered.suites(text),
        suites13=openssl.SUITES13,
        groups=offered.groups(setting.curves),
        certificates=tuple(certificate.read((directory / f"{name}.crt").read_text()) for name in setting.names),
        dh_bits=setting.dh_bits or None,
        prefers_own_order=setting.prefers_own_order,
        security_level=offered.security_level(setting.list, 2),
    )


# Dovecot and Postfix, in one container of our image each


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


def _shared(directory: Path) -> dict[str, bytes]:
    """Return certificates, keys, parameters and settings of OpenSSL as files of a container."""
    found = {path.name: path.read_bytes() for path in directory.iterdir() if path.suffix in (".crt", ".key")}
    parameters_ = {f"dh{bits}.pem": parameters(bits).read_bytes() for bits in (2048, 3072)}
    return {**found, **parameters_, "openssl.cnf": OPENSSL_CNF.encode()}


def _materials(run: Callable[[str], str], lists: set[str], paths: set[str], files: dict[str, bytes]) -> Materials:
    """Let the container's OpenSSL expand the lists, and add the files."""
    ordered = sorted(lists)
    script = "".join(
        f"echo == {n}\nopenssl ciphers -s -V -tls1_2 '{list_}' || true\n" for n, list_ in enumerate(ordered)
    )
    texts = re.split(r"^== \d+\n", run(script), flags=re.MULTILINE)[1:]
    suites = {list_: text for list_, text in zip(ordered, texts, strict=True) if text}
    known = {f"{FOLDER}/{path}": content for path, content in files.items()}
    return Materials(suites, {path: known[path].decode() for path in paths if path in known})


Batches = Iterator[list[Trial]]


@contextmanager
def dovecots(engine: docker.APIClient, settings: list[Setting], directory: Path) -> Iterator[Batches]:
    """Prepare a Dovecot for each of the settings that it can be told; yields those that run, batch after batch."""
    told = [setting for setting in dict.fromkeys(settings) if setting.newest == "TLSv1.3" and setting.is_for("Dovecot")]
    ports = dict(zip(told, free_ports(len(told)), strict=True))
    files = _shared(directory)
    configurations = {f"{port}.conf": _dovecot_conf(setting, port).encode() for setting, port in ports.items()}
    with container(engine, "dovecot", {**files, **configurations}) as run:
        printed = run(f'cd {FOLDER}; for c in *.conf; do echo "== $c"; doveconf -n -c $c; done')
        texts = dict(_headed(printed))
        effective = {setting: settings_of(f"== effective\n{texts[f'{port}.conf']}") for setting, port in ports.items()}
        lists = {list_ for one in effective.values() for list_ in dovecot.lists(one)}
        paths = {path for one in effective.values() for path in dovecot.paths(one)}
        materials = _materials(run, lists, paths, files)
        trials = [
            Trial("Dovecot", setting, dovecot.ports(one, materials).ports["imaps"], ports[setting])
            for setting, one in effective.items()
        ]

        def batches() -> Iterator[list[Trial]]:
            for at in range(0, len(trials), BATCH):
                some = trials[at : at + BATCH]
                run("".join(f"dovecot -c {FOLDER}/{trial.port}.conf\n" for trial in some))
                for trial in some:
                    wait_for(trial.port)
                yield some
                run("".join(f"kill $(cat /run/trial-{trial.port}/master.pid)\n" for trial in some))

        yield batches()


def _headed(text: str) -> Iterator[tuple[str, str]]:
    """Split a text at its headings: ``== NAME``."""
    for part in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        name, _, below = part.partition("\n")
        yield name, below


def _dovecot_conf(setting: Setting, port: int) -> str:
    """Write a configuration that offers IMAPS on one port; whatever is not said is as Dovecot has it."""
    names = dict(zip(("", "alt_"), setting.names, strict=False))
    lines = [
        f"base_dir = /run/trial-{port}",
        f"state_dir = /run/trial-{port}/state",
        "protocols = imap",
        "listen = 127.0.0.1",
        f"log_path = {FOLDER}/{port}.log",
        "ssl = required",
        *(f"ssl_{kind}cert = <{FOLDER}/{name}.crt" for kind, name in names.items()),
        *(f"ssl_{kind}key = <{FOLDER}/{name}.key" for kind, name in names.items()),
        f"ssl_cipher_list = {setting.list}",
        f"ssl_min_protocol = {setting.oldest}",
        f"ssl_prefer_server_ciphers = {'yes' if setting.prefers_own_order else 'no'}",
        *([f"ssl_curve_list = {setting.curves}"] if setting.curves else []),
        *([f"ssl_dh = <{FOLDER}/dh{setting.dh_bits}.pem"] if setting.dh_bits else []),
        *setting.own,
        "passdb {\n  driver = static\n  args = nopassword=y\n}",
        "userdb {\n  driver = static\n  args = uid=vmail gid=vmail home=/tmp\n}",
        # The same process for every connection: a new one each takes ten times as long, and answers no differently.
        "service imap-login {",
        "  service_count = 0",
        "  process_limit = 1",
        "  inet_listener imap {\n    port = 0\n  }",
        f"  inet_listener imaps {{\n    port = {port}\n    ssl = yes\n  }}",
        "}",
    ]
    return "\n".join(lines) + "\n"


@contextmanager
def postfixes(engine: docker.APIClient, settings: list[Setting], directory: Path) -> Iterator[list[Trial]]:
    """Run one Postfix with a service for each of the settings: its own settings stand in master.cf."""
    told = [setting for setting in dict.fromkeys(settings) if setting.is_for("Postfix")]
    ports = dict(zip(told, free_ports(len(told)), strict=True))
    files = _shared(directory)
    with container(engine, "postfix", {**files, "setup": _postfix_setup(ports).encode()}) as run:
        printed = run(_POSTFIX)
        flat = settings_of(printed)
        each = {setting: _alone(flat, f"127.0.0.1:{port}/inet") for setting, port in ports.items()}
        lists = {list_ for one in each.values() for list_ in postfix.lists(one)}
        paths = {path for one in each.values() for path in postfix.paths(one) if not path.endswith(".key")}
        materials = _materials(run, lists, paths, files)
        for port in ports.values():
            wait_for(port)
        yield [
            Trial("Postfix", setting, server, ports[setting])
            for setting, one in each.items()
            for server in postfix.ports(one, materials).ports.values()
        ]
        run("postfix stop")


# In the image /etc/postfix is empty, and filled as a container starts.
_POSTFIX = f"""
cp -a /usr/share/mailrig/postfix/. /etc/postfix
postconf -e 'compatibility_level = 3.6' 'maillog_file = /var/log/trial.log' 'smtpd_relay_restrictions = reject' \\
    'inet_interfaces = loopback-only' 'inet_protocols = ipv4' 'alias_maps =' 'max_idle = 2s'
postconf -MX smtp/inet || true
bash -eu {FOLDER}/setup
chown postfix: /var/lib/postfix
postfix start >/dev/null
echo '== main'; postconf -n
echo '== master'; postconf -M
echo '== services'; postconf -P
"""


def _postfix_setup(ports: dict[Setting, int]) -> str:
    """Write a script that makes the services and their settings."""
    services = {f"127.0.0.1:{port}": _postfix_options(setting) for setting, port in ports.items()}
    made = [f"'{name}/inet={name} inet n - n - - smtpd'" for name in services]
    told = [f"'{name}/inet/{option}={value}'" for name, all_ in services.items() for option, value in all_.items()]
    return f"postconf -M {' '.join(made)}\npostconf -P {' '.join(told)}\n"


def _postfix_options(setting: Setting) -> dict[str, str]:
    chain = [f"{FOLDER}/{name}.{kind}" for name in setting.names for kind in ("key", "crt")]
    options = {
        "smtpd_tls_wrappermode": "yes",
        "smtpd_tls_security_level": "encrypt",
        "smtpd_tls_mandatory_protocols": f">={setting.oldest},<={setting.newest}",
        "smtpd_tls_mandatory_ciphers": "high",
        "tls_high_cipherlist": setting.list,
        "tls_preempt_cipherlist": "yes" if setting.prefers_own_order else "no",
        "smtpd_tls_chain_files": ",".join(chain),
        "smtpd_peername_lookup": "no",
        "smtpd_client_connection_count_limit": "0",
    }
    if setting.curves:
        options["tls_eecdh_auto_curves"] = setting.curves.replace(":", ",")
    if setting.dh_bits:
        options["smtpd_tls_dh1024_param_file"] = f"{FOLDER}/dh{setting.dh_bits}.pem"
    return {**options, **dict(line.split("=", 1) for line in setting.own)}


def _alone(flat: dict[str, str], service: str) -> dict[str, str]:
    """Return the settings of one service alone, under the name that such a one has on a real site."""
    name = "submissions" if flat.get(f"{service}/smtpd_tls_wrappermode") == "yes" else "submission"
    others = {key: value for key, value in flat.items() if not key.startswith("127.0.0.1:")}
    own = {key.replace(service, f"{name}/inet"): value for key, value in flat.items() if key.startswith(service)}
    return {**others, **own}


# All three


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
