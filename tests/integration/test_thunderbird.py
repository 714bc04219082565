"""Somebody who knows an address and a password, and nothing else, has mail in a real Thunderbird."""

from __future__ import annotations

import smtplib
from collections.abc import Callable

import docker
from mailprogram import thunderbird
from sites import PORTS, Site, free_ports, loopback_address, message

ALICE = "alice@example.test"

SERVERS = """
    const {MailServices} = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
    const [server] = MailServices.accounts.allServers.filter(one => one.type === "imap");
    const sending = MailServices.outgoingServer.servers[0].QueryInterface(Ci.nsISmtpServer);
    const plain = one => [one.hostname, one.port, one.socketType, one.authMethod, one.username];
"""


def test_thunderbird_finds_everything_by_an_address(engine: docker.APIClient, new_site: Callable[..., Site]) -> None:
    """The account hub is given name, address and password, finds our settings, and reads mail that is there."""
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
        shown = program.evaluate(
            """
            await window.openAccountHub("MAIL");
            await until(() => one("#email"));
            fill(one("#realName"), "Alice");
            fill(one("#email"), given[0]);
            return [await forward("emailAutoConfigSubview"), one("email-config-found").textContent];
            """,
            ALICE,
        )
        assert shown[0] == "emailConfigFoundSubview"
        assert "mail.example.test" in shown[1]
        done = program.evaluate(
            """
            const asking = await forward("emailConfigFoundSubview");
            fill(all("input[type=password]")[0], given[0]);
            return [asking, await forward(asking)];
            """,
            site.password(ALICE),
        )
        assert done == ["emailPasswordSubview", "emailAddedSuccessSubview"]
        servers = program.evaluate(f"{SERVERS} return [plain(server), plain(sending)];")
        subject = program.evaluate(
            f"""
            {SERVERS}
            const inbox = await until(() => server.rootFolder.getFolderWithFlags(0x1000));
            inbox.updateFolder(null);
            await until(() => inbox.getTotalMessages(false) > 0 && !inbox.locked);
            return [...inbox.messages].map(one => one.mime2DecodedSubject);
            """
        )
    ssl, password = 3, 3  # nsMsgSocketType.SSL, nsMsgAuthMethod.passwordCleartext
    assert servers == [
        ["mail.example.test", site.port("imaps"), ssl, password, ALICE],
        ["mail.example.test", site.port("submissions"), ssl, password, ALICE],
    ]
    assert subject == ["waiting for Alice"]
