"""What `setup show` tells a person, on the screen, as a QR code and as a profile."""

from __future__ import annotations

import json
import plistlib
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zxingcpp

from mailrig import commands
from mailrig.console import Console
from mailrig.errors import MailrigError

HASH = "{BLF-CRYPT}$2y$05$2wNPBZlxDyPBbUbaOiUTgei57zjHMn6RABvLZ4V.D7UwNDv8AH5bW"
SITE = f"""\
site: test
domains: [example.org]
hosts:
  home:
    hostname: mail.example.org
    certificate: {{source: demo-ca}}
    listen: [192.0.2.10]
    ports: {{imaps: 993, submissions: 465, submission: 587, managesieve: 4190}}
accounts:
  anna@example.org: {{password: '{HASH}'}}
"""
ADDRESS = "anna@example.org"
Say = Callable[..., str]


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """An inventory of a site with a CA of its own."""
    (tmp_path / "site.yaml").write_text(SITE)
    return tmp_path


@pytest.fixture
def say(directory: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Return a function that says `setup …`, and returns what it prints."""

    def run(*words: str, is_json: bool = False, **options: Any) -> str:
        assert commands.setup(commands.Call(Console(is_json=is_json), str(directory)), words, **options) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture
def published(directory: Path) -> None:
    """The site answers browsers, too, on a port of its own."""
    text = SITE.replace("managesieve: 4190}", "managesieve: 4190, https: 8443}")
    (directory / "site.yaml").write_text(text)


def read_code(drawn: str) -> str:
    """Return what a scanner reads in a QR code of block letters, two rows of it in a line."""
    lines = [line for line in drawn.splitlines() if "█" in line or "▀▀" in line]
    rows = [[letter in bright for letter in line] for line in lines for bright in ("█▀", "█▄")]
    scale = 4  # pixels of a module
    pixels = bytes(255 * is_bright for row in rows for _ in range(scale) for is_bright in row for _ in range(scale))
    image = memoryview(pixels).cast("B", (len(rows) * scale, len(rows[0]) * scale))
    (code,) = zxingcpp.read_barcodes(image)
    return str(code.text)


def test_settings_are_exact(say: Say) -> None:
    """Each server with its name, port, encryption and user name; what else works stands below the best."""
    lines = [line.split() for line in say("show", ADDRESS).splitlines()]
    assert ["incoming", "IMAP", "mail.example.org", "993", "SSL/TLS", ADDRESS] in lines
    assert ["outgoing", "SMTP", "mail.example.org", "465", "SSL/TLS", ADDRESS] in lines
    assert ["or", "SMTP", "mail.example.org", "587", "STARTTLS", ADDRESS] in lines
    assert ["filters", "ManageSieve", "mail.example.org", "4190", "STARTTLS", ADDRESS] in lines


def test_name_is_said_to_be_needed(say: Say) -> None:
    """An IP address was what cost hours."""
    assert "The server is mail.example.org, written so: an IP address cannot work" in say("show", ADDRESS)


def test_code_reads_as_thunderbirds_account(say: Say) -> None:
    """By a scanner, from what stands on the screen; it is what --json has."""
    read = read_code(say("show", ADDRESS, qr=True))
    assert json.loads(read)[2] == [0, "mail.example.org", 993, 3, 1, ADDRESS]
    assert read == json.loads(say("show", ADDRESS, is_json=True))["thunderbird_qr"]


PAGE = "https://mail.example.org:8443/setup?address=anna%40example.org"
PROFILE = "https://mail.example.org:8443/setup/profile.mobileconfig?address=anna%40example.org"


def test_page_and_profile_are_named_where_they_are_served(say: Say, published: None) -> None:
    """By the host's name and its port, on the screen and as data."""
    lines = say("show", ADDRESS).splitlines()
    assert f"All this, as a page for {ADDRESS}: {PAGE}" in lines
    assert f"A profile for iPhone, iPad and Mac: {PROFILE}" in lines
    data = json.loads(say("show", ADDRESS, is_json=True))
    assert (data["page"], data["profile"]) == (PAGE, PROFILE)


def test_profiles_address_is_drawn_as_well(say: Say, published: None) -> None:
    """Below Thunderbird's code, for the camera of a phone."""
    thunderbird, _, apple = say("show", ADDRESS, qr=True).partition("For an iPhone or iPad")
    assert json.loads(read_code(thunderbird))[2][1] == "mail.example.org"
    assert read_code(apple) == PROFILE


def test_no_page_is_named_where_there_is_none(say: Say) -> None:
    """Nothing answers there."""
    assert "https://" not in say("show", ADDRESS, qr=True)
    assert not {"page", "profile"} & set(json.loads(say("show", ADDRESS, is_json=True)))


def test_json_holds_the_documents_too(say: Say) -> None:
    """For whoever has a web server of their own to put them on."""
    data = json.loads(say("show", ADDRESS, is_json=True))
    assert [server["port"] for server in data["servers"]] == [993, 465, 587, 4190]
    assert data["autoconfig"].startswith("<?xml")
    assert "<LoginName>anna@example.org</LoginName>" in data["autodiscover"]
    assert json.loads(data["pacc"])["protocols"]["imap"] == {"host": "mail.example.org"}
    assert data["pacc_record"].startswith("v=UAAC1; a=sha256; d=")


def test_profile_is_signed_and_brings_the_sites_authority(say: Say, directory: Path) -> None:
    """As OpenSSL takes it apart, up to the CA that is kept beside the inventory."""
    file = directory / "anna.mobileconfig"
    say("show", ADDRESS, mobileconfig=str(file))
    authority = directory / ".state" / "ca.crt"
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", str(file), "-CAfile", str(authority)]
    done = subprocess.run([*command, "-purpose", "any"], check=True, capture_output=True)
    kinds = [payload["PayloadType"] for payload in plistlib.loads(done.stdout)["PayloadContent"]]
    assert kinds == ["com.apple.mail.managed", "com.apple.security.root"]


def test_profile_is_not_signed_where_the_key_is_on_the_host(say: Say, directory: Path) -> None:
    """It is written all the same, and holds no authority of ours."""
    keys = "{source: host, cert: /etc/tls/tls.crt, key: /etc/tls/tls.key}"
    (directory / "site.yaml").write_text(SITE.replace("{source: demo-ca}", keys))
    say("show", ADDRESS, mobileconfig=str(directory / "anna.mobileconfig"))
    content = plistlib.loads((directory / "anna.mobileconfig").read_bytes())
    assert [payload["PayloadType"] for payload in content["PayloadContent"]] == ["com.apple.mail.managed"]


def test_profile_that_cannot_be_written_is_an_error(say: Say, directory: Path) -> None:
    """With the file's name and the reason."""
    with pytest.raises(MailrigError, match=r"cannot write `.*/nowhere/x`: No such file or directory"):
        say("show", ADDRESS, mobileconfig=str(directory / "nowhere" / "x"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "setup show takes one address"),
        (("show",), "setup show takes one address"),
        (("show", ADDRESS, ADDRESS), "setup show takes one address"),
        (("shwo", ADDRESS), "setup does not know how to `shwo`"),
    ],
)
def test_other_words_are_refused(say: Say, words: tuple[str, ...], message: str) -> None:
    """With what it takes."""
    with pytest.raises(MailrigError, match=message):
        say(*words)
