"""The address of a Docker engine, as an inventory writes it; knows nothing of how it is reached."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from pathlib import Path

from mailrig.errors import AddressError

SOCKET = "/var/run/docker.sock"  # where an engine listens unless it is told otherwise
FORMS = "unix:///path, ssh://[user@]host[:port][/path] or tcp://host:port"

_SAME = {"/run/docker.sock": SOCKET}  # /var/run is a link to /run wherever there is an engine
_SSH_PORT = 22
_HIGHEST_PORT = 65535

# What may stand in an address. None begins with a dash: ssh would take it for an option. And none holds what a shell
# reads, since a ProxyCommand of the user's is given both (CVE-2023-51385).
_HOST = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_USER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._+-]*")
_PARTS = re.compile(
    r"(?:(?P<user>[^/]*)@)?(?P<host>\[[^\]/]*\]|[^/:]*|[^/]*:[^/]*:[^/]*)(?::(?P<port>[^/:]*))?(?P<path>/.*)?"
)


@dataclass(frozen=True)
class UnixSocket:
    """An engine's socket on this machine; what listens there may be anywhere."""

    path: str = SOCKET

    def __str__(self) -> str:
        return f"unix://{self.path}"

    @property
    def plain(self) -> UnixSocket:
        """The same engine in its plainest spelling."""
        return UnixSocket(_SAME.get(self.path, self.path))

    @property
    def machine(self) -> str:
        """What its published ports are on, as far as the address tells."""
        return str(self.plain)

    @property
    def is_this_machine(self) -> bool:
        """Whether its published ports are this machine's; any other socket may lead anywhere."""
        return self.plain.path == SOCKET

    @property
    def is_remote(self) -> bool:
        """Whether it is certainly on another machine."""
        return False


@dataclass(frozen=True)
class Ssh:
    """An engine's socket on a host with an SSH server. ``host`` is a name, an IP address or an alias of ssh_config(5).

    Without ``user`` and ``port`` ssh's own configuration decides.
    """

    host: str
    user: str | None = None
    port: int | None = None
    path: str = SOCKET

    def __str__(self) -> str:
        user = f"{self.user}@" if self.user else ""
        port = f":{self.port}" if self.port else ""
        return f"ssh://{user}{_bracketed(self.host)}{port}{'' if self.path == SOCKET else self.path}"

    @property
    def plain(self) -> Ssh:
        """The same engine in its plainest spelling: who logs in there makes no difference."""
        return Ssh(self.host.lower(), port=self.port or _SSH_PORT, path=_SAME.get(self.path, self.path))

    @property
    def machine(self) -> str:
        """What its published ports are on, as far as the address tells: there may be several engines."""
        return str(replace(self.plain, path=SOCKET))

    @property
    def is_this_machine(self) -> bool:
        """Whether its published ports are this machine's; a forwarded port of 127.0.0.1 may lead anywhere."""
        return False

    @property
    def is_remote(self) -> bool:
        """Whether it is certainly on another machine, or to be taken for it."""
        return not _is_loopback(self.host)


@dataclass(frozen=True)
class ClientTls:
    """The PEM files by which an engine on a port and we know each other."""

    ca: Path
    cert: Path
    key: Path


@dataclass(frozen=True)
class Tcp:
    """An engine that listens on a port; without ``tls`` it is in the clear, which only loopback may be."""

    host: str
    port: int
    tls: ClientTls | None = None

    def __str__(self) -> str:
        return f"tcp://{_bracketed(self.host)}:{self.port}"

    @property
    def plain(self) -> Tcp:
        """The same engine in its plainest spelling."""
        return Tcp(self.host.lower(), self.port)

    @property
    def machine(self) -> str:
        """What its published ports are on, as far as the address tells."""
        return str(self.plain)

    @property
    def is_this_machine(self) -> bool:
        """Whether its published ports are this machine's; a forwarded port of 127.0.0.1 may lead anywhere."""
        return False

    @property
    def is_remote(self) -> bool:
        """Whether it is certainly on another machine, or to be taken for it."""
        return not _is_loopback(self.host)


EngineAddress = UnixSocket | Ssh | Tcp

LOCAL = UnixSocket()


