"""What mail programs ask by themselves, and what strangers send in their place."""

from __future__ import annotations

import json
import plistlib
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from werkzeug.test import Client, TestResponse

from mailrig.discovery.autoconfig import autoconfig
from mailrig.discovery.autodiscover import ENVELOPE, RESPONSE

from .conftest import HOST, SITE, servers

Ask = Callable[..., Client]

AUTOCONFIG = ("/.well-known/autoconfig/mail/config-v1.1.xml", "/mail/config-v1.1.xml")
AUTODISCOVER = "/autodiscover/autodiscover.xml"
PROFILE = "/setup/profile.mobileconfig"
PACC = "/.well-known/user-agent-configuration.json"

REQUEST = """<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006">
  <Request>
    <EMailAddress>{address}</EMailAddress>
    <AcceptableResponseSchema>{schema}</AcceptableResponseSchema>
  </Request>
</Autodiscover>"""


def outlook(address: str = "anna@example.org", schema: str = RESPONSE) -> str:
    """Return the request that Outlook sends."""
    return REQUEST.format(address=address, schema=schema)


@pytest.mark.parametrize("path", AUTOCONFIG)
@pytest.mark.parametrize("host", [HOST, "autoconfig.example.org", "localhost"])
def test_autoconfig_by_address(client: Client, path: str, host: str) -> None:
    """At both paths, by the address's domain, whatever name was asked."""
    answer = client.get(path, query_string={"emailaddress": "Anna@Example.net"}, headers={"Host": host})
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert answer.data == autoconfig(SITE.settings("example.net"))


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("autoconfig.example.net", "example.net"),
        ("AUTOCONFIG.EXAMPLE.NET:443", "example.net"),
        ("example.org", "example.org"),
        (HOST, "example.org"),
        ("autoconfig.sub.example.org", "sub.example.org"),
    ],
)
def test_autoconfig_by_name(client: Client, host: str, domain: str) -> None:
    """Thunderbird tells a plain web server no address: the name that it asks is enough."""
    answer = client.get("/mail/config-v1.1.xml", headers={"Host": host})
    assert answer.data == autoconfig(SITE.settings(domain))


@pytest.mark.parametrize(
    ("path", "query", "host", "status"),
    [
        (AUTOCONFIG[0], {"emailaddress": "anna@example.com"}, HOST, 404),
        (AUTOCONFIG[0], {"emailaddress": "anna"}, HOST, 400),
        (AUTOCONFIG[0], {"emailaddress": "<script>@example.org"}, HOST, 400),
        (AUTOCONFIG[1], {}, "autoconfig.example.com", 404),
        (AUTOCONFIG[1], {}, "evilexample.org", 404),
        (AUTOCONFIG[1], {}, "192.0.2.1", 404),
        (AUTOCONFIG[1], {}, "[2001:db8::1]:443", 404),
        (PACC, {}, "ua-auto-config.example.com", 404),
        (PROFILE, {}, HOST, 400),
        (PROFILE, {"address": "anna@example.com"}, HOST, 404),
        (PROFILE, {"address": "anna@example.org\r\nX: y"}, HOST, 400),
        ("/setup/authority.crt", {}, HOST, 404),
    ],
)
def test_what_is_not_ours_is_refused(client: Client, path: str, query: dict[str, str], host: str, status: int) -> None:
    """Foreign domains and what is no address, as a page that says so."""
    answer = client.get(path, query_string=query, headers={"Host": host})
    assert (answer.status_code, answer.mimetype) == (status, "text/html")
    assert "script>" not in answer.text.replace("defer></script>", "")


@pytest.mark.parametrize("path", [AUTODISCOVER, "/Autodiscover/Autodiscover.xml", "/AutoDiscover/AutoDiscover.xml"])
def test_autodiscover_in_any_case_of_its_path(client: Client, path: str) -> None:
    """Outlook gets each protocol, without SPA."""
    answer = client.post(path, data=outlook())
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    protocols = ET.fromstring(answer.data).findall(f".//{{{RESPONSE}}}Protocol")
    told = {one.findtext(f"{{{RESPONSE}}}Type"): one.findtext(f"{{{RESPONSE}}}SPA") for one in protocols}
    assert told == {"IMAP": "off", "POP3": "off", "SMTP": "off"}


def test_autodiscover_tells_nothing_about_accounts(client: Client) -> None:
    """For any address of a domain the answer is the same, but for the address."""
    answers = [client.post(AUTODISCOVER, data=outlook(f"{who}@example.org")).text for who in ("anna", "nobody")]
    assert answers[0].replace("anna", "nobody") == answers[1]


