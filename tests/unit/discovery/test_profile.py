"""Apple's configuration profile, against Apple's published schema.

The facts: github.com/apple/device-management (MIT), mdm/profiles: TopLevel.yaml, CommonPayloadKeys.yaml,
com.apple.mail.managed.yaml and com.apple.security.root.yaml. A key has a type, and may have a list of values; + marks
those that must be there.
"""

from __future__ import annotations

import plistlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mailrig.advice import of_domain
from mailrig.discovery.profile import profile, signed
from mailrig.inventory.model import Inventory

Read = Callable[..., Inventory]
ADDRESS = "anna@example.org"

COMMON: dict[str, Any] = {
    "+PayloadIdentifier": str,
    "+PayloadUUID": str,
    "+PayloadType": str,
    "+PayloadVersion": (1,),
    "PayloadDescription": str,
    "PayloadDisplayName": str,
    "PayloadOrganization": str,
}
TOP_LEVEL = {**COMMON, "+PayloadType": ("Configuration",), "+PayloadContent": list}
AUTHENTICATION = ("EmailAuthNone", "EmailAuthPassword", "EmailAuthCRAMMD5", "EmailAuthNTLM", "EmailAuthHTTPMD5")
PAYLOADS: dict[str, dict[str, Any]] = {
    "com.apple.mail.managed": {
        **COMMON,
        "EmailAccountDescription": str,
        "EmailAccountName": str,
        "+EmailAccountType": ("EmailTypeIMAP", "EmailTypePOP"),
        "EmailAddress": str,
        "+IncomingMailServerAuthentication": AUTHENTICATION,
        "+IncomingMailServerHostName": str,
        "IncomingMailServerPortNumber": int,
        "IncomingMailServerUseSSL": bool,
        "IncomingMailServerUsername": str,
        "+OutgoingMailServerAuthentication": AUTHENTICATION,
        "+OutgoingMailServerHostName": str,
        "OutgoingMailServerPortNumber": int,
        "OutgoingMailServerUseSSL": bool,
        "OutgoingMailServerUsername": str,
        "OutgoingPasswordSameAsIncomingPassword": bool,
    },
    "com.apple.security.root": {**COMMON, "PayloadCertificateFileName": str, "+PayloadContent": bytes},
}


def faults(payload: dict[str, Any], schema: dict[str, Any]) -> list[str]:
    """Return the keys that are missing, unknown, or of the wrong kind."""
    known = {key.lstrip("+"): kind for key, kind in schema.items()}
    wrong = [key for key in schema if key.startswith("+") and key[1:] not in payload]
    for key, value in payload.items():
        kind = known.get(key)
        is_right = value in kind if isinstance(kind, tuple) else kind is not None and type(value) is kind
        wrong += [] if is_right else [key]
    return wrong


def judge(content: bytes) -> list[str]:
    """Return what Apple's schema finds wrong with a profile and its payloads."""
    top = plistlib.loads(content)
    wrong = faults(top, TOP_LEVEL)
    for payload in top["PayloadContent"]:
        wrong += faults(payload, PAYLOADS[payload["PayloadType"]])
    return wrong


def made(inventory: Inventory, address: str = ADDRESS) -> bytes:
    """Return the profile that an address gets."""
    return profile(of_domain(inventory, "example.org"), address, inventory.trust.get("home"))


def test_document_is_the_expected_one(read: Read, golden: Callable[[str, bytes], None]) -> None:
    """For a site whose certificate is from an authority that devices know."""
    golden("anna.mobileconfig", profile(of_domain(read(), "example.org"), ADDRESS))


@pytest.mark.parametrize("ports", ["imaps: 993, submissions: 465", "pop3: 110, submission: 587"])
def test_apples_schema_finds_nothing_wrong(read: Read, ports: str) -> None:
    """Neither with the account nor with the authority that is brought along."""
    assert judge(made(read(ports))) == []


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        (b"EmailTypeIMAP", b"EmailTypeMAPI"),
        (b"IncomingMailServerHostName", b"IncomingMailServer"),
        (b"<integer>993</integer>", b"<string>993</string>"),
    ],
)
def test_the_schema_finds_what_is_wrong(read: Read, good: bytes, bad: bytes) -> None:
    """So that the test above says something."""
    assert judge(made(read()).replace(good, bad))


def test_nothing_is_left_to_be_guessed(read: Read) -> None:
    """Ports, TLS and user names stand there: what is left out, a device makes up, without TLS."""
    account = plistlib.loads(made(read()))["PayloadContent"][0]
    told = {key: account[f"{way}MailServer{key}"] for way in ("Incoming", "Outgoing") for key in ("UseSSL", "Username")}
    assert told == {"UseSSL": True, "Username": ADDRESS}
    assert (account["IncomingMailServerPortNumber"], account["OutgoingMailServerPortNumber"]) == (993, 465)


def test_second_profile_takes_the_place_of_the_first(read: Read) -> None:
    """Identifiers and UUIDs are the same though the settings are others; another address has others."""

    def identity(content: bytes) -> list[tuple[str, str]]:
        top = plistlib.loads(content)
        return [(one["PayloadIdentifier"], one["PayloadUUID"]) for one in (top, *top["PayloadContent"])]

    first, second = made(read("imaps: 993, submissions: 465")), made(read("imaps: 10993, submission: 587"))
    assert first != second
    assert identity(first) == identity(second)
    other = identity(made(read(), "ben@example.org"))
    assert not set(other) & set(identity(first))
    assert len({uuid for _, uuid in [*other, *identity(first)]}) == 6
    assert all(re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", uuid) for _, uuid in other)


def test_no_password_is_in_it(read: Read) -> None:
    """The device asks, once for both servers."""
    account = plistlib.loads(made(read()))["PayloadContent"][0]
    assert not {"IncomingPassword", "OutgoingPassword"} & set(account)
    assert account["OutgoingPasswordSameAsIncomingPassword"] is True


def test_signature_holds_by_openssl(read: Read, tmp_path: Path) -> None:
    """CMS with the content in it and the site's chain: by a verifier that is not ours, up to the authority."""
    inventory = read()
    content = made(inventory)
    file, authority = tmp_path / "anna.mobileconfig", tmp_path / "ca.crt"
    file.write_bytes(sign(content, inventory))
    authority.write_text(inventory.trust["home"])
    assert verified(file, authority) == content


def test_signature_covers_the_content(read: Read, tmp_path: Path) -> None:
    """One letter changed, and it does not hold."""
    inventory = read()
    file, authority = tmp_path / "anna.mobileconfig", tmp_path / "ca.crt"
    file.write_bytes(sign(made(inventory), inventory).replace(b"mail.example.org", b"evil.example.org"))
    authority.write_text(inventory.trust["home"])
    with pytest.raises(subprocess.CalledProcessError):
        verified(file, authority)


def sign(content: bytes, inventory: Inventory) -> bytes:
    """Return the content signed with the site's certificate."""
    pair = inventory.certificates["home"][0]
    return signed(content, pair.cert, pair.key.reveal())


def verified(file: Path, authority: Path) -> bytes:
    """Return what OpenSSL takes out of a signed file, at the time for which the certificates are made."""
    command = ["openssl", "cms", "-verify", "-inform", "DER", "-in", str(file), "-CAfile", str(authority)]
    extra = ["-purpose", "any", "-binary", "-attime", "1767312000"]
    return subprocess.run([*command, *extra], check=True, capture_output=True).stdout
