"""compose.yaml → the Docker Engine API's own words; pure, and the only place that knows both vocabularies.

It covers what our template uses. A key that it does not know is an error: to leave one out in silence would
make the container differ from its specification.
Source: Compose Specification (2025), Docker Engine API 1.41, POST /containers/create.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from mailrig.errors import EngineError

Json = dict[str, Any]

_DURATION_UNITS = {"us": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_SIZE_UNITS = {"": 1, "b": 1, "k": 2**10, "m": 2**20, "g": 2**30, "t": 2**40}


def container_body(spec: Mapping[str, Any], model: Mapping[str, Any], labels: Mapping[str, str]) -> Json:
    """Return the body of POST /containers/create for one service of ``model``, with ``labels`` added to its own."""
    body: Json = {"Labels": {**spec.get("labels", {}), **labels}, "HostConfig": {}, "NetworkingConfig": {}}
    for key, value in spec.items():
        if key in _SIMPLE:
            _put(body, _SIMPLE[key], value)
        elif key in _HANDLERS:
            _HANDLERS[key](body, value, model)
        elif key not in _ELSEWHERE:
            raise EngineError(
                f"compose.yaml says `{key}` of a service, which mailrig cannot apply",
                hint="use a key that the shipped template uses",
            )
    return body


def network_arguments(spec: Mapping[str, Any]) -> Json:
    """Return the arguments of docker-py's ``create_network``, but for the labels."""
    ipam: Json = {"Driver": "default"}
    if pools := spec.get("ipam", {}).get("config"):
        ipam["Config"] = [{key.capitalize(): value for key, value in pool.items()} for pool in pools]
    return {
        "name": spec["name"],
        "driver": spec.get("driver", "bridge"),
        "internal": spec.get("internal", False),
        "options": spec.get("driver_opts"),
        "ipam": ipam,
    }


def nanoseconds(duration: str) -> int:
    """Turn ``1m30s`` into nanoseconds."""
    parts = re.findall(r"([0-9.]+)(us|ms|s|m|h)", duration)
    if not parts or "".join(number + unit for number, unit in parts) != duration:
        raise EngineError(f"compose.yaml has `{duration}` where a duration such as `1m30s` is due")
    return int(sum(float(number) * _DURATION_UNITS[unit] for number, unit in parts))


def size(text: str | int) -> int:
    """Turn ``512m`` or ``512M`` into bytes."""
    match = re.fullmatch(r"([0-9]+)([bkmgt]?)b?", str(text).lower())
    if match is None:
        raise EngineError(f"compose.yaml has `{text}` where a size such as `512m` is due")
    return int(match[1]) * _SIZE_UNITS[match[2]]


def _put(body: Json, path: str, value: object) -> None:
    *parents, last = path.split(".")
    for parent in parents:
        body = body.setdefault(parent, {})
    body[last] = value


def _restart(body: Json, value: str, _model: Mapping[str, Any]) -> None:
    name, _, count = value.partition(":")
    _put(body, "HostConfig.RestartPolicy", {"Name": name, "MaximumRetryCount": int(count or 0)})


def _environment(body: Json, value: Mapping[str, object], _model: Mapping[str, Any]) -> None:
    body["Env"] = [f"{name}={text}" for name, text in value.items()]


def _tmpfs(body: Json, value: list[str], _model: Mapping[str, Any]) -> None:
    mounts = (entry.partition(":") for entry in value)
    _put(body, "HostConfig.Tmpfs", {path: options for path, _, options in mounts})


def _volumes(body: Json, value: list[Mapping[str, Any]], model: Mapping[str, Any]) -> None:
    # Only the API's older `Binds` make a missing directory on the host.
    made = [entry for entry in value if entry.get("bind", {}).get("create_host_path")]
    _put(body, "HostConfig.Binds", [_bind(entry) for entry in made])
    _put(body, "HostConfig.Mounts", [_mount(entry, model) for entry in value if entry not in made])


def _bind(entry: Mapping[str, Any]) -> str:
    return f"{entry['source']}:{entry['target']}:{'ro' if entry.get('read_only') else 'rw'}"


