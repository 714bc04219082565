"""Reaching a Docker engine, and turning its refusals into our errors; knows nothing of mail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import docker
from docker.errors import APIError, DockerException
from requests.exceptions import RequestException

from mailrig.engine.shell import Shells
from mailrig.errors import EngineError, EngineUnreachable

LOCAL_ADDRESSES = ("unix:///var/run/docker.sock", "unix:///run/docker.sock")
TIMEOUT = 120  # seconds; the longest single request is a stop with its grace period
PATIENCE = 10  # seconds until a first answer


@dataclass(frozen=True)
class Engine:
    """A Docker engine that answered, with the API version it speaks, and the shells that we have in its containers."""

    address: str
    api: docker.APIClient
    shells: Shells

    def close(self) -> None:
        """Hang up."""
        self.shells.close()
        self.api.close()

    @property
    def is_local(self) -> bool:
        """Whether its published ports are this machine's ports; any other socket may lead anywhere."""
        return self.address in LOCAL_ADDRESSES


def connect(address: str) -> Engine:
    """Return the engine at ``unix:///path``; raise EngineUnreachable when none answers."""
    try:
        api = docker.APIClient(base_url=address, version="auto", timeout=PATIENCE)
        api.timeout = TIMEOUT
        return Engine(address, api, Shells(api))
    except (DockerException, RequestException) as error:
        raise EngineUnreachable(
            f"no Docker engine answers at {address}",
            hint=f"does it run, and are you root or in the group `docker`? (docker -H {address} version)",
        ) from error


@contextmanager
def refusals(doing: str) -> Iterator[None]:
    """Turn what docker-py raises while ``doing`` something into an EngineError that says so."""
    try:
        yield
    except APIError as error:
        raise EngineError(f"{doing}: {error.explanation or error}") from error
    except (DockerException, RequestException) as error:
        raise EngineError(f"{doing}: {error}", hint="did the engine stop meanwhile?") from error
