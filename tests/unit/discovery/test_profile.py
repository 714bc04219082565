"""Apple's configuration profile, against Apple's published schema (apple.yaml)."""

from __future__ import annotations

import datetime as dt
import plistlib
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from werkzeug.test import Client

from mailrig.advice import of_domain
from mailrig.discovery.profile import profile, signed
from mailrig.discovery.site import dump
from mailrig.inventory import State, load
from mailrig.inventory.authority import found as found_authority
from mailrig.inventory.authority import issue
from mailrig.inventory.model import Inventory
from mailrig.portal.app import portal
from mailrig.render.portal import described

from .apple import faults

Read = Callable[..., Inventory]
ADDRESS = "anna@example.org"
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
SITES = Path(__file__).parents[2] / "golden"


def made(inventory: Inventory, address: str = ADDRESS) -> bytes:
    """Return the profile that an address gets."""
    return profile(of_domain(inventory, "example.org"), address, inventory.trust.get("home"))


def test_document_is_the_expected_one(read: Read, golden: Callable[[str, bytes], None]) -> None:
    """For a site whose certificate is from an authority that devices know."""
    golden("anna.mobileconfig", profile(of_domain(read(), "example.org"), ADDRESS))


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    "ports", ["imaps: 993, submissions: 465", "pop3: 110, submission: 587", "imap: 10143, submission: 25"]
)
def test_apples_schema_finds_nothing_wrong(read: Read, ports: str, language: str) -> None:
    """Neither with the account nor with the authority that is brought along."""
    inventory = read(ports)
    content = profile(of_domain(inventory, "example.org"), ADDRESS, inventory.trust["home"], language)
    assert len(plistlib.loads(content)["PayloadContent"]) == 2
    assert faults(content) == []


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("case", sorted(path.name for path in SITES.iterdir()))
def test_apples_schema_holds_for_every_site(case: str, language: str, state: State) -> None:
    """For every domain of every site of tests/golden, with all the authorities of the site brought along."""
    inventory = load(SITES / case / "inventory", state, NOW)
    authorities = "".join(inventory.trust.values())
    for domain in inventory.site.domains:
        content = profile(of_domain(inventory, domain), f"o'neil+x&y@{domain}", authorities, language)
        assert faults(content) == []


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("case", sorted(path.name for path in SITES.iterdir()))
def test_apples_schema_holds_for_every_page(case: str, language: str, state: State, tmp_path: Path) -> None:
    """Likewise for what the page of each host hands out, which is the same within a signature and without one."""
    inventory = load(SITES / case / "inventory", state, NOW)
    root = found_authority("test", NOW)
    pair = issue(root, ["mail.example.org"], NOW)
    site, signer, authority, signed_one = (tmp_path / name for name in ("site.json", "signer", "ca.crt", "signed"))
    signer.write_text(pair.key.reveal() + pair.cert)
    authority.write_text(root.cert)
    for host in inventory.site.hosts:
        site.write_text(dump(described(inventory, host)))
        asked = {"query_string": {"address": ADDRESS}, "headers": {"Accept-Language": language}}
        unsigned = Client(portal(site)).get("/setup/profile.mobileconfig", **asked).data
        signed_one.write_bytes(Client(portal(site, signer)).get("/setup/profile.mobileconfig", **asked).data)
        assert verified(signed_one, authority) == unsigned
        assert faults(unsigned) == []


@pytest.mark.parametrize(
    ("good", "bad", "found"),
    [
        ("EmailTypeIMAP", "EmailTypeMAPI", "EmailAccountType: 'EmailTypeMAPI' is not among its values"),
        ("IncomingMailServerHostName", "IncomingMailServer", "IncomingMailServerHostName: missing"),
        ("IncomingMailServerHostName", "IncomingMailServer", "IncomingMailServer: unknown"),
        ("<integer>993</integer>", "<string>993</string>", "IncomingMailServerPortNumber: str is no integer"),
        ("<integer>993</integer>", "<integer>0</integer>", "IncomingMailServerPortNumber: no port"),
        ("<integer>993</integer>", "<true/>", "IncomingMailServerPortNumber: bool is no integer"),
        ("<key>OutgoingMailServerUseSSL</key>\n\t\t\t<true/>", "", "OutgoingMailServerUseSSL: off"),
        ("OutgoingMailServerUsername", "OutgoingPassword", "OutgoingPassword: only in an encrypted profile"),
        ("OutgoingMailServerUsername", "VPNUUID", "OutgoingMailServerUsername: missing where a login is wanted"),
        ("OutgoingMailServerUsername", "VPNUUID", "VPNUUID: unknown to macos"),
        ("EmailAuthPassword", "EmailAuthPlain", "IncomingMailServerAuthentication: 'EmailAuthPlain' is not"),
        (">Configuration<", ">Profile<", "PayloadType: 'Profile' is not among its values"),
        (
            "<key>PayloadVersion</key>\n\t<integer>1<",
            "<key>PayloadVersion</key>\n\t<integer>2<",
            "PayloadVersion: 2 is not",
        ),
        (
            ".account<",
            ".authority1<",
            "PayloadIdentifier: org.example.mail.anna@example.org.authority1 is there 2 times",
        ),
        ("com.apple.mail.managed", "com.apple.mail", "com.apple.mail: no payload that may be installed by hand"),
        ("<data>", "<data>AAAA", "PayloadContent: no certificate"),
        ("PayloadOrganization", "PayloadOrganisation", "PayloadOrganisation: unknown"),
        ("PayloadUUID", "PayloadUuid", "PayloadUUID: missing"),
    ],
)
def test_the_schema_finds_what_is_wrong(read: Read, good: str, bad: str, found: str) -> None:
    """So that the tests above say something."""
    content = made(read()).decode()
    assert good in content
    assert [fault for fault in faults(content.replace(good, bad).encode()) if fault.startswith(found)]


def test_what_the_device_shows_is_in_its_language(read: Read) -> None:
    """In English and in Japanese; identifiers and settings are the same, so that either takes the other's place."""
    settings = of_domain(read(), "example.org")
    english, japanese = (plistlib.loads(profile(settings, ADDRESS, None, language)) for language in ("en", "ja"))
    shown = ("PayloadDisplayName", "PayloadDescription")
    assert [japanese.pop(key) for key in shown] == [
        "anna@example.org のメール",
        "「メール」アプリで anna@example.org を使えるように設定します。",
    ]
    assert [english.pop(key) for key in shown] == ["Mail of anna@example.org", "Sets up anna@example.org in Mail."]
    assert english == japanese


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
