"""What somebody changed on a container by hand: its specification against what the engine says of it; pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from mailrig.engine.facts import LABEL, MOUNT, VARIABLE, attachment, facts, variables
from mailrig.engine.labels import ASIDE
from mailrig.engine.translation import Json, container_body
from mailrig.errors import EngineError

# What `docker run` and `docker update` can set, compared even where the body does not say it: on every engine it is
# zero or empty unless somebody asked for it.
_SETTABLE = frozenset(
    f"HostConfig.{name}"
    for name in (
        *("AutoRemove", "Binds", "BlkioWeight", "CapAdd", "CapDrop", "CpuPeriod", "CpuQuota", "CpuShares"),
        *("CpusetCpus", "CpusetMems", "DeviceRequests", "Devices", "Dns", "ExtraHosts", "GroupAdd", "Links"),
        *("Memory", "MemoryReservation", "Mounts", "NanoCpus", "PidMode", "PidsLimit", "PortBindings"),
        *("Privileged", "PublishAllPorts", "ReadonlyRootfs", "Tmpfs", "UTSMode", "UsernsMode", "VolumesFrom"),
    )
)

_SHORT_ID = re.compile("[0-9a-f]{12}")

# Networks are compared by themselves, and the ports that matter are those that are published.
_APART = frozenset({"HostConfig", "NetworkingConfig", "ExposedPorts"})


def drift(
    spec: Mapping[str, Any],
    model: Mapping[str, Any],
    marks: Mapping[str, str],
    inspected: Mapping[str, Any],
    image: Mapping[str, Any] | None,
) -> tuple[str, ...]:
    """Say in a sentence each how a container differs from the ``spec`` that it was made from.

    ``marks`` are the labels it was made with, ``inspected`` is the engine's word on it, and ``image`` the configuration
    that its image brings along, None when that is not known. What the spec says of a network or volume that ``model``
    does not know any more is passed over, and all of a spec that another mailrig wrote and this one cannot apply.
    """
    known = _resolvable(spec, model)
    try:
        body = container_body(known, model, marks)
    except EngineError:
        return ()
    present = _flat(inspected["Config"], inspected["HostConfig"])
    wanted = _flat(_upon(image, body), {**body["HostConfig"], **_swap(body["HostConfig"], inspected["HostConfig"])})
    unknown = {entry["target"] for entry in spec.get("volumes", ()) if entry not in known["volumes"]}
    differences = _differences(wanted, present, unknown, has_image=image is not None)
    if known.get("networks") != spec.get("networks"):
        return tuple(differences)
    return (*differences, *_attachments(body["NetworkingConfig"].get("EndpointsConfig", {}), inspected))


def _resolvable(spec: Mapping[str, Any], model: Mapping[str, Any]) -> Json:
    """Return the spec without what refers to networks and volumes that the model does not know."""
    known = dict(spec)
    if any(key not in model.get("networks", {}) for key in spec.get("networks", ())):
        del known["networks"]
    if "volumes" in spec:
        volumes = model.get("volumes", {})
        known["volumes"] = [e for e in spec["volumes"] if e["type"] != "volume" or e["source"] in volumes]
    return known


def _upon(image: Mapping[str, Any] | None, body: Json) -> Json:
    """Add what the engine takes from the image where the body does not say it."""
    if image is None:
        return body
    # With an entry point of its own, a container does not take the image's command (Engine, container/create).
    command = () if body.get("Entrypoint") or body.get("Cmd") else ("Cmd",)
    inherited = {key: image.get(key) for key in ("Entrypoint", "StopSignal", "User", "WorkingDir", *command)}
    environment = {**variables(image.get("Env")), **variables(body.get("Env"))}
    return {
        **inherited,
        **body,
        "Env": [f"{name}={value}" for name, value in environment.items()],
        "Labels": {**(image.get("Labels") or {}), **body["Labels"]},
    }


def _swap(wanted: Mapping[str, Any], present: Mapping[str, Any]) -> Json:
    """Return the limit of memory and swap that the engine chooses, where its kernel can keep one."""
    return {"MemorySwap": 2 * wanted.get("Memory", 0)} if present.get("MemorySwap", 0) > 0 else {}


def _flat(config: Mapping[str, Any], host: Mapping[str, Any]) -> Json:
    return {**config, **{f"HostConfig.{name}": value for name, value in host.items()}}


def _differences(wanted: Json, present: Mapping[str, Any], unknown: set[str], *, has_image: bool) -> Iterator[str]:
    """Yield what is otherwise; without the image, what a container has more may be the image's."""
    keys = (wanted.keys() | _SETTABLE) - _APART - _discarded(present)
    before, after = facts(wanted, keys), facts(present, keys)
    inheritable = () if has_image else (LABEL, VARIABLE)
    unknown_mounts = {f"{MOUNT}{target}" for target in unknown}
    for name in sorted(before.keys() | after.keys()):
        is_inherited = name not in before and name.startswith(inheritable)
        if not is_inherited and name not in unknown_mounts:
            yield from _difference(name, before, after)


def _discarded(present: Mapping[str, Any]) -> set[str]:
    """Return the limits that an engine leaves out, with a warning, where its kernel cannot keep them."""
    has_no_memory = present.get("HostConfig.Memory") == 0 and present.get("HostConfig.MemorySwap") == -1
    has_no_pids = present.get("HostConfig.PidsLimit") is None
    return {*(["HostConfig.Memory"] if has_no_memory else ()), *(["HostConfig.PidsLimit"] if has_no_pids else ())}


def _difference(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    if before.get(name) != after.get(name):
        yield f"{name}: {before.get(name, 'none')} → {after.get(name, 'none')}"


def _attachments(wanted: Mapping[str, Any], inspected: Mapping[str, Any]) -> Iterator[str]:
    """Yield what is otherwise with the networks that a container is attached to."""
    present = inspected["NetworkSettings"]["Networks"] or {}
    for network in sorted(wanted.keys() | present.keys()):
        if network not in present:
            yield f"disconnected from the network {network} by hand"
        elif network not in wanted:
            yield f"connected to the network {network} by hand"
        else:
            before = attachment(network, wanted[network])
            given = _aliases_given(present[network], inspected, wanted[network]["Aliases"])
            after = attachment(network, {**present[network], "Aliases": given})
            for name in sorted(before.keys() | after.keys()):
                yield from _difference(name, before, after)


def _aliases_given(endpoint: Mapping[str, Any], inspected: Mapping[str, Any], wanted: Collection[str]) -> list[str]:
    """Leave out the names that an engine adds: the short id, and in some versions the host's and container's own."""
    name = inspected["Name"].lstrip("/")
    own = {inspected["Config"]["Hostname"], name, *(name.removesuffix(end) for end in ASIDE)}
    aliases = endpoint.get("Aliases") or ()
    return [alias for alias in aliases if alias in wanted or not (alias in own or _SHORT_ID.fullmatch(alias))]
