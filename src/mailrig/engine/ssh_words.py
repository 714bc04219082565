"""What ssh says when it fails, as an error with its cure; knows nothing of what it was started for."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from mailrig.engine.ssh import CONNECT_SECONDS, by_hand, command
from mailrig.errors import EngineUnreachable
from mailrig.inventory.engine import Ssh

_FINGERPRINT = re.compile(r"Server host key: (\S+) (SHA256:\S+)")
_CHANGED = "REMOTE HOST IDENTIFICATION HAS CHANGED"
_SHOW_KEY = "for key in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $key; done"

# Frames of asterisks, advice to delete a key unseen, and what is no reason.
_NOISE = re.compile(r"^(@.*|\s*remove with:|\s*ssh-keygen .*|Add correct host key .*|IT IS POSSIBLE .*|)$")


@dataclass(frozen=True)
class _Cause:
    """How a failure sounds, what it is, and what helps; ``found`` in the texts is what the pattern's group caught."""

    pattern: re.Pattern[str]
    message: str
    hint: str


def _cause(pattern: str, message: str, hint: str) -> _Cause:
    return _Cause(re.compile(pattern, re.MULTILINE), message, hint)


# The first that fits counts.
_CAUSES = (
    _cause(
        r"Permission denied \((.+)\)",
        "{host} lets us not in: permission denied ({found})",
        "we log in with a key that needs no typing: ssh-copy-id puts yours there, ssh-agent keeps one that has a"
        " passphrase\n      try it: {batch}",
    ),
    _cause(
        r"Too many authentication failures",
        "{host} lets us not in: we offered too many keys",
        "name the right one in ~/.ssh/config: `IdentityFile`, with `IdentitiesOnly yes`",
    ),
    _cause(
        r"Could not resolve hostname (\S+):",
        "there is no host `{found}`: its name cannot be resolved",
        "is it spelt right, or an alias that ~/.ssh/config of another user has?",
    ),
    _cause(
        r"connect to (?:host|address) .*: Connection refused",
        "{host} answers, and nothing listens there for ssh: connection refused",
        "does an SSH server run there, and on this port? ({hand})",
    ),
    _cause(
        r"connect to (?:host|address) .*: (No route to host|Network is unreachable|Cannot assign requested address)",
        "there is no way to {host}: {found}",
        "is the VPN up, here and there?",
    ),
    _cause(
        r"[Cc]onnection timed out|Operation timed out|[Tt]imeout, server .* not responding",
        "{host} does not answer: time-out",
        "is it up, and does a firewall let ssh through? ({hand})",
    ),
    _cause(
        r"(?:Connection (?:closed|reset)|closed by remote host|Broken pipe|kex_exchange_identification)",
        "{host} closed the connection",
        "its log says why: journalctl -u ssh",
    ),
    _cause(
        r"(Bad (?:owner or permissions|configuration option).*|.*terminating, \d+ bad configuration options?)",
        "ssh refuses its configuration: {found}",
        "correct it there, then try: {hand}",
    ),
)


def explained(address: Ssh, said: str) -> EngineUnreachable:
    """Return what ``said`` on ssh's standard error means, and what helps."""
    if _CHANGED in said:
        return _changed(address, said)
    if "Host key verification failed" in said:
        return _unknown(address)
    words = {"host": address.host, "hand": by_hand(address), "batch": by_hand(address, "-o BatchMode=yes")}
    for cause in _CAUSES:
        if match := cause.pattern.search(said):
            words["found"] = match[1] if match.re.groups else ""
            return _error(address, cause.message.format(**words), cause.hint.format(**words))
    last = "\n".join(lines(said)[-3:]) or "it ended without a word"
    return _error(address, f"ssh to {address.host} failed: {last}", f"try it by hand: {by_hand(address)}")


def lines(said: str) -> Sequence[str]:
    """Return the lines that say something."""
    return [line.rstrip() for line in said.splitlines() if not _NOISE.match(line.rstrip())]


def _error(address: Ssh, why: str, hint: str) -> EngineUnreachable:
    return EngineUnreachable(f"no Docker engine answers at {address}\n{why}", hint=hint)


def _unknown(address: Ssh) -> EngineUnreachable:
    offered = _offered(address)
    shown = f"it offers {offered}" if offered else "it offers a key that nobody here has accepted"
    return _error(
        address,
        f"the host key of {address.host} is not known here; {shown}",
        f"compare it with what the host itself shows on its console: {_SHOW_KEY}\n"
        f"      where it is the same, accept it: {by_hand(address)}",
    )


def _changed(address: Ssh, said: str) -> EngineUnreachable:
    own_words = "\n".join(lines(said[said.index(_CHANGED) :])[1:])
    return _error(
        address,
        f"the host key of {address.host} is another than the one accepted before:\n{own_words}",
        "either somebody stands in between, or the host was set up anew. Whoever runs it can tell you: compare the"
        f"\n      fingerprint with what its console shows: {_SHOW_KEY}",
    )


def _offered(address: Ssh) -> str | None:
    """Return type and fingerprint of the key that the host shows, None when it cannot be had."""
    try:
        done = subprocess.run(
            command(address, ["-v"], ["true"]),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=2 * CONNECT_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    seen = _FINGERPRINT.findall(done.stderr)
    return " ".join(seen[-1]) if seen else None  # of several, the last is the one it stumbled over
