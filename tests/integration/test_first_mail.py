"""Somebody who knows the page's address and a password, and nothing else, has mail: in Thunderbird and on a phone."""

from __future__ import annotations

import smtplib
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest
from conftest import site_factory
from mailprogram import thunderbird
from phone import Account, of_autodiscover, of_profile, resolving
from screen import running_browser, scanned
from sites import PORTS, Site, eventually, free_ports, loopback_address, message

ALICE = "alice@example.test"
BOB = "bob@example.test"
WAITING = "waiting for Alice"


@pytest.fixture(scope="module")
def site(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A deployed site whose pages are at an address of their own, under the ports that everybody expects."""
    address = loopback_address()
    ports = {**dict(zip(PORTS, free_ports(len(PORTS)), strict=True)), "http": 80, "https": 443}
    with site_factory(engine, tmp_path_factory) as make:
        made = make(listen=[address], ports=ports, certificate={"source": "demo-ca", "names": [address]})
        made.address = address
        made.ok("deploy")
        with smtplib.LMTP(address, made.port("lmtp"), timeout=30) as client:
            client.send_message(message(WAITING, "stranger@elsewhere.test", ALICE))
        yield made


@pytest.fixture
def authority(site: Site) -> Path:
    """The site's CA, which devices know from elsewhere where it is not the site's own."""
    return site.directory / ".state" / "ca.crt"


def test_thunderbird_finds_everything_by_an_address(engine: docker.APIClient, site: Site, authority: Path) -> None:
    """The account hub is given name, address and password, finds our settings, reads mail that is there, and sends."""
    names = ("mail.example.test", "autoconfig.example.test")
    with thunderbird(engine, authority.read_bytes(), names, site.address) as program:
        program.open_hub()
        step, found = program.find_settings("Alice", ALICE)
        assert step == "emailConfigFoundSubview"
        assert "mail.example.test" in found
        assert program.finish(site.password(ALICE)) == ["emailPasswordSubview", "emailAddedSuccessSubview"]
        servers = program.servers()
        read = program.read(WAITING)
        program.send(BOB, "from a Thunderbird", "written in its own window")
    ssl, password = 3, 3  # nsMsgSocketType.SSL, nsMsgAuthMethod.passwordCleartext
    assert servers == [
        ["mail.example.test", site.port("imaps"), ssl, password, ALICE],
        ["mail.example.test", site.port("submissions"), ssl, password, ALICE],
    ]
    assert read.endswith("\r\n\r\nhello\r\n")
    arrived(site, "from a Thunderbird")


@pytest.mark.usefixtures("chromium")
def test_phone_is_set_up_by_the_code_on_the_page(site: Site, authority: Path) -> None:
    """The code on a screen leads to a profile, and what that says is enough to read and to send."""
    with running_browser("*.example.test", site.address) as browser:
        page = browser.new_context(ignore_https_errors=True).new_page()
        page.goto("https://mail.example.test/setup")
        page.get_by_label("Your mail address").fill(ALICE)
        page.get_by_role("button", name="Show me how").click()
        page.evaluate("document.getElementById('ios').open = true")
        url = scanned(page, "ios")
    with resolving("example.test", site.address):
        has_mail(site, of_profile(url, authority), "from a phone")


def test_outlook_is_set_up_by_an_address(site: Site, authority: Path) -> None:
    """What Autodiscover answers is enough to read and to send."""
    with resolving("example.test", site.address):
        has_mail(site, of_autodiscover(ALICE, authority), "from an Outlook")


def has_mail(site: Site, account: Account, subject: str) -> None:
    """See that a program reads what is waiting for it, and that what it sends arrives."""
    assert account.read(site.password(ALICE), WAITING) == "hello\r\n"
    account.send(site.password(ALICE), BOB, subject)
    arrived(site, subject)


def arrived(site: Site, subject: str) -> None:
    """See that a message is in the other mailbox."""
    assert subject in eventually(lambda: site.subjects(BOB), lambda subjects: subject in subjects)
