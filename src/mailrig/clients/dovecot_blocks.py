"""Which of Dovecot 2.3's settings a connection goes by, where blocks are for some connections only; pure.

Read in Dovecot's src/config/config-filter.c and src/lib-dns/dns-util.c, and tried on 2.3.19. Of two blocks for names
that both fit, the one that is written first counts, however exact the other is; `doveconf -n` keeps their order.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

Settings = Mapping[str, str]
Layer = dict[str, str]

_ADDRESSES = ("local ", "remote ")
_FOR_NAMES = "local_name "
_JOKER = re.compile(r"(\*(?=\.))|(\*$)|(\*)|(\?)|([^*?]+)")


@dataclass(frozen=True)
class _Block:
    """What a block is for: ``names`` of ``local_name``, ``protocols`` of ``protocol``; empty where it is for all."""

    names: tuple[str, ...] = ()
    protocols: tuple[str, ...] = ()

    def is_for(self, protocol: str, hostname: str) -> bool:
        return (not self.names or _fits_any(self.names, hostname)) and (
            not self.protocols or any(_is_spoken(word, protocol) for word in self.protocols)
        )


def layers(settings: Settings, protocol: str, hostname: str = "") -> list[Layer]:
    """Return what is set in the blocks for such a connection, in the order in which they are asked for a setting.

    ``settings`` are by flat name (``local_name *.example.org/protocol imap/ssl_cert``). ``hostname`` is the host that
    the client names, nothing where it names none. Blocks for addresses are left out.
    """
    return list(_layers(settings, protocol, hostname).values())


def _layers(settings: Settings, protocol: str, hostname: str) -> dict[_Block, Layer]:
    found: dict[_Block, Layer] = {}
    for flat, value in settings.items():
        *path, name = flat.split("/")
        block = _block(path)
        if block is not None and block.is_for(protocol, hostname):
            found.setdefault(block, {})[name] = value
    ranked = sorted(found, key=lambda block: (not block.names, not block.protocols))  # keeps the order of equals
    return {block: found[block] for block in ranked}


def has_blocks(settings: Settings, protocol: str, hostname: str) -> bool:
    """Whether there is a block for clients that name this host."""
    return any(block.names for block in _layers(settings, protocol, hostname))


def conflict(settings: Settings, protocol: str, hostname: str) -> str:
    """Return a setting over which Dovecot gives up, nothing where there is none.

    That is one that a block for a name sets, and the first block for a protocol too, with whatever value: none of the
    two is a part of the other. Its configuration process says "Conflict in setting", and the login process dies.
    """
    found = _layers(settings, protocol, hostname)
    of_names = [layer for block, layer in found.items() if block.names]
    of_protocol: Layer = next((layer for block, layer in found.items() if not block.names), {})
    return next((name for name in of_protocol if any(name in layer for layer in of_names)), "")


def has_certificates_for_names(settings: Settings) -> bool:
    """Whether a certificate is set for whoever asks for some name."""
    paths = (flat.split("/") for flat in settings if flat.endswith(("/ssl_cert", "/ssl_alt_cert")))
    return any(word.startswith(_FOR_NAMES) for path in paths for word in path)


def left_out(settings: Settings, protocols: Collection[str], hostname: str) -> Iterator[tuple[str, str]]:
    """Yield the settings of TLS that are for clients which are not reckoned with, each with the reason."""
    for flat in settings:
        *path, name = flat.split("/")
        if not name.startswith("ssl"):
            continue
        if flat.startswith(_ADDRESSES):
            yield flat, "set for some addresses only"
        elif flat.startswith(_FOR_NAMES):
            block = _block(path)
            if block is None or not any(block.is_for(protocol, hostname) for protocol in protocols):
                yield flat, f"set for other names than {hostname or 'the host'} only"


def _block(path: list[str]) -> _Block | None:
    """Read the blocks around a setting; None where it is for all, or for addresses, or not for a connection at all."""
    kinds = [word.partition(" ")[::2] for word in path]
    match kinds:
        case [("protocol", spoken)]:
            return _Block(protocols=tuple(spoken.split()))
        case [("local_name", names)]:
            return _Block(names=tuple(names.split()))
        case [("local_name", names), ("protocol", spoken)]:
            return _Block(tuple(names.split()), tuple(spoken.split()))
    return None


def _is_spoken(word: str, protocol: str) -> bool:
    return word[1:] != protocol if word.startswith("!") else word == protocol


def _fits_any(names: Collection[str], hostname: str) -> bool:
    return bool(hostname) and any(fits(name, hostname) for name in names)


def fits(name: str, hostname: str) -> bool:
    """Whether a name of a ``local_name`` block fits: a star is the rest of a label, a question mark one character."""
    pattern = "".join(map(_expression, _JOKER.finditer(name)))
    return re.fullmatch(pattern, hostname, re.IGNORECASE | re.ASCII) is not None


def _expression(found: re.Match[str]) -> str:
    """Return a part of a name as a regular expression; a star fits nothing but what is before a dot, or the end."""
    return ("[^.]*", "", "(?!)", ".", re.escape(found[0]))[(found.lastindex or 1) - 1]
