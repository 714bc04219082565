"""What somebody typed → an address of the site, or why it is none; must not know whether there is such an account."""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Container
from dataclasses import dataclass

_LONGEST = 254  # RFC 5321 section 4.5.3.1.3, without the angle brackets
_LONGEST_LOCAL = 64
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"  # RFC 5322 section 3.2.3
_LOCAL = re.compile(rf"{_ATOM}(\.{_ATOM})*")


class Fault(enum.Enum):
    """Why it is no address of the site."""

    MISSING = "missing"
    INVALID = "invalid"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Address:
    """An address of one of the site's domains, in lower case: that is how the server compares user names."""

    local: str
    domain: str

    def __str__(self) -> str:
        return f"{self.local}@{self.domain}"


def read_address(text: str, domains: Container[str]) -> Address | Fault:
    """Read an address as people type it: with blanks around, capitals that a phone put there, or in full-width letters.

    The answer is the same for every address of a domain, and for every domain that is not the site's.
    """
    if not text.strip():
        return Fault.MISSING
    if len(text) > 2 * _LONGEST:
        return Fault.INVALID
    address = unicodedata.normalize("NFKC", text).strip().lower()
    local, _, domain = address.rpartition("@")
    if len(address) > _LONGEST or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return Fault.INVALID
    domain = _in_ascii(domain)
    if not domain:
        return Fault.INVALID
    return Address(local, domain) if domain in domains else Fault.FOREIGN


def _in_ascii(domain: str) -> str:
    """Return a domain as the DNS has it; empty where it cannot be one."""
    try:
        name = domain.encode("idna").decode()
    except UnicodeError:
        return ""
    return name if re.fullmatch(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]*[a-z0-9])?", name) else ""
