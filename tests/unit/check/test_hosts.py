"""What speaks against a deploy to a host, out of what is known of it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from mailrig.check.hosts import Clock, Condition, Disk, Docker, PublishedPort, as_dict, findings, is_fit
from mailrig.errors import Problem

GB = 10**9
GOOD = Condition(
    "mx",
    "ssh://root@mx.example.org",
    is_reachable=True,
    docker=Docker("20.10.24", "1.41", "1.41"),
    disk=Disk("/var/lib/docker", 7 * GB, 20 * GB),
    clock=Clock(-0.2, 0.05),
    ports=(PublishedPort("smtp", "203.0.113.9", 25),),
)
NGINX = PublishedPort("smtp", "203.0.113.9", 25, "nginx (pid 812) listens there")


def test_good_host_is_told_of() -> None:
    """Everything that a deploy needs is named with what was seen."""
    seen = [(one.what, one.state, one.seen) for one in findings(GOOD)]
    assert seen == [
        ("reachable", "ok", "ssh://root@mx.example.org"),
        ("engine", "ok", "Docker 20.10.24, API 1.41 (needed: 1.41)"),
        ("disk", "ok", "7.0 of 20.0 GB free at /var/lib/docker"),
        ("clock", "ok", "0.2 s behind ours, give or take 0.1 s"),
        ("ports", "ok", "203.0.113.9: smtp 25: free"),
    ]
    assert is_fit(GOOD)


@pytest.mark.parametrize(
    ("change", "what", "state", "said"),
    [
        ({"docker": None, "trouble": (Problem("too old", hint="newer"),)}, "engine", "failed", "too old"),
        ({"disk": Disk("/", 2 * GB, 20 * GB)}, "disk", "warning", "2.0 of 20.0 GB free"),
        ({"disk": Disk("/", GB // 2, 20 * GB)}, "disk", "failed", "0.5 of 20.0 GB free"),
        ({"disk": None}, "disk", "unknown", "only a host on ssh://"),
        ({"clock": Clock(9, 1)}, "clock", "warning", "9.0 s ahead of ours"),
        ({"clock": Clock(9, 8)}, "clock", "ok", "9.0 s ahead of ours, give or take 8.0 s"),
        ({"clock": Clock(-3600, 1)}, "clock", "failed", "3600.0 s behind ours"),
        ({"clock": None}, "clock", "unknown", "nobody there"),
        ({"ports": (NGINX,)}, "port smtp", "failed", "203.0.113.9:25: nginx (pid 812) listens there"),
        ({"ports": (replace(NGINX, address="2001:db8::9"),)}, "port smtp", "failed", "[2001:db8::9]:25: nginx"),
        (
            {"ports": (PublishedPort("smtp", "::1", 25, "the container mail-postfix", is_ours=True),)},
            "ports",
            "ok",
            "::1: smtp 25: held by the container mail-postfix",
        ),
        ({"ports": (PublishedPort("smtp", "::1", 25, is_known=False),)}, "ports", "ok", "no container publishes it"),
    ],
)
def test_each_thing_is_judged(change: dict[str, Any], what: str, state: str, said: str) -> None:
    """What fails speaks against a deploy; a warning, and what nobody can tell, does not."""
    host = replace(GOOD, **change)
    [found] = [one for one in findings(host) if one.what == what]
    assert found.state == state
    assert said in found.seen
    assert is_fit(host) is (state != "failed")
    assert found.hint or state in ("ok", "unknown")


def test_of_a_host_that_is_silent_only_that_is_said() -> None:
    """The reason is one line, without what is plain, and the hint is kept."""
    trouble = (Problem("no Docker engine answers\nconnection refused", hint="does it run?"),)
    host = Condition("mx", "ssh://mx", is_reachable=False, trouble=trouble)
    [found] = findings(host)
    assert (found.state, found.seen, found.hint) == (
        "failed",
        "connection refused",
        "does it run?",
    )
    assert not is_fit(host)


def test_data_holds_everything() -> None:
    """All of it goes into JSON."""
    data = json.loads(json.dumps(as_dict(GOOD)))
    assert data["docker"] == {"version": "20.10.24", "api": "1.41", "least_api": "1.41"}
    assert data["disk"]["free"] == 7 * GB
    assert data["clock"]["ahead"] == -0.2
    assert data["ports"][0]["port"] == 25
    assert [one["state"] for one in data["findings"]] == ["ok"] * 5
    assert data["ok"] is True