def error_of(answer: TestResponse) -> str | None:
    """Return the code of a refusal in Autodiscover's own form."""
    assert answer.mimetype == "text/xml"
    root = ET.fromstring(answer.data)
    assert root.tag == f"{{{ENVELOPE}}}Autodiscover"
    assert root.findtext(f".//{{{ENVELOPE}}}Message")
    return root.findtext(f"{{{ENVELOPE}}}Response/{{{ENVELOPE}}}Error/{{{ENVELOPE}}}ErrorCode")


XXE = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>{outlook("&x;").partition("?>")[2]}'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BILLION = f'<!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]>{outlook("&l9;").partition("?>")[2]}'


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\x00\xff\xfe garbage",
        b"<",
        b"<a/>",
        b"not xml",
        b"<a>" * 15_000,
        b'<?xml version="1.0" encoding="no-such"?><a/>',
        b'<?xml version="1.0" encoding="utf-32"?><a/>',
        outlook().encode("utf-16")[:-3],
        outlook("anna").encode(),
        outlook("&lt;script&gt;@example.org").encode(),
        outlook("a" * 50_000 + "@example.org").encode(),
        XXE.encode(),
        BILLION.encode(),
        b'<!DOCTYPE a SYSTEM "http://192.0.2.1/x.dtd"><a/>',
    ],
    ids=lambda body: repr(body[:40]),
)
def test_bad_requests_are_refused_in_the_protocols_form(client: Client, body: bytes) -> None:
    """Garbage, entities, deep nests and addresses that are none: 600, invalid request."""
    answer = client.post(AUTODISCOVER, data=body)
    assert answer.status_code == 400
    assert error_of(answer) == "600"
    assert "root:" not in answer.text
    assert "script" not in answer.text


def test_other_refusals_have_codes_of_their_own(client: Client) -> None:
    """A foreign domain, a schema that is not Outlook's, and a request that is none."""
    mobile = "http://schemas.microsoft.com/exchange/autodiscover/mobilesync/responseschema/2006"
    foreign = client.post(AUTODISCOVER, data=outlook("anna@example.com"))
    schema = client.post(AUTODISCOVER, data=outlook(schema=mobile))
    get = client.get("/Autodiscover/Autodiscover.xml")
    large = client.post(AUTODISCOVER, data=b"x" * 10_000_000)
    assert [(one.status_code, error_of(one)) for one in (foreign, schema, get, large)] == [
        (404, "500"),
        (400, "601"),
        (405, "600"),
        (413, "600"),
    ]
    assert get.headers["Allow"] == "POST"


def test_pacc_by_name(client: Client) -> None:
    """At the name that the draft has, as JSON."""
    answer = client.get(PACC, headers={"Host": "ua-auto-config.example.net"})
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert json.loads(answer.data)["protocols"]["submit"] == {"host": HOST}


def test_profile_is_apples(client: Client) -> None:
    """With the type that makes a device offer to install it, under a name of its own, for the address in lower case."""
    answer = client.get(PROFILE, query_string={"address": "Anna@Example.org"})
    assert answer.mimetype == "application/x-apple-aspen-config"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="example.org.mobileconfig"'
    account = plistlib.loads(answer.data)["PayloadContent"][0]
    assert (account["EmailAddress"], account["IncomingMailServerPortNumber"]) == ("anna@example.org", 993)


@pytest.mark.parametrize(
    ("accepted", "name"), [("ja-JP,en;q=0.5", "anna@example.org のメール"), ("de", "Mail of anna@example.org")]
)
def test_profile_speaks_the_devices_language(client: Client, accepted: str, name: str) -> None:
    """A phone that has read the code says its own; of those that there are not, it is the site's first."""
    headers = {"Accept-Language": accepted}
    answer = client.get(PROFILE, query_string={"address": "anna@example.org"}, headers=headers)
    assert plistlib.loads(answer.data)["PayloadDisplayName"] == name


@pytest.mark.parametrize("names", [(), ("imaps",), ("submissions",)])
def test_nobody_is_told_half(ask: Ask, names: tuple[str, ...]) -> None:
    """Where mail cannot be read and sent, there is no document at all."""
    client = ask(servers=servers(*names))
    query: Any = {"emailaddress": "anna@example.org", "address": "anna@example.org"}
    answers = [client.get(path, query_string=query, headers={"Host": HOST}) for path in (*AUTOCONFIG, PACC, PROFILE)]
    assert {answer.status_code for answer in answers} == {404}
    assert error_of(client.post(AUTODISCOVER, data=outlook())) == "500"
