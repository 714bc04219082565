"""Which configurations are judged before a deploy, and what is made of what the tools say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from mailrig.apply import judgement as module
from mailrig.apply.judgement import Judgement, judged, offered_alone
from mailrig.check.access import Offers
from mailrig.clients.catalogue import shipped
from mailrig.clients.offered import broken
from mailrig.engine.connection import Engine
from mailrig.errors import CheckError, Problem
from mailrig.inventory.loader import load
from mailrig.inventory.model import Inventory
from mailrig.inventory.state import State
from mailrig.plan.actions import DELIVERING, Action, Plan, Verb
from mailrig.plan.observed import Container, Observed, PresentFile
from mailrig.render.release import File, Release, Rung, Service

from .conftest import DOVECOT, RIGHT, WRONG, Bench

FILE = File("dovecot.conf", b"new", "new", 0o644, 0, 0, Rung.RELOAD)
SPEC = {"image": "i:1", "container_name": "c", "volumes": [{"target": "/etc/mailrig", "source": "config"}]}
NOBODY = cast("Engine", None)  # whom a stand-in does not ask
SITE = """\
site: t
domains: [example.org]
hosts:
  home:
    hostname: mail.example.org
    certificate: {source: host, cert: /certs/tls.crt, key: /certs/tls.key}
    ports: {imaps: 993}
"""


@pytest.fixture
def inventory(tmp_path: Path) -> Inventory:
    """An inventory with a certificate on the Docker host."""
    (tmp_path / "site.yaml").write_text(SITE)
    return load(tmp_path, State(tmp_path / ".state"), dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


@dataclass
class World:
    """A host with one service, what is to be done with it, and what the tools will say."""

    service: Service = field(default_factory=lambda: Service("dovecot", SPEC, (FILE,)))
    verb: Verb = Verb.RELOAD
    container: dict[str, Any] | None = field(default_factory=dict)  # what is otherwise than in force
    has_image: bool = True
    has_volume: bool = True
    tools: dict[str, Any] = field(default_factory=dict)

    @property
    def release(self) -> Release:
        """What is wanted."""
        return Release("home", "mailrig-t", "", {"volumes": {"config": {"name": "vol"}}}, (self.service,))

    @property
    def observed(self) -> Observed:
        """What stands."""
        there = Container("id", "c", "dovecot", "running", "Up", "image", "", delivered=self.id, loaded=self.id)
        there = replace(there, files={FILE.path: PresentFile(FILE.content, FILE.mode, FILE.uid, FILE.gid)})
        return Observed(
            containers=() if self.container is None else (replace(there, **self.container),),
            volumes=frozenset(["vol"] if self.has_volume else []),
            images={"i:1": "image"} if self.has_image else {},
        )

    @property
    def id(self) -> str:
        """The name of the new configuration."""
        return self.service.release_id

    def judge(self, inventory: Inventory | None = None) -> AbstractContextManager[Judgement]:
        """Begin to judge."""
        plan = Plan("home", (), (), (), (Action("dovecot", self.verb),))
        return judged(NOBODY, self.release, self.observed, plan, inventory)


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A world whose workshops are stand-ins."""
    made = World()
    monkeypatch.setattr(
        module, "Workshop", lambda _, __, service, volumes=(), **___: Bench(service, "vol" in volumes, **made.tools)
    )
    return made


def done(world: World, inventory: Inventory | None = None) -> Judgement:
    """Return the whole of a judgement."""
    with world.judge(inventory) as judgement:
        judgement.wait()
        return judgement


OTHER_FILES: dict[str, Any] = {"files": {FILE.path: PresentFile(b"edited", 0o644, 0, 0)}}


