"""Each host's certificate: the keys that its source needs, and the operator's files; signs nothing."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from mailrig.clients.certificate import covers
from mailrig.errors import Problem
from mailrig.inventory.document import shown
from mailrig.inventory.draft import Draft
from mailrig.inventory.model import Certificate

_TAKES = {"demo-ca": ("names",), "host": ("cert", "key", "mount", "trust"), "operator": ("cert", "key", "trust")}
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
        for key in ("cert", "key", "mount", "names", "trust"):
            is_set = bool(getattr(self._certificate, key))
            if is_set and key not in _TAKES[source]:
                hint = f"source `{source}` takes {', '.join(f'`{one}`' for one in _TAKES[source])}"
                yield self._problem(f"`{key}` has no meaning with certificate source `{source}`", key, hint=hint)
            if not is_set and key in _NEEDS[source]:
                hint = "add the path of a PEM file"
                yield self._problem(f"certificate source `{source}` needs `{key}`", "source", hint=hint)

    def _names(self) -> Iterator[Problem]:
        for index, name in enumerate(self._certificate.names):
            if not _is_name(name):
                hint = "write a host name or an IP address, in lower case and without a port"
                yield self._problem(f"`{name}` cannot be in a certificate", "names", index, hint=hint)
            elif name in (self._hostname, *self._certificate.names[:index]):
                yield self._problem(f"name `{name}` is in the certificate already", "names", index, hint="remove it")

    def _paths_on_host(self) -> Iterator[Problem]:
        for key in ("cert", "key"):
            path = PurePosixPath(getattr(self._certificate, key))
            if not path.is_absolute() or ".." in path.parts:
                hint = "it is a path on the Docker host, and starts with /"
                yield self._problem(f"certificate path `{path}` is not absolute", key, hint=hint)
            elif self._certificate.mount and not path.is_relative_to(self._certificate.mount):
                hint = "mount a directory that holds both `cert` and `key`"
                yield self._problem(f"`{path}` is not below `{self._certificate.mount}`", "mount", hint=hint)

    def _files(self, now: dt.datetime) -> Iterator[Problem]:
        leaf, key = self._leaf("cert"), self._private_key()
        yield from (one for one in (leaf, key) if isinstance(one, Problem))
        if isinstance(leaf, Problem):
            return
        yield from self._validity(leaf, now)
        if not isinstance(key, Problem) and key.public_key() != leaf.public_key():
            hint = "the leaf must come first in `cert`, and `key` must be the one it was issued for"
            yield self._problem("`key` does not belong to `cert`", "key", hint=hint)

    def _validity(self, leaf: x509.Certificate, now: dt.datetime) -> Iterator[Problem]:
        if now >= leaf.not_valid_after_utc:
            yield self._problem(
                f"the certificate ended on {leaf.not_valid_after_utc:%Y-%m-%d}", "cert", hint="renew it"
            )
        if now < leaf.not_valid_before_utc:
            hint = "check this machine's clock"
            yield self._problem(f"the certificate begins on {leaf.not_valid_before_utc:%Y-%m-%d}", "cert", hint=hint)
        names = _names_in(leaf)
        if not any(covers(name, self._hostname) for name in names):
            hint = f"it is for {', '.join(names) or 'no name at all'}"
            yield self._problem(f"the certificate does not cover `{self._hostname}`", "cert", hint=hint)

    def _trust(self) -> Iterator[Problem]:
        if self._certificate.trust is not None:
            authority = self._leaf("trust")
            if isinstance(authority, Problem):
                yield authority

    def _leaf(self, key: str) -> x509.Certificate | Problem:
        """Return the first certificate in the file that ``key`` names."""
        pem = self._read(key)
        if isinstance(pem, Problem):
            return pem
        try:
            return x509.load_pem_x509_certificates(pem)[0]
        except ValueError:
            hint = "it begins with -----BEGIN CERTIFICATE-----"
            return self._problem(f"`{key}` holds no PEM certificate", key, hint=hint)

    def _private_key(self) -> PrivateKeyTypes | Problem:
        pem = self._read("key")
        if isinstance(pem, Problem):
            return pem
        try:
            return serialization.load_pem_private_key(pem, None)
        except TypeError:
            hint = "a server starts with nobody there to type it: `openssl pkey -in OLD -out NEW` takes it off"
            return self._problem("`key` is protected by a passphrase", "key", hint=hint)
        except (ValueError, UnsupportedAlgorithm):
            hint = "it begins with -----BEGIN PRIVATE KEY-----"
            return self._problem("`key` holds no PEM private key", "key", hint=hint)

    def _read(self, key: str) -> bytes | Problem:
        """Return what is in the file that ``key`` names, or why it cannot be had."""
        file = self._draft.directory / Path(getattr(self._certificate, key))
        try:
            return file.read_bytes()
        except FileNotFoundError:
            hint = "the path starts at the inventory's directory; for a file on the Docker host use `source: host`"
            return self._problem(f"certificate path `{shown(file)}` does not exist", key, hint=hint)
        except OSError as error:
            hint = "check its owner and mode"
            return self._problem(f"cannot read certificate path `{shown(file)}`: {error.strerror}", key, hint=hint)

    def _problem(self, message: str, *key: str | int, hint: str | None = None) -> Problem:
        return self._draft.problem(message, *self._path, *key, hint=hint)


def _names_in(leaf: x509.Certificate) -> list[str]:
    try:
        names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except (x509.ExtensionNotFound, ValueError):
        return []
    return names.get_values_for_type(x509.DNSName)


def _is_name(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        labels = name.split(".")
        return name == name.lower() and all(label.replace("-", "a").isalnum() and label.isascii() for label in labels)
    return True
