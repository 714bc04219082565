"""The engines of the hosts: that each has an address of its own, and that it is safe; reaches none of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from mailrig.errors import AddressError, Problem
from mailrig.inventory.draft import Draft
from mailrig.inventory.engine import EngineAddress, Tcp, parse
from mailrig.inventory.model import EngineTls
from mailrig.inventory.rules.pem import PemFile

_FILES = ("ca", "cert", "key")


def check(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with the addresses of engines, and with the certificates for them."""
    taken: dict[EngineAddress, str] = {}
    for name, host in draft.site.hosts.items():
        if not draft.is_sound("hosts", name, "engine"):
            continue
        try:
            address = parse(host.engine)
        except AddressError as error:
            yield replace(error.problems[0], location=draft.at("hosts", name, "engine"))
            continue
        if draft.is_sound("hosts", name, "engine_tls"):
            yield from _tls(draft, name, address, host.engine_tls)
        other = taken.setdefault(address.plain, name)
        if other != name:
            message = f"hosts `{other}` and `{name}` have the same engine: {address}"
            hint = "each host is an engine of its own; their containers would have the same names"
            yield draft.problem(message, "hosts", name, "engine", hint=hint)


def _tls(draft: Draft, host: str, address: EngineAddress, files: EngineTls) -> Iterator[Problem]:
    path = ("hosts", host, "engine_tls")
    given = [key for key in _FILES if getattr(files, key)]
    if not isinstance(address, Tcp):
        if given:
            hint = "it is for tcp://; ssh:// has the keys that ssh knows"
            yield draft.problem(f"`engine_tls` of host `{host}` has no meaning with {address}", *path, hint=hint)
    elif not given:
        if address.is_remote:
            yield draft.problem(
                f"the engine of host `{host}` is reached without TLS",
                *("hosts", host, "engine"),
                hint="whoever reaches it is root there: name `engine_tls: {ca: …, cert: …, key: …}`, or write"
                " ssh://user@host",
            )
    elif missing := [key for key in _FILES if key not in given]:
        named = " and ".join(f"`{key}`" for key in missing)
        hint = "it takes `ca`, `cert` and `key`, each the path of a PEM file"
        yield draft.problem(f"`engine_tls` of host `{host}` lacks {named}", *path, hint=hint)
    else:
        yield from _pair(draft, path, files)


def _pair(draft: Draft, path: tuple[str, ...], files: EngineTls) -> Iterator[Problem]:
    ca, cert, key = (PemFile(draft, (*path, one), getattr(files, one)) for one in _FILES)
    found = ca.certificate(), cert.certificate(), key.private_key()
    yield from (one for one in found if isinstance(one, Problem))
    _, ours, private = found
    if not isinstance(ours, Problem) and not isinstance(private, Problem) and private.public_key() != ours.public_key():
        hint = "they must be made together: the leaf first in `cert`, and in `key` what it was issued for"
        yield draft.problem(f"`{files.key}` does not belong to `{files.cert}`", *path, "key", hint=hint)
