"""What browsers and programs that look for settings find at a host; must not know what stands behind its door."""

from __future__ import annotations

import functools
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

from mailrig.errors import VerifyError
from mailrig.verify import tls
from mailrig.verify.browser import Page, get, get_clear
from mailrig.verify.connection import BROWSED
from mailrig.verify.probe import Lane, Probe
from mailrig.verify.target import Policy, Target, Web

STRANGER = "mailrig-stranger.invalid"
"""A name that is nobody's (RFC 6761 section 6.4)."""

AUTOCONFIG = "/.well-known/autoconfig/mail/config-v1.1.xml"
MTA_STS = "/.well-known/mta-sts.txt"  # RFC 8461 section 3.3

_OK = 200
_REDIRECTS = (301, 302, 307, 308)

# Each header, and what must stand in it.
_NEEDED = {
    "strict-transport-security": r"max-age=[1-9]\d{6,}",  # RFC 6797: three weeks at least
    "x-content-type-options": r"nosniff",
    "content-security-policy": r"(?s)(?=.*default-src)(?=.*frame-ancestors)",
    "referrer-policy": r"no-referrer|same-origin|strict-origin",
}

Check = Callable[[Target, Web], str]


def lanes(target: Target) -> list[Lane]:
    """Ask for the pages of a host that has any: each at once, as they do not touch each other."""
    web = target.web
    if web is None:
        return []
    asked: list[tuple[str, str, str, Check]] = [
        ("page", "setup", "setup", _setup_page),
        ("page", "webmail", "roundcube", _webmail) if web.has_webmail else ("page", "front", "web", _front),
        ("page", "autoconfig", "setup", _autoconfig),
        ("headers", "https", "web", _headers),
        ("stranger-name", "https", "web", _stranger),
    ]
    if "http" in target.endpoints:
        asked.append(("redirect", "http", "web", _redirect))
    if web.policy:
        asked.append(("policy", "mta-sts", "web", functools.partial(_policy, web.policy)))
    probes = [
        Probe(name, subject, service, functools.partial(ask, target, web)) for name, subject, service, ask in asked
    ]
    return [*tls.lanes(target, BROWSED), *(Lane([probe]) for probe in probes)]


def _setup_page(target: Target, _web: Web) -> str:
    page = _found(get(target, "/setup"))
    _expect_kind(page, "text/html")
    title = re.search(r"<title>([^<]*)</title>", page.body.decode(errors="replace"))
    return f"{len(page.body)} bytes: {title[1].strip() if title else 'without a title'}"


def _webmail(target: Target, _web: Web) -> str:
    page = _found(get(target, "/"))
    _expect_kind(page, "text/html")
    if b'name="_user"' not in page.body or b'name="_pass"' not in page.body:
        raise VerifyError("the page at / asks for no name and no password")
    return f"a log-in form, {len(page.body)} bytes"


def _front(target: Target, web: Web) -> str:
    page = get(target, "/")
    if page.status not in _REDIRECTS or page.headers.get("location") not in ("/setup", f"{web.origin}/setup"):
        raise VerifyError(f"/ does not lead to /setup: {page.line}")
    return "leads to /setup"


def _autoconfig(target: Target, web: Web) -> str:
    """Ask as Thunderbird does, with an address; it is told servers whether or not there is such an address."""
    page = _found(get(target, f"{AUTOCONFIG}?emailaddress=anybody%40{web.domains[0]}"))
    try:
        found = [one.text or "" for one in ET.fromstring(page.body).iter("hostname")]  # noqa: S314 - our own server's
    except ET.ParseError as error:
        raise VerifyError(f"the answer is no XML: {error}") from None
    if not found:
        raise VerifyError("the answer names no server")
    return f"names {len(found)} servers at {', '.join(dict.fromkeys(found))}"


def _headers(target: Target, _web: Web) -> str:
    headers = get(target, "/setup").headers
    lacking = [name for name, form in _NEEDED.items() if not re.match(form, headers.get(name, ""))]
    if lacking:
        raise VerifyError(f"{', '.join(lacking)}: missing, or too weak")
    if told := headers.get("server") or headers.get("x-powered-by"):
        raise VerifyError(f"strangers are told what runs here: {told}")
    return f"{len(_NEEDED)} headers are as they are to be"


def _stranger(target: Target, _web: Web) -> str:
    page = get(target, "/", host=STRANGER)
    if page.status == _OK:
        raise VerifyError(f"{STRANGER} is answered as if it were a name of the site")
    return f"not answered: {page.line}"


def _redirect(target: Target, web: Web) -> str:
    page = get_clear(target, "/setup?x=1", target.hostname)
    if page.status not in _REDIRECTS or page.headers.get("location") != f"{web.origin}/setup?x=1":
        raise VerifyError(f"http does not lead to {web.origin}: {page.line}")
    return f"{page.status} to {web.origin}"


def _policy(policy: Policy, target: Target, web: Web) -> str:
    """Ask for the policy by the name of each domain, as senders do, and compare it with what it is to be."""
    for domain in web.domains:
        name = f"mta-sts.{domain}"
        page = _found(get(target, MTA_STS, name=name), f"https://{name}{MTA_STS}")
        _expect_kind(page, "text/plain")  # RFC 8461 section 3.2
        _compare(page.body.decode(errors="replace"), policy, name)
    return f"{policy.mode} for {', '.join(policy.mail_servers)}, at {len(web.domains)} names"


def _compare(said: str, policy: Policy, name: str) -> None:
    found: dict[str, list[str]] = {}
    for line in said.splitlines():
        key, _, value = line.partition(":")
        found.setdefault(key.strip(), []).append(value.strip())
    wanted = {
        "version": ["STSv1"],
        "mode": [policy.mode],
        "max_age": [str(policy.max_age)],
        "mx": list(policy.mail_servers),
    }
    for key, values in wanted.items():
        if found.get(key) != values:
            raise VerifyError(f"{name} says `{key}: {', '.join(found.get(key, ['nothing']))}`, not {', '.join(values)}")


def _found(page: Page, what: str = "the page") -> Page:
    if page.status != _OK:
        raise VerifyError(f"{what} is not there: {page.line}")
    return page


def _expect_kind(page: Page, kind: str) -> None:
    if not (said := page.headers.get("content-type", "")).startswith(kind):
        raise VerifyError(f"what came is not {kind}, but {said or 'of no kind that is said'}")
