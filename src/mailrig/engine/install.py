"""A Docker engine on this machine: is there one, and if not, install and start it; knows nothing of mail."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from mailrig.engine.connection import Engine, connect
from mailrig.errors import EngineError, EngineUnreachable
from mailrig.inventory.engine import LOCAL, EngineAddress, parse

LOG = Path("/var/log/dockerd.log")
START_SECONDS = 30
DISTRIBUTIONS = {"debian", "ubuntu"}
FORBIDDEN = "MAILRIG_NO_ENGINE_INSTALL"

Progress = Callable[[str], None]


def engine_at(address: EngineAddress | str, progress: Progress) -> Engine:
    """Return the engine at ``address``; on this machine's own socket, install and start one when none answers."""
    address = parse(address) if isinstance(address, str) else address
    try:
        return connect(address)
    except EngineUnreachable:
        if not address.is_this_machine or _is_forbidden_socket():
            raise
    _require_permission()
    _install(progress)
    return _wait()


def install_packages(packages: Sequence[str], why: str, progress: Progress) -> None:
    """Install packages of the distribution; raise EngineError with the command where we may not."""
    if os.environ.get(FORBIDDEN) == "1" or os.geteuid() != 0 or not _is_debian():
        raise EngineError(why, hint=f"run this, then try again: {_as_root('apt-get install ' + ' '.join(packages))}")
    progress(f"{why}: installing {', '.join(packages)} from the distribution")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], ["apt-get", "install", "-y", "--no-install-recommends", *packages]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise EngineError(f"`{' '.join(command)}` failed:\n{done.stderr.strip()}")


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


def _install(progress: Progress) -> None:
    if shutil.which("dockerd") is None:
        install_packages(
            # The second and third are what the engine needs at run time and only recommends.
            ["docker.io", "iptables", "ca-certificates"],
            f"no Docker engine answers at {LOCAL}",
            progress,
        )
    _start(progress)


def _start(progress: Progress) -> None:
    """Start the engine: by systemd, else by the service script, else as a background process."""
    if Path("/run/systemd/system").is_dir():
        progress("starting the Docker engine (systemctl start docker)")
        subprocess.run(["systemctl", "start", "docker"], check=False)
    elif _started_by_script():
        progress("started the Docker engine (service docker start)")
    else:
        progress(f"starting the Docker engine in the background (dockerd, log in {LOG})")
        forget_dead_engine(Path("/var/run"))
        with LOG.open("ab") as log:
            subprocess.Popen(
                ["dockerd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, cwd="/"
            )


def forget_dead_engine(run: Path) -> None:
    """Remove the pid files of an engine that was killed: dockerd takes any process of that number for its like."""
    for name, program in (("docker.pid", "dockerd"), ("docker/containerd/containerd.pid", "containerd")):
        file = run / name
        if file.exists() and not _is_alive(file.read_text().strip(), program):
            file.unlink()


def _is_alive(pid: str, program: str) -> bool:
    try:
        name, _, state = Path(f"/proc/{pid}/stat").read_text().partition("(")[2].rpartition(")")
    except OSError:
        return False
    return name == program and not state.startswith(" Z")


def _started_by_script() -> bool:
    if not Path("/etc/init.d/docker").exists():
        return False
    done = subprocess.run(["service", "docker", "start"], capture_output=True, check=False)
    return done.returncode == 0 and _answers_within(10)


def _wait() -> Engine:
    _answers_within(START_SECONDS)
    try:
        return connect(LOCAL)
    except EngineUnreachable as error:
        tail = "\n".join(LOG.read_text(errors="replace").splitlines()[-5:]) if LOG.exists() else ""
        raise EngineUnreachable(
            f"the Docker engine was started and does not answer at {LOCAL}\n{tail}".strip(),
            hint=f"its log: {LOG}, or `journalctl -u docker`",
        ) from error


def _answers_within(seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            connect(LOCAL)
        except EngineUnreachable:
            time.sleep(0.2)
        else:
            return True
    return False


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
