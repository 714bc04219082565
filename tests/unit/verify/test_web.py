"""The probes of web pages, against servers that say what a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from mailrig.verify import web
from mailrig.verify.causes import Causes
from mailrig.verify.evidence import Evidence
from mailrig.verify.report import Result
from mailrig.verify.target import Policy, Web

ORIGIN = "https://mail.example.test"
PAGES = Web(ORIGIN, ("example.test",))
POLICY = Policy("enforce", 604800, ("mx.example.test",))
SANE = (
    "Strict-Transport-Security: max-age=31536000",
    "X-Content-Type-Options: nosniff",
    "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy: same-origin",
)
HTML = "Content-Type: text/html; charset=utf-8"
XML = "<clientConfig><emailProvider><incomingServer><hostname>mail.example.test</hostname></incomingServer>"
STS = "version: STSv1\nmode: enforce\nmx: mx.example.test\nmax_age: 604800\n"
Answers = Mapping[str, tuple[str, tuple[str, ...], str]]
GOOD: Answers = {
    "mail.example.test /setup": ("200 OK", (HTML, *SANE), "<title>Set up your mail</title>"),
    "mail.example.test /": ("302 Found", (f"Location: {ORIGIN}/setup",), ""),
    f"mail.example.test {web.AUTOCONFIG}": ("200 OK", (), f"{XML}</emailProvider></clientConfig>"),
    f"{web.STRANGER} /": ("302 Found", (f"Location: {ORIGIN}/",), ""),
    f"mta-sts.example.test {web.MTA_STS}": ("200 OK", ("Content-Type: text/plain",), STS),
}
NOT_FOUND = ("404 Not Found", ("Content-Type: text/plain",), "404 Not Found")


def server(answers: Answers, tls: Any = None) -> Any:
    """Return a handler that answers by what is asked of whom; queries are left out."""

    def handler(line: Any) -> None:
        if tls is not None:
            line.secure(tls)
        request = line.hear().split()
        if not request:
            return  # whoever wanted the certificate alone
        path = request[1].partition("?")[0]
        host = ""
        while heard := line.hear():
            host = heard.partition(": ")[2] if heard.lower().startswith("host:") else host
        status, headers, body = answers.get(f"{host} {path}", NOT_FOUND)
        line.say(f"HTTP/1.1 {status}", *headers, f"Content-Length: {len(body)}", "", body)

    return handler


def ask(
    world: Any,
    name: str,
    subject: str,
    answers: Answers | None = None,
    pages: Web = PAGES,
    *,
    cert: str = "",
    **more: Any,
) -> Result:
    """Ask the one probe of this name and subject, of a server that is good but for these answers."""
    tls = world.authority.leaf(name=cert) if cert else world.authority.leaf()
    target = replace(world.at(https=server({**GOOD, **(answers or {})}, tls), **more), web=pages)
    causes = Causes(target, Evidence(world.inside()))
    [result] = [
        result
        for lane in web.lanes(target)
        if any((probe.name, probe.subject) == (name, subject) for probe in lane.probes)
        for result in lane.results(causes.explain)
    ]
    return result


def test_a_host_without_pages_is_asked_nothing(world: Any) -> None:
    """What mail alone needs stays as it is."""
    assert web.lanes(world.target) == []


@pytest.mark.parametrize(
    ("name", "subject", "seen"),
    [
        ("page", "setup", "31 bytes: Set up your mail"),
        ("page", "front", "leads to /setup"),
        ("page", "autoconfig", "names 1 servers at mail.example.test"),
        ("headers", "https", "4 headers are as they are to be"),
        ("stranger-name", "https", f"not answered: 302 to {ORIGIN}/"),
    ],
)
def test_a_good_host_passes(world: Any, name: str, subject: str, seen: str) -> None:
    """Each probe says what it has seen."""
    result = ask(world, name, subject)
    assert (result.ok, result.seen) == (True, seen)


def test_a_log_in_form_is_looked_for_where_webmail_is_to_be(world: Any) -> None:
    """A page that asks for nothing is not webmail."""
    pages = replace(PAGES, has_webmail=True)
    form = ("200 OK", (HTML,), '<input name="_user"><input type="password" name="_pass">')
    assert ask(world, "page", "webmail", {"mail.example.test /": form}, pages).ok
    result = ask(world, "page", "webmail", {"mail.example.test /": ("200 OK", (HTML,), "It works!")}, pages)
    assert (result.ok, result.seen) == (False, "the page at / asks for no name and no password")


@pytest.mark.parametrize(
    ("name", "subject", "asked", "answer", "seen"),
    [
        ("page", "setup", "/setup", NOT_FOUND, "the page is not there: 404: 404 Not Found"),
        ("page", "front", "/", NOT_FOUND, "/ does not lead to /setup: 404: 404 Not Found"),
        ("page", "autoconfig", web.AUTOCONFIG, ("200 OK", (), "<clientConfig/>"), "the answer names no server"),
        (
            "headers",
            "https",
            "/setup",
            ("200 OK", (HTML, *SANE[1:], "Strict-Transport-Security: max-age=60"), ""),
            "strict-transport-security: missing, or too weak",
        ),
        (
            "headers",
            "https",
            "/setup",
            ("200 OK", (HTML, *SANE, "Server: Caddy"), ""),
            "strangers are told what runs here: Caddy",
        ),
    ],
)
def test_what_is_wrong_is_said(world: Any, name: str, subject: str, asked: str, answer: Any, seen: str) -> None:
    """A probe that fails says what came instead."""
    result = ask(world, name, subject, {f"mail.example.test {asked}": answer})
    assert (result.ok, result.seen) == (False, seen)


def test_any_name_that_is_answered_fails(world: Any) -> None:
    """A page that any name leads to can be shown under somebody else's."""
    result = ask(world, "stranger-name", "https", {f"{web.STRANGER} /": ("200 OK", (HTML,), "welcome")})
    assert not result.ok


