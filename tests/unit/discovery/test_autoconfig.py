"""Mozilla's autoconfig, by the rules of its own validator, and read back.

The rules: github.com/thunderbird/autoconfig, tools/validation/autoconfig_validate, src/types.rs and src/validate.rs
(MPL 2.0; the facts alone are carried over).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from xml.dom import minidom

import pytest

from mailrig.advice import of_domain
from mailrig.discovery.autoconfig import autoconfig
from mailrig.inventory.model import Inventory

Read = Callable[..., Inventory]

# Elements that are there exactly once, each with what its text must be.
PROVIDER = {"displayName": r".+", "displayShortName": r".+"}
SERVER = {
    "hostname": r"[a-z0-9.-]+",
    "port": r"[1-9]\d{0,4}",
    "socketType": r"plain|SSL|STARTTLS",
    "username": r"([^%]|%EMAILADDRESS%|%EMAILLOCALPART%|%EMAILDOMAIN%|%REALNAME%)+",
    "authentication": (
        r"password-cleartext|password-encrypted|NTLM|GSSAPI|client-IP-address|TLS-client-cert|OAuth2|None"
    ),
}
TYPES = {"incomingServer": {"imap", "pop3", "exchange"}, "outgoingServer": {"smtp"}}


def elements(parent: minidom.Element, name: str) -> list[minidom.Element]:
    """Return the children with that name."""
    return [node for node in parent.childNodes if isinstance(node, minidom.Element) and node.tagName == name]


def text(element: minidom.Element) -> str:
    """Return an element's text."""
    return "".join(node.data for node in element.childNodes if isinstance(node, minidom.Text))


def faults(parent: minidom.Element, rules: dict[str, str]) -> Iterator[str]:
    """Yield the elements that are missing, there twice, or wrong."""
    for name, pattern in rules.items():
        found = [text(element) for element in elements(parent, name)]
        if len(found) != 1 or not re.fullmatch(pattern, found[0]):
            yield f"{parent.tagName}/{name}: {found}"


def judge(document: bytes) -> list[str]:
    """Return what Mozilla's validator would find wrong."""
    root = minidom.parseString(document).documentElement
    assert isinstance(root, minidom.Element)
    (provider,) = elements(root, "emailProvider")
    wrong = list(faults(provider, PROVIDER))
    if (root.tagName, root.getAttribute("version")) != ("clientConfig", "1.1"):
        wrong.append("not clientConfig 1.1")
    if not provider.getAttribute("id") or not elements(provider, "domain"):
        wrong.append("no id, or no domain")
    for kind, types in TYPES.items():
        if not elements(provider, kind):
            wrong.append(f"no {kind}")
        for server in elements(provider, kind):
            wrong += faults(server, SERVER)
            wrong += [] if server.getAttribute("type") in types else [f"{kind} type {server.getAttribute('type')}"]
    return wrong


def test_document_is_the_expected_one(read: Read, golden: Callable[[str, bytes], None]) -> None:
    """For a site that publishes everything."""
    golden("config-v1.1.xml", autoconfig(of_domain(read(), "example.org")))


@pytest.mark.parametrize("ports", ["imaps: 993, submissions: 465", "pop3: 110, submission: 587", None])
def test_mozillas_rules_find_nothing_wrong(read: Read, ports: str | None) -> None:
    """Whatever is published."""
    inventory = read(ports) if ports else read()
    assert judge(autoconfig(of_domain(inventory, "example.org"))) == []


@pytest.mark.parametrize(
    ("good", "bad"), [(b"1.1", b"1.2"), (b">SSL<", b">TLS<"), (b"%EMAILADDRESS%", b"%USER%"), (b'"smtp"', b'"smtps"')]
)
def test_the_rules_find_what_is_wrong(read: Read, good: bytes, bad: bytes) -> None:
    """So that the test above says something."""
    assert judge(autoconfig(of_domain(read(), "example.org")).replace(good, bad))


def test_programs_that_take_the_first_take_the_best(read: Read) -> None:
    """As the draft says: servers stand in the order of preference."""
    root = minidom.parseString(autoconfig(of_domain(read(), "example.org"))).documentElement
    assert isinstance(root, minidom.Element)
    servers = [*root.getElementsByTagName("incomingServer"), *root.getElementsByTagName("outgoingServer")]
    told = [(server.getAttribute("type"), text(elements(server, "port")[0])) for server in servers]
    assert told == [
        ("imap", "993"),
        ("imap", "143"),
        ("pop3", "995"),
        ("pop3", "110"),
        ("smtp", "465"),
        ("smtp", "587"),
    ]
