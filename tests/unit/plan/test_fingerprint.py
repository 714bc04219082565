"""The name of a host's state: another for each thing that a plan depends on, and the same for what passes by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from mailrig.plan.observed import Container, Foreign, Observed, PresentFile
from mailrig.plan.planner import fingerprint

FILE = PresentFile(b"one", 0o644, 0, 0)
CONTAINER = Container(
    id="1",
    name="mailserver-dovecot",
    service="dovecot",
    state="running",
    status="Up 5 minutes (healthy)",
    image="i",
    spec_hash="h",
    spec={"mem_limit": "256m"},
    delivered="r",
    loaded="r",
    recorded={"users": "d"},
    files={"users": FILE},
)
HOST = Observed(containers=(CONTAINER,), networks={"net": "h"}, volumes=frozenset({"vol"}), images={"tag": "i"})


def with_container(**changes: Any) -> Observed:
    """The host, with one thing about its container otherwise."""
    return replace(HOST, containers=(replace(CONTAINER, **changes),))


def test_fingerprint_is_sixteen_hexadecimal_digits() -> None:
    """It can be written into a file and read aloud."""
    assert len(fingerprint(HOST)) == 16
    assert int(fingerprint(HOST), 16) >= 0


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "2"},
        {"name": "x"},
        {"state": "exited"},
        {"status": "Up 5 minutes (unhealthy)"},
        {"image": "j"},
        {"spec_hash": "g"},
        {"spec": None},
        {"drift": ("mem_limit is 1g",)},
        {"delivered": "s"},
        {"loaded": None},
        {"recorded": {}},
        {"files": {"users": replace(FILE, content=b"two")}},
        {"files": {"users": replace(FILE, mode=0o600)}},
    ],
)
def test_container_that_changed_gives_another(changes: Mapping[str, Any]) -> None:
    """Whatever a plan depends on makes the fingerprint another."""
    assert fingerprint(with_container(**changes)) != fingerprint(HOST)


@pytest.mark.parametrize(
    "changes",
    [
        {"containers": ()},
        {"networks": {"net": "g"}},
        {"volumes": frozenset()},
        {"foreign": (Foreign("port", "993", "", ""),)},
        {"kept": {"dovecot": CONTAINER}},
    ],
)
def test_host_that_changed_gives_another(changes: Mapping[str, Any]) -> None:
    """Networks, volumes and what stands in the way count as well."""
    assert fingerprint(replace(HOST, **changes)) != fingerprint(HOST)


@pytest.mark.parametrize(
    "changes", [{"status": "Up 6 minutes (healthy)"}, {"sessions": {"imaps": 14}}, {"verified": "r"}]
)
def test_what_passes_by_itself_gives_the_same(changes: Mapping[str, Any]) -> None:
    """Time and the clients that come and go do not make a plan void."""
    assert fingerprint(with_container(**changes)) == fingerprint(HOST)


@pytest.mark.parametrize("changes", [{"images": {"tag": "j"}}, {"volumes": frozenset({"vol", "mailrig-t_state"})}])
def test_what_a_deploy_makes_before_it_begins_gives_the_same(changes: Mapping[str, Any]) -> None:
    """Images are built, and the volume of its notes is made, before a deploy looks at the host again."""
    assert fingerprint(replace(HOST, **changes)) == fingerprint(HOST)


def test_order_of_containers_does_not_count() -> None:
    """The engine lists containers by age."""
    other = replace(CONTAINER, id="2", service="postfix")
    one, two = replace(HOST, containers=(CONTAINER, other)), replace(HOST, containers=(other, CONTAINER))
    assert fingerprint(one) == fingerprint(two)
