"""The kernel's table of TCP connections → how many clients are connected to which port; asks no container."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mailrig.render.compose import LISTENERS

_NAMES = {number: name for ports in LISTENERS.values() for name, number in ports.items()}
_ESTABLISHED = "01"  # TCP_ESTABLISHED in the kernel's tcp_states.h
_LOOPBACK = "7F"  # the first byte of 127.0.0.0/8, which stands last: addresses are little-endian


def open_sessions(table: str) -> dict[str, int]:
    """Count what /proc/net/tcp has of connections from outside, by the port's name in the inventory."""
    return dict(sorted(Counter(_ports(table)).items()))


def _ports(table: str) -> Iterator[str]:
    for line in table.splitlines()[1:]:
        _, local, remote, state, *_ = line.split()
        name = _NAMES.get(int(local.partition(":")[2], 16))
        is_from_outside = not remote.partition(":")[0].endswith(_LOOPBACK)
        if name and state == _ESTABLISHED and is_from_outside:
            yield name
