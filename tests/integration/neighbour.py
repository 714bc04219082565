"""Another container in a site's network, through which a test reaches a service with an address of its own."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import docker
from sites import Site, eventually

from mailrig.render.images import image_name

# Passes on what comes to each of the ports that it is told, to the service that listens there.
_RELAY = """\
import asyncio, sys

async def carry(reader, writer):
    try:
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    finally:  # whoever was cut off is passed on, too
        writer.close()

async def serve(host, port):
    async def meet(reader, writer):
        there = await asyncio.open_connection(host, port)
        await asyncio.gather(carry(reader, there[1]), carry(there[0], writer), return_exceptions=True)
    server = await asyncio.start_server(meet, "0.0.0.0", port)
    await server.serve_forever()

async def main():
    await asyncio.gather(*(serve(host, int(port)) for host, port in (word.split(":") for word in sys.argv[1:])))

asyncio.run(main())
"""


@contextmanager
def neighbour(engine: docker.APIClient, site: Site, *services: str) -> Iterator[str]:
    """Run one in the network of a site that is deployed, and yield its address.

    ``services`` are NAME:PORT, and are reached there at the same ports.
    """
    network = f"mailrig-{site.name}_mail"
    body = {
        "Image": image_name("setup"),
        "Entrypoint": ["python3", "-c", _RELAY, *services],
        "Labels": {"io.mailrig.site": site.name},
        "HostConfig": {"NetworkMode": network, "CapDrop": ["ALL"]},
    }
    container = str(engine.create_container_from_config(body, f"{site.name}-{uuid.uuid4().hex[:6]}")["Id"])
    try:
        engine.start(container)
        address = str(engine.inspect_container(container)["NetworkSettings"]["Networks"][network]["IPAddress"])
        for service in services:
            eventually(partial(is_open, address, int(service.partition(":")[2])), bool)
        yield address
    finally:
        engine.remove_container(container, force=True, v=True)


def is_open(address: str, port: int) -> bool:
    """Whether somebody listens there, else raise OSError."""
    socket.create_connection((address, port), timeout=10).close()
    return True
