"""What `dns show` prints, and what `dns` refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import dns.zone
import pytest

from mailrig import commands
from mailrig.console import Console
from mailrig.errors import MailrigError

SITE = """\
site: test
domains: [example.org, example.net]
hosts:
  home:
    hostname: mail.example.org
    certificate: CERTIFICATE
    listen: [192.0.2.10]
    ports: {imaps: 993, submissions: 465, smtp: 25}
"""
Say = Callable[..., str]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """An inventory of a site with a CA of its own."""
    (tmp_path / "site.yaml").write_text(SITE.replace("CERTIFICATE", "{source: demo-ca, key_types: [ECDSA, RSA]}"))
    return tmp_path


@pytest.fixture
def say(directory: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Return a function that says `dns …`, and returns what it prints."""

    def run(*words: str, is_json: bool = False, **options: Any) -> str:
        assert commands.dns(commands.Call(Console(is_json=is_json), str(directory)), words, **options) == 0
        return capsys.readouterr().out

    return run


def test_show_is_what_is_meant_without_a_word(say: Say) -> None:
    """The records of every domain, those of others, and notes."""
    printed = say()
    assert printed == say("show")
    assert printed.startswith("example.org\n  example.org. MX 10 mail.example.org.\n")
    assert "\nexample.net\n" in printed


def test_each_zone_is_a_file_of_its_own(say: Say) -> None:
    """Named, it is printed alone, as another reader of zone files takes it."""
    zone = dns.zone.from_text(say("show", "example.net", zone=True))
    assert str(zone.origin) == "example.net."
    assert "$ORIGIN example.org." not in say("show", "example.net", zone=True)
    assert say("show", zone=True).count("$ORIGIN") == 2


def test_each_certificate_has_a_tlsa_record(say: Say) -> None:
    """The one with RSA and the one with ECDSA; they stay the same from run to run, as the keys are kept."""

    def digests() -> list[str]:
        records = json.loads(say(is_json=True))["records"]
        return [record["data"] for record in records if record["type"] == "TLSA"]

    assert len(digests()) == 2
    assert digests() == digests()


def test_certificate_of_a_host_that_does_not_answer_is_noted(say: Say, directory: Path) -> None:
    """The rest is printed all the same."""
    keys = "{source: host, cert: /etc/tls/tls.crt, key: /etc/tls/tls.key}"
    site = SITE.replace("CERTIFICATE", keys).replace("192.0.2.10", "127.0.0.1").replace("smtp: 25", "smtp: 2")
    (directory / "site.yaml").write_text(site.replace("smtp: 2", "smtp: {port: 2, addresses: [0.0.0.0]}"))
    assert "note: mail.example.org: no TLSA record: its certificate is on the host, and none" in say()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("shwo",), "dns does not know how to `shwo`"),
        (("show", "example.com"), "`example.com` is none of the inventory's domains"),
        (("check", "example.com"), "`example.com` is none of the inventory's domains"),
    ],
)
def test_other_words_are_refused(say: Say, words: tuple[str, ...], message: str) -> None:
    """With what it takes."""
    with pytest.raises(MailrigError, match=message):
        say(*words, **({"resolver": "192.0.2.53"} if words[0] == "check" else {}))
