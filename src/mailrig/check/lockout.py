"""Required mail clients that a release would lock out, as problems with a place in the inventory; pure."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping

from mailrig.check.access import Access
from mailrig.clients.prediction import Prediction
from mailrig.clients.words import list_of
from mailrig.errors import Problem
from mailrig.inventory.model import Inventory

WIDTH = 100  # columns of what an error says beyond its message

ALLOW = "`--allow-lockout CLIENT` lets it pass, and is kept in the audit log"

Place = tuple[str | int, ...]

# What an inventory says of it, by the rule that locks a client out; the first that is written there is shown.
_KEYS: Mapping[str, tuple[Place, ...]] = {
    "version": (("tls", "min_protocol"), ("tls", "ciphers")),
    "tls13": (("tls", "ciphers"),),
    "suite": (("tls", "ciphers"), ("tls", "dh")),
}
_CERTIFICATE = ("issuer", "strength")
_DEFAULT_PROFILE = "mail-clients"

# The daemons' own settings that a rule goes by; where `extra` sets one of them, that is the place.
_SETTINGS: Mapping[str, re.Pattern[str]] = {
    "version": re.compile(r"ssl_min_protocol|smtpd_tls_(mandatory_)?protocols"),
    "tls13": re.compile(r"ssl_cipher_suites|ssl_curve_list|tls_eecdh_auto_curves|tls_config_\w+"),
    "suite": re.compile(
        r"ssl_cipher_list|ssl_curve_list|ssl_dh|tls_\w+_cipherlist|smtpd_tls_(mandatory_)?(exclude_)?ciphers"
        r"|smtpd_tls_dh1024_param_file|tls_eecdh_auto_curves|ssl_(alt_)?(cert|key)|smtpd_tls_\w*(cert|key|chain)\w*"
    ),
    "issuer": re.compile(r"ssl_(alt_)?(cert|key)|smtpd_tls_\w*(cert|key|chain)\w*"),
    "strength": re.compile(
        r"ssl_cipher_list|ssl_(alt_)?(cert|key)|tls_\w+_cipherlist|smtpd_tls_\w*(cert|key|chain)\w*"
    ),
    "settings": re.compile(r"ssl(_\w+)?|auth_ssl_\w+|smtpd_tls_\w+|tls_\w+"),
}


def problems(accesses: Iterable[Access], allowed: Collection[str], inventory: Inventory, host: str) -> list[Problem]:
    """Return a problem for all ports on which the same required clients would be locked out for the same reasons.

    ``allowed`` are the ids of clients that may be.
    """
    alike: dict[tuple[tuple[str, str], ...], list[tuple[Access, list[Prediction]]]] = {}
    for access in accesses:
        out = [one for one in required_out(access) if one.client.id not in allowed]
        if out and access.is_for_clients and access.gates:
            alike.setdefault(tuple((one.client.id, one.reason) for one in out), []).append((access, out))
    return [_problem([access for access, _ in group], group[0][1], inventory, host) for group in alike.values()]


def required_out(access: Access) -> Iterator[Prediction]:
    """Yield how the required clients fare that are locked out."""
    return (one for one in access.locked_out if one.client.entry.standing == "required")


def _problem(accesses: list[Access], out: list[Prediction], inventory: Inventory, host: str) -> Problem:
    numbers = ", ".join(str(number) for access in accesses for number in access.ports.values())
    place = _place([access.service for access in accesses], out, inventory, host)
    return Problem(
        f"this release would lock out {len(out)} of {accesses[0].required} required mail clients on {numbers}",
        inventory.at(*place) if place else None,
        _hint(out, inventory, place),
        what=".".join(str(part) for part in place if isinstance(part, str)),
        details="\n\n".join(_details(out, accesses[0].required)),
    )


def _details(out: list[Prediction], required: int) -> Iterator[str]:
    """Yield the names of those that fail for the same reason, unless these are all, and the reason."""
    by_reason: dict[str, list[str]] = {}
    for one in out:
        by_reason.setdefault(one.reason, []).append(one.client.title)
    for reason, titles in by_reason.items():
        who = "all of them" if len(titles) == required else ", ".join(titles)
        yield "\n".join(textwrap.wrap(f"{who}:", WIDTH) + textwrap.wrap(reason, WIDTH))


def _hint(out: list[Prediction], inventory: Inventory, place: Place) -> str:
    cures = list(dict.fromkeys(one.cure for one in out))
    if place[:1] == ("extra",):
        cures.insert(0, f"take it out of `extra.{place[1]}`")
    elif any(one.rule == "suite" for one in out) and inventory.site.tls.ciphers != _DEFAULT_PROFILE:
        cures.insert(0, f"use the profile `{_DEFAULT_PROFILE}`")
    return f"{list_of(cures, 'or')};\n      {ALLOW}"


def _place(services: list[str], out: list[Prediction], inventory: Inventory, host: str) -> Place:
    """Return the path of what is to blame, as far as the inventory says anything of it."""
    rules = [one.rule for one in out]
    rule = max(rules, key=rules.count)
    if place := next(filter(None, (_overridden(service, rule, inventory) for service in services)), None):
        return place
    if rule in _CERTIFICATE or ("tls",) not in inventory.marks:
        return ("hosts", host, "certificate")
    return next((key for key in _KEYS.get(rule, ()) if key in inventory.marks), ("tls",))


def _overridden(service: str, rule: str, inventory: Inventory) -> Place:
    """Return the line of `extra` that sets what the rule goes by; nothing where none does."""
    extra, settings = inventory.site.extra, _SETTINGS[rule]
    if service == "dovecot":
        for index, line in enumerate(extra.dovecot.splitlines()):
            if settings.fullmatch(line.partition("=")[0].strip()):
                return ("extra", "dovecot", index)
        return ()
    for section, names in (("postfix", extra.postfix), ("postfix_master", extra.postfix_master)):
        for name in names:
            if settings.fullmatch(name.rpartition("/")[2]):
                return ("extra", section, name)
    return ()