def _mount(entry: Mapping[str, Any], model: Mapping[str, Any]) -> Json:
    mount = {
        "Type": entry["type"],
        "Source": entry["source"],
        "Target": entry["target"],
        "ReadOnly": entry.get("read_only", False),
    }
    if entry["type"] == "volume":
        mount["Source"] = model["volumes"][entry["source"]]["name"]
        mount["VolumeOptions"] = {"NoCopy": entry.get("volume", {}).get("nocopy", False)}
    return mount


def _networks(body: Json, value: Mapping[str, Mapping[str, Any] | None], model: Mapping[str, Any]) -> None:
    endpoints = {}
    for key, options in value.items():
        endpoint: Json = {"Aliases": list((options or {}).get("aliases", []))}
        if address := (options or {}).get("ipv4_address"):
            endpoint["IPAMConfig"] = {"IPv4Address": address}
        endpoints[model["networks"][key]["name"]] = endpoint
    _put(body, "NetworkingConfig.EndpointsConfig", endpoints)
    _put(body, "HostConfig.NetworkMode", next(iter(endpoints), "none"))


def _ports(body: Json, value: list[Mapping[str, Any]], _model: Mapping[str, Any]) -> None:
    exposed: Json = {}
    bindings: dict[str, list[Json]] = {}
    for entry in value:
        port = f"{entry['target']}/{entry.get('protocol', 'tcp')}"
        exposed[port] = {}
        binding = {"HostIp": entry.get("host_ip", ""), "HostPort": str(entry["published"])}
        bindings.setdefault(port, []).append(binding)
    body["ExposedPorts"] = exposed
    _put(body, "HostConfig.PortBindings", bindings)


def _healthcheck(body: Json, value: Mapping[str, Any], _model: Mapping[str, Any]) -> None:
    body["Healthcheck"] = {
        "Test": list(value["test"]),
        "Interval": nanoseconds(value.get("interval", "30s")),
        "Timeout": nanoseconds(value.get("timeout", "30s")),
        "StartPeriod": nanoseconds(value.get("start_period", "0s")),
        "Retries": value.get("retries", 3),
    }


def _logging(body: Json, value: Mapping[str, Any], _model: Mapping[str, Any]) -> None:
    options = {name: str(text) for name, text in value.get("options", {}).items()}
    _put(body, "HostConfig.LogConfig", {"Type": value["driver"], "Config": options})


def _ulimits(body: Json, value: Mapping[str, int | Mapping[str, int]], _model: Mapping[str, Any]) -> None:
    limits = []
    for name, limit in value.items():
        both = {"soft": limit, "hard": limit} if isinstance(limit, int) else limit
        limits.append({"Name": name, "Soft": both["soft"], "Hard": both["hard"]})
    _put(body, "HostConfig.Ulimits", limits)


def _cpus(body: Json, value: str | float, _model: Mapping[str, Any]) -> None:
    _put(body, "HostConfig.NanoCpus", round(float(value) * 10**9))


def _mem_limit(body: Json, value: str | int, _model: Mapping[str, Any]) -> None:
    _put(body, "HostConfig.Memory", size(value))


def _stop_grace_period(body: Json, value: str, _model: Mapping[str, Any]) -> None:
    body["StopTimeout"] = nanoseconds(value) // 10**9


_SIMPLE = {
    "image": "Image",
    "hostname": "Hostname",
    "user": "User",
    "entrypoint": "Entrypoint",
    "command": "Cmd",
    "stop_signal": "StopSignal",
    "init": "HostConfig.Init",
    "read_only": "HostConfig.ReadonlyRootfs",
    "cap_add": "HostConfig.CapAdd",
    "cap_drop": "HostConfig.CapDrop",
    "security_opt": "HostConfig.SecurityOpt",
    "pids_limit": "HostConfig.PidsLimit",
    "sysctls": "HostConfig.Sysctls",
}

_HANDLERS: dict[str, Callable[[Json, Any, Mapping[str, Any]], None]] = {
    "restart": _restart,
    "environment": _environment,
    "tmpfs": _tmpfs,
    "volumes": _volumes,
    "networks": _networks,
    "ports": _ports,
    "healthcheck": _healthcheck,
    "logging": _logging,
    "ulimits": _ulimits,
    "cpus": _cpus,
    "mem_limit": _mem_limit,
    "stop_grace_period": _stop_grace_period,
}

# Said to Docker by other means: the name is an argument of its own, the order is the plan's, labels are merged above.
_ELSEWHERE = frozenset({"container_name", "depends_on", "labels"})
