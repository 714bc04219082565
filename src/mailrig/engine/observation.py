"""Docker host → Observed: reads what stands there and changes nothing."""

from __future__ import annotations

import io
import ipaddress
import json
import tarfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from docker.errors import ImageNotFound, NotFound

from mailrig.engine import labels, ports
from mailrig.engine.connection import Engine, refusals
from mailrig.engine.containers import run
from mailrig.errors import EngineError
from mailrig.plan.observed import Container, Foreign, Observed
from mailrig.plan.planner import hash_of, named
from mailrig.render.release import Release, Service

MANIFEST = "/etc/mailrig/current/.manifest"
VERIFIED = "/run/mailrig/verified"
_READ_STATE = f"cat /run/mailrig/release || echo; cat {VERIFIED} || echo; cat {MANIFEST}"


def observe(engine: Engine, release: Release) -> Observed:
    """Return the state of everything that ``release`` concerns."""
    with refusals("cannot look at the host"), ThreadPoolExecutor() as threads:
        images = threads.submit(_images, engine, release)
        networks = threads.submit(engine.api.networks)
        volumes = threads.submit(engine.api.volumes)
        everything = engine.api.containers(all=True)
        ours = [entry for entry in everything if labels.is_service(entry, release.project)]
        containers = threads.map(lambda entry: container_of(engine, entry), ours)
        foreign = [
            *_foreign_containers(everything, release),
            *_foreign_networks(networks.result(), release),
            *_guests(engine, networks.result(), release),
            *_foreign_volumes(volumes.result()["Volumes"] or [], release),
            *ports.foreign(engine, everything, release),
        ]
        return Observed(
            containers=tuple(containers),
            networks={
                network["Name"]: network["Labels"].get(labels.SPEC, "")
                for network in networks.result()
                if labels.is_ours(network["Labels"], release.project)
            },
            volumes=frozenset(
                volume["Name"]
                for volume in volumes.result()["Volumes"] or []
                if labels.is_ours(volume["Labels"], release.project)
            ),
            images=images.result(),
            foreign=tuple(foreign),
        )


def deployed(engine: Engine, release: Release, service: Service) -> str:
    """Return the id of our container of a service; raise EngineError when we have none under its name.

    What only has the name is somebody else's.
    """
    with refusals("cannot list containers"):
        everything = engine.api.containers(all=True)
    wanted = service.spec["container_name"]
    for entry in everything:
        if labels.is_service(entry, release.project) and entry["Labels"].get(labels.SERVICE) == service.name:
            name = name_of(entry)
            if name == wanted:
                return str(entry["Id"])
            raise EngineError(f"{service.name} is deployed as `{name}`, not as `{wanted}`", hint="deploy first")
    raise EngineError(f"{service.name} is not deployed", hint="deploy first")


def name_of(entry: Mapping[str, Any]) -> str:
    """Return the name of an entry of the engine's container list, or nothing while it is being removed."""
    return entry["Names"][0].lstrip("/") if entry["Names"] else ""


def services_of(engine: Engine, project: str) -> dict[str, str]:
    """Return the ids of our containers by service, running or not."""
    with refusals("cannot list containers"):
        everything = engine.api.containers(all=True)
    return {entry["Labels"][labels.SERVICE]: entry["Id"] for entry in everything if labels.is_service(entry, project)}


def container_of(engine: Engine, entry: Mapping[str, Any]) -> Container:
    """Turn an entry of the engine's container list into a Container, with the configuration it works with."""
    state = _state_inside(engine, entry["Id"]) if entry["State"] == "running" else None
    loaded, verified, manifest = state or (None, None, _archived(engine, entry["Id"]))
    return Container(
        id=entry["Id"],
        name=name_of(entry),
        service=entry["Labels"].get(labels.SERVICE, ""),
        state=entry["State"],
        status=entry["Status"],
        image=entry["ImageID"],
        spec_hash=entry["Labels"].get(labels.SPEC, ""),
        delivered=manifest.get("release"),
        loaded=loaded,
        verified=verified,
        digests=manifest.get("files", {}),
        settings=manifest.get("settings", {}),
    )


def _state_inside(engine: Engine, container: str) -> tuple[str | None, str | None, dict[str, Any]] | None:
    """Return the configuration that a daemon took in, the release that was verified, and the delivered manifest.

    None when the container stopped between the question whether it runs and this one.
    """
    try:
        _, output = run(engine, container, ["sh", "-c", f"{{ {_READ_STATE}; }} 2>/dev/null"])
    except EngineError:
        return None
    loaded, verified, manifest = output.split("\n", 2)
    return loaded or None, verified or None, _parsed(manifest)


