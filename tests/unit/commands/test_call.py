"""What several verbs need: the engine of a host, and where nobody answers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

import pytest

from mailrig.commands.call import Call, _named, places
from mailrig.console import Console
from mailrig.errors import AddressError, EngineError, MailrigError
from mailrig.inventory.engine import LOCAL, ClientTls, Ssh, Tcp
from mailrig.inventory.loader import load
from mailrig.inventory.state import State

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_engine_that_cannot_be_reached_has_a_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the inventory says its address."""
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "site.yaml").write_text(
        dedent("""\
            site: test
            domains: [example.org]
            hosts:
              home:
                hostname: mail.example.org
                engine: ssh://mx
                listen: [192.0.2.1]
                certificate: {source: demo-ca}
                ports: {imaps: 993}
            """)
    )
    inventory = load(tmp_path, State(tmp_path), NOW)
    with pytest.raises(EngineError, match="ssh is not installed") as refused:
        Call(Console()).engine(inventory, "home")
    location = refused.value.problems[0].location
    assert location is not None
    assert location.line == 6


def test_engine_on_the_command_line_is_read_as_in_an_inventory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its certificates are where Docker's own client has them: there is nothing else to say so."""
    monkeypatch.delenv("DOCKER_CERT_PATH", raising=False)
    assert _named(None) == LOCAL
    assert _named("ssh://root@mx") == Ssh("mx", "root")
    assert _named("tcp://mx:2376") == Tcp("mx", 2376)
    monkeypatch.setenv("DOCKER_CERT_PATH", "/certs")
    files = ClientTls(*(Path("/certs") / name for name in ("ca.pem", "cert.pem", "key.pem")))
    assert _named("tcp://mx:2376") == Tcp("mx", 2376, files)
    with pytest.raises(AddressError):
        _named("mx")


def test_engine_goes_with_a_site() -> None:
    """An inventory says itself where its engines are."""
    with pytest.raises(MailrigError, match="--engine goes with --site"):
        places(Call(Console()), None, "ssh://mx")
