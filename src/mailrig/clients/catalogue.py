"""The mail clients that are known, each as the facts of its TLS ClientHello; judges none of them."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator, Mapping
from importlib import resources
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct
from msgspec.structs import replace

from mailrig.clients import names

Kind = Literal["mail-app", "stand-in", "os-stack", "library"]
Standing = Literal["required", "legacy", "ignored"]
Version = Literal["TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"]


class Entry(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A mail client as it is written down, with names; lists are in the order sent, without GREASE."""

    name: Annotated[str, Meta(description="program, version and system")]
    kind: Annotated[Kind, Meta(description="mail-app: the program itself; stand-in: another one on the same TLS stack")]
    source: Annotated[str, Meta(description="where the facts are from")]
    confidence: Annotated[str, Meta(description="high, medium or low, and why")]
    versions: Annotated[tuple[Version, ...], Meta(description="those it offers; an old client names its highest only")]
    suites: Annotated[tuple[str, ...], Meta(description="OpenSSL's names")]
    extensions: Annotated[tuple[int | Literal["grease"], ...], Meta(description="numbers, and `grease`")]
    used_by: Annotated[tuple[str, ...], Meta(description="programs that speak like this")] = ()
    standing: Annotated[Standing, Meta(description="required: a deploy must not lock it out")] = "required"
    licence: Annotated[str, Meta(description="of the source")] = ""
    note: Annotated[str, Meta(description="what else is to be known")] = ""
    assumed: Annotated[tuple[str, ...], Meta(description="the fields that nobody has seen")] = ()
    groups: Annotated[tuple[str, ...], Meta(description="IANA's names")] = ()
    key_shares: Annotated[tuple[str, ...], Meta(description="groups for which a key is sent along")] = ()
    signature_algorithms: Annotated[tuple[str, ...], Meta(description="IANA's names")] = ()
    signature_algorithms_cert: Annotated[tuple[str, ...], Meta(description="IANA's names")] = ()
    ec_point_formats: Annotated[tuple[int, ...], Meta(description="0: uncompressed")] = (0,)
    compression: Annotated[tuple[int, ...], Meta(description="0: none")] = (0,)
    session_id: Annotated[int, Meta(description="its length in bytes")] = 0
    sni: Annotated[bool, Meta(description="whether it says which host it means")] = True
    alpn_seen: Annotated[tuple[str, ...], Meta(description="what the capture held; it is never sent")] = ()
    hello_bytes: Annotated[int | None, Meta(description="length of the captured ClientHello")] = None


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

    @property
    def confidence(self) -> str:
        """How sure its facts are, in one word; the entry says why."""
        return re.split(r"[:;,( ]", self.entry.confidence)[0]


class UnknownName(ValueError):
    """A suite, group or algorithm that no table has: ``field``, where in its list, and the name."""

    def __init__(self, field: str, index: int, name: str) -> None:
        super().__init__(f"{field}: unknown name `{name}`")
        self.field = field
        self.index = index
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
    for index, name in enumerate(getattr(entry, field)):
        try:
            numbers.append(names.number(name, table))
        except ValueError:
            raise UnknownName(field, index, name) from None
    return tuple(numbers)


def known_names(field: str) -> tuple[str, ...]:
    """Return the names that may stand in a field of an entry."""
    return tuple(_TABLES[field])


# What an extension carries is a field of the entry, and is there when it is (IANA, TLS ExtensionType Values).
_CARRIED = {
    0: "sni",
    10: "groups",
    13: "signature_algorithms",
    16: "alpn_seen",
    50: "signature_algorithms_cert",
    51: "key_shares",
}
_SUPPORTED_VERSIONS = 43


def incoherences(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield the fields of an entry that cannot be so in any ClientHello, each with what is wrong."""
    for extension, field in _CARRIED.items():
        if extension in entry.extensions and not getattr(entry, field):
            yield field, f"it sends extension {extension}, and what stands in it is missing: `{field}`"
        if extension not in entry.extensions and getattr(entry, field):
            yield field, f"`{field}` goes into extension {extension}, which is not among its extensions"
    if (_SUPPORTED_VERSIONS in entry.extensions) != ("TLSv1.3" in entry.versions):
        yield "versions", "TLS 1.3 is offered in extension 43, and only there"
    if ("TLSv1.3" in entry.versions) != any(
        suite.startswith(("TLS_AES", "TLS_CHACHA", "0x13")) for suite in entry.suites
    ):
        yield "suites", "TLS 1.3 goes with suites of its own: TLS_AES_128_GCM_SHA256, …"
    if not set(entry.key_shares) <= set(entry.groups):
        yield "key_shares", "a key share is for one of the groups"
    if not entry.versions:
        yield "versions", "it offers no version of TLS"


def chosen(require: Collection[str], ignore: Collection[str], add: Mapping[str, Entry]) -> Mapping[str, Client]:
    """Return the catalogue as a site wants it: with its own clients, and each with the standing that is asked for."""
    standing: dict[str, Standing] = {**dict.fromkeys(require, "required"), **dict.fromkeys(ignore, "ignored")}
    known = {**shipped(), **{id_: client(id_, entry) for id_, entry in add.items()}}
    return {
        id_: replace(one, entry=replace(one.entry, standing=standing[id_])) if id_ in standing else one
        for id_, one in known.items()
    }


@functools.cache
def shipped() -> Mapping[str, Client]:
    """Return the catalogue that comes with the program, by id."""
    text = resources.files(__package__).joinpath("catalogue.yaml").read_bytes()
    entries = msgspec.yaml.decode(text, type=dict[str, Entry])
    return {id_: client(id_, entry) for id_, entry in entries.items()}
