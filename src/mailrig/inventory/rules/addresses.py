"""Domains, accounts and the probe: who can have mail here; knows nothing of aliases' targets."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

from mailrig.errors import Problem
from mailrig.inventory import passwords
from mailrig.inventory.draft import Draft
from mailrig.inventory.model import DOMAIN_FORM

# What RFC 5321, section 4.1.2, allows without quotes, less what a path or a map file would take amiss, and
# less the +: what follows it is a detail for the mailbox before it (recipient_delimiter).
_LOCAL_PART = re.compile(r"(?=.{1,64}$)[a-z0-9_][a-z0-9_=&~'-]*(\.[a-z0-9_=&~'-]+)*")
_SENT_TO = re.compile(r"(?=.{1,254}$)[A-Za-z0-9!#$%&'*+/=?^_{|}~.-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z0-9-]{1,63}")


def check(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with domains, accounts and the probe."""
    yield from _domains(draft)
    for address in draft.site.accounts:
        yield from own_address(draft, address, f"account `{address}`", "accounts", address)
        if address in draft.site.aliases:
            yield draft.problem(
                f"`{address}` is both an account and an alias",
                *("aliases", address),
                hint=f"the account is at {draft.at('accounts', address)}; give the alias another name",
            )
        yield from _password(draft, address)
    yield from _probe(draft)


def own_address(draft: Draft, address: str, name: str, *path: str | int) -> Iterator[Problem]:
    """Yield what is wrong with ``address`` as one that mail is accepted for; messages call it ``name``."""
    local, at, domain = address.rpartition("@")
    if not at:
        yield draft.problem(f"{name} has no domain", *path, hint="write it as `name@domain`")
    elif address != address.lower():
        yield draft.problem(f"{name} is not in lower case", *path, hint=f"write `{address.lower()}`")
    elif not is_local_part(local):
        hint = "before the @ go letters, digits and . _ - = & ~ '"
        yield draft.problem(f"{name} is not a valid address", *path, hint=hint)
    else:
        yield from own_domain(draft, domain, name, *path)


def own_domain(draft: Draft, domain: str, name: str, *path: str | int) -> Iterator[Problem]:
    """Yield a problem when ``domain``, which ``name`` is in, is none of ours."""
    if domain in draft.domains or not draft.is_sound("domains"):
        return
    close = difflib.get_close_matches(domain, draft.site.domains, n=1)
    hint = f"add `{domain}` to `domains`"
    hint = f"did you mean `{close[0]}`? Else {hint}" if close else hint
    yield draft.problem(f"{name} is in an unknown domain", *path, hint=hint)


def is_local_part(text: str) -> bool:
    """Whether an address of ours may begin so, before its @."""
    return _LOCAL_PART.fullmatch(text) is not None


def is_domain(text: str) -> bool:
    """Whether ``text`` has the form of a domain that mail is accepted for."""
    return re.fullmatch(DOMAIN_FORM, text) is not None


def is_address(text: str) -> bool:
    """Whether mail can be sent to ``text``, here or elsewhere."""
    return _SENT_TO.fullmatch(text) is not None


def _domains(draft: Draft) -> Iterator[Problem]:
    domains = draft.site.domains
    for index, domain in enumerate(domains):
        if domain and domain in domains[:index]:
            hint = f"it is first at {draft.at('domains', domains.index(domain))}"
            yield draft.problem(f"domain `{domain}` is listed twice", "domains", index, hint=hint)


def _password(draft: Draft, address: str) -> Iterator[Problem]:
    path = ("accounts", address, "password")
    password = draft.site.accounts[address].password
    if path in draft.generated or not draft.is_sound(*path) or passwords.is_hash(password.reveal()):
        return
    if password.reveal().startswith("{"):
        message = f"the password hash of account `{address}` is cut short or of an unknown scheme"
        hint = "known are " + ", ".join(f"{{{scheme}}}" for scheme in passwords.SCHEMES) + "; copy the whole line"
    else:
        message = f"plaintext password in account `{address}`"
        hint = """make a hash of it: echo "{SHA512-CRYPT}$(openssl passwd -6)"; or write `!generated`"""
    yield draft.problem(message, *path, hint=hint)


def _probe(draft: Draft) -> Iterator[Problem]:
    site = draft.site
    path = ("probe", "address")
    if not draft.is_sound(*path):
        return
    if site.probe.address is not None:
        yield from own_address(draft, site.probe.address, f"probe `{site.probe.address}`", *path)
    address = probe_address(draft)
    for group in ("accounts", "aliases"):
        if (group, address) in draft.marks:
            place = path if site.probe.address else (group, address)
            hint = "mail in the probe's mailbox is removed: choose an address that nobody uses"
            yield draft.problem(f"the probe's address `{address}` is in use in `{group}`", *place, hint=hint)


def probe_address(draft: Draft) -> str:
    """Return the address of the probe, the default one too."""
    domains = draft.site.domains
    return draft.site.probe.address or f"mailrig-probe@{domains[0] if domains else ''}"