def test_http_leads_to_https(world: Any) -> None:
    """With the path and the query as they were asked for; anything else fails."""
    led = {"mail.example.test /setup": ("308 Permanent Redirect", (f"Location: {ORIGIN}/setup?x=1",), "")}
    assert ask(world, "redirect", "http", http=server(led)).ok
    assert not ask(world, "redirect", "http", http=server(GOOD)).ok


def test_policy_is_asked_by_its_own_name(world: Any) -> None:
    """The certificate has to hold mta-sts.DOMAIN, and the policy has to be the inventory's."""
    pages = replace(PAGES, policy=POLICY)
    good = ask(world, "policy", "mta-sts", pages=pages, cert="mta-sts.example.test")
    assert (good.ok, good.seen) == (True, "enforce for mx.example.test, at 1 names")
    other = replace(PAGES, policy=replace(POLICY, mail_servers=("other.example.test",)))
    bad = ask(world, "policy", "mta-sts", pages=other, cert="mta-sts.example.test")
    assert bad.seen == "mta-sts.example.test says `mx: mx.example.test`, not other.example.test"
    unnamed = ask(world, "policy", "mta-sts", pages=pages)
    assert unnamed.cause == "the certificate is for mail.example.test, not for mta-sts.example.test"


def test_who_does_not_answer_behind_the_door_is_named(world: Any) -> None:
    """A 502 is not the door's fault."""
    target = replace(world.target, web=PAGES)
    causes = Causes(target, Evidence(world.inside(states={"setup": "exited (1): no site.json"})))
    [probe] = [probe for lane in web.lanes(target) for probe in lane.probes if probe.subject == "setup"]
    seen = "the page is not there: 502: 502 Bad Gateway"
    assert causes.explain(probe, seen) == "Setup is not running: exited (1): no site.json"
    causes = Causes(target, Evidence(world.inside()))
    assert causes.explain(probe, seen) == "setup runs, and does not answer `web`"
