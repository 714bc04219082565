"""The labels that tell our objects from everybody else's; knows nothing of what they are put on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PROJECT = "com.docker.compose.project"
SERVICE = "com.docker.compose.service"
ONE_OFF = "com.docker.compose.oneoff"
NETWORK = "com.docker.compose.network"
VOLUME = "com.docker.compose.volume"
NUMBER = "com.docker.compose.container-number"
CONFIG_HASH = "com.docker.compose.config-hash"  # `docker compose ps` passes over what has none
SITE = "io.mailrig.site"
SPEC = "io.mailrig.spec"

PREFIX = "mailrig-"
WAITING = ".next"  # ends the name of a container that waits to take its service's place


def object_labels(project: str) -> dict[str, str]:
    """Return what makes any object ours, in Compose's words and in ours."""
    return {PROJECT: project, SITE: project.removeprefix(PREFIX)}


def container_labels(project: str, service: str, spec_hash: str) -> dict[str, str]:
    """Return what makes a container ours, and Compose's `ps` and `logs` work on it."""
    own = {SERVICE: service, ONE_OFF: "False", NUMBER: "1", CONFIG_HASH: spec_hash, SPEC: spec_hash}
    return {**object_labels(project), **own}


def one_off_labels(project: str) -> dict[str, str]:
    """Return the labels of a helper container that lives for one step."""
    return {**object_labels(project), ONE_OFF: "True"}


def is_ours(labels: Mapping[str, str] | None, project: str) -> bool:
    """Whether an object was made by us, or by Compose from our compose.yaml, for this project."""
    return labels is not None and labels.get(PROJECT) == project and SITE in labels


def is_service(entry: Mapping[str, Any], project: str) -> bool:
    """Whether an entry of the engine's container list is one of our services, neither a helper nor waiting."""
    waits = any(name.endswith(WAITING) for name in entry["Names"])
    return is_ours(entry["Labels"], project) and entry["Labels"].get(ONE_OFF) != "True" and not waits


def owner(labels: Mapping[str, str] | None) -> str:
    """Say in a few words to whom an object that is not ours belongs."""
    if labels and SITE in labels:
        return f"it belongs to the mailrig site `{labels[SITE]}`"
    if labels and PROJECT in labels:
        return f"it belongs to the Compose project `{labels[PROJECT]}`"
    return "mailrig did not make it"
