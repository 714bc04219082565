"""Somebody who knows an address and a password, and nothing else, has mail in a real Thunderbird."""

from __future__ import annotations

import smtplib
from collections.abc import Callable

import docker
from mailprogram import thunderbird
from sites import PORTS, Site, eventually, free_ports, loopback_address, message

ALICE = "alice@example.test"
BOB = "bob@example.test"


def test_thunderbird_finds_everything_by_an_address(engine: docker.APIClient, new_site: Callable[..., Site]) -> None:
    """The account hub is given name, address and password, finds our settings, reads mail that is there, and sends."""
    address = loopback_address()
    ports = {**dict(zip(PORTS, free_ports(len(PORTS)), strict=True)), "http": 80, "https": 443}
    site = new_site(listen=[address], ports=ports, certificate={"source": "demo-ca", "names": [address]})
    site.address = address
    site.ok("deploy")
    with smtplib.LMTP(address, site.port("lmtp"), timeout=30) as client:
        client.send_message(message("waiting for Alice", "stranger@elsewhere.test", ALICE))
    names = ("mail.example.test", "autoconfig.example.test")
    authority = (site.directory / ".state" / "ca.crt").read_bytes()
    with thunderbird(engine, authority, names, address) as program:
        program.open_hub()
        step, found = program.find_settings("Alice", ALICE)
        assert step == "emailConfigFoundSubview"
        assert "mail.example.test" in found
        assert program.finish(site.password(ALICE)) == ["emailPasswordSubview", "emailAddedSuccessSubview"]
        servers = program.servers()
        read = program.read("waiting for Alice")
        program.send(BOB, "from a Thunderbird", "written in its own window")
    ssl, password = 3, 3  # nsMsgSocketType.SSL, nsMsgAuthMethod.passwordCleartext
    assert servers == [
        ["mail.example.test", site.port("imaps"), ssl, password, ALICE],
        ["mail.example.test", site.port("submissions"), ssl, password, ALICE],
    ]
    assert read.endswith("\r\n\r\nhello\r\n")
    assert eventually(lambda: site.subjects(BOB), bool) == ["from a Thunderbird"]
