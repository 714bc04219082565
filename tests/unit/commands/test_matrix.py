"""The tables of mail clients."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from mailrig import commands
from mailrig.check.profiles import CERTIFICATES, server
from mailrig.clients.catalogue import shipped
from mailrig.commands.call import Call
from mailrig.commands.matrix import fares_on, ports_as_data, show_ports
from mailrig.console import Console

NUMBERS = {"imaps": 993, "submission": 587, "smtp": 25}
EASY = server("mail-clients", CERTIFICATES["ECDSA P-256"])
STRICT = server("internet-nl-good", CERTIFICATES["ECDSA P-256"])
CLIENTS = [shipped()[id_] for id_ in ("android-7", "openssl-3.0", "apple-macos-10.9")]


def lines(text: str) -> list[str]:
    """Return the lines that say something, without padding."""
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def test_client_that_fares_alike_everywhere_has_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Where ports differ for a client, it has a line for each way; the ports are named in few words."""
    fares = fares_on({STRICT: ["imaps", "submission"], EASY: ["smtp"]}, CLIENTS)
    assert not show_ports(Call(Console()), "home", NUMBERS, fares)
    said = lines(capsys.readouterr().out)
    assert said[0] == "home: 993, 587, 25"
    assert said[3:] == [
        "android-7 required all but 25 locked out",
        "android-7 required 25 TLS 1.2 ECDHE-ECDSA-AES128-GCM-SHA256",
        "openssl-3.0 required all TLS 1.3 TLS_AES_256_GCM_SHA384",
        "apple-macos-10.9 legacy all locked out",
        "993, 587: 1 of 2 required mail clients get in",
        "25: 2 of 2 required mail clients get in",
    ]


def test_lockout_on_port_25_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    """Other mail servers come there, and send in the clear then: all is well."""
    fares = fares_on({EASY: ["imaps", "submission"], STRICT: ["smtp"]}, CLIENTS)
    assert show_ports(Call(Console()), "home", NUMBERS, fares)
    assert "25: 1 of 2 required" in capsys.readouterr().out


def test_data_has_everything() -> None:
    """Each port has each client, with the reason and the cure where it is locked out."""
    data = ports_as_data(NUMBERS, fares_on({STRICT: ["imaps"]}, CLIENTS))
    android = data["imaps"]["clients"]["android-7"]
    assert (data["imaps"]["port"], android["is_let_in"], android["version"]) == (993, False, None)
    assert "TLS 1.2 at most" in android["reason"]
    assert android["cure"] == "allow TLS 1.2"
    modern = data["imaps"]["clients"]["openssl-3.0"]
    assert (modern["version"], modern["suite"], modern["reason"]) == ("TLS 1.3", "TLS_AES_256_GCM_SHA384", "")


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    """A small inventory that ignores Android 7.0."""
    certificate = {"source": "demo-ca", "names": ["localhost"]}
    site = {
        "site": "profiles",
        "domains": ["example.test"],
        "hosts": {"home": {"hostname": "mail.example.test", "certificate": certificate, "ports": {"imaps": 993}}},
        "accounts": {"alice@example.test": {"password": "!generated"}},
        "clients": {"ignore": ["android-7"]},
    }
    (tmp_path / "site.yaml").write_text(yaml.safe_dump(site).replace("'!generated'", "!generated"))
    return tmp_path


def test_profiles_need_no_docker(
    inventory: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whom a profile locks out is told without any host, and as the inventory chooses its clients."""
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    assert commands.clients(Call(Console(is_json=True), str(inventory)), ("matrix",), profiles=True) == 0
    data = json.loads(capsys.readouterr().out)
    assert set(data["internet-nl-good"]) == set(CERTIFICATES)
    assert not data["mail-clients"]["ECDSA P-384"]["required"]
    assert "apple-mail-16-macos" in data["internet-nl-good"]["RSA 2048"]["required"]
    assert data["internet-nl-good"]["RSA 2048"]["required"]["android-8.1"]["cure"] == "allow TLS 1.2"


def test_profiles_that_lock_out_the_same_are_told_together(inventory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Below the numbers, each set of clients stands once, and no line is longer than a terminal."""
    commands.clients(Call(Console(), str(inventory)), ("matrix",), profiles=True)
    said = capsys.readouterr().out
    assert "mozilla-modern and internet-nl-good with RSA 2048, RSA 3072, ECDSA P-256," in said
    assert said.count("schannel-win10-early") == 2
    assert max(map(len, said.splitlines())) < 80
