"""What a host's set-up page says of its site, as it travels to the container in a file; must not know who reads it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, get_args

from mailrig.discovery.settings import PortName, Server, Settings

Language = str


class SiteError(ValueError):
    """A description of a site that cannot be read: the message says what is wrong."""


@dataclass(frozen=True)
class Site:
    """A site as its people see it.

    ``hostname`` is that of the host that serves the page, and ``origin`` its address on the web, such as
    https://mail.example.org. ``servers`` are for every one of the ``domains``, in the order in which they are to be
    tried. The first of ``languages`` is for whoever speaks none of them. ``authorities`` is the PEM of roots that
    devices do not know yet, ``webmail`` the address on the web where mail is read; empty without.
    """

    hostname: str
    origin: str
    domains: tuple[str, ...]
    servers: tuple[Server, ...]
    languages: tuple[Language, ...] = ("en", "ja")
    authorities: str = ""
    webmail: str = ""

    def settings(self, domain: str) -> Settings:
        """Return what the mail programs of one of the domains are told."""
        return Settings(domain, self.servers)


def dump(site: Site) -> str:
    """Write a description down, the same text each time."""
    return json.dumps(asdict(site), indent=2, ensure_ascii=False) + "\n"


def parse(text: str) -> Site:
    """Read a description; raise SiteError with what is wrong."""
    try:
        said: dict[str, Any] = json.loads(text)
        site = Site(
            **{
                **said,
                "domains": tuple(said["domains"]),
                "languages": tuple(said["languages"]),
                "servers": tuple(_server(one) for one in said["servers"]),
            }
        )
    except json.JSONDecodeError as error:
        raise SiteError(f"line {error.lineno}: {error.msg}") from None
    except KeyError as error:
        raise SiteError(f"{error} is missing") from None
    except (TypeError, ValueError) as error:
        raise SiteError(str(error)) from None
    if not site.domains or not site.languages:
        raise SiteError("there must be a domain and a language")
    return site


def _server(said: dict[str, Any]) -> Server:
    server = Server(**said)
    if server.name not in get_args(PortName):
        raise SiteError(f"no port for mail programs is called `{server.name}`")
    return server
