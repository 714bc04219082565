"""Whether a request may pass, asked by the web server before it lets it in; must not know what is behind the door."""

from __future__ import annotations

import math
import socket
import threading
import time
from collections.abc import Callable
from urllib.parse import parse_qs

from werkzeug.datastructures import Headers

from mailrig.portal.limits import Buckets, Rate, client_of

# Enough for an office behind one address, and for a page of the webmail with all that belongs to it.
ANY = Rate(burst=200, per_second=30)
# What changes something: webmail sends, moves and looks for news by POST.
POST = Rate(burst=60, per_second=1)
# Whoever mistypes a password does so a few times, whoever guesses does not stop.
LOGIN = Rate(burst=10, per_second=1 / 6)

_AUTODISCOVER = "/autodiscover/autodiscover.xml"

Resolve = Callable[[str], set[str]]

_BELIEVED_FOR = 10.0  # seconds; a container that is made anew may have another address
_ASKED_AGAIN_AFTER = 1.0


class Door:
    """Counts what each client asks, and believes the web server alone about who that is."""

    def __init__(self, web: str = "web", resolve: Resolve | None = None) -> None:
        self._web = _Name(web, resolve or _resolve)
        self._any, self._post, self._login = Buckets(ANY), Buckets(POST), Buckets(LOGIN)

    def wait(self, peer: str, headers: Headers) -> int:
        """Return 0 where the request may pass, else the seconds to wait.

        ``peer`` is who asks us; ``headers`` says for whom, as Caddy's forward_auth sets X-Forwarded-For, -Method, -Uri.
        """
        client = self._client(peer, headers.get("X-Forwarded-For", ""))
        waits = [buckets.take(client) for buckets in self._buckets(headers)]
        return math.ceil(max(waits))

    def _client(self, peer: str, forwarded: str) -> str:
        told = forwarded.rpartition(",")[2].strip()  # the last one is whom the web server itself has seen
        if told and self._web.has(peer):
            try:
                return client_of(told)
            except ValueError:
                pass
        return client_of(peer)

    def _buckets(self, headers: Headers) -> list[Buckets]:
        if headers.get("X-Forwarded-Method", "GET").upper() != "POST":
            return [self._any]
        return [self._any, self._login if is_login(headers.get("X-Forwarded-Uri", "/")) else self._post]


def is_login(uri: str) -> bool:
    """Whether a POST may be an attempt to log in to the webmail: all are, but Outlook's and those with another task.

    Nobody shows us a body, which may say more than the query. Our plugin in Roundcube refuses an attempt that has no
    `_task=login` in its query, as it stands there.
    """
    path, _, query = uri.partition("?")
    return path.lower() != _AUTODISCOVER and "login" in parse_qs(query).get("_task", ["login"])


class _Name:
    """The addresses of a container, as the network's DNS has them."""

    def __init__(self, name: str, resolve: Resolve) -> None:
        self._name, self._resolve = name, resolve
        self._lock = threading.Lock()
        self._addresses: set[str] = set()
        self._asked = -math.inf

    def has(self, address: str) -> bool:
        with self._lock:
            age = time.monotonic() - self._asked
            if age > _BELIEVED_FOR or (address not in self._addresses and age > _ASKED_AGAIN_AFTER):
                self._addresses = self._resolve(self._name)
                self._asked = time.monotonic()
            return address in self._addresses


def _resolve(name: str) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)}
    except OSError:
        return set()
