"""`openssl s_server` with any settings: the OpenSSL of this machine."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from matrix.setting import MOZILLA, Setting
from sites import free_ports

from mailrig.clients import certificate, offered, openssl
from mailrig.clients.server import Server
from servers.materials import parameters
from servers.trial import Trial, wait_for

VERSIONS = {"TLSv1": openssl.TLS10, "TLSv1.1": openssl.TLS11, "TLSv1.2": openssl.TLS12, "TLSv1.3": openssl.TLS13}


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
