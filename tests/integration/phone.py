"""Mail programs that know what a site's documents say, and nothing else: a phone with a profile, and an Outlook."""

from __future__ import annotations

import imaplib
import plistlib
import smtplib
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from unittest import mock
from urllib.request import HTTPSHandler, Request, build_opener
from xml.etree import ElementTree as ET

from sites import message

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile Safari/604.1"
OUTLOOK = "{http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a}"
ASKED = """<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006"><Request>
<EMailAddress>{address}</EMailAddress>
<AcceptableResponseSchema>http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a</AcceptableResponseSchema>
</Request></Autodiscover>"""
PATIENCE = 30  # seconds


@dataclass(frozen=True)
class Server:
    """One way in; ``is_starttls`` is unknown to a profile, which says that there is TLS, and no more."""

    host: str
    port: int
    user: str
    is_starttls: bool


@dataclass(frozen=True)
class Account:
    """What a program was told, and whom it trusts."""

    address: str
    incoming: Server
    outgoing: Server
    trust: ssl.SSLContext

    def read(self, password: str, subject: str) -> str:
        """Log in, wait for a message in the inbox, and return its text."""
        server = self.incoming
        if server.is_starttls:
            client = imaplib.IMAP4(server.host, server.port, PATIENCE)
            client.starttls(self.trust)
        else:
            client = imaplib.IMAP4_SSL(server.host, server.port, ssl_context=self.trust, timeout=PATIENCE)
        with client:
            client.login(server.user, password)
            client.select("INBOX", readonly=True)
            _, parts = client.fetch(_found(client, subject), "(BODY.PEEK[TEXT])")
            return "".join(part[1].decode() for part in parts if isinstance(part, tuple))

    def send(self, password: str, recipient: str, subject: str) -> None:
        """Log in, and send a message."""
        server = self.outgoing
        if server.is_starttls:
            client = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
            client.starttls(context=self.trust)
        else:
            client = smtplib.SMTP_SSL(server.host, server.port, context=self.trust, timeout=PATIENCE)
        with client:
            client.login(server.user, password)
            client.send_message(message(subject, self.address, recipient))


def _found(client: imaplib.IMAP4, subject: str) -> str:
    """Return the number of a message, as soon as it is there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        _, [found] = client.search(None, "SUBJECT", f'"{subject}"')
        if found:
            return str(found.split()[-1].decode())
        time.sleep(0.05)
        client.noop()
    message = f"no message called {subject} has come"
    raise AssertionError(message)


def of_profile(url: str, authority: Path) -> Account:
    """Fetch a profile as a phone does, see that its signature holds, and take in what it says, with the roots in it."""
    signed = fetch(authority, url)
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-binary", "-purpose", "any", "-CAfile", str(authority)]
    content = subprocess.run(command, input=signed, check=True, capture_output=True).stdout
    payloads = {payload["PayloadType"]: payload for payload in plistlib.loads(content)["PayloadContent"]}
    mail, root = payloads["com.apple.mail.managed"], payloads["com.apple.security.root"]
    incoming, outgoing = (
        Server(
            mail[f"{way}MailServerHostName"],
            mail[f"{way}MailServerPortNumber"],
            mail[f"{way}MailServerUsername"],
            is_starttls=False,
        )
        for way in ("Incoming", "Outgoing")
    )
    assert [mail[f"{way}MailServerUseSSL"] for way in ("Incoming", "Outgoing")] == [True, True]
    return Account(mail["EmailAddress"], incoming, outgoing, ssl.create_default_context(cadata=root["PayloadContent"]))


def of_autodiscover(address: str, authority: Path) -> Account:
    """Ask as Outlook does, and take in the answer; the authority is one that Windows knows."""
    asked = ASKED.format(address=address).encode()
    answer = fetch(authority, _redirected(f"autodiscover.{address.rpartition('@')[2]}"), asked)
    protocols = [
        {child.tag.removeprefix(OUTLOOK): child.text for child in one}
        for one in ET.fromstring(answer).iter(f"{OUTLOOK}Protocol")
    ]
    told = {one["Type"]: one for one in protocols}
    incoming, outgoing = (
        Server(str(one["Server"]), int(one["Port"] or 0), str(one["LoginName"]), one["Encryption"] == "TLS")
        for one in (told["IMAP"], told["SMTP"])
    )
    assert {one["SPA"] for one in told.values()} == {"off"}
    return Account(address, incoming, outgoing, ssl.create_default_context(cafile=str(authority)))


def _redirected(host: str) -> str:
    """Return where a domain's own name leads: the last of the ways in which Outlook looks for Autodiscover."""
    with closing(HTTPConnection(host, timeout=PATIENCE)) as line:
        line.request("GET", "/autodiscover/autodiscover.xml")
        return line.getresponse().headers["Location"]


def fetch(authority: Path, url: str, question: bytes | None = None) -> bytes:
    """Return what is at an address on the web, or what is answered to a question."""
    assert url.startswith("https://")
    asked = Request(url, question, {"User-Agent": IPHONE, "Content-Type": "text/xml"})  # noqa: S310 - it is https
    context = ssl.create_default_context(cafile=str(authority))
    with build_opener(HTTPSHandler(context=context)).open(asked, timeout=PATIENCE) as answer:
        content: bytes = answer.read()
        return content


@contextmanager
def resolving(domain: str, address: str) -> Iterator[None]:
    """Have the names of a domain lead to an address, in this process, as the site's DNS does in the world."""
    ask = socket.getaddrinfo

    def answer(host: str, *rest: object, **named: object) -> object:
        return ask(address if host.endswith(f".{domain}") else host, *rest, **named)  # type: ignore[arg-type]  # as getaddrinfo, whose place it takes

    with mock.patch.object(socket, "getaddrinfo", answer):
        yield
