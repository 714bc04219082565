"""How an SPF policy would be evaluated: the look-ups that it costs, and what makes it worth nothing (RFC 7208).

Asks as it goes, since a policy leads to others; must not know what a site's policy should be.
"""

from __future__ import annotations

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


def _follow(ask: Ask, domain: str, policy: str, found: Cost, path: tuple[str, ...]) -> None:
    is_closed = any(_parts(term)[0] == "all" for term in terms(policy))
    for term in terms(policy):
        name, argument = _parts(term)
        if name == "redirect" and is_closed:
            continue  # RFC 7208 section 6.1
        if name not in _KNOWN:
            found.faults.append(f"`{term}` in the policy of {domain} is no term that SPF knows")
        if name not in _COSTLY:
            continue
        found.lookups += 1
        if found.lookups > MOST_LOOKUPS:
            return  # whoever evaluates it stops here as well
        if "%" not in argument:  # a macro is another name for each message
            _look_up(ask, name, argument.partition("/")[0] or domain, found, path)


def _parts(term: str) -> tuple[str, str]:
    """Return the name of a term and what it is about: `-include:a.example` is ("include", "a.example")."""
    bare = term.lstrip("+-~?")
    for separator in (":", "=", "/"):
        name, found, argument = bare.partition(separator)
        if found and name.isalnum():
            return name, argument if separator != "/" else ""
    return bare, ""


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