@pytest.mark.parametrize(
    ("verb", "container", "is_judged"),
    [
        *((verb, None, verb in DELIVERING) for verb in Verb),
        (Verb.RELOAD, {}, False),
        (Verb.REFRESH, {}, False),
        (Verb.RESTART, {}, True),
        (Verb.START, {}, True),
        (Verb.RECREATE, {}, True),
        (Verb.RELOAD, {"loaded": "other"}, True),
        (Verb.RELOAD, {"delivered": "other"}, True),
        (Verb.RELOAD, OTHER_FILES, True),
    ],
)
def test_what_is_judged(world: World, verb: Verb, container: dict[str, Any] | None, is_judged: bool) -> None:
    """What comes into force by what is done; and what starts anew in any case, since it reads all files anew."""
    world.verb, world.container = verb, container
    assert bool(done(world).workshops) == is_judged


ACCOUNTS = replace(FILE, path="users", needs=Rung.NOTHING, unjudged=True)


@pytest.mark.parametrize(
    ("container", "has_volume", "is_spared"),
    [
        ({"delivered": "before"}, True, True),
        ({"delivered": "before"}, False, False),  # there is nothing to deliver into
        ({"delivered": "before", "files": {}}, True, False),  # dovecot.conf is another
        ({}, True, False),  # in force already, and not as it was delivered
        (None, True, False),
    ],
)
def test_accounts_alone_need_no_workshop(
    world: World, container: dict[str, Any] | None, has_volume: bool, is_spared: bool
) -> None:
    """Whoever holds the lock delivers them, where nothing else changes and what is in force stays beside them."""
    world.service, world.verb = Service("dovecot", SPEC, (FILE, ACCOUNTS)), Verb.REFRESH
    world.container, world.has_volume = container, has_volume
    judgement = done(world)
    assert [one.name for one in judgement.spared] == (["dovecot"] if is_spared else [])
    assert bool(judgement.workshops) != is_spared


def test_what_has_no_image_yet_is_not_judged(world: World) -> None:
    """There is nothing to judge it with."""
    world.has_image = False
    assert done(world).workshops == {}


def test_workshops_are_left(world: World) -> None:
    """Whatever was found in them."""
    world.container = None
    [bench] = done(world).workshops.values()
    assert cast("Any", bench).is_closed


ERROR = "== errors\ndovecot.conf:1: no good\n== effective\n"


@pytest.mark.parametrize(
    ("verb", "container", "counts"),
    [
        (Verb.RESTART, {}, False),
        (Verb.START, {}, False),
        (Verb.RESTART, {"loaded": "other"}, False),
        (Verb.RESTART, OTHER_FILES, True),
        (Verb.START, {"delivered": "other"}, True),
        (Verb.RECREATE, {}, True),
        (Verb.CREATE, None, True),
        (Verb.RELOAD, {"loaded": "other"}, True),
    ],
)
def test_what_was_in_force_starts_again_whatever_it_is(
    world: World, inventory: Inventory, verb: Verb, container: dict[str, Any] | None, counts: bool
) -> None:
    """Neither what the tools say, nor who is locked out, nor a name is a reason not to let anybody in at all."""
    world.verb, world.container = verb, container
    world.tools = {"said": ERROR + DOVECOT, "files": {("/certs/tls.crt", None): WRONG}}
    judgement = done(world, inventory)
    assert judgement.offered["dovecot"].gates == counts
    told = [problem.message for problem in judgement.problems]
    assert told == (["dovecot: dovecot.conf:1: no good", MISNAMED] if counts else [])


MISNAMED = "the certificate /certs/tls.crt is for www.example.org, not for mail.example.org"


def test_a_rollback_may_bring_back_any_name(world: World) -> None:
    """Without an inventory nobody says by which name clients come."""
    world.container = None
    world.tools = {"files": {("/certs/tls.crt", None): WRONG}}
    assert done(world).problems == []


BEFORE = DOVECOT.replace("AES128", "AES256").replace("imap", "imap pop3")


