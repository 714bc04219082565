"""What POST /containers/create says of a container → what a person would say of it ("memory limit": "512m"); pure.

What the engine writes in more than one way gets one wording, and what is empty or zero gets none: to leave a limit out
and to set it to nothing is the same.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from mailrig.engine import labels
from mailrig.secret import Secret

Facts = dict[str, str]

LABEL = "label "
VARIABLE = "environment variable "
MOUNT = "mount "


def facts(parts: Mapping[str, Any], keys: Iterable[str]) -> Facts:
    """Put into words what stands under ``keys``; these are paths in the body, as ``HostConfig.Memory``."""
    said: Facts = {}
    for key in keys:
        if value := parts.get(key):
            said.update(_WORDING[key](value) if key in _WORDING else _plainly(key, value))
    return said


def attachment(network: str, endpoint: Mapping[str, Any]) -> Facts:
    """Put into words how a container is attached to a network."""
    said = {
        f"aliases on the network {network}": ", ".join(sorted(set(endpoint.get("Aliases") or ()))),
        f"address on the network {network}": (endpoint.get("IPAMConfig") or {}).get("IPv4Address", ""),
    }
    return {name: value for name, value in said.items() if value}


def variables(assignments: Iterable[str] | None) -> dict[str, str]:
    """Split ``NAME=value`` lines."""
    pairs = (line.partition("=") for line in assignments or ())
    return {name: value for name, _, value in pairs}


def _plainly(key: str, value: object) -> Facts:
    if value is True:
        return {key: "yes"}
    return {key: value if isinstance(value, str) else json.dumps(value, sort_keys=True)}


def _named(name: str, words: Callable[[Any], str] = str) -> Callable[[Any], Facts]:
    return lambda value: {name: words(value)}


def _each(prefix: str) -> Callable[[Mapping[str, Any]], Facts]:
    return lambda values: {f"{prefix}{name}": str(value) for name, value in values.items()}


def _labels(value: Mapping[str, str]) -> Facts:
    # Its content is known by its hash, which is compared.
    return {f"{LABEL}{name}": text for name, text in value.items() if name != labels.SPEC_JSON}


def _environment(value: Iterable[str]) -> Facts:
    """Name each variable with a fingerprint: a value set by hand may be a password."""
    return {f"{VARIABLE}{name}": str(Secret(text)) for name, text in variables(value).items()}


def _size(count: int) -> str:
    for unit, bytes_in_it in (("g", 2**30), ("m", 2**20), ("k", 2**10)):
        if count % bytes_in_it == 0:
            return f"{count // bytes_in_it}{unit}"
    return f"{count}b"


def _cpus(count: int) -> str:
    return f"{count / 10**9:g}"


def _processes(count: int) -> Facts:
    return {"process limit": str(count)} if count > 0 else {}


def _swap(count: int) -> Facts:
    return {"limit of memory and swap": _size(count)} if count > 0 else {}


def _restart(policy: Mapping[str, Any]) -> Facts:
    count = policy.get("MaximumRetryCount")
    return {"restart policy": f"{policy.get('Name') or 'no'}{f':{count}' if count else ''}"}


def _capabilities(names: Iterable[str]) -> str:
    return ", ".join(sorted(name.upper().removeprefix("CAP_") for name in names))


def _sorted(values: Iterable[object]) -> str:
    return ", ".join(sorted(str(value) for value in values))


def _command(words: str | Iterable[str]) -> str:
    return words if isinstance(words, str) else " ".join(words)


def _tmpfs(value: Mapping[str, str]) -> Facts:
    return {f"tmpfs {path}": ",".join(sorted(options.split(","))) or "default" for path, options in value.items()}


def _binds(value: Iterable[str]) -> Facts:
    """Word `-v source:target:options`, which is a volume where the source is no path."""
    said = {}
    for bind in value:
        source, target, options = (*bind.split(":"), "")[:3]
        kind, modes = "bind" if source.startswith("/") else "volume", options.split(",")
        said[f"{MOUNT}{target}"] = _mounted(kind, source, is_read_only="ro" in modes, is_no_copy="nocopy" in modes)
    return said


def _mounts(value: Iterable[Mapping[str, Any]]) -> Facts:
    return {f"{MOUNT}{mount['Target']}": _mount(mount) for mount in value}


def _mount(mount: Mapping[str, Any]) -> str:
    is_no_copy = (mount.get("VolumeOptions") or {}).get("NoCopy", False)
    is_read_only = mount.get("ReadOnly", False)
    return _mounted(mount["Type"], mount.get("Source", ""), is_read_only=is_read_only, is_no_copy=is_no_copy)


def _mounted(kind: str, source: str, *, is_read_only: bool, is_no_copy: bool) -> str:
    options = f"{', read-only' if is_read_only else ''}{', nocopy' if is_no_copy else ''}"
    return f"{kind} {source}".strip() + options


def _ports(value: Mapping[str, Iterable[Mapping[str, str]] | None]) -> Facts:
    return {
        f"port {port}": _sorted(_binding(binding) for binding in bindings or ()) for port, bindings in value.items()
    }


def _binding(binding: Mapping[str, str]) -> str:
    address = binding.get("HostIp") or ""
    try:
        address = str(ipaddress.ip_address(address))
    except ValueError:
        address = address or "every address"
    return f"{address}:{binding.get('HostPort', '')}"


def _health(check: Mapping[str, Any]) -> Facts:
    durations = {"Interval": "interval", "Timeout": "timeout", "StartPeriod": "start period"}
    said = {name: f"{check[key] / 10**9:g}s" for key, name in durations.items() if check.get(key)}
    retries = {"retries": str(check["Retries"])} if check.get("Retries") else {}
    return {
        f"health check, {name}": text for name, text in {"test": _command(check["Test"]), **said, **retries}.items()
    }


def _log(value: Mapping[str, Any]) -> Facts:
    return {"log driver": value["Type"], **_each("log option ")(value.get("Config") or {})}


def _ulimits(value: Iterable[Mapping[str, Any]]) -> Facts:
    return {f"ulimit {limit['Name']}": f"{limit['Soft']}:{limit['Hard']}" for limit in value}


def _yes(_value: object) -> str:
    return "yes"


_WORDING: Mapping[str, Callable[[Any], Facts]] = {
    "Image": _named("image"),
    "Hostname": _named("host name"),
    "User": _named("user"),
    "WorkingDir": _named("working directory"),
    "Entrypoint": _named("entry point", _command),
    "Cmd": _named("command", _command),
    "StopSignal": _named("stop signal"),
    "StopTimeout": _named("stop grace period", lambda seconds: f"{seconds}s"),
    "Env": _environment,
    "Labels": _labels,
    "Healthcheck": _health,
    "HostConfig.Binds": _binds,
    "HostConfig.CapAdd": _named("added capabilities", _capabilities),
    "HostConfig.CapDrop": _named("dropped capabilities", _capabilities),
    "HostConfig.CpuShares": _named("CPU shares"),
    "HostConfig.CpusetCpus": _named("CPUs that it may use"),
    "HostConfig.LogConfig": _log,
    "HostConfig.Memory": _named("memory limit", _size),
    "HostConfig.MemoryReservation": _named("memory reservation", _size),
    "HostConfig.MemorySwap": _swap,
    "HostConfig.Mounts": _mounts,
    "HostConfig.NanoCpus": _named("CPU limit", _cpus),
    "HostConfig.NetworkMode": _named("network mode"),
    "HostConfig.PidsLimit": _processes,
    "HostConfig.PortBindings": _ports,
    "HostConfig.Privileged": _named("privileged", _yes),
    "HostConfig.ReadonlyRootfs": _named("read-only root", _yes),
    "HostConfig.RestartPolicy": _restart,
    "HostConfig.SecurityOpt": _named("security options", _sorted),
    "HostConfig.Sysctls": _each("sysctl "),
    "HostConfig.Tmpfs": _tmpfs,
    "HostConfig.Ulimits": _ulimits,
}
