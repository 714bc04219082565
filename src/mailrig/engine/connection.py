"""Reaching a Docker engine, and turning its refusals into our errors; knows nothing of mail."""

from __future__ import annotations

import atexit
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import docker
from docker.errors import APIError, DockerException
from requests import PreparedRequest, Response
from requests.exceptions import ConnectionError as ConnectionFailed
from requests.exceptions import RequestException
from urllib3.exceptions import HTTPError

from mailrig.engine.shell import Shells
from mailrig.engine.tls import lost, refused, tls
from mailrig.engine.tunnels import Tunnels
from mailrig.engine.versions import OLDEST, spoken
from mailrig.errors import EngineError, EngineUnreachable
from mailrig.inventory.engine import EngineAddress, Ssh, Tcp, parse

CONNECT_SECONDS = 10  # until somebody picks up, and gives a first answer
TIMEOUT = 120  # seconds; the longest single request is a stop with its grace period

_tunnels = Tunnels()  # of this run: whoever connects to the same address again takes the same one
atexit.register(_tunnels.close)


@dataclass(frozen=True)
class Engine:
    """A Docker engine that answered, with the API version it speaks, and the shells that we have in its containers."""

    address: EngineAddress
    api: docker.APIClient
    shells: Shells

    def close(self) -> None:
        """Hang up."""
        self.shells.close()
        self.api.close()

    def require_answer(self) -> None:
        """Raise EngineUnreachable when it cannot be reached any more: a process that is gone may have gone with it."""
        try:
            self.api.ping()
        except (DockerException, RequestException) as error:
            raise _unreachable(self.address, error) from error

    @property
    def is_local(self) -> bool:
        """Whether its published ports are this machine's ports; any other socket may lead anywhere."""
        return self.address.is_this_machine


def connect(address: EngineAddress | str) -> Engine:
    """Return the engine at an address; raise EngineUnreachable when none answers, EngineError when it is too old."""
    address = parse(address) if isinstance(address, str) else address
    match address:
        case Ssh():
            tunnel = _tunnels.to(address)
            client = _answering(address, f"unix://{tunnel.socket}", tunnel.cut)
        case Tcp():
            client = _answering(address, str(address), tls=tls(address))
            client.lost = lambda: lost(address)
        case _:
            client = _answering(address, str(address))
    return Engine(address, client, Shells(client))


class _Client(docker.APIClient):
    """A client that speaks the version that fits, and says of a connection which ended too early whose it was."""

    lost: Callable[[], EngineUnreachable] | None = None

    @property
    def _is_tcp(self) -> bool:
        return not self.base_url.startswith("http+docker:")

    def negotiate(self, address: EngineAddress) -> None:
        """Speak the newest version that both know from now on; raise EngineError when there is none."""
        self.trust_env = False  # neither proxies nor authorities from the environment: what the inventory says counts
        self._version = spoken(address, self.version(api_version=False))

    def send(self, request: PreparedRequest, **arguments: Any) -> Response:
        """Send a request; raise EngineUnreachable when an engine elsewhere cannot be reached any more."""
        if self._is_tcp and isinstance(seconds := arguments.get("timeout"), (int, float)):
            arguments["timeout"] = (CONNECT_SECONDS, seconds)  # it may take long to answer, but not to pick up
        try:
            return super().send(request, **arguments)
        except ConnectionFailed as error:
            if self.lost is None:
                raise
            raise self.lost() from error


def _answering(
    address: EngineAddress, url: str, lost: Callable[[], EngineUnreachable] | None = None, **more: Any
) -> _Client:
    client = _Client(base_url=url, version=OLDEST, timeout=TIMEOUT, **more)
    client.lost = lost
    try:
        client.timeout = CONNECT_SECONDS
        client.negotiate(address)
        client.timeout = TIMEOUT
    except BaseException as error:
        client.close()
        if isinstance(error, (DockerException, RequestException)):
            raise _unreachable(address, error) from error
        raise
    return client


def _unreachable(address: EngineAddress, error: Exception) -> EngineUnreachable:
    if isinstance(address, Tcp):
        return refused(address, error)
    return EngineUnreachable(
        f"no Docker engine answers at {address}",
        hint=f"does it run, and are you root or in the group `docker`? (docker -H {address} version)",
    )


@contextmanager
def refusals(doing: str) -> Iterator[None]:
    """Turn what docker-py raises while ``doing`` something into an EngineError that says so."""
    try:
        yield
    except APIError as error:
        raise EngineError(f"{doing}: {error.explanation or error}") from error
    except (DockerException, RequestException, HTTPError) as error:  # the last from what comes piece by piece
        hint = "did the engine stop meanwhile, or was the connection cut?"
        raise EngineError(f"{doing}: {error}", hint=hint) from error
