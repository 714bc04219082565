"""Which mail clients decide about a release, and which have to prove it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
import yaml

from mailrig.apply.gate import clients_of, crowd, gate
from mailrig.apply.judgement import Judgement
from mailrig.check.access import Offers
from mailrig.clients.catalogue import shipped
from mailrig.clients.names import GROUPS, SUITES, VERSIONS
from mailrig.clients.openssl import GROUPS_BY_DEFAULT, SUITES13
from mailrig.clients.server import Certificate, Server, Suite
from mailrig.errors import Lockout
from mailrig.inventory.loader import load
from mailrig.inventory.model import Inventory
from mailrig.inventory.state import State
from mailrig.render.release import CERTIFICATES, File, Rung, Service
from mailrig.resources import resource
from mailrig.targets import target_of

from .conftest import Bench

if TYPE_CHECKING:
    from mailrig.engine.workshop import Workshop

SITE = """\
site: t
domains: [example.org]
hosts:
  home:
    hostname: mail.example.org
    certificate: {source: demo-ca}
    ports: {imaps: 10993}
"""
INCIDENT, GOOD = (
    Server(
        versions=(VERSIONS["TLSv1.2"], VERSIONS["TLSv1.3"]),
        suites=(Suite(SUITES[name], name, "ECDHE", proof),),
        suites13=SUITES13,
        groups=GROUPS_BY_DEFAULT,
        certificates=(Certificate("EC", 256, GROUPS["secp256r1"], 0x0403),),
    )
    for name, proof in (("ECDHE-RSA-AES128-GCM-SHA256", "RSA"), ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDSA"))
)


@pytest.fixture
def site(tmp_path: Path) -> Inventory:
    """A small inventory."""
    return loaded(tmp_path)


def loaded(directory: Path, **clients: object) -> Inventory:
    """Return the inventory with a choice of clients."""
    (directory / "site.yaml").write_text(SITE)
    (directory / "clients.yaml").write_text(yaml.safe_dump({"clients": clients}) if clients else "{}\n")
    return load(directory, State(directory / ".state"), dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def judgement() -> Judgement:
    """Return what was found of a change that locks out whoever speaks TLS 1.2 at most."""
    return Judgement(offered={"dovecot": Offers({"imaps": GOOD}, {"imaps": INCIDENT})})


def test_a_required_client_that_is_locked_out_is_a_refusal(site: Inventory) -> None:
    """It names the port by the number under which it is published."""
    with pytest.raises(Lockout, match=r"would lock out 6 of 35 required mail clients on 10993\n"):
        gate(judgement(), target_of(site, "home"), site, ())


def test_whoever_may_be_locked_out_is_no_reason(site: Inventory) -> None:
    """The others are, one by one."""
    target = target_of(site, "home")
    out = [one.client.id for one in gate(judgement(), target, None, ())[0].locked_out]
    [found] = gate(judgement(), target, site, out)
    assert (found.ports, found.newly_out != ()) == ({"imaps": 10993}, True)
    with pytest.raises(Lockout, match="would lock out 1 of 35"):
        gate(judgement(), target, site, [id_ for id_ in out if id_ != "android-7"])


def test_nobody_is_required_without_an_inventory() -> None:
    """A rollback does not know whom the site ignores: one of TLS 1.3 alone must be able to go back."""
    assert crowd(Judgement(), None, ()).allowed == set(shipped())


def test_the_crowd_compares_with_what_is_to_be_in_force(site: Inventory) -> None:
    """What the ports offered before is no prediction; who may stay outside is passed on."""
    made = crowd(judgement(), site, ["android-7"])
    assert made.offered == {"imaps": INCIDENT}
    assert made.allowed == {"android-7"}
    assert {client.id for client in made.clients} == set(shipped())


@pytest.mark.parametrize("is_watching", [True, False])
def test_nothing_is_foreseen_of_copies_that_come_back(site: Inventory, is_watching: bool) -> None:
    """A rollback may serve other certificates than those on the host; a deploy takes what was judged."""
    files = (File(CERTIFICATES, b"", "", 0o644, 0, 0, Rung.RELOAD),) if is_watching else ()
    found = judgement()
    found.workshops["dovecot"] = cast("Workshop", Bench(Service("dovecot", {}, files)))
    assert crowd(found, None, ()).offered == ({} if is_watching else {"imaps": INCIDENT})
    assert crowd(found, site, ()).offered == {"imaps": INCIDENT}


def test_an_inventory_chooses_who_counts(tmp_path: Path) -> None:
    """It requires, ignores and adds clients."""
    example = yaml.safe_load((resource("inventory") / "example" / "clients.yaml").read_text())["clients"]["add"]
    site = loaded(tmp_path, require=["java-7u25"], ignore=["java-8u161"], add=example)
    standing = {client.id: client.entry.standing for client in clients_of(site)}
    assert set(standing) == {*shipped(), *example}
    assert (standing["java-7u25"], standing["java-8u161"]) == ("required", "ignored")
    assert {client.id: client.entry.standing for client in clients_of(None)}["java-7u25"] == "legacy"
