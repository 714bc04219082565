"""An inventory's directory to an Inventory, or to every problem in it; knows nothing of Docker or of templates."""

from __future__ import annotations

import datetime as dt
import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace
from yaml.nodes import Node

from mailrig.errors import InventoryError, Problem
from mailrig.inventory import document, reader, rules
from mailrig.inventory.authority import DEFAULT_KEY
from mailrig.inventory.draft import Draft
from mailrig.inventory.model import Certificate, Host, Inventory, KeyPair, Login, Site
from mailrig.inventory.passwords import quick_hash_of
from mailrig.inventory.rules.addresses import probe_address
from mailrig.inventory.state import State
from mailrig.secret import Secret


def load(directory: Path, state: State, now: dt.datetime, roots: Mapping[Path, Node | None] | None = None) -> Inventory:
    """Read the inventory in ``directory``, and complete it with what ``state`` keeps or generates.

    ``now`` is aware of its time zone. Files that were parsed already are given as ``roots`` (see document.read).
    Raises InventoryError with all problems, in the order of the files.
    """
    with uncollected():
        found = document.read(directory, roots)
        draft, reading = reader.read(found)
    problems = [*found.problems, *reading]
    if found.is_complete:
        problems += rules.check(draft, now)
    if problems:
        raise InventoryError.of(sorted(problems, key=_order))
    return _complete(draft, state, now)


@contextmanager
def uncollected() -> Iterator[None]:
    """Spare the cyclic collector: it would walk a tree that all stays, and take half the time of 10,000 accounts."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _order(problem: Problem) -> tuple[str, int, int]:
    where = problem.location
    return (str(where.file), where.line, where.column) if where else ("", 0, 0)


def _complete(draft: Draft, state: State, now: dt.datetime) -> Inventory:
    site = draft.site
    return Inventory(
        name=draft.directory.resolve().name,
        directory=draft.directory,
        site=_with_passwords(draft, state),
        marks=draft.marks,
        certificates={
            name: pairs for name, host in site.hosts.items() if (pairs := tuple(_key_pairs(draft, host, state, now)))
        },
        trust={name: pem for name, host in site.hosts.items() if (pem := _trust(draft, host, state, now)) is not None},
        session_keys={
            name: state.key(f"roundcube.{name}") for name in site.hosts if "roundcube" in site.services_of(name)
        },
        database_trust=_database_trust(draft),
        probe=_probe(draft, state),
    )


def _with_passwords(draft: Draft, state: State) -> Site:
    """Return the site with a hash for each account that asks for a generated password."""
    generated = [str(path[1]) for path in draft.generated if path[0] == "accounts"]
    hashes = {address: state.login(address).hash for address in sorted(generated)}
    accounts = draft.site.accounts
    return replace(
        draft.site,
        accounts=accounts | {address: replace(accounts[address], password=hashes[address]) for address in hashes},
    )


def _probe(draft: Draft, state: State) -> Login:
    address, password = probe_address(draft), draft.site.probe.password
    if password is None or ("probe", "password") in draft.generated:
        login = state.login(address)
        return Login(address, login.password, quick_hash_of(login.password))
    return state.login_with(address, password)


def _key_pairs(draft: Draft, host: Host, state: State, now: dt.datetime) -> Iterator[KeyPair]:
    match host.certificate:
        case Certificate(source="demo-ca", names=names, key_types=types):
            for key_type in types or (DEFAULT_KEY,):
                yield state.certificate((host.hostname, *names), now, key_type)
        case Certificate(source="operator") as found:
            for cert, key in ((found.cert, found.key), (found.alt_cert, found.alt_key)):
                if cert and key:
                    yield KeyPair(_text(draft, cert), Secret(_text(draft, key)))


def _trust(draft: Draft, host: Host, state: State, now: dt.datetime) -> str | None:
    if host.certificate.source == "demo-ca":
        return state.authority(now).cert
    return _text(draft, host.certificate.trust) if host.certificate.trust else None


def _database_trust(draft: Draft) -> str | None:
    webmail = draft.site.webmail
    return _text(draft, webmail.database_trust) if webmail and webmail.database_trust else None


def _text(draft: Draft, file: str) -> str:
    """Return what is in one of the operator's files, which the rules have found to be there."""
    return (draft.directory / file).read_text(encoding="ascii")
