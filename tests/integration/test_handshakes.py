"""The prediction of handshakes agrees with real servers in every case, and each of its rules is needed for that.

This is the short form; `invoke bench --clients` tries the whole matrix.
"""

from __future__ import annotations

from collections.abc import Callable

import docker
import pytest
from matrix import CLIENTS, SHORT, make_certificates
from servers import PROGRAMS, Record, provide_images, record

from mailrig.clients import rules
from mailrig.clients.catalogue import Client
from mailrig.clients.server import Certificate, Server, Suite


@pytest.fixture(scope="module")
def records(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Record]]:
    """What each client was answered by each server, by the server's program."""
    directory = tmp_path_factory.mktemp("certificates")
    make_certificates(directory)
    provide_images()
    return {program: record(program, engine, SHORT, directory, CLIENTS) for program in PROGRAMS}


@pytest.mark.parametrize("program", PROGRAMS)
def test_prediction(records: dict[str, list[Record]], program: str) -> None:
    """Verdict, version and suite are as predicted, for each client with each setting."""
    wrong = [str(one) for one in records[program] if not one.is_right]
    assert not wrong, "\n".join(wrong)
    assert len(records[program]) >= 20 * len(CLIENTS)
    assert {one.seen.version for one in records[program]} >= {None, 0x0301, 0x0303, 0x0304}


def every_certificate(server: Server, client: Client, suite: Suite | None = None) -> list[Certificate]:
    """Take each certificate for a fitting one."""
    return list(server.certificates)


# A rule, and what is left when it is dropped.
DROPPED: dict[str, Callable[..., object]] = {
    "attempts": rules.common_versions,
    "common_versions": lambda server, _: tuple(sorted(server.versions, reverse=True)),
    "is_downgraded": lambda *_: False,
    "suite13": lambda server, _: server.suites13[0],
    "has_group13": lambda *_: True,
    "signing13": every_certificate,
    "has_group12": lambda *_: True,
    "has_parameters": lambda *_: True,
    "has_rsa_key": lambda *_: True,
    "has_ecdsa_key": lambda *_: True,
    "is_curve_named": lambda *_: True,
    "has_algorithm12": lambda *_: True,
    "signing12": every_certificate,
    "is_issuer_accepted": lambda *_: True,
    "is_strong_enough": lambda *_: True,
    "is_sha1_strong_enough": lambda *_: True,
    "is_long_enough": lambda *_: True,
}


@pytest.mark.parametrize("rule", DROPPED)
def test_every_rule_is_needed(records: dict[str, list[Record]], rule: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any one of the rules the prediction is wrong somewhere."""
    assert hasattr(rules, rule)
    monkeypatch.setattr(rules, rule, DROPPED[rule])

    assert not all(one.is_right for found in records.values() for one in found)


def test_no_rule_is_forgotten() -> None:
    """Each public function that answers a question about two sides is among those that are dropped in turn."""
    asked = {name for name in vars(rules) if name.startswith(("is_", "has_", "signing", "suite1"))}
    assert asked - {"suite12"} <= set(DROPPED)
