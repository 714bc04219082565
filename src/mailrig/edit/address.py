"""Addresses as people type them, made what an inventory holds, or refused in words; knows nothing of files."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Collection, Iterable

from mailrig.errors import InventoryError
from mailrig.inventory.rules.addresses import is_address, is_domain, is_local_part


def normal(text: str, domains: Collection[str], name: str = "address") -> str:
    """Return an address of ours; raise InventoryError with what is wrong with it."""
    address = formed(text, name)
    own(address.rpartition("@")[2], domains, f"{name} `{address}`")
    return address


def formed(text: str, name: str = "address") -> str:
    """Return an address that has the form of one of ours, in whatever domain."""
    address = _plain(text, name)
    local, at, domain = address.rpartition("@")
    if not at or not domain:
        raise InventoryError(f"{name} `{address}` has no domain", hint="write it as `name@domain`")
    if not is_local_part(local):
        hint = "before the @ go letters, digits and . _ - = & ~ '"
        if "+" in local:
            hint = f"what follows a + is a detail: mail to it goes to `{local.partition('+')[0]}@{domain}`"
        raise InventoryError(f"{name} `{address}` is not a valid address", hint=hint)
    if not is_domain(domain):
        raise InventoryError(f"{name} `{address}`: `{domain}` is no domain", hint="write it as in DNS: `example.org`")
    return address


def catch_all_or_normal(text: str, domains: Collection[str]) -> str:
    """Return an alias: an address of ours, or `@domain` for all others of a domain."""
    if not text.strip().startswith("@"):
        return normal(text, domains, "alias")
    address = _plain(text, "catch-all")
    own(address[1:], domains, f"catch-all `{address}`")
    return address


def target(text: str) -> str:
    """Return an address that mail can be sent to, here or elsewhere."""
    address = _plain(text, "target")
    if not is_address(address):
        raise InventoryError(f"target `{address}` is no address", hint="write it as `name@domain`")
    return address


def domain_name(text: str) -> str:
    """Return a domain's name."""
    name = text.strip().removesuffix(".")
    if not name.isascii():
        raise InventoryError(f"domain `{_printable(name)}` {_odd(name)}", hint=_in_ascii(name))
    name = name.lower()
    if not is_domain(name):
        raise InventoryError(f"`{_printable(name)}` is no domain name", hint="write it as in DNS: `example.org`")
    return name


def own(domain: str, domains: Collection[str], name: str) -> None:
    """Raise InventoryError when a domain is none of ours."""
    if domain in domains:
        return
    close = difflib.get_close_matches(domain, domains, n=1)
    hint = f"`domain add {domain}` adds it"
    raise InventoryError(
        f"{name} is in an unknown domain", hint=f"did you mean `{close[0]}`? Else {hint}" if close else hint
    )


def _plain(text: str, name: str) -> str:
    address = text.strip()  # not in lower case yet: that would make a k of the sign for kelvin
    if not address.isascii():
        local, _, domain = address.rpartition("@")
        hint = _in_ascii(domain) if local.isascii() else "write it with a to z; a letter that looks like one is another"
        raise InventoryError(f"{name} `{_printable(address)}` {_odd(address)}", hint=hint)
    if not address.isprintable():
        raise InventoryError(f"{name} `{_printable(address)}` holds a control character", hint="type it anew")
    return address.lower()


def _odd(text: str) -> str:
    """Name the first character that is not ASCII: it may look like one that is."""
    odd = next(one for one in text if not one.isascii())
    return f"holds `{_printable(odd)}` (U+{ord(odd):04X} {unicodedata.name(odd, 'without a name').lower()})"


def _printable(text: str) -> str:
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in text)


def _in_ascii(domain: str) -> str:
    try:
        return f"in mail it is written `{domain.encode('idna').decode()}`, if it is what is meant"
    except UnicodeError:
        return "write it with a to z"


def meant(address: str, known: Iterable[str], otherwise: str) -> str:
    """Return a hint for an address that nobody knows: what was meant, or which verb lists those that are there."""
    domain = address[address.rfind("@") :]
    close = difflib.get_close_matches(address, [one for one in known if one.endswith(domain)], n=1, cutoff=0.8)
    return f"did you mean `{close[0]}`?" if close else f"`{otherwise}` shows those that are there"
