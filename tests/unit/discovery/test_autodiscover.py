"""The response of Autodiscover, as Outlook reads it."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree as ET

from mailrig.advice import of_domain
from mailrig.discovery.autodiscover import ENVELOPE, RESPONSE, autodiscover
from mailrig.inventory.model import Inventory

Read = Callable[..., Inventory]


def protocols(document: bytes) -> list[dict[str, str | None]]:
    """Return each protocol's elements, out of the namespace where Outlook looks for them."""
    root = ET.fromstring(document)
    assert root.tag == f"{{{ENVELOPE}}}Autodiscover"
    found = root.findall(f"{{{RESPONSE}}}Response/{{{RESPONSE}}}Account/{{{RESPONSE}}}Protocol")
    return [{child.tag.partition("}")[2]: child.text for child in protocol} for protocol in found]


def test_document_is_the_expected_one(read: Read, golden: Callable[[str, bytes], None]) -> None:
    """For a site that publishes everything."""
    golden("autodiscover.xml", autodiscover(of_domain(read(), "example.org"), "anna@example.org"))


def test_each_type_is_told_once_and_the_best(read: Read) -> None:
    """Outlook takes one server of a type."""
    told = [(one["Type"], one["Port"], one["Encryption"]) for one in protocols(document(read))]
    assert told == [("IMAP", "993", "SSL"), ("POP3", "995", "SSL"), ("SMTP", "465", "SSL")]


def test_starttls_is_told_where_there_is_nothing_else(read: Read) -> None:
    """As TLS, in Outlook's words."""
    told = [(one["Type"], one["Port"], one["Encryption"]) for one in protocols(document(read, STARTTLS))]
    assert told == [("IMAP", "143", "TLS"), ("SMTP", "587", "TLS")]


def test_secure_password_authentication_is_off(read: Read) -> None:
    """It means NTLM, which no mail server here speaks, and is on where nothing is said."""
    assert {one["SPA"] for one in protocols(document(read))} == {"off"}


def test_hostile_address_stays_text(read: Read) -> None:
    """It comes back as it was, and adds no element."""
    address = '"><Server>evil.example</Server>&<@example.org'
    (first, *_) = protocols(autodiscover(of_domain(read(), "example.org"), address))
    assert (first["LoginName"], first["Server"]) == (address, "mail.example.org")


STARTTLS = "imap: 143, submission: 587"


def document(read: Read, *ports: str) -> bytes:
    """Return the response for a site that publishes ``ports``."""
    return autodiscover(of_domain(read(*ports), "example.org"), "anna@example.org")
