"""What people see of the page, without looking at it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from werkzeug.test import Client

from mailrig.discovery import Server
from mailrig.inventory.model import Inventory
from mailrig.portal.guides import blocks
from mailrig.portal.words import Words

from .conftest import HOST, SITE, servers

Ask = Callable[..., Client]
Read = Callable[..., Inventory]
ANNA = {"address": "anna@example.org"}


def text(page: str) -> str:
    """Return the words of a page."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", page)))


def test_page_asks_for_an_address(client: Client) -> None:
    """And for nothing else: no password."""
    answer = client.get("/setup")
    assert answer.status_code == 200
    assert "Your mail address" in answer.text
    assert 'type="password"' not in answer.text
    assert "never asks for your password" in answer.text


@pytest.mark.parametrize("address", ["anna@example.org", "Nobody@Example.net "])
def test_every_program_is_told(client: Client, address: str) -> None:
    """With the server's name, and that an IP address cannot work; whether there is such an account or not."""
    said = text(client.get("/setup", query_string={"address": address}).text)
    for title in (
        "iPhone and iPad",
        "Thunderbird on Android",
        "Gmail on Android",
        "Outlook",
        "Mac",
        "Any other program",
    ):
        assert title in said
    assert "An IP address cannot work" in said
    assert address.strip().lower() in said


@pytest.mark.parametrize(
    ("program", "english", "japanese"),
    [
        ("ios", ["Host Name", "Host Name"], ["ホスト名", "ホスト名"]),
        ("gmail", ["Server", "SMTP server"], ["サーバー", "SMTP サーバー"]),
        ("outlook", ["Server", "Server"], ["サーバー", "サーバー"]),
        ("mac", ["Incoming Mail Server", "Outgoing Mail Server"], ["受信用メールサーバ", "送信用メールサーバ"]),
        ("thunderbird", ["Hostname", "Hostname"], ["ホスト名", "ホスト名"]),
    ],
)
def test_server_is_called_as_each_program_does(program: str, english: list[str], japanese: list[str]) -> None:
    """Once for incoming and once for outgoing mail, in both languages."""
    rows = [row for block in blocks(program, SITE.settings("example.org"), ANNA["address"]) for row in block.rows]
    labels = [row.label for row in rows if row.value == HOST]
    assert [[Words(language).plain(label) for label in labels] for language in ("en", "ja")] == [english, japanese]


def test_nothing_is_told_about_accounts(client: Client) -> None:
    """The page is the same for any address of a domain, but for the address and its codes."""

    def told(who: str) -> str:
        page = client.get("/setup", query_string={"address": f"{who}@example.org"}).text
        return re.sub(r'viewBox="0 0 \d+ \d+" class="code"><path [^>]*>', "", page).replace(who, "who")

    assert told("anna") == told("nobody-at-all")


def test_foreign_domains_are_all_told_the_same(client: Client) -> None:
    """Whatever the domain; none of the site's is named beside the example."""

    def told(domain: str) -> str:
        answer = client.get("/setup", query_string={"address": f"anna@{domain}"})
        assert answer.status_code == 404
        return answer.text.replace(domain, "domain")

    assert told("example.com") == told("elsewhere.example")
    assert "not served here" in told("example.com")
    assert "example.net" not in told("example.com")


@pytest.mark.parametrize(
    "typed", ["<script>alert(1)</script>@example.org", "anna@<img src=x>", '"><b>@example.org', "{{7*7}}@example.org"]
)
def test_what_was_typed_stays_text(client: Client, typed: str) -> None:
    """It stands in the field again, and is nothing but text there."""
    answer = client.get("/setup", query_string={"address": typed})
    assert typed not in answer.text or not re.search("[<>]", typed)
    assert html.escape(typed, quote=True).replace("&quot;", "&#34;") in answer.text


def test_over_long_input_is_cut(client: Client) -> None:
    """It is refused, and not sent back at length, nor in the links to other languages."""
    answer = client.get("/setup", query_string={"address": "a" * 10_000})
    assert answer.status_code == 400
    assert len(answer.text) < 8_000


