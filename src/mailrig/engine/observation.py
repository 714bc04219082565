"""Docker host → Observed: reads what stands there and changes nothing."""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

from docker.errors import ImageNotFound

from mailrig.engine import labels, ports
from mailrig.engine.connection import Engine, refusals
from mailrig.engine.containers import inspect, name_of
from mailrig.engine.drift import drift
from mailrig.engine.interior import Inside, look_inside
from mailrig.engine.labels import Role, lock_name
from mailrig.errors import EngineError
from mailrig.plan.observed import Container, Foreign, Observed
from mailrig.plan.planner import hash_of, named
from mailrig.render.release import Release, Service

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Gathered:
    """What an engine says: all containers, networks and volumes on it, and of a project's containers the whole."""

    everything: list[dict[str, Any]]
    networks: list[dict[str, Any]]
    volumes: list[dict[str, Any]]
    ours: list[tuple[Json, Json, Inside]]


def observe(engine: Engine, release: Release, gathered: Gathered | None = None) -> Observed:
    """Return the state of everything that ``release`` concerns, from what was ``gathered`` a moment ago or from now."""
    with refusals("cannot look at the host"), ThreadPoolExecutor() as threads:
        looked_up = [threads.submit(_image, engine, service.spec["image"]) for service in release.services]
        found = gathered or gather(engine, release.project)
        foreign = _foreign(engine, release, found)
        images = dict(image for future in looked_up if (image := future.result()))
        containers = _containers(engine, release, found, images)
    return Observed(
        containers=tuple(container for role, container in containers if role is Role.SERVICE),
        networks={
            network["Name"]: network["Labels"].get(labels.SPEC, "")
            for network in found.networks
            if labels.is_ours(network["Labels"], release.project)
        },
        volumes=frozenset(
            volume["Name"] for volume in found.volumes if labels.is_ours(volume["Labels"], release.project)
        ),
        images={tag: image["Id"] for tag, image in images.items()},
        foreign=foreign,
        kept={container.service: container for role, container in containers if role is Role.KEPT},
    )


def gather(engine: Engine, project: str) -> Gathered:
    """Ask an engine, and the containers of a project, for everything; one that vanishes meanwhile is left out."""
    with refusals("cannot look at the host"), ThreadPoolExecutor(max_workers=16) as threads:
        networks = threads.submit(engine.api.networks)
        volumes = threads.submit(engine.api.volumes)
        everything = engine.api.containers(all=True)
        ours = [entry for entry in everything if labels.role(entry, project) in (Role.SERVICE, Role.KEPT)]
        insides = [threads.submit(look_inside, engine, entry) for entry in ours]
        inspected = [threads.submit(inspect, engine, entry["Id"]) for entry in ours]
        whole = zip(ours, inspected, insides, strict=True)
        return Gathered(
            everything,
            networks.result(),
            volumes.result()["Volumes"] or [],
            [(entry, there, inside.result()) for entry, outside, inside in whole if (there := outside.result())],
        )


def deployed(engine: Engine, release: Release, service: Service) -> str:
    """Return the id of our container of a service; raise EngineError when we have none under its name.

    What only has the name is somebody else's.
    """
    wanted = service.spec["container_name"]
    for entry in services(engine, release.project):
        if entry["Labels"].get(labels.SERVICE) == service.name:
            name = name_of(entry)
            if name == wanted:
                return str(entry["Id"])
            raise EngineError(f"{service.name} is deployed as `{name}`, not as `{wanted}`", hint="deploy first")
    raise EngineError(f"{service.name} is not deployed", hint="deploy first")


def services_of(engine: Engine, project: str) -> dict[str, str]:
    """Return the ids of our containers by service, running or not."""
    return {entry["Labels"][labels.SERVICE]: entry["Id"] for entry in services(engine, project)}


def services(engine: Engine, project: str) -> list[Json]:
    """Return the entries of the engine's list that are services of a project, running or not."""
    with refusals("cannot list containers"):
        return [entry for entry in engine.api.containers(all=True) if labels.is_service(entry, project)]


def _image(engine: Engine, tag: str) -> tuple[str, Json] | None:
    """Return an image by its tag or id, as the engine has it; None when it has none."""
    try:
        return tag, engine.api.inspect_image(tag)
    except ImageNotFound:
        return None


def _containers(
    engine: Engine, release: Release, found: Gathered, images: Mapping[str, Json]
) -> list[tuple[Role | None, Container]]:
    """Put together what was found out of all that have or had a service's place."""
    configurations = {image["Id"]: image["Config"] for image in images.values()}
    containers = []
    for entry, inspected, inside in found.ours:
        image = entry["ImageID"]
        if image not in configurations and (other := _image(engine, image)):
            configurations[image] = other[1]["Config"]
        outside = _outside(release, entry, inspected, configurations.get(image))
        containers.append((labels.role(entry, release.project), _with_inside(outside, inside)))
    return containers


def _outside(release: Release, entry: Json, inspected: Json, image: Json | None) -> Container:
    """Return what the engine alone says of a container."""
    marks = entry["Labels"]
    service, spec_hash, spec = marks.get(labels.SERVICE, ""), marks.get(labels.SPEC, ""), _specification(marks)
    made_with = labels.container_labels(release.project, service, spec_hash, spec or {})
    return Container(
        id=entry["Id"],
        name=name_of(entry),
        service=service,
        state=entry["State"],
        status=entry["Status"],
        image=entry["ImageID"],
        spec_hash=spec_hash,
        spec=spec,
        drift=() if spec is None else drift(spec, release.model, made_with, inspected, image),
    )


def _with_inside(container: Container, inside: Inside) -> Container:
    return replace(
        container,
        delivered=inside.delivered.release,
        loaded=inside.loaded,
        verified=inside.verified,
        refused=inside.refused,
        recorded=inside.delivered.recorded,
        files=inside.delivered.files,
        sessions=inside.sessions,
    )


def _specification(marks: Mapping[str, str]) -> dict[str, Any] | None:
    """Return the entry of compose.yaml that a container was made from; None unless both labels agree on it."""
    try:
        spec = json.loads(marks.get(labels.SPEC_JSON, ""))
    except ValueError:
        return None
    return spec if isinstance(spec, dict) and hash_of(spec) == marks.get(labels.SPEC) else None


def _foreign(engine: Engine, release: Release, found: Gathered) -> tuple[Foreign, ...]:
    return (
        *_foreign_containers(found.everything, release),
        *_foreign_networks(found.networks, release),
        *_guests(engine, found.networks, release),
        *_foreign_volumes(found.volumes, release),
        *ports.foreign(engine, found.everything, release),
    )


def _foreign_containers(everything: list[dict[str, Any]], release: Release) -> Iterable[Foreign]:
    names = [service.spec["container_name"] for service in release.services]
    wanted = {*names, *(name + ending for name in names for ending in labels.ASIDE), lock_name(release.project)}
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
