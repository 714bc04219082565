"""The verb about the machines themselves, before anything is deployed to them: host check, host bootstrap."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, get_args

from mailrig.commands.call import Call
from mailrig.errors import MailrigError

if TYPE_CHECKING:
    from mailrig.check.hosts import Condition
    from mailrig.inventory.model import Inventory

USAGE = "`host check [NAME…]` says how hosts are, `host bootstrap NAME` installs and starts Docker on one"
STYLES = {"ok": "green", "warning": "yellow", "failed": "red", "unknown": "dim"}


def host(call: Call, action: tuple[str, ...] = ()) -> int:
    """Say how each host is (host check NAME…), or install and start Docker on one (host bootstrap NAME)."""
    word, *names = action or ("check",)
    if word not in ("check", "bootstrap") or (word == "bootstrap" and len(names) != 1):
        raise MailrigError("host takes `check` or `bootstrap`, and names of hosts", hint=USAGE)
    inventory = call.load()
    _refuse_unknown(inventory, names)
    if word == "check":
        return _check(call, inventory, names or list(inventory.site.hosts))
    return _bootstrap(call, inventory, names[0])


def _refuse_unknown(inventory: Inventory, names: Collection[str]) -> None:
    known = inventory.site.hosts
    if unknown := [name for name in names if name not in known]:
        raise MailrigError(f"there is no host `{unknown[0]}`", hint=f"the hosts are: {', '.join(known)}")


def _bootstrap(call: Call, inventory: Inventory, name: str) -> int:
    from mailrig.engine.install import bootstrap

    done: list[str] = []

    def told(text: str) -> None:
        done.append(text)
        call.console.step(name, text)

    bootstrap(inventory.engine(name), told).close()
    if not done:
        told("Docker is there, and runs")
    condition = _condition(call, inventory, name)
    _show(call, [condition])
    call.console.data({"host": name, "done": done, "check": _as_dict(condition)})
    return 0 if _is_fit(condition) else 1


def _check(call: Call, inventory: Inventory, names: Collection[str]) -> int:
    from mailrig.apply.hosts import at_once

    call.console.step("host", f"waiting for {', '.join(names)}")
    found, _ = at_once(names, lambda name: _condition(call, inventory, name))
    conditions = list(found.values())
    _show(call, conditions)
    call.console.data({"hosts": [_as_dict(condition) for condition in conditions]})
    return 0 if all(map(_is_fit, conditions)) else 1


def _condition(call: Call, inventory: Inventory, name: str) -> Condition:
    from mailrig.engine.condition import condition
    from mailrig.engine.labels import PREFIX
    from mailrig.inventory.model import PortName

    published = [(port, inventory.site.hosts[name].published(port)) for port in get_args(PortName)]
    wanted = [(port, (address, one.port)) for port, one in published if one for address in one.addresses or ()]
    project = PREFIX + inventory.site.site
    return condition(name, inventory.engine(name), lambda: call.engine(inventory, name), wanted, project)


def _show(call: Call, conditions: Collection[Condition]) -> None:
    from mailrig.check.hosts import findings

    found = [(condition.host, finding) for condition in conditions for finding in findings(condition)]
    rows = [(one.state, host, one.what, one.seen) for host, one in found]
    call.console.table(("", "host", "what", "seen"), rows, STYLES)
    for host, one in found:
        if one.hint:
            call.console.note(f"{host}: {one.what}: {one.seen}\nhint: {one.hint}")


def _as_dict(condition: Condition) -> Mapping[str, object]:
    from mailrig.check.hosts import as_dict

    return as_dict(condition)


def _is_fit(condition: Condition) -> bool:
    from mailrig.check.hosts import is_fit

    return is_fit(condition)
