"""Whether a request may pass, as the web server asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import Client

from mailrig.portal.door import ANY, LOGIN, POST, Door, is_login

WEB = "172.18.0.5"


def headers(client: str = "203.0.113.5", method: str = "GET", uri: str = "/") -> Headers:
    """Return what Caddy's forward_auth says of a request."""
    return Headers({"X-Forwarded-For": client, "X-Forwarded-Method": method, "X-Forwarded-Uri": uri})


@pytest.fixture
def door() -> Door:
    """A door that finds the web server in the DNS."""
    return Door(resolve=lambda _: {WEB})


def passed(door: Door, asked: int, peer: str = WEB, said: Headers | None = None) -> int:
    """Return how many of so many requests pass."""
    return sum(door.wait(peer, said or headers()) == 0 for _ in range(asked))


def test_a_thousand_at_once_are_held_up(door: Door) -> None:
    """What somebody needs passes, and hardly more."""
    assert ANY.burst <= passed(door, 1000) < ANY.burst + 100


def test_others_are_not_held_up(door: Door) -> None:
    """Whoever else comes through the same web server."""
    passed(door, 1000)
    assert passed(door, 5, said=headers("203.0.113.6")) == 5


def test_logging_in_has_a_limit_of_its_own(door: Door) -> None:
    """Far below that for other requests, and waiting is measured by it."""
    login = headers(method="POST", uri="/?_task=login")
    assert passed(door, 50, said=login) == LOGIN.burst
    assert 5 <= door.wait(WEB, login) <= 6
    assert passed(door, 5) == 5


def test_a_login_under_another_name_has_the_limit_for_posts(door: Door) -> None:
    """Nobody shows us the body, in which Roundcube would find the task."""
    assert POST.burst <= passed(door, 150, said=headers(method="POST", uri="/?_task=mail")) <= POST.burst + 2


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("/", True),
        ("/?_task=login", True),
        ("/index.php?_task=login&_action=login", True),
        ("/?_action=plugin.autologon", True),
        ("/?_task=mail&_task=login", True),
        ("/?%5Ftask=login", True),
        ("/?_task=mail&_action=send", False),
        ("/?_task=mail&_action=login", False),  # refused by Roundcube's plugin: test_roundcube.py
        ("/Autodiscover/Autodiscover.xml", False),
        ("/autodiscover/../?_task=login", True),
        ("/setup", True),
        ("//[bad?_task=login", True),
    ],
)
def test_attempts_to_log_in_are_known(uri: str, expected: bool) -> None:
    """By the task in the query, or by there being none."""
    assert is_login(uri) is expected


def test_only_the_web_server_is_believed() -> None:
    """Another container cannot take many addresses for itself, nor hold up somebody else."""
    door = Door(resolve=lambda _: {WEB})
    said = [headers(f"203.0.113.{number}") for number in range(250)]
    assert ANY.burst <= sum(door.wait("172.18.0.9", one) == 0 for one in said) < 250
    assert passed(door, 5, said=headers("203.0.113.1")) == 5


def test_only_what_the_web_server_saw_itself_counts(door: Door) -> None:
    """What a client wrote before it in X-Forwarded-For does not."""
    said = [headers(f"198.51.100.{number}, 203.0.113.5") for number in range(250)]
    assert sum(door.wait(WEB, one) == 0 for one in said) < 250


@pytest.mark.parametrize("told", ["", "unknown", "a" * 5000])
def test_whoever_is_not_named_counts_as_the_web_server(door: Door, told: str) -> None:
    """What cannot be read is not a way around."""
    assert passed(door, 1000, said=headers(told)) < 400


def test_nobody_is_believed_while_there_is_no_web_server() -> None:
    """The DNS does not know it: each is who it is."""
    door = Door(resolve=lambda _: set())
    assert passed(door, 1000) < 400


def test_a_web_server_made_anew_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has another address then, which is asked for soon."""
    addresses = {WEB}
    now = [0.0]
    monkeypatch.setattr("mailrig.portal.door.time.monotonic", lambda: now[0])
    door = Door(resolve=lambda _: set(addresses))
    door.wait(WEB, headers())
    addresses.clear()
    addresses.add("172.18.0.7")
    now[0] += 2
    assert sum(door.wait("172.18.0.7", headers(f"203.0.113.{number}")) == 0 for number in range(250)) == 250


def test_answers_are_what_forward_auth_takes(ask: Callable[..., Client], door: Door) -> None:
    """204 lets a request pass; 429 says when to come again, in the reader's language."""
    client = ask(door=door)
    said = {**headers(method="POST", uri="/?_task=login"), "Accept-Language": "ja"}
    answers = [
        client.get("/limit", headers=said, environ_overrides={"REMOTE_ADDR": WEB}) for _ in range(LOGIN.burst + 1)
    ]
    assert {answer.status_code for answer in answers[:-1]} == {204}
    last = answers[-1]
    assert (last.status_code, last.headers["Retry-After"]) == (429, "6")
    assert last.text == "短い時間に多くのリクエストがありました。6 秒後にもう一度お試しください。\n"