def test_languages_keep_the_address(client: Client) -> None:
    """Whoever switches need not type it again."""
    page = client.get("/setup", query_string=ANNA).text
    assert '<a href="?address=anna%40example.org&amp;lang=ja" lang="ja"' in page
    japanese = client.get("/setup?address=anna%40example.org&lang=ja")
    assert '<html lang="ja">' in japanese.text
    assert japanese.headers["Content-Language"] == "ja"
    assert "IP アドレスでは接続できません" in japanese.text


@pytest.mark.parametrize(
    ("agent", "guide"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15", "ios"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36", "thunderbird_phone"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15", "mac"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36", "outlook"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "thunderbird"),
        ("curl/8.0", "ios"),
        ("", "ios"),
    ],
)
def test_guide_of_the_device_is_open(client: Client, agent: str, guide: str) -> None:
    """That one alone, without any script."""
    page = client.get("/setup", query_string=ANNA, headers={"User-Agent": agent}).text
    assert re.findall(r'<details class="guide" id="(\w+)" open>', page) == [guide]


def test_profile_is_linked_by_the_sites_own_name(client: Client) -> None:
    """The page's link is without a host; what is in the code is not of whoever wrote the request's Host."""
    page = client.get("/setup", query_string=ANNA, headers={"Host": "evil.example"}).text
    assert 'href="/setup/profile.mobileconfig?address=anna%40example.org"' in page
    assert "evil.example" not in page


def test_own_authority_is_offered(ask: Ask, read: Read) -> None:
    """With its fingerprint; the guides say what it needs on each device."""
    authority = read().trust["home"]
    page = ask(authorities=authority).get("/setup", query_string=ANNA).text
    assert 'href="/setup/authority.crt"' in page
    assert re.search(r"<code>([0-9A-F]{2}:){31}[0-9A-F]{2}</code>", page)
    assert "Certificate Trust Settings" in text(page)
    assert "authority" not in text(ask().get("/setup", query_string=ANNA).text)


@pytest.mark.parametrize("names", [(), ("imaps",), ("submission",)])
def test_site_without_ways_in_says_so(ask: Ask, names: tuple[str, ...]) -> None:
    """Nobody is told half."""
    page = ask(servers=servers(*names)).get("/setup", query_string=ANNA)
    assert page.status_code == 200
    assert "No way in for mail programs is open" in page.text
    assert "<details" not in page.text


def test_two_servers_are_both_named(ask: Ask) -> None:
    """Where mail is read at one and sent through another."""
    other = Server("submissions", "smtp", "send.example.org", 465, "implicit", "other")
    said = text(ask(servers=(*servers("imaps"), other)).get("/setup", query_string=ANNA).text)
    assert re.search(rf"Incoming mail is at {HOST} .*outgoing mail at send.example.org", said)


@pytest.mark.parametrize(("changes", "expected"), [({"webmail": "https://mail.example.org/"}, True), ({}, False)])
def test_webmail_is_named_where_there_is_one(ask: Ask, changes: dict[str, Any], expected: bool) -> None:
    """Nothing has to be set up for it."""
    assert ("read your mail on the web" in ask(**changes).get("/setup").text) is expected


def test_starttls_and_pop3_are_told_where_there_is_nothing_else(ask: Ask) -> None:
    """In each program's own words."""
    said = text(ask(servers=servers("pop3", "submission")).get("/setup", query_string=ANNA).text)
    assert "Personal (POP3)" in said
    assert "Encryption method STARTTLS" in said
    assert "SSL/TLS" not in said


def test_all_that_is_open_is_listed(client: Client) -> None:
    """The best first, filters too."""
    said = text(client.get("/setup", query_string=ANNA).text)
    table = said[said.index("Ways in, the best first") :]
    assert re.findall(r"\b\d+\b", table)[:7] == [
        "993",
        "143",
        "995",
        "110",
        "465",
        "587",
        "4190",
    ]
    assert len(SITE.servers) == 7
