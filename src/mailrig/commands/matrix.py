"""Mail clients as a table: how each fares on the ports that an inventory publishes, and whom each profile locks out."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from mailrig.commands.call import Call

if TYPE_CHECKING:
    from mailrig.check.profiles import Lockout
    from mailrig.clients.catalogue import Client
    from mailrig.clients.prediction import Prediction
    from mailrig.clients.server import Server

LOCKED_OUT = "locked out"
STYLES = {"required": "green", "ignored": "dim", LOCKED_OUT: "bold red"}
WIDTH = 78  # columns of what is said below the table

# How every client fares, by the port's name.
Fares = Mapping[str, Sequence["Prediction"]]


def fares_on(offered: Mapping[Server, Iterable[str]], clients: Collection[Client]) -> Fares:
    """Predict how every client fares on every port; ``offered`` names the ports that offer the same."""
    from mailrig.clients.prediction import predict

    return {
        port: outcomes
        for server, ports in offered.items()
        for outcomes in [[predict(server, client) for client in clients]]
        for port in ports
    }


def show_ports(call: Call, host: str, ports: Mapping[str, int], fares: Fares) -> bool:
    """Print one host's table; return whether each required client gets in where mail clients come.

    A client has one line, or one for each of several ways in which it fares.
    """
    from mailrig.clients.server import FOR_SERVERS

    numbers = {name: number for name, number in ports.items() if name in fares}
    call.console.text(f"{host}: {_numbers(numbers.values())}")
    call.console.table(
        ("client", "standing", "ports", "gets"),
        [
            row
            for outcomes in zip(*(fares[name] for name in numbers), strict=True)
            for row in _rows(list(numbers.values()), outcomes)
        ],
        STYLES,
    )
    is_well = True
    for count, alike in _counts(fares).items():
        is_well = is_well and (count.able == count.of or alike <= FOR_SERVERS)
        told = _numbers(number for name, number in numbers.items() if name in alike)
        call.console.text(f"{told}: {count.able} of {count.of} required mail clients get in")
    return is_well


class _Count(NamedTuple):
    able: int
    of: int


def _counts(fares: Fares) -> dict[_Count, set[str]]:
    """Return the ports by how many required clients get in."""
    found: dict[_Count, set[str]] = {}
    for name, outcomes in fares.items():
        required = [one.is_let_in for one in outcomes if one.client.entry.standing == "required"]
        found.setdefault(_Count(sum(required), len(required)), set()).add(name)
    return found


def _rows(numbers: list[int], outcomes: Iterable[Prediction]) -> Iterator[tuple[str, str, str, str]]:
    """Yield one client's lines; ``outcomes`` are those on the ports ``numbers``."""
    alike: dict[tuple[Client, str], list[int]] = {}
    for number, one in zip(numbers, outcomes, strict=True):
        alike.setdefault((one.client, _said(one)), []).append(number)
    for (client, said), those in alike.items():
        yield client.id, client.entry.standing, _some(those, numbers), said


def _some(those: list[int], every: list[int]) -> str:
    """Name ports in few words."""
    others = [number for number in every if number not in those]
    if not others:
        return "all"
    return _numbers(those) if len(those) <= len(others) else f"all but {_numbers(others)}"


def _numbers(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _said(one: Prediction) -> str:
    from mailrig.clients.words import version_name

    return f"{version_name(one.version)} {one.suite_name}" if one.version else LOCKED_OUT


def ports_as_data(ports: Mapping[str, int], fares: Fares) -> dict[str, Any]:
    """Return the same as plain data, by the ports' names."""
    return {
        name: {"port": ports[name], "clients": {one.client.id: _fare(one) for one in outcomes}}
        for name, outcomes in fares.items()
    }


def _fare(one: Prediction) -> dict[str, Any]:
    from mailrig.clients.words import version_name

    return {
        "name": one.client.title,
        "standing": one.client.entry.standing,
        "is_let_in": one.is_let_in,
        "version": version_name(one.version) if one.version else None,
        "suite": one.suite_name,
        "rule": one.rule,
        "reason": one.reason,
        "cure": one.cure,
    }


def show_profiles(call: Call, found: list[Lockout]) -> None:
    """Print how many clients each profile locks out with each kind of certificate, and below it which."""
    call.console.table(
        ("profile", "certificate", "required", "legacy"),
        [(one.profile, one.keys, _count(one.required), _count(one.legacy)) for one in found],
    )
    call.console.text("Locked out:")
    for paragraph in _who(found):
        call.console.text(f"\n{paragraph}")


def _count(outside: Collection[Prediction]) -> str:
    return str(len(outside)) if outside else "-"


def _who(found: list[Lockout]) -> Iterator[str]:
    """Yield who is locked out, once for all profiles and certificates that lock out the same."""
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[Lockout]] = {}
    for one in found:
        alike.setdefault((_ids(one.required), _ids(one.legacy)), []).append(one)
    for (required, legacy), those in alike.items():
        lines = [line for profiles, keys in _named(those).items() for line in _wrapped(f"{profiles} with {keys}")]
        for standing, ids in (("required", required), ("legacy", legacy)):
            if ids:
                lines += _wrapped(f"{standing}: {', '.join(ids)}", "  ")
        yield "\n".join(lines)


def _wrapped(text: str, indent: str = "") -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=indent, subsequent_indent=f"{indent}  ", break_on_hyphens=False)


def _ids(outside: Collection[Prediction]) -> tuple[str, ...]:
    return tuple(one.client.id for one in outside)


def _named(those: list[Lockout]) -> dict[str, str]:
    """Return names of profiles, each with the certificates; profiles with the same certificates are named together."""
    from mailrig.clients.words import list_of

    keys: dict[str, list[str]] = {}
    for one in those:
        keys.setdefault(one.profile, []).append(one.keys)
    profiles: dict[str, list[str]] = {}
    for profile, named in keys.items():
        profiles.setdefault(list_of(named, "or"), []).append(profile)
    return {list_of(names): named for named, names in profiles.items()}


def profiles_as_data(found: list[Lockout]) -> dict[str, dict[str, Any]]:
    """Return the profiles as plain data, by certificate."""
    data: dict[str, dict[str, Any]] = {}
    for one in found:
        data.setdefault(one.profile, {})[one.keys] = {
            "required": {outcome.client.id: _fare(outcome) for outcome in one.required},
            "legacy": {outcome.client.id: _fare(outcome) for outcome in one.legacy},
        }
    return data
