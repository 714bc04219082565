"""OpenSSH's own client, spoken to: the command line for an address; knows nothing of what goes through it.

It is that client, so that ~/.ssh/config counts, with its aliases, keys, agents and jump hosts.
"""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from mailrig.inventory.engine import Ssh

CONNECT_SECONDS = 10
CUT_SECONDS = 20  # after which a connection on which nothing comes any more is given up

_ALIVE_COUNT = 4

_OPTIONS = {
    "BatchMode": "yes",  # it never asks: nobody may be there, and an unknown host key is refused
    "ConnectTimeout": CONNECT_SECONDS,
    "ServerAliveInterval": CUT_SECONDS // _ALIVE_COUNT,
    "ServerAliveCountMax": _ALIVE_COUNT,
    "LogLevel": "INFO",  # what a server refuses is said at this level
    # What somebody's ssh_config may ask of a session at a terminal:
    "ForkAfterAuthentication": "no",
    "RemoteCommand": "none",
    "ForwardAgent": "no",
    "ForwardX11": "no",
}

# A connection that somebody's other sessions share would outlive ours, and what is forwarded on it with it.
_ALONE = {"ControlMaster": "no", "ControlPath": "none", "ControlPersist": "no"}


def command(address: Ssh, options: Sequence[str] = (), remote: Sequence[str] = ()) -> list[str]:
    """Return the command line that runs the words of ``remote`` at an address; ``options`` are ssh's own, and win."""
    fixed = [word for name, value in {**_OPTIONS, **_ALONE}.items() for word in ("-o", f"{name}={value}")]
    user = ["-l", address.user] if address.user else []
    port = ["-p", str(address.port)] if address.port else []
    # The first that is said of an option counts. The remote shell splits what it is given.
    return ["ssh", "-T", *options, *fixed, *user, *port, "--", address.host, *([shlex.join(remote)] if remote else [])]


def by_hand(address: Ssh, options: str = "") -> str:
    """Return what a person types to try the same at a terminal, where ssh may ask."""
    words = ["ssh", options, f"-p {address.port}" if address.port else ""]
    target = f"{address.user}@{address.host}" if address.user else address.host
    return " ".join(word for word in (*words, target, "true") if word)
