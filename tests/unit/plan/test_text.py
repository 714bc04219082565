"""A plan as plain data, and what no plan shows."""

from __future__ import annotations

import json
from dataclasses import replace

from mailrig.check.access import Access
from mailrig.clients.catalogue import shipped
from mailrig.plan.actions import Action, Drift, Plan, Verb
from mailrig.plan.files import file_changes
from mailrig.plan.observed import Container, PresentFile
from mailrig.plan.text import as_dict, text
from mailrig.render.release import File, Rung, Service

PLAN = Plan(
    "home",
    ("mailrig/dovecot:1",),
    ("net",),
    ("vol",),
    (Action("dovecot", Verb.RELOAD_ALL, ("listen: set to *",), "sessions stay"), Action("postfix", Verb.NOTHING)),
    (Drift("dovecot", "users was edited in the volume"),),
)


def test_plain_data_holds_the_whole_plan() -> None:
    """A program gets what a person gets, and both reloads by their own names."""
    assert json.loads(json.dumps(as_dict(PLAN))) == {
        "host": "home",
        "images": ["mailrig/dovecot:1"],
        "networks": ["net"],
        "volumes": ["vol"],
        "actions": [
            {
                "service": "dovecot",
                "action": "reload-all",
                "causes": ["listen: set to *"],
                "interruption": "sessions stay",
            },
            {"service": "postfix", "action": "unchanged", "causes": [], "interruption": ""},
        ],
        "unverified": "",
        "drift": [{"service": "dovecot", "what": "users was edited in the volume"}],
        "access": [],
    }


def test_both_reloads_read_the_same() -> None:
    """For a person a reload is a reload; what it means for sessions stands beside it."""
    assert "reload-all" not in text(PLAN)
    assert text(PLAN).endswith("Plan: 1 reload, 0 restarts, 0 recreates")


def test_no_hash_or_password_is_in_a_cause() -> None:
    """Of a secret that changed, both fingerprints are shown and neither value."""
    file = File("logins", b"a@example.org:{X}new\n", "masked", 0o640, 0, 0, Rung.NOTHING, keyed=":", entries="accounts")
    old = PresentFile(b"a@example.org:{X}old\n", 0o640, 0, 0)
    container = Container("1", "d", "dovecot", "running", "Up", "i", "h", files={"logins": old})
    (change,) = file_changes(Service("dovecot", {}, (file,)), container)
    assert "{X}" not in change.words
    assert change.words.startswith("accounts in logins: 1 changed (a@example.org ")


def test_long_list_of_causes_is_cut_for_a_person_alone() -> None:
    """Twelve lines an action at most, and the last says how many are left out."""
    causes = tuple(f"setting_{number}: set to 1" for number in range(20))
    long = Plan("home", (), (), (), (Action("dovecot", Verb.RELOAD, causes),))
    lines = text(long).splitlines()[1:-1]
    assert len(lines) == 12
    assert lines[-1].strip() == "… and 9 more"
    assert as_dict(long)["actions"] == [
        {"service": "dovecot", "action": "reload", "causes": list(causes), "interruption": ""}
    ]


def test_what_is_not_foreseen_is_told_with_the_reason() -> None:
    """Settings with the same reason share a line."""
    left_out = {"local 10.0.0.1/ssl_cert": "for some addresses", "remote ::1/ssl_cert": "for some addresses"}
    access = Access("dovecot", {"imaps": 993}, 35, (), left_out={**left_out, "local_name a/ssl_dh": "for other names"})
    shown = text(replace(PLAN, access=(access,)))
    assert "not foreseen   993: for some addresses: local 10.0.0.1/ssl_cert; remote ::1/ssl_cert" in shown
    assert "not foreseen   993: for other names: local_name a/ssl_dh" in shown


def test_clients_and_suites_have_lines_of_their_own() -> None:
    """Those who must get in come first, ports of which the same is to be said share a line, and port 25 has none."""
    clients = [shipped()[id_] for id_ in ("java-7u25", "android-7", "php-8.2")]

    def access(service: str, **ports: int) -> Access:
        return Access(
            service,
            ports,
            35,
            (),
            tuple(clients),
            dead={"DHE-RSA-AES128-SHA": "no parameters"},
            newly_dead=("DHE-RSA-AES128-SHA",),
        )

    shown = text(replace(PLAN, access=(access("dovecot", imaps=993), access("postfix", submission=587, smtp=25))))
    assert (
        "! clients   lock out     993, 587, 25: Android 7.0 native; PHP 8.2.36 stream_socket_client; Java 7u25, legacy"
        in shown
    )
    assert "! suites    never used   993, 587, 25: DHE-RSA-AES128-SHA: no parameters" in shown
    assert "clients" not in text(replace(PLAN, access=(access("postfix", smtp=25),)))
