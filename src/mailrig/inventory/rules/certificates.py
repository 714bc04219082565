"""Each host's certificate: the keys that its source needs, and the operator's files; signs nothing."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from mailrig.clients.certificate import covers, names
from mailrig.errors import Problem
from mailrig.inventory.draft import Draft
from mailrig.inventory.model import Certificate
from mailrig.inventory.rules.pem import PemFile

_PAIRS = (("cert", "key"), ("alt_cert", "alt_key"))
_FILES = tuple(key for pair in _PAIRS for key in pair)
_TAKES = {
    "demo-ca": ("names", "key_types"),
    "host": (*_FILES, "mount", "trust"),
    "operator": (*_FILES, "trust"),
}
_NEEDS = {"demo-ca": (), "host": ("cert", "key"), "operator": ("cert", "key")}


def check(draft: Draft, now: dt.datetime) -> Iterator[Problem]:
    """Yield what is wrong with the certificates of all hosts at the time ``now``."""
    for name, host in draft.site.hosts.items():
        if draft.is_sound("hosts", name, "certificate") and draft.is_sound("hosts", name, "hostname"):
            yield from _HostCertificate(draft, name, host.hostname, host.certificate).check(now)


class _HostCertificate:
    """The certificate of one host, so that its place need not be handed from check to check."""

    def __init__(self, draft: Draft, host: str, hostname: str, certificate: Certificate) -> None:
        self._draft = draft
        self._path = ("hosts", host, "certificate")
        self._hostname = hostname
        self._certificate = certificate

    def check(self, now: dt.datetime) -> Iterator[Problem]:
        wrong = list(self._keys())
        yield from wrong
        if wrong:
            return
        match self._certificate.source:
            case "demo-ca":
                yield from self._names()
            case "host":
                yield from self._paths_on_host()
            case "operator":
                yield from self._files(now)
        yield from self._trust()

    def _keys(self) -> Iterator[Problem]:
        """Yield keys that the source does not take, and those that it needs."""
        source = self._certificate.source
        for key in (*_FILES, "mount", "names", "key_types", "trust"):
            is_set = bool(self._value(key))
            if is_set and key not in _TAKES[source]:
                hint = f"source `{source}` takes {', '.join(f'`{one}`' for one in _TAKES[source])}"
                yield self._problem(f"`{key}` has no meaning with certificate source `{source}`", key, hint=hint)
            if not is_set and key in _NEEDS[source]:
                hint = "add the path of a PEM file"
                yield self._problem(f"certificate source `{source}` needs `{key}`", "source", hint=hint)
        for one, other in (_PAIRS[1], _PAIRS[1][::-1]):
            if self._value(one) and not self._value(other) and one in _TAKES[source]:
                yield self._problem(f"`{one}` is given without `{other}`", one, hint="add the path of a PEM file")

    def _value(self, key: str) -> Any:
        return getattr(self._certificate, key)

    def _given(self) -> Iterator[tuple[str, str]]:
        """Yield the keys of certificate and private key, for each pair that there is."""
        return ((cert, key) for cert, key in _PAIRS if self._value(cert) and self._value(key))

    def _names(self) -> Iterator[Problem]:
        for index, name in enumerate(self._certificate.names):
            if not _is_name(name):
                hint = "write a host name or an IP address, in lower case and without a port"
                yield self._problem(f"`{name}` cannot be in a certificate", "names", index, hint=hint)
            elif name in (self._hostname, *self._certificate.names[:index]):
                yield self._problem(f"name `{name}` is in the certificate already", "names", index, hint="remove it")

    def _paths_on_host(self) -> Iterator[Problem]:
        for key in (key for pair in self._given() for key in pair):
            path = PurePosixPath(self._value(key))
            if not path.is_absolute() or ".." in path.parts:
                hint = "it is a path on the Docker host, and starts with /"
                yield self._problem(f"certificate path `{path}` is not absolute", key, hint=hint)
            elif self._certificate.mount and not path.is_relative_to(self._certificate.mount):
                hint = "mount a directory that holds both `cert` and `key`"
                yield self._problem(f"`{path}` is not below `{self._certificate.mount}`", "mount", hint=hint)

    def _files(self, now: dt.datetime) -> Iterator[Problem]:
        types: dict[str, str] = {}
        for in_cert, in_key in self._given():
            leaf, key = self._leaf(in_cert), self._private_key(in_key)
            yield from (one for one in (leaf, key) if isinstance(one, Problem))
            if isinstance(leaf, Problem):
                continue
            yield from self._validity(in_cert, leaf, now)
            if not isinstance(key, Problem) and key.public_key() != leaf.public_key():
                hint = f"the leaf must come first in `{in_cert}`, and `{in_key}` must be the one it was issued for"
                yield self._problem(f"`{in_key}` does not belong to `{in_cert}`", in_key, hint=hint)
            first = types.setdefault(type(leaf.public_key()).__name__, in_cert)
            if first != in_cert:
                hint = "the second is for clients that cannot work with the first: RSA beside ECDSA"
                yield self._problem(f"the keys of `{first}` and `{in_cert}` are of the same type", in_cert, hint=hint)

    def _validity(self, at: str, leaf: x509.Certificate, now: dt.datetime) -> Iterator[Problem]:
        if now >= leaf.not_valid_after_utc:
            yield self._problem(f"the certificate ended on {leaf.not_valid_after_utc:%Y-%m-%d}", at, hint="renew it")
        if now < leaf.not_valid_before_utc:
            hint = "check this machine's clock"
            yield self._problem(f"the certificate begins on {leaf.not_valid_before_utc:%Y-%m-%d}", at, hint=hint)
        found = names(leaf)
        if not any(covers(name, self._hostname) for name in found):
            told = f"it is for {', '.join(found) or 'no name at all'}"
            hint = f"{told}: have it issued for `{self._hostname}` too, or correct `hostname`"
            yield self._problem(f"the certificate does not cover `{self._hostname}`", at, hint=hint)

    def _trust(self) -> Iterator[Problem]:
        if self._certificate.trust is not None:
            authority = self._leaf("trust")
            if isinstance(authority, Problem):
                yield authority

    def _leaf(self, key: str) -> x509.Certificate | Problem:
        """Return the first certificate in the file that ``key`` names."""
        return self._file(key).certificate()

    def _private_key(self, key: str) -> PrivateKeyTypes | Problem:
        """Return the private key in the file that ``key`` names."""
        return self._file(key).private_key()

    def _file(self, key: str) -> PemFile:
        hint = "the path starts at the inventory's directory; for a file on the Docker host use `source: host`"
        return PemFile(self._draft, (*self._path, key), self._value(key), missing=hint)

    def _problem(self, message: str, *key: str | int, hint: str | None = None) -> Problem:
        return self._draft.problem(message, *self._path, *key, hint=hint)


def _is_name(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        labels = name.split(".")
        return name == name.lower() and all(label.replace("-", "a").isalnum() and label.isascii() for label in labels)
    return True
