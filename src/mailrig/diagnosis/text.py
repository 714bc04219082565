"""A diagnosis → lines for a person, and plain data; pure, readable without colour."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from datetime import datetime

from mailrig.diagnosis.report import Caller, Diagnosis, Trouble
from mailrig.diagnosis.signatures import Signature

WIDTH = 116  # columns; the lines of a log stand as they are
_MOST_NAMED = 8
_MOST_CALLERS = 20
_MOST_TROUBLES = 10


def text(diagnosis: Diagnosis, since: str) -> str:
    """Return the diagnosis: each address with what it meets, once each what that means, and what was left out.

    ``since`` says how far back the lines go.
    """
    told: set[str] = set()
    serious = [caller for caller in diagnosis.callers if not caller.is_harmless]
    harmless = [caller for caller in diagnosis.callers if caller.is_harmless]
    parts = [
        _headline(serious, since),
        *("\n".join(_caller(caller, told)) for caller in serious[:_MOST_CALLERS]),
        _more(len(serious) - _MOST_CALLERS, "addresses"),
        *(["\n".join(_harmless(harmless))] if harmless else []),
        "\n".join(_rest(diagnosis)),
    ]
    return "\n\n".join(part for part in parts if part)


def as_dict(diagnosis: Diagnosis) -> dict[str, object]:
    """Return the diagnosis as plain data."""
    return {
        "addresses": [
            {
                "address": caller.address,
                "known_as": caller.known_as,
                "locked_out": caller.is_locked_out,
                "troubles": [_trouble_dict(trouble) for trouble in caller.troubles],
            }
            for caller in diagnosis.callers
        ],
        "logins": dict(diagnosis.logins),
        "left_out_as_our_own": diagnosis.own,
    }


def _trouble_dict(trouble: Trouble) -> dict[str, object]:
    return {
        "signature": trouble.signature.name,
        "kind": trouble.signature.kind.value,
        "door": trouble.door,
        "user": trouble.user,
        "times": trouble.times,
        "first": trouble.first.isoformat(),
        "last": trouble.last.isoformat(),
        "logged_in_since": trouble.login.time.isoformat() if trouble.login else None,
        "cause": trouble.signature.entry.cause,
        "cure": trouble.signature.entry.cure,
        "line": trouble.evidence,
    }


def _headline(serious: list[Caller], since: str) -> str:
    locked_out = [caller.address for caller in serious if caller.is_locked_out]
    if locked_out:
        return f"{since}: cannot log in or send: {_some(locked_out)}"
    return f"{since}: nobody is locked out" if serious else f"{since}: nothing went wrong that is known"


def _caller(caller: Caller, told: set[str]) -> Iterator[str]:
    name = caller.address or "the server itself, whoever asks"
    yield f"{name} ({caller.known_as})" if caller.known_as else name
    for trouble in caller.troubles[:_MOST_TROUBLES]:
        yield f"  {_what(trouble)}"
        yield from _meaning(trouble.signature, told)
        yield f"    line   {_printable(trouble.evidence)}"
    if more := _more(len(caller.troubles) - _MOST_TROUBLES, "troubles"):
        yield f"  {more}"


def _more(count: int, what: str) -> str:
    return f"… and {count} more {what}: --json has them all" if count > 0 else ""


def _what(trouble: Trouble) -> str:
    words = [trouble.signature.name, trouble.door, trouble.user, _times(trouble)]
    if trouble.login:
        who = trouble.login.user or "somebody"
        words.append(f"{who} has logged in from there since, at {_moment(trouble.login.time)}")
    return "   ".join(_printable(word) for word in words if word)


def _times(trouble: Trouble) -> str:
    if trouble.times == 1:
        return f"once, {_moment(trouble.last)}"
    end = f"{trouble.last:%H:%M:%S}" if trouble.first.date() == trouble.last.date() else _moment(trouble.last)
    return f"{trouble.times} times, {_moment(trouble.first)} to {end}"


def _meaning(signature: Signature, told: set[str]) -> Iterator[str]:
    if signature.name in told:
        yield "    cause and cure as above"
        return
    told.add(signature.name)
    yield from _wrapped("    cause  ", signature.entry.cause)
    yield from _wrapped("    cure   ", signature.entry.cure)


def _wrapped(label: str, words: str) -> list[str]:
    return textwrap.wrap(words, WIDTH, initial_indent=label, subsequent_indent=" " * len(label), break_on_hyphens=False)


def _harmless(callers: list[Caller]) -> Iterator[str]:
    """Name those who only came and went, and say once what that may be."""
    kinds = {trouble.signature.name: trouble.signature for caller in callers for trouble in caller.troubles}
    yield "may be nothing"
    for signature in kinds.values():
        met = [(caller, trouble) for caller in callers for trouble in caller.troubles if trouble.signature is signature]
        counts = {caller.address: 0 for caller, _ in met}
        for caller, trouble in met:
            counts[caller.address] += trouble.times
        last = max(trouble.last for _, trouble in met)
        who = _some(f"{address or 'the server itself'} ({count})" for address, count in counts.items())
        yield f"  {signature.name}   {who}, last {_moment(last)}"
        yield from _wrapped("    cause  ", signature.entry.cause)
        yield from _wrapped("    cure   ", signature.entry.cure)


def _rest(diagnosis: Diagnosis) -> Iterator[str]:
    if diagnosis.logins:
        yield f"logged in: {_some(f'{address} ({count})' for address, count in diagnosis.logins.items())}"
    if diagnosis.own:
        yield f"left out: {diagnosis.own} attempts of `verify` and of the health checks"


def _some(words: Iterable[str]) -> str:
    listed = list(words)
    more = len(listed) - _MOST_NAMED
    return ", ".join(listed[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _moment(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M:%S}"


def _printable(words: str) -> str:
    """Replace what a terminal would act on: a client says in a log what it likes."""
    return "".join(letter if letter.isprintable() else "?" for letter in words)
