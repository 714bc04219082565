"""The tunnels of one run: one to each address, however often and from however many threads it is asked for."""

from __future__ import annotations

import threading
from collections import defaultdict

from mailrig.engine.tunnel import Tunnel
from mailrig.inventory.engine import Ssh


class Tunnels:
    """What is open, by address."""

    def __init__(self) -> None:
        self._open: dict[Ssh, Tunnel] = {}
        self._opening: defaultdict[Ssh, threading.Lock] = defaultdict(threading.Lock)
        self._changing = threading.Lock()

    def to(self, address: Ssh) -> Tunnel:
        """Return the tunnel to an address, opened if there is none; raise EngineUnreachable with the cause."""
        with self._changing:
            turn = self._opening[address]
        with turn:  # others go to their hosts meanwhile
            tunnel = self._open.get(address)
            if tunnel is None or not tunnel.is_open:
                if tunnel is not None:
                    tunnel.close()
                tunnel = Tunnel(address)
                tunnel.open()
                self._open[address] = tunnel
            return tunnel

    def close(self) -> None:
        """End all of them."""
        with self._changing:
            tunnels = list(self._open.values())
            self._open.clear()
        for tunnel in tunnels:
            tunnel.close()
