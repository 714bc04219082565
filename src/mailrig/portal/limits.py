"""How much one client may ask: token buckets in bounded memory; must not know what a request is about."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_CAPACITY = 50_000  # clients that are remembered, 10 MB; of more, those are forgotten who have not come for longest
_PREFIX = 64  # what one subscriber gets: each of its addresses is the same client


@dataclass(frozen=True)
class Rate:
    """How many at once, and how many a second in the long run."""

    burst: int
    per_second: float


class Buckets:
    """A bucket of tokens for each client."""

    def __init__(self, rate: Rate, capacity: int = _CAPACITY, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._capacity = capacity
        self._clock = clock
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, and when there were as many

    def take(self, client: str) -> float:
        """Take one token; return 0, or the seconds to wait where there is none."""
        with self._lock:
            now = self._clock()
            tokens, since = self._buckets.pop(client, (float(self._rate.burst), now))
            tokens = min(self._rate.burst, tokens + (now - since) * self._rate.per_second)
            is_allowed = tokens >= 1
            self._buckets[client] = (tokens - 1 if is_allowed else tokens, now)
            if len(self._buckets) > self._capacity:
                self._buckets.popitem(last=False)
            return 0.0 if is_allowed else (1 - tokens) / self._rate.per_second

    def __len__(self) -> int:
        return len(self._buckets)


def client_of(address: str) -> str:
    """Return who an address counts as: an IPv4 address, or an IPv6 network; raise ValueError where it is none."""
    ip = ipaddress.ip_address(address.strip().partition("%")[0])
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, _PREFIX), strict=False))
