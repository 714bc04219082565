"""A Docker engine where there is none: installed and started, here or at the other end of ssh; knows nothing of mail.

What is done is in install.sh, the same on every machine. This module says where a shell reads it.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mailrig.engine import ssh
from mailrig.engine.connection import Engine, connect
from mailrig.engine.ssh_words import explained
from mailrig.errors import EngineError, EngineUnreachable
from mailrig.inventory.engine import LOCAL, EngineAddress, Ssh, UnixSocket, parse

START_SECONDS = 30
DISTRIBUTIONS = {"debian", "ubuntu"}
FORBIDDEN = "MAILRIG_NO_ENGINE_INSTALL"

Progress = Callable[[str], None]

_SCRIPT = Path(__file__).with_name("install.sh")
_SSH_FAILED = 255  # ssh's own exit code


def engine_at(address: EngineAddress | str, progress: Progress) -> Engine:
    """Return the engine at ``address``; on this machine's own socket, install and start one when none answers."""
    address = parse(address) if isinstance(address, str) else address
    try:
        return connect(address)
    except EngineUnreachable:
        if not address.is_this_machine or _is_forbidden_socket():
            raise
    _require_permission()
    progress(f"no Docker engine answers at {address}")
    _run(LOCAL, "set_up_engine", progress)
    return _answering(address)


def bootstrap(address: EngineAddress, progress: Progress) -> Engine:
    """Return the engine at ``address``, after installing and starting one where that can be done."""
    match address:
        case Ssh():
            _run(address, "set_up_engine", progress)
            return _answering(address)
        case UnixSocket():
            return engine_at(address, progress)
    try:
        return connect(address)
    except EngineUnreachable as error:
        hint = f"over {address} there is nobody to install one: name the host as ssh://… first, or install it there"
        raise EngineUnreachable(error.problems[0].message, hint=hint) from error


def install_packages(packages: Sequence[str], why: str, progress: Progress) -> None:
    """Install packages of the distribution here; raise EngineError with the command where we may not."""
    if os.environ.get(FORBIDDEN) == "1" or os.geteuid() != 0 or not _is_debian():
        raise EngineError(why, hint=f"run this, then try again: {_as_root('apt-get install ' + ' '.join(packages))}")
    progress(why)
    _run(LOCAL, f"install_packages {' '.join(packages)}", progress)


def _run(where: UnixSocket | Ssh, function: str, progress: Progress) -> None:
    """Have a shell there call one of the script's functions; raise EngineError with what went wrong.

    The call comes last and has its own standard input: no program may read what the shell has yet to read, and where
    the connection ends before, nothing is done.
    """
    command = ["sh"] if isinstance(where, UnixSocket) else ssh.command(where, remote=["sh"])
    script = f"{_SCRIPT.read_text()}\n{function} < /dev/null\n"
    said = []
    pipe = subprocess.PIPE
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as noise:
        with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=noise, text=True, errors="replace") as shell:
            _tell(shell, script)
            for line in shell.stdout or ():
                said.append(line.rstrip("\n"))
                if line.startswith("* "):
                    progress(said[-1][2:])
        noise.seek(0)
        words = noise.read()
    if shell.returncode:
        raise _failure(where, shell.returncode, said, words)


def _tell(shell: subprocess.Popen[str], script: str) -> None:
    with contextlib.suppress(BrokenPipeError):  # it has ended, and says why
        if shell.stdin:
            shell.stdin.write(script)
            shell.stdin.close()


def _failure(where: UnixSocket | Ssh, code: int, said: Sequence[str], words: str) -> EngineError:
    """Return what went wrong in the script's own words, else in ssh's, else in the shell's."""
    marked = {mark: [line[2:] for line in said if line.startswith(f"{mark} ")] for mark in "!|?"}
    if marked["!"]:
        message = "\n".join([*marked["!"], *(f"  | {line}" for line in marked["|"])])
        return EngineError(_at(where) + message, hint="\n".join(marked["?"]) or None)
    if isinstance(where, Ssh) and code == _SSH_FAILED:
        return explained(where, words)
    last = "\n".join(f"  | {line}" for line in words.splitlines()[-5:])
    return EngineError(f"{_at(where)}the shell that was to install Docker ended with {code}\n{last}".rstrip())


def _at(where: UnixSocket | Ssh) -> str:
    return "" if isinstance(where, UnixSocket) else f"{where.host}: "


def _answering(address: EngineAddress) -> Engine:
    """Return the engine that was just started; raise EngineUnreachable when it does not come."""
    end = time.monotonic() + START_SECONDS
    while True:
        try:
            return connect(address)
        except EngineUnreachable:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


def _is_forbidden_socket() -> bool:
    socket = Path(LOCAL.path)
    return socket.exists() and not os.access(socket, os.W_OK)


def _require_permission() -> None:
    """Raise with the commands to type where we may not install: forbidden, not root, or another distribution."""
    install = "apt-get update && apt-get install -y docker.io && systemctl enable --now docker"
    if not _is_debian():
        install = "see https://docs.docker.com/engine/install/"
    elif os.geteuid() == 0 and os.environ.get(FORBIDDEN) != "1":
        return
    raise EngineUnreachable(
        f"no Docker engine answers at {LOCAL}", hint=f"install one and try again: {_as_root(install)}"
    )


def _is_debian() -> bool:
    try:
        lines = Path("/etc/os-release").read_text().splitlines()
    except OSError:
        return False
    values = dict(line.partition("=")[::2] for line in lines)
    families = f"{values.get('ID', '')} {values.get('ID_LIKE', '')}".replace('"', "").split()
    return bool(DISTRIBUTIONS & set(families))


def _as_root(command: str) -> str:
    return command if os.geteuid() == 0 or command.startswith("see ") else f"sudo sh -c '{command}'"
