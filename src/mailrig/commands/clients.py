"""The verb about mail clients: which are known, how each fares, and how another one becomes known."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from mailrig.commands.call import Call, rendered
from mailrig.errors import MailrigError, Problem

if TYPE_CHECKING:
    from mailrig.clients.catalogue import Client
    from mailrig.clients.server import Server
    from mailrig.inventory.model import Inventory


ACTIONS = "list, show ID, explain ID, matrix, capture"
CAPTURING = 8993  # where capture listens when nothing else is said


def clients(
    call: Call,
    action: tuple[str, ...] = (),
    port: str | None = None,
    profiles: bool = False,
    starttls: str | None = None,
    address: str = "127.0.0.1",
) -> int:
    """Show the mail clients that are known (list, show ID), how they fare (explain ID, matrix); hear one (capture)."""
    match action or ("list",):
        case ("list",):
            return _list(call)
        case ("show", *ids) if ids:
            return _show(call, ids)
        case ("explain", id_):
            return _explain(call, id_, port)
        case ("matrix",):
            return _profiles(call) if profiles else _matrix(call, port)
        case ("capture",):
            return _capture(call, port, starttls, address)
    raise MailrigError(f"clients does not know how to `{' '.join(action)}`", hint=f"it takes one of {ACTIONS}")


def unknown(id_: str, known: Mapping[str, Client]) -> Problem:
    """Return the problem of a mail client that is not among those ``known``."""
    close = difflib.get_close_matches(id_, known, n=1)
    hint = f"did you mean `{close[0]}`?" if close else "`clients list` shows all"
    return Problem(f"there is no mail client `{id_}`", None, hint)


def _inventory(call: Call) -> Inventory:
    """Load the inventory, once."""
    return call.loaded or call.load()


def _known(call: Call) -> Mapping[str, Client]:
    """Return the catalogue as the inventory wants it."""
    from mailrig.clients.catalogue import chosen

    asked = _inventory(call).site.clients
    return chosen(asked.require, asked.ignore, asked.add)


def _list(call: Call) -> int:
    import msgspec

    known = _known(call)
    call.console.data({id_: msgspec.to_builtins(one.entry) for id_, one in known.items()})
    call.console.table(
        ("client", "name", "standing", "speaks", "confidence", "source"),
        [
            (id_, one.title, one.entry.standing, _speaks(one), one.confidence, one.entry.source)
            for id_, one in known.items()
        ],
        {"required": "green", "ignored": "dim"},
    )
    required = sum(one.entry.standing == "required" for one in known.values())
    call.console.text(f"{len(known)} mail clients, {required} of them required")
    return 0


def _speaks(one: Client) -> str:
    """Say how far it goes; of one that names its highest version only, no more is known."""
    return f"TLS {one.entry.versions[0].removeprefix('TLSv')}"


def _show(call: Call, ids: list[str]) -> int:
    import msgspec

    known = _known(call)
    if problems := [unknown(id_, known) for id_ in ids if id_ not in known]:
        raise MailrigError.of(problems)
    entries = {id_: msgspec.to_builtins(known[id_].entry) for id_ in ids}
    call.console.data(entries)
    for id_ in ids:
        call.console.text(f"{id_}: {known[id_].title}")
        for field, value in entries[id_].items():
            if value not in ("", (), None) and field != "name":
                words = ", ".join(str(one) for one in value) if isinstance(value, (list, tuple)) else value
                call.console.text(f"  {field.replace('_', ' ')}: {words}")
    return 0


def _explain(call: Call, id_: str, port: str | None) -> int:
    """Walk through the rules for one client, on each published port; ports that offer the same are told together."""
    from dataclasses import asdict

    from mailrig.clients.explanation import explain

    known = _known(call)
    if id_ not in known:
        raise MailrigError.of([unknown(id_, known)])
    inventory = _inventory(call)
    call.console.text(f"{id_}: {known[id_].title}; {known[id_].entry.confidence}; {known[id_].entry.source}")
    data: dict[str, object] = {}
    is_let_in = True
    for host in inventory.site.hosts:
        numbers = _published(call, host, port)
        for server, ports in _offered(call, host, numbers).items():
            steps = list(explain(server, known[id_]))
            is_let_in = is_let_in and steps[-1].holds
            call.console.text(f"\n{host}, on {', '.join(f'{numbers[name]} ({name})' for name in ports)}:")
            for number, step in enumerate(steps[:-1], 1):
                call.console.text(
                    f"  {number}. {step.subject}: {step.finding}{'' if step.holds else '  <-- here it ends'}"
                )
            call.console.text(f"  {steps[-1].subject}: {steps[-1].finding}")
            data.setdefault(host, []).append({"ports": ports, "steps": [asdict(step) for step in steps]})  # type: ignore[attr-defined]
    call.console.data(data)
    if not data:
        raise _no_port(port)
    return 0 if is_let_in else 1


def _matrix(call: Call, port: str | None) -> int:
    """Show how every client fares on every published TLS port, as the inventory would be deployed."""
    from mailrig.commands.matrix import fares_on, ports_as_data, show_ports

    known = _known(call).values()
    data: dict[str, object] = {}
    is_well = True
    for host in _inventory(call).site.hosts:
        numbers = _published(call, host, port)
        if fares := fares_on(_offered(call, host, numbers), known):
            is_well = show_ports(call, host, numbers, fares) and is_well
            data[host] = ports_as_data(numbers, fares)
    call.console.data(data)
    if not data:
        raise _no_port(port)
    return 0 if is_well else 1


def _profiles(call: Call) -> int:
    """Show whom each profile would lock out, with each kind of certificate."""
    from mailrig.check.profiles import lockouts
    from mailrig.commands.matrix import profiles_as_data, show_profiles

    found = list(lockouts(_known(call).values()))
    call.console.data(profiles_as_data(found))
    show_profiles(call, found)
    return 0


def _no_port(port: str | None) -> MailrigError:
    named = f" `{port}`" if port else ""
    return MailrigError(f"no TLS port{named} is published", hint="name one by its number, or as the inventory does")


def _published(call: Call, host: str, port: str | None) -> dict[str, int]:
    """Return the numbers of the published ports by name; only the one that is asked for, by number or name."""
    from mailrig.targets import target_of

    endpoints = target_of(_inventory(call), host).endpoints
    return {name: endpoint.port for name, endpoint in endpoints.items() if port in (None, name, str(endpoint.port))}


def _offered(call: Call, host: str, ports: Collection[str]) -> dict[Server, list[str]]:
    """Return the ports by what they would offer when the inventory is deployed."""
    from mailrig.apply.judgement import offered_alone

    inventory = _inventory(call)
    release = rendered(inventory)[host]
    found = offered_alone(call.engine(inventory, host), release)
    for service in release.services:
        if service.name not in found:
            raise MailrigError(
                f"the image of {service.name} is not on host {host}", hint="deploy first: that builds it"
            )
    alike: dict[Server, list[str]] = {}
    for offered in found.values():
        for port, server in offered.items():
            if port in ports:
                alike.setdefault(server, []).append(port)
    return alike


def _capture(call: Call, port: str | None, starttls: str | None, address: str) -> int:
    """Listen until a mail client comes, and print its entry, ready for the inventory."""
    import msgspec
    import yaml

    from mailrig.clients.capture import capture

    if starttls not in (None, "imap", "smtp"):
        raise MailrigError(f"--starttls {starttls}: there is no such protocol here", hint="imap or smtp")
    if port is not None and not port.isdecimal():
        raise MailrigError(f"--port {port} is no number")
    number = int(port) if port else CAPTURING
    caught = capture(number, starttls, lambda text: call.console.step("capture", text), address=address)  # type: ignore[arg-type]
    entry = msgspec.to_builtins(caught.entry)
    call.console.data({"entry": entry, "hello": caught.data.hex(), "peer": caught.peer})
    call.console.text(
        yaml.safe_dump({"clients": {"add": {"my-client": entry}}}, sort_keys=False, default_flow_style=None)
    )
    call.console.note(f"heard from {caught.peer}; put this into the inventory, with an id and a name of its own")
    return 0