def _archived(engine: Engine, container: str) -> dict[str, Any]:
    """Return the manifest that a stopped container would start with."""
    try:
        stream, _ = engine.api.get_archive(container, MANIFEST)
    except NotFound:
        return {}
    with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as archive:
        member = archive.extractfile(archive.next() or "")
        return _parsed(member.read().decode()) if member else {}


def _parsed(manifest: str) -> dict[str, Any]:
    try:
        return dict(json.loads(manifest))
    except ValueError:
        return {}


def _images(engine: Engine, release: Release) -> dict[str, str]:
    """Return the ids of the images that the release names, where they exist."""
    found = {}
    for tag in {service.spec["image"] for service in release.services}:
        try:
            found[tag] = engine.api.inspect_image(tag)["Id"]
        except ImageNotFound:
            continue
    return found


def _foreign_containers(everything: list[dict[str, Any]], release: Release) -> Iterable[Foreign]:
    wanted = {service.spec["container_name"] for service in release.services}
    for entry in everything:
        name = name_of(entry)
        if name in wanted and not labels.is_ours(entry["Labels"], release.project):
            detail = f"image {entry['Image']}, {entry['Status'].lower()}; {labels.owner(entry['Labels'])}"
            yield Foreign("container", name, detail, f"rename it (docker rename {name} …), or set `container_prefix`")


def _foreign_volumes(volumes: list[dict[str, Any]], release: Release) -> Iterable[Foreign]:
    wanted = named(release, "volumes")
    for volume in volumes:
        if volume["Name"] in wanted and not labels.is_ours(volume["Labels"], release.project):
            yield Foreign("volume", volume["Name"], labels.owner(volume["Labels"]), "choose another `site` name")


def _foreign_networks(networks: list[dict[str, Any]], release: Release) -> Iterable[Foreign]:
    wanted = named(release, "networks")
    for network in networks:
        if labels.is_ours(network["Labels"], release.project):
            continue
        owner = labels.owner(network["Labels"])
        if network["Name"] in wanted:
            yield Foreign("network", network["Name"], owner, "choose another `site` name")
        for subnet in _overlap(network, wanted.values()):
            detail = f"its subnet {subnet} overlaps ours; {owner}"
            yield Foreign("network", network["Name"], detail, "set another `network.subnet`")


def _guests(engine: Engine, networks: list[dict[str, Any]], release: Release) -> Iterable[Foreign]:
    """Yield each foreign container on a network of ours that has to be made anew: it could not be removed."""
    wanted = named(release, "networks")
    for network in networks:
        name, marks = network["Name"], network["Labels"]
        if (
            name in wanted
            and labels.is_ours(marks, release.project)
            and marks.get(labels.SPEC) != hash_of(wanted[name])
        ):
            for guest in foreign_endpoints(engine, name, release.project):
                hint = f"take it off: docker network disconnect {name} {guest}"
                yield Foreign("network", name, f"it changes, and the container `{guest}` is attached to it", hint)


def foreign_endpoints(engine: Engine, network: str, project: str) -> list[str]:
    """Return the names of the running containers on a network that are not ours."""
    with refusals(f"cannot inspect the network {network}"):
        attached = engine.api.inspect_network(network)["Containers"]
        everything = engine.api.containers()
    ours = {entry["Id"] for entry in everything if labels.is_ours(entry["Labels"], project)}
    return sorted(endpoint["Name"] for container, endpoint in attached.items() if container not in ours)


def _overlap(network: Mapping[str, Any], wanted: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    """Yield the subnets of a network that overlap one that we want to make."""
    theirs = [pool["Subnet"] for pool in (network["IPAM"].get("Config") or []) if "Subnet" in pool]
    ours = [pool["subnet"] for spec in wanted for pool in spec.get("ipam", {}).get("config", []) if "subnet" in pool]
    for subnet in theirs:
        if any(_overlaps(subnet, other) for other in ours):
            yield subnet


def _overlaps(one: str, other: str) -> bool:
    first, second = ipaddress.ip_network(one, strict=False), ipaddress.ip_network(other, strict=False)
    return first.version == second.version and first.overlaps(second)