def parse(text: str) -> EngineAddress:
    """Return the address that ``text`` is; raise AddressError with what is wrong with it, and what would be right."""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme not in ("unix", "ssh", "tcp"):
        raise AddressError(f"`{text}` is not the address of a Docker engine", hint=f"write {FORMS}")
    if scheme == "unix":
        return _unix(text, rest)
    match = _PARTS.fullmatch(rest)
    if match is None or re.search(r"[\s?#]", rest):
        raise AddressError(f"`{text}` is not the address of a Docker engine", hint=f"write {FORMS}")
    host, port = _host(text, match["host"], rest), _port(text, match["port"])
    return _ssh(text, match, host, port) if scheme == "ssh" else _tcp(text, match, host, port)


def _unix(text: str, path: str) -> UnixSocket:
    if not path.startswith("/") or path.endswith("/"):
        hint = "after unix:// comes an absolute path, which begins with a third /: unix:///var/run/docker.sock"
        raise AddressError(f"`{text}` names no socket", hint=hint)
    return UnixSocket(path)


def _ssh(text: str, match: re.Match[str], host: str, port: int | None) -> Ssh:
    user, path = match["user"], match["path"] or ""
    if user is not None and ":" in user:
        hint = "leave it out: ssh logs in with a key, and asks nobody"
        raise AddressError("an engine's address holds a password", hint=hint)  # which is not shown again
    if user is not None and not _USER.fullmatch(user):
        hint = "write ssh://user@host, or leave `user@` out"
        raise AddressError(f"`{user}` in `{text}` is not a user", hint=hint)
    if len(path) > 1 and (path.endswith("/") or ":" in path):  # a colon would end the path in `ssh -L`
        hint = f"after the host may come the path of the engine's socket there, such as {SOCKET}"
        raise AddressError(f"`{path}` in `{text}` is not the path of a socket", hint=hint)
    return Ssh(host, user, port, path if len(path) > 1 else SOCKET)


def _tcp(text: str, match: re.Match[str], host: str, port: int | None) -> Tcp:
    if match["user"] is not None:
        hint = "an engine is told by its client's certificate who asks: `engine_tls`"
        raise AddressError("an engine's address holds a user, which tcp:// does not take", hint=hint)
    if port is None:
        raise AddressError(f"`{text}` names no port", hint=f"an engine with TLS listens on {text.rstrip('/')}:2376")
    if match["path"] not in (None, "/"):
        raise AddressError(f"`{text}` has a path, which tcp:// does not take", hint="write tcp://host:port")
    return Tcp(host, port)


def _host(text: str, host: str, rest: str) -> str:
    if host.startswith("["):
        ip = _ip(host[1:-1])
        if ip is None or ip.version == 4:  # noqa: PLR2004 - IPv4
            raise AddressError(f"`{host}` in `{text}` is not an IPv6 address", hint="brackets hold an IPv6 address")
        return host[1:-1]
    if ":" in host:
        hint = f"an IPv6 address stands in brackets: [{host}]" if _ip(host) else "write host:port, with one colon"
        raise AddressError(f"`{rest}` in `{text}` is not a host", hint=hint)
    if not host:
        raise AddressError(f"`{text}` names no host", hint=f"write {FORMS}")
    if not _HOST.fullmatch(host):
        hint = "write its name, an IP address, or its alias in ~/.ssh/config"
        raise AddressError(f"`{host}` in `{text}` is not the name of a host", hint=hint)
    return host


def _port(text: str, port: str | None) -> int | None:
    if port is None:
        return None
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= _HIGHEST_PORT:
        raise AddressError(f"`{port}` in `{text}` is not a port", hint=f"a port is a number from 1 to {_HIGHEST_PORT}")
    return int(port)


def _ip(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        ip = ipaddress.ip_address(text)
    except ValueError:
        return None
    # A zone (fe80::1%eth0) is handed to ssh as it is.
    return ip if re.fullmatch(r"[0-9A-Fa-f:.]+(%[A-Za-z0-9._-]+)?", text) else None


def _is_loopback(host: str) -> bool:
    ip = _ip(host)
    return ip.is_loopback if ip else host.lower() == "localhost"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host
