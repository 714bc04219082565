"""The mail clients that are known, each as the facts of its TLS ClientHello; judges none of them."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from typing import Literal

import msgspec
from msgspec import Struct

from mailrig.clients import names

Kind = Literal["mail-app", "stand-in", "os-stack", "library"]
Standing = Literal["required", "legacy", "ignored"]
Version = Literal["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A client as it is written down, with names; lists are in the order sent, without GREASE.

    ``versions`` are those it offers; an old client names the highest only. ``alpn_seen`` is what a capture held: it is
    never sent. ``assumed`` names the fields that nobody has seen. ``session_id`` is a length in bytes.
    """

    name: str
    kind: Kind
    source: str
    confidence: str
    versions: tuple[Version, ...]
    suites: tuple[str, ...]
    extensions: tuple[int | Literal["grease"], ...]
    used_by: tuple[str, ...] = ()
    standing: Standing = "required"
    licence: str = ""
    note: str = ""
    assumed: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    key_shares: tuple[str, ...] = ()
    signature_algorithms: tuple[str, ...] = ()
    signature_algorithms_cert: tuple[str, ...] = ()
    ec_point_formats: tuple[int, ...] = (0,)
    compression: tuple[int, ...] = (0,)
    session_id: int = 0
    sni: bool = True
    alpn_seen: tuple[str, ...] = ()
    hello_bytes: int | None = None


class Client(Struct, frozen=True, kw_only=True, cache_hash=True):
    """A client as it is reckoned with: its entry, and what its names stand for."""

    id: str
    entry: Entry
    versions: tuple[int, ...]
    suites: tuple[int, ...]
    groups: tuple[int, ...]
    key_shares: tuple[int, ...]
    signature_algorithms: tuple[int, ...]
    signature_algorithms_cert: tuple[int, ...]

    @property
    def is_stand_in(self) -> bool:
        """Whether another program was seen in its place."""
        return self.entry.kind == "stand-in"

    @property
    def title(self) -> str:
        """Its name, and that it is a stand-in where it is one."""
        return f"{self.entry.name} (stand-in)" if self.is_stand_in else self.entry.name


class UnknownName(ValueError):
    """A suite, group or algorithm that no table has: ``field``, and the name."""

    def __init__(self, field: str, name: str) -> None:
        super().__init__(f"{field}: unknown name `{name}`")
        self.field = field
        self.name = name


_TABLES: Mapping[str, Mapping[str, int]] = {
    "versions": names.VERSIONS,
    "suites": names.SUITES,
    "groups": names.GROUPS,
    "key_shares": names.GROUPS,
    "signature_algorithms": names.SIGNATURE_ALGORITHMS,
    "signature_algorithms_cert": names.SIGNATURE_ALGORITHMS,
}


def client(id_: str, entry: Entry) -> Client:
    """Return a client by its entry; raise UnknownName."""
    return Client(id=id_, entry=entry, **{field: _numbers(entry, field, table) for field, table in _TABLES.items()})


def _numbers(entry: Entry, field: str, table: Mapping[str, int]) -> tuple[int, ...]:
    numbers = []
    for name in getattr(entry, field):
        try:
            numbers.append(names.number(name, table))
        except ValueError:
            raise UnknownName(field, name) from None
    return tuple(numbers)


@functools.cache
def shipped() -> Mapping[str, Client]:
    """Return the catalogue that comes with the program, by id."""
    text = resources.files(__package__).joinpath("catalogue.yaml").read_bytes()
    entries = msgspec.yaml.decode(text, type=dict[str, Entry])
    return {id_: client(id_, entry) for id_, entry in entries.items()}
