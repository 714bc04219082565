"""The labels that tell our objects from everybody else's; knows nothing of what they are put on."""

from __future__ import annotations

import enum
import json
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
SPEC_JSON = "io.mailrig.spec.json"  # the entry of compose.yaml itself: what a container is compared with later

PREFIX = "mailrig-"

# What the name of a container ends with that is a service's and does not have its place.
WAITING = ".next"  # it is to take the place
KEPT = ".old"  # it had the place, and takes it again if the deploy is undone
FAILED = ".failed"  # it had the place and did not serve


class Role(enum.Enum):
    """What a container of ours is there for."""

    SERVICE = "service"
    WAITING = "waiting"
    KEPT = "kept"
    FAILED = "failed"
    HELPER = "helper"


ASIDE = {WAITING: Role.WAITING, KEPT: Role.KEPT, FAILED: Role.FAILED}


def lock_name(project: str) -> str:
    """Return the name of the container that is a project's lock."""
    return f"{project}.lock"


def object_labels(project: str) -> dict[str, str]:
    """Return what makes any object ours, in Compose's words and in ours."""
    return {PROJECT: project, SITE: project.removeprefix(PREFIX)}


def container_labels(project: str, service: str, spec_hash: str, spec: Mapping[str, Any]) -> dict[str, str]:
    """Return what makes a container ours, and Compose's `ps` and `logs` work on it."""
    own = {SERVICE: service, ONE_OFF: "False", NUMBER: "1", CONFIG_HASH: spec_hash, SPEC: spec_hash}
    content = json.dumps(spec, sort_keys=True, separators=(",", ":"))
    return {**object_labels(project), **own, SPEC_JSON: content}


def one_off_labels(project: str) -> dict[str, str]:
    """Return the labels of a helper container that lives for one step."""
    return {**object_labels(project), ONE_OFF: "True"}


def is_ours(labels: Mapping[str, str] | None, project: str) -> bool:
    """Whether an object was made by us, or by Compose from our compose.yaml, for this project."""
    return labels is not None and labels.get(PROJECT) == project and SITE in labels


def role(entry: Mapping[str, Any], project: str) -> Role | None:
    """Return what an entry of the engine's container list is to the project; None when it is not ours."""
    if not is_ours(entry["Labels"], project):
        return None
    if entry["Labels"].get(ONE_OFF) == "True":
        return Role.HELPER
    names = tuple(entry["Names"] or ())  # none while it is being removed
    return next((ASIDE[end] for end in ASIDE if any(name.endswith(end) for name in names)), Role.SERVICE)


def is_service(entry: Mapping[str, Any], project: str) -> bool:
    """Whether an entry of the engine's container list is one of our services, and in its place."""
    return role(entry, project) is Role.SERVICE


def owner(labels: Mapping[str, str] | None) -> str:
    """Say in a few words to whom an object that is not ours belongs."""
    if labels and SITE in labels:
        return f"it belongs to the mailrig site `{labels[SITE]}`"
    if labels and PROJECT in labels:
        return f"it belongs to the Compose project `{labels[PROJECT]}`"
    return "mailrig did not make it"
