"""PACC's JSON, and what the DNS says of it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable

import pytest

from mailrig.advice import of_domain
from mailrig.discovery.pacc import digest_record, pacc
from mailrig.inventory.model import Inventory

Read = Callable[..., Inventory]


def test_document_is_the_expected_one(read: Read, golden: Callable[[str, bytes], None]) -> None:
    """For a site that publishes everything: hosts alone, as each is on its protocol's own port."""
    document = pacc(of_domain(read(), "example.org"))
    assert document is not None
    golden("user-agent-configuration.json", document)


def test_only_tls_from_the_start_is_told(read: Read) -> None:
    """A program would connect to the protocol's own port with TLS, whatever is there."""
    document = pacc(of_domain(read("imaps: 993, pop3s: 10995, submissions: 465, submission: 587"), "example.org"))
    assert document is not None
    assert set(json.loads(document)["protocols"]) == {"imap", "submit"}


@pytest.mark.parametrize(
    "ports", ["imap: 143, submissions: 465", "imaps: 993, submission: 587", "imaps: 10993, submissions: 465"]
)
def test_nobody_is_told_half(read: Read, ports: str) -> None:
    """Where mail can be read and not sent by its rules, or sent and not read, there is no document."""
    assert pacc(of_domain(read(ports), "example.org")) is None


@pytest.mark.parametrize(
    ("length", "name", "short"),
    [(11, 11, 11), (20, 20, 20), (21, 21, None), (60, 60, None), (61, 60, None), (253, 60, None)],
)
def test_names_are_as_long_as_they_may_be(read: Read, length: int, name: int, short: int | None) -> None:
    """60 characters at most, and 20 for the short one, which is left out where it would have more."""
    domain = f"{'a' * (length - 4)}.org"
    document = pacc(of_domain(read(), domain))
    assert document is not None
    provider = json.loads(document)["info"]["provider"]
    assert {key: len(text) for key, text in provider.items()} == {"name": name} | (
        {"shortName": short} if short else {}
    )


def test_record_holds_the_documents_digest(read: Read) -> None:
    """SHA-256 of the very bytes, in base64."""
    document = pacc(of_domain(read(), "example.org"))
    assert document is not None
    version, algorithm, digest = digest_record(document).split("; ")
    assert (version, algorithm) == ("v=UAAC1", "a=sha256")
    assert base64.b64decode(digest.removeprefix("d=")) == hashlib.sha256(document).digest()