def test_what_is_in_force_is_what_the_daemon_took_in(world: World) -> None:
    """It is read from its own files, and compared with the new."""
    world.container = {"loaded": "old", "delivered": "between"}
    world.tools = {
        "before": {"old": BEFORE, "between": DOVECOT},
        "files": {("/certs/tls.crt", None): RIGHT, ("/certs/tls.crt", "old"): WRONG},
    }
    judgement = done(world)
    offers = judgement.offered["dovecot"]
    assert ("pop3s" in offers.before, "pop3s" in offers.after) == (True, False)
    assert not offers.before["imaps"].fault
    effective = judgement.effective["dovecot"]
    assert (effective.before["ssl_cipher_list"], effective.after["ssl_cipher_list"]) == ("AES256", "AES128")


def test_files_from_before_are_not_the_new_ones(world: World) -> None:
    """What is not there any more cannot be reckoned with."""
    world.container = {"loaded": "old"}
    world.tools = {"before": {"old": BEFORE}}
    assert "cannot be read" in done(world).offered["dovecot"].before["imaps"].fault


def test_what_was_delivered_counts_where_nobody_knows_what_was_taken_in(world: World) -> None:
    """So it is after a deploy that died in between."""
    world.container = {"loaded": None, "delivered": "old"}
    world.tools = {"before": {"old": BEFORE}}
    assert "pop3s" in done(world).offered["dovecot"].before


@pytest.mark.parametrize("change", [{"has_volume": False}, {"container": None}, {"tools": {}}])
def test_nothing_is_known_of_before(world: World, change: dict[str, Any]) -> None:
    """Without a volume, without a container, and where the volume has lost it."""
    world.container, world.tools = {"loaded": "old"}, {"before": {"old": BEFORE}}
    for name, value in change.items():
        setattr(world, name, value)
    judgement = done(world)
    assert judgement.offered["dovecot"].before == {}
    assert judgement.effective == {}


def test_settings_for_some_clients_only_are_named(world: World) -> None:
    """They are left out of what is reckoned with."""
    world.container = None
    block = "local_name www.example.org {\n  ssl_cert = </certs/www.crt\n}\n"
    world.tools = {"said": f"== errors\n== effective\n{DOVECOT}{block}"}
    assert list(done(world).offered["dovecot"].left_out) == ["local_name www.example.org/ssl_cert"]


def test_everything_that_is_wrong_is_told_once() -> None:
    """Both services may be given the same certificate."""
    one, other = Problem("one"), Problem("other")
    with pytest.raises(CheckError) as caught:
        Judgement(problems=[one, other, one]).refuse()
    assert caught.value.problems == (one, other)
    Judgement().refuse()


def test_nothing_is_decided_before_all_is_known() -> None:
    """A tool that takes its time has its say."""

    class Late(Future[None]):
        def result(self, timeout: float | None = None) -> None:
            judgement.problems.append(Problem("late"))
            self.set_result(None)
            return super().result(timeout)

    judgement = Judgement(under_way=[Late()])
    with pytest.raises(CheckError, match="late"):
        judgement.refuse()


def test_the_ports_of_all_services_are_looked_at() -> None:
    """Each of those that were judged."""
    out = broken("because")
    judgement = Judgement(offered={"dovecot": Offers({}, {"imaps": out}), "postfix": Offers({}, {"submission": out})})
    found = judgement.access({"imaps": 993, "submission": 587}, shipped().values())
    assert [one.ports for one in found] == [{"imaps": 993}, {"submission": 587}]


@pytest.mark.parametrize("is_there", [True, False])
def test_alone_only_what_has_an_image_is_asked(world: World, monkeypatch: pytest.MonkeyPatch, is_there: bool) -> None:
    """As `clients explain` does, with no deploy under way."""
    has_image: Callable[..., bool] = lambda *_: is_there  # noqa: E731 - a stand-in
    monkeypatch.setattr(module, "has_image", has_image)
    assert list(offered_alone(NOBODY, world.release)) == (["dovecot"] if is_there else [])
