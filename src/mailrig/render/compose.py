"""compose.yaml, the one description of a host's containers; knows nothing of what runs in them or of Docker."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mailrig.inventory.model import Host, Inventory, PortName, Resources, ServiceName, Size, size_in_bytes
from mailrig.render.certificates import mount
from mailrig.render.images import image_name
from mailrig.render.templates import Templates, parse_yaml

# The port a service listens on in its container, whatever it is published as.
LISTENERS: dict[ServiceName, dict[PortName, int]] = {
    "dovecot": {"imaps": 993, "pop3s": 995, "imap": 143, "pop3": 110, "managesieve": 4190, "lmtp": 2525},
    "postfix": {"submission": 587, "submissions": 465, "smtp": 25},
    "setup": {},
    "roundcube": {},
    "web": {"https": 8443, "http": 8081},  # a process that is not root's opens them
}

# Whose clients see its certificate: they are served from copies. The set-up page only signs with it.
_WITH_TLS: tuple[ServiceName, ...] = ("dovecot", "postfix", "web")
_WITH_CERTIFICATE: tuple[ServiceName, ...] = (*_WITH_TLS, "setup")


@dataclass(frozen=True)
class PublishedPort:
    """One port on one address of the Docker host."""

    target: int
    published: int
    host_ip: str


@dataclass(frozen=True)
class Container:
    """What differs between the services; `logs` is None for one that writes to its output alone."""

    name: ServiceName
    image: str
    container: str
    memory: str
    cpus: float
    pids: int
    logs: str | None
    address: str | None
    ports: tuple[PublishedPort, ...]
    certificate_mount: str | None
    certificate_copies: bool


def compose(templates: Templates, inventory: Inventory, host_name: str) -> tuple[str, dict[str, Any]]:
    """Render compose.yaml of a host; return its text, and the same parsed."""
    site = inventory.site
    host = site.hosts[host_name]
    certificates = mount(inventory, host_name)
    services = tuple(
        _container(site.container_prefix, host, name, certificates if name in _WITH_CERTIFICATE else None)
        for name in site.services_of(host_name)
    )
    text = templates.render(
        "compose.yaml.j2",
        {
            "inventory": inventory.name,
            "site": site.site,
            "host": host_name,
            "role": host.role,
            "hostname": host.hostname,
            "project": f"mailrig-{site.site}",
            "services": services,
            "webmail": any(service.name == "roundcube" for service in services),
            "subnet": host.network.subnet,
            "volumes": tuple(_volumes(services)),
        },
    ).content
    return text, parse_yaml(text)


def _container(prefix: str, host: Host, name: ServiceName, certificate_mount: str | None) -> Container:
    limits = host.resources.get(name, Resources())
    return Container(
        name=name,
        image=image_name(name),
        container=f"{prefix}-{name}",
        memory=_memory(limits.memory),
        cpus=limits.cpus,
        pids=limits.pids,
        logs=getattr(host.logs, name, None),
        address=host.network.addresses.get(name),
        ports=tuple(_ports(host, name)),
        certificate_mount=certificate_mount,
        certificate_copies=certificate_mount is not None and name in _WITH_TLS,
    )


def _memory(size: Size) -> str:
    """Write a size as Compose does: it knows b, k, m and g."""
    if size.endswith("T"):
        return f"{size_in_bytes(size) // 2**30}g"
    return f"{size}b" if size.isdigit() else size.lower()


def _ports(host: Host, service: ServiceName) -> Iterator[PublishedPort]:
    for name, target in LISTENERS[service].items():
        published = host.published(name)
        if published is not None:
            for address in published.addresses or ():
                yield PublishedPort(target, published.port, address)


def _volumes(services: tuple[Container, ...]) -> Iterator[str]:
    names = [service.name for service in services]
    if "dovecot" in names:
        yield "mail_data"
    # Nothing of it is mounted in a service: in `state` lies what deploys note, and the releases to go back to.
    yield from ("postfix_spool", "state")
    for service in services:
        yield f"{service.name}_config"
        if service.certificate_copies:
            yield f"{service.name}_certificates"
        if service.logs == "volume":
            yield f"{service.name}_logs"
    if "roundcube" in names:
        yield from ("roundcube_data", "roundcube_public")
