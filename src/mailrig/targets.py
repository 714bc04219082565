"""Inventory → what verify is pointed at; the one place that knows both."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import get_args

from mailrig.inventory.engine import EngineAddress, Ssh, Tcp
from mailrig.inventory.model import Inventory, PortName
from mailrig.inventory.public import mail_servers, origin, web_host
from mailrig.render.profiles import negotiation
from mailrig.verify.target import Endpoint, Policy, Target, Web

_LOOPBACK = {4: "127.0.0.1", 6: "::1"}


def target_of(inventory: Inventory, host: str) -> Target:
    """Return the target for one host: each published port at the first of its addresses that is reached from here."""
    settings = inventory.site.hosts[host]
    engine = inventory.engine(host)
    endpoints = {}
    for name in get_args(PortName):
        published = settings.published(name)
        addresses = published.addresses if published else None
        reached = (_reached(ip_address(one), engine, settings.hostname) for one in addresses or ())
        if published and (address := next(filter(None, reached), None)):
            endpoints[name] = Endpoint(address, published.port)
    offered = negotiation(inventory.site.tls)
    return Target(
        host=host,
        hostname=settings.hostname,
        endpoints=endpoints,
        login=inventory.probe.address,
        password=inventory.probe.password,
        domain=next((name for name in inventory.site.domains if f"@{name}" not in inventory.site.aliases), None),
        trust=inventory.trust.get(host),
        ciphers=offered.ciphers,
        prefer_server_ciphers=offered.prefer_server,
        min_protocol=offered.min_protocol,
        home=target_of(inventory, inventory.site.home_of(host)) if settings.role == "mx" else None,
        gateways=tuple(str(inventory.site.hosts[name].vpn_address) for name in inventory.site.gateways_of(host)),
        web=_web(inventory, host) if "https" in settings.ports else None,
    )


def _web(inventory: Inventory, host: str) -> Web:
    site = inventory.site
    sts = site.mta_sts if web_host(site) == host else None
    taking = tuple(site.hosts[name].hostname for name in mail_servers(site))
    return Web(
        origin=origin(site.hosts[host]),
        domains=site.domains,
        has_webmail="roundcube" in site.services_of(host),
        policy=Policy(sts.mode, sts.max_age, taking) if sts else None,
    )


def _reached(listens: IPv4Address | IPv6Address, engine: EngineAddress, hostname: str) -> str | None:
    """Return where a port is reached from here that is open on an address of the engine's machine, None if nowhere."""
    if not engine.is_remote:
        return _LOOPBACK[listens.version] if listens.is_unspecified else str(listens)
    if listens.is_loopback:
        return None
    if not listens.is_unspecified:
        return str(listens)
    host = engine.host if isinstance(engine, Ssh | Tcp) else hostname
    return host if _is_found(host, listens.version) else hostname


def _is_found(host: str, version: int) -> bool:
    """Whether others than ssh find the host by what its engine's address says: an alias of ssh_config has no dot."""
    try:
        return ip_address(host).version == version
    except ValueError:
        return "." in host
