"""Networks and volumes of a release; never removes a volume that is not named."""

from __future__ import annotations

from docker.errors import NotFound

from mailrig.engine import labels
from mailrig.engine.connection import Engine, refusals
from mailrig.engine.translation import network_arguments
from mailrig.errors import EngineError
from mailrig.plan.planner import hash_of, named
from mailrig.render.release import Release


def create_network(engine: Engine, release: Release, name: str) -> None:
    """Create one of the release's networks."""
    spec = named(release, "networks")[name]
    key = next(key for key, network in release.model["networks"].items() if network["name"] == name)
    marks = {**labels.object_labels(release.project), labels.NETWORK: key, labels.SPEC: hash_of(spec)}
    with refusals(f"cannot create the network {name}"):
        engine.api.create_network(**network_arguments(spec), labels=marks)


def remove_network(engine: Engine, name: str) -> None:
    """Remove a network; one that is gone already is fine."""
    with refusals(f"cannot remove the network {name}"):
        try:
            engine.api.remove_network(name)
        except NotFound:
            return


def create_volume(engine: Engine, release: Release, name: str) -> None:
    """Create one of the release's volumes."""
    key = next(key for key, volume in release.model["volumes"].items() if volume["name"] == name)
    create_labelled_volume(engine, release.project, key)


def create_labelled_volume(engine: Engine, project: str, key: str) -> None:
    """Create a volume of a project; one that is there already stays as it is."""
    name = f"{project}_{key}"
    with refusals(f"cannot create the volume {name}"):
        engine.api.create_volume(name, labels={**labels.object_labels(project), labels.VOLUME: key})


def our_volumes(engine: Engine, project: str) -> dict[str, str]:
    """Return the names of the project's volumes, by the short name that compose.yaml gives them."""
    with refusals("cannot list volumes"):
        everything = engine.api.volumes()["Volumes"] or []
    ours = [volume for volume in everything if labels.is_ours(volume["Labels"], project)]
    return {volume["Labels"].get(labels.VOLUME, volume["Name"]): volume["Name"] for volume in ours}


def our_networks(engine: Engine, project: str) -> list[str]:
    """Return the names of the project's networks."""
    with refusals("cannot list networks"):
        return [network["Name"] for network in engine.api.networks() if labels.is_ours(network["Labels"], project)]


def remove_volume(engine: Engine, name: str) -> None:
    """Remove a volume with everything in it."""
    with refusals(f"cannot remove the volume {name}"):
        try:
            engine.api.remove_volume(name)
        except NotFound as error:
            raise EngineError(f"there is no volume {name}") from error
