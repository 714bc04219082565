"""Debian's Thunderbird in a container, driven as a person who sets up an account."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docker
from ahead import kept_image
from sites import eventually, free_ports, packed

CONTEXT = Path(__file__).parent / "thunderbird"
STEPS = Path(__file__).with_suffix(".js").read_text()
PATIENCE = 120  # seconds


class Marionette:
    """Mozilla's protocol to drive its programs: each command and each answer is JSON, behind its length and a colon.

    Mozilla's own client, marionette-driver, cannot be imported any more with Python 3.13.
    """

    def __init__(self, connection: socket.socket) -> None:
        self._stream = connection.makefile("rwb")
        self._number = 0
        self._read()  # it says who it is

    def command(self, name: str, **parameters: object) -> Any:
        """Have a command done, and return its result."""
        self._number += 1
        text = json.dumps([0, self._number, name, parameters]).encode()
        self._stream.write(b"%d:%s" % (len(text), text))
        self._stream.flush()
        _, _, error, result = self._read()
        assert error is None, error
        return result

    def _read(self) -> Any:
        length = b""
        while (digit := self._stream.read(1)).isdigit():
            length += digit
        return json.loads(self._stream.read(int(length)))


class Thunderbird:
    """A running Thunderbird; what is evaluated runs in its main window, with all rights."""

    def __init__(self, marionette: Marionette) -> None:
        self._marionette = marionette
        marionette.command("WebDriver:NewSession", capabilities={})
        marionette.command("WebDriver:SetTimeouts", script=PATIENCE * 1000)
        marionette.command("Marionette:SetContext", value="chrome")

    def evaluate(self, script: str, *arguments: object) -> Any:
        """Run the body of an async function, after mailprogram.js, and return what it returns."""
        wrapped = f"""
            const [...given] = arguments, done = given.pop();
            (async () => {{ {STEPS} {script} }})().then(
                value => done({{value}}), error => done({{error: `${{error}}\\n${{error.stack}}`}}));
        """
        answer = self._marionette.command("WebDriver:ExecuteAsyncScript", script=wrapped, args=arguments)["value"]
        assert "error" not in answer, answer["error"]
        return answer.get("value")

    def open_hub(self) -> None:
        """Open the account hub, where accounts are added."""
        self.evaluate('await window.openAccountHub("MAIL"); await until(() => one("#email"));')

    def find_settings(self, name: str, address: str) -> tuple[str, str]:
        """Have the hub look for the settings of an address; returns the step that it shows then, and what it found."""
        step, found = self.evaluate(
            """
            fill(one("#realName"), given[0]);
            fill(one("#email"), given[1]);
            return [await forward("emailAutoConfigSubview"), one("email-config-found").textContent];
            """,
            name,
            address,
        )
        return step, found

    def finish(self, password: str) -> list[str]:
        """Take what was found, and give the password; returns the steps that the hub showed."""
        shown: list[str] = self.evaluate(
            """
            const asking = await forward("emailConfigFoundSubview");
            fill(all("input[type=password]")[0], given[0]);
            return [asking, await forward(asking)];
            """,
            password,
        )
        return shown

    def servers(self) -> list[list[str | int]]:
        """Return what an account was set up with: the server that is read from, and the one that is sent through."""
        found: list[list[str | int]] = self.evaluate(
            """
            const sending = MailServices.outgoingServer.servers[0].QueryInterface(Ci.nsISmtpServer);
            const plain = one => [one.hostname, one.port, one.socketType, one.authMethod, one.username];
            return [plain(reading()), plain(sending)];
            """
        )
        return found

    def read(self, subject: str) -> str:
        """Wait for a message in the inbox, and return its text as it comes from the server."""
        text: str = self.evaluate(
            """
            const inbox = await until(() => reading().rootFolder.getFolderWithFlags(0x1000));
            const message = await until(() => {
              inbox.updateFolder(null);
              return [...inbox.messages].find(one => one.mime2DecodedSubject === given[0]);
            });
            return textOf(inbox.getUriForMsg(message));
            """,
            subject,
        )
        return text

    def send(self, recipient: str, subject: str, text: str) -> None:
        """Write a message in the window that is there for it, and send it."""
        self.evaluate("await write(...given);", recipient, subject, text)


@contextmanager
def thunderbird(
    engine: docker.APIClient, authority: bytes, names: Sequence[str], address: str
) -> Iterator[Thunderbird]:
    """Run one that trusts an authority (PEM), and takes some host names for an address of this machine."""
    [port] = free_ports(1)
    host = engine.create_host_config(network_mode="host", extra_hosts=dict.fromkeys(names, address), shm_size="256m")
    container = engine.create_container(kept_image("thunderbird"), host_config=host)
    try:
        settings = (CONTEXT / "user.js").read_text() + f'user_pref("marionette.port", {port});\n'
        engine.put_archive(container, "/", packed({"ca.crt": authority, "profile/user.js": settings.encode()}))
        engine.start(container)
        with eventually(lambda: _connected(port), bool, PATIENCE) as connection:
            yield Thunderbird(Marionette(connection))
    finally:
        engine.remove_container(container, force=True, v=True)


def _connected(port: int) -> socket.socket | None:
    try:
        return socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    except OSError:
        return None
