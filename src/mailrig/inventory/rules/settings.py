"""Ciphers, relay, logs and raw settings; knows nothing of how they are rendered."""

from __future__ import annotations

import difflib
import functools
import re
import ssl
from collections.abc import Iterator

from mailrig.errors import Problem
from mailrig.inventory.draft import Draft
from mailrig.inventory.model import PostfixExtra

_PARAMETER = re.compile(r"[a-z][a-z0-9_]*")
_MASTER_PARAMETER = re.compile(r"[^\s/=]+/(inet|unix|unix-dgram|fifo|pass)/[a-z][a-z0-9_]*")


def check(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with the settings that concern no single address or port."""
    yield from _ciphers(draft)
    yield from _relay(draft)
    yield from _logs(draft)
    yield from _hosts(draft)
    yield from _extra(draft)


def _ciphers(draft: Draft) -> Iterator[Problem]:
    ciphers = draft.site.tls.ciphers
    path = ("tls", "ciphers")
    if isinstance(ciphers, str) or not draft.is_sound(*path):
        return
    if not ciphers:
        yield draft.problem("the list of ciphers is empty", *path, hint="the profile `mail-clients` suits every client")
    elif draft.site.tls.dh == "none" and all(name.startswith("DHE-") for name in ciphers):
        hint = "add ECDHE suites, or name a DH group such as ffdhe3072"
        yield draft.problem("all ciphers are DHE suites, and `tls.dh: none` takes those out", *path, hint=hint)
    for index, name in enumerate(ciphers):
        if name in ciphers[:index]:
            yield draft.problem(f"cipher `{name}` is listed twice", *path, index, hint="once will do")
        elif name.startswith("TLS_"):
            hint = "TLS 1.3 suites are always offered; the list is for TLS 1.2, in OpenSSL's names"
            yield draft.problem(f"cipher `{name}` is not for TLS 1.2", *path, index, hint=hint)
        elif name not in known_ciphers():
            close = difflib.get_close_matches(name, known_ciphers(), n=1)
            hint = f"did you mean `{close[0]}`?" if close else "`openssl ciphers ALL` lists the names, joined by `:`"
            yield draft.problem(f"unknown cipher `{name}`", *path, index, hint=hint)


@functools.cache
def known_ciphers() -> tuple[str, ...]:
    """Return the names of all TLS 1.2 suites that OpenSSL has on this machine, the weak ones too."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:COMPLEMENTOFALL:@SECLEVEL=0")
    return tuple(cipher["name"] for cipher in context.get_ciphers())


def _relay(draft: Draft) -> Iterator[Problem]:
    relay = draft.site.relay
    if relay is None or not draft.is_sound("relay"):
        return
    if relay.user is not None and relay.password is None:
        hint = "add `password: !env NAME`, or remove `user`"
        yield draft.problem("the relay has a user but no password", "relay", "user", hint=hint)
    if relay.user is None and relay.password is not None:
        hint = "add `user`, or remove `password`"
        yield draft.problem("the relay has a password but no user", "relay", "password", hint=hint)
    if relay.user is not None and (":" in relay.user or not relay.user.isprintable()):
        hint = "Postfix writes user and password as `user:password`"
        yield draft.problem("the relay's user holds a colon", "relay", "user", hint=hint)
    for name, host in draft.site.hosts.items():
        if host.hostname == relay.host and draft.is_sound("hosts", name, "hostname"):
            message = f"the relay is host `{name}` itself: mail would go round in a loop"
            yield draft.problem(message, "relay", "host", hint="name the server that takes mail for elsewhere")


def _logs(draft: Draft) -> Iterator[Problem]:
    for name, host in draft.site.hosts.items():
        for service, where in (("dovecot", host.logs.dovecot), ("postfix", host.logs.postfix)):
            path = ("hosts", name, "logs", service)
            if draft.is_sound(*path) and where != "volume" and not where.startswith("/"):
                hint = "write `volume`, or a directory of the Docker host that starts with /"
                yield draft.problem(f"`{where}` is no place for logs", *path, hint=hint)


def _hosts(draft: Draft) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, host in draft.site.hosts.items():
        if not draft.is_sound("hosts", name, "hostname"):
            continue
        first = seen.setdefault(host.hostname, name)
        if first != name:
            hint = "each host needs a name of its own"
            message = f"hosts `{first}` and `{name}` have the same hostname `{host.hostname}`"
            yield draft.problem(message, "hosts", name, "hostname", hint=hint)


def _extra(draft: Draft) -> Iterator[Problem]:
    yield from _postfix(draft, draft.site.extra, "extra")
    for name, host in draft.site.hosts.items():
        yield from _postfix(draft, host.extra, "hosts", name, "extra")


def _postfix(draft: Draft, extra: PostfixExtra, *path: str) -> Iterator[Problem]:
    for name in extra.postfix:
        if not _PARAMETER.fullmatch(name):
            hint = "write a parameter of main.cf, such as `smtpd_banner`; `postfix_master` is for those of a service"
            yield draft.problem(f"`{name}` is no Postfix parameter", *path, "postfix", name, hint=hint)
    for name in extra.postfix_master:
        if not _MASTER_PARAMETER.fullmatch(name):
            hint = "write service/type/parameter, such as `submission/inet/smtpd_client_connection_rate_limit`"
            yield draft.problem(f"`{name}` names no service's parameter", *path, "postfix_master", name, hint=hint)
