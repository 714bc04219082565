"""How an SPF policy would be evaluated: whom it allows, what it costs, and what makes it worth nothing (RFC 7208).

Asks as it goes, since a policy leads to others; must not know what a site's policy should be.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mailrig.dns.answer import Ask, Question, target

MOST_LOOKUPS = 10  # RFC 7208 section 4.6.4: more is an error, and the policy counts as broken
MOST_VOID = 2  # look-ups that find nothing
MOST_NAMES = 10  # addresses of one `mx`

_COSTLY = ("include", "a", "mx", "ptr", "exists", "redirect")
_KNOWN = (*_COSTLY, "all", "ip4", "ip6", "exp")


@dataclass
class Cost:
    """What an evaluation comes to, and what is wrong on the way. ``faults`` are words for a person."""

    lookups: int = 0
    void: int = 0
    faults: list[str] = field(default_factory=list)


def policies(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the SPF policies among a name's TXT records (RFC 7208 section 4.5)."""
    return tuple(text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 "))


def terms(policy: str) -> tuple[str, ...]:
    """Return the terms of a policy, in lower case."""
    return tuple(policy.lower().split()[1:])


def cost(ask: Ask, domain: str, policy: str) -> Cost:
    """Follow a policy to its end, as somebody would whom no term lets stop before."""
    found = Cost()
    _follow(ask, domain, policy, found, (domain,))
    return found


def allows(ask: Ask, domain: str, policy: str, address: str, path: tuple[str, ...] = ()) -> bool:
    """Whether a policy lets an address send (RFC 7208 section 4.6); what only a message could tell counts as yes."""
    read = [_read(term) for term in terms(policy)]
    for term in read:
        if term.is_open or (not term.is_macro and _matches(ask, domain, term, address, (*path, domain))):
            return term.qualifier == "+"
    onward = next((term.about for term in read if term.name == "redirect"), None)
    return onward is not None and _is_included(ask, onward, address, (*path, domain))


@dataclass(frozen=True)
class _Term:
    """A term: `-a:mail.example/24//64` is -, a, mail.example, 24 bits of IPv4, 64 of IPv6."""

    qualifier: str
    name: str
    about: str = ""
    four: str | None = None
    six: str | None = None

    @property
    def is_open(self) -> bool:
        """Whether it allows what cannot be known without a message, or a caller."""
        return self.qualifier == "+" and (self.name in ("exists", "ptr") or self.is_macro)

    @property
    def is_macro(self) -> bool:
        """Whether it is about another name for each message."""
        return "%" in self.about


_FORM = re.compile(
    r"(?P<qualifier>[-+~?]?)(?P<name>[a-z0-9]+)([:=](?P<about>[^/]*))?(/(?P<four>\d+))?(//(?P<six>\d+))?"
)


_MODIFIER = re.compile(r"[a-z][-a-z0-9_.]*=.*")  # RFC 7208 section 6: one that nobody knows is passed over


def _read(term: str) -> _Term:
    """Take a term apart; of one that has no form, the name is the whole."""
    match = _FORM.fullmatch(term)
    if match is None:
        return _Term("+", term)
    return _Term(match["qualifier"] or "+", match["name"], match["about"] or "", match["four"], match["six"])


def _matches(ask: Ask, domain: str, term: _Term, address: str, path: tuple[str, ...]) -> bool:
    about = term.about or domain
    match term.name:
        case "all":
            return True
        case "ip4" | "ip6":
            return _is_in(address, term.about, term.four)
        case "a":
            return _is_of(ask, [about], term, address)
        case "mx":
            return _is_of(ask, [target(value) for value in ask([(about, "MX")])[0].values], term, address)
        case "include":
            return _is_included(ask, about, address, path)
    return False


def _is_of(ask: Ask, names: list[str], term: _Term, address: str) -> bool:
    """Whether an address is one of the names', as far as the term's bits go."""
    kind, bits = ("AAAA", term.six) if ":" in address else ("A", term.four)
    answers = ask([(name, kind) for name in names])
    return any(_is_in(address, value, bits) for answer in answers for value in answer.values)


def _is_in(address: str, network: str, bits: str | None) -> bool:
    parsed = ipaddress.ip_address(address)
    try:
        return parsed in ipaddress.ip_network(network if bits is None else f"{network}/{bits}", strict=False)
    except ValueError:
        return False


def _is_included(ask: Ask, domain: str, address: str, path: tuple[str, ...]) -> bool:
    there = policies(ask([(domain, "TXT")])[0].texts)
    is_new = domain not in path and len(path) <= MOST_LOOKUPS
    return is_new and len(there) == 1 and allows(ask, domain, there[0], address, path)


def _follow(ask: Ask, domain: str, policy: str, found: Cost, path: tuple[str, ...]) -> None:
    read = [(term, _read(term)) for term in terms(policy)]
    is_closed = any(term.name == "all" for _, term in read)
    for text, term in read:
        if term.name == "redirect" and is_closed:
            continue  # RFC 7208 section 6.1
        if term.name not in _KNOWN and not _MODIFIER.fullmatch(text):
            found.faults.append(f"`{text}` in the policy of {domain} is no term that SPF knows")
        if term.name not in _COSTLY:
            continue
        found.lookups += 1
        if found.lookups > MOST_LOOKUPS:
            return  # whoever evaluates it stops here as well
        if not term.is_macro:
            _look_up(ask, term.name, term.about or domain, found, path)


def _look_up(ask: Ask, name: str, about: str, found: Cost, path: tuple[str, ...]) -> None:
    if name in ("include", "redirect"):
        _policy_of(ask, about, found, path)
        return
    answers = ask(list(_questions(name, about)))
    found.void += all(answer.is_void for answer in answers)
    if name == "mx" and len(answers[0].values) > MOST_NAMES:
        found.faults.append(f"`mx` of {about} leads to more than {MOST_NAMES} names")


def _questions(name: str, about: str) -> Iterator[Question]:
    if name == "mx":
        yield about, "MX"
    elif name != "ptr":  # which is about the caller's address
        yield about, "A"
        if name == "a":
            yield about, "AAAA"


def _policy_of(ask: Ask, domain: str, found: Cost, path: tuple[str, ...]) -> None:
    (answer,) = ask([(domain, "TXT")])
    found.void += answer.is_void
    there = policies(answer.texts)
    if domain in path:
        found.faults.append(f"the policies of {' and '.join(path)} lead in a circle")
    elif len(there) != 1:
        what = "no policy" if not there else "several policies"
        found.faults.append(f"{target(domain)} has {what}, and whoever is led there gives up")
    else:
        _follow(ask, domain, there[0], found, (*path, domain))
