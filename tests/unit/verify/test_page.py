"""The page to send to a colleague: everything is on it, and nothing on it does anything."""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from html.parser import HTMLParser
from typing import Any

import pytest
from msgspec.structs import replace as with_

from mailrig.clients.catalogue import Client, Entry, client, shipped
from mailrig.verify.certificates.certificate import Certificate
from mailrig.verify.certificates.configured import Configured, Setup
from mailrig.verify.certificates.presented import Distrust, Port, Presented
from mailrig.verify.certificates.report import Report as CertificateReport
from mailrig.verify.matrix import Matrix, title
from mailrig.verify.page import Section, page
from mailrig.verify.report import Report, Result
from mailrig.verify.target import Endpoint, Target

NOW = datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
PORTS = {"imaps": 993, "pop3s": 995, "submissions": 465, "submission": 587, "imap": 143, "pop3": 110, "smtp": 25}
HOSTILE = "\"'><script>alert(1)</script><img src=x onerror=alert(2)></style></title>{{ 7*7 }}&amp;\u202e\0\udcff"
VOID = {"meta", "br", "link", "img", "hr", "input"}

Sections = Callable[..., Section]


@dataclass
class Seen(HTMLParser):
    """What a browser would make of a page, as far as it matters here."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    declared: str = ""

    def __post_init__(self) -> None:
        super().__init__()

    def handle_decl(self, decl: str) -> None:
        """Keep the document type."""
        self.declared = decl

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open an element; an attribute stands there once."""
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), (tag, names)
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        assert self.open, tag
        assert self.open.pop() == tag

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements with this name."""
        return [attributes for name, attributes in self.elements if name == tag]


def read(text: str) -> Seen:
    """Parse a page, and insist that each element is closed where it should be."""
    seen = Seen()
    seen.feed(text)
    seen.close()
    assert seen.open == []
    assert seen.declared == "DOCTYPE html"
    return seen


def words(text: str) -> str:
    """Return the text of a page without its markup, with single blanks."""
    body = text[text.index("<body>") :]
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", body)).split()).replace(" :", ":")


def certificate(**fields: Any) -> Certificate:
    """Return a certificate that is in order."""
    known: dict[str, Any] = {
        "fingerprint": "ab" * 32,
        "subject": "mail.example.test",
        "issuer": "Test CA",
        "names": ("mail.example.test",),
        "kind": "ECDSA",
        "key": "ECDSA P-256",
        "public_key": b"key",
        "signature": "ECDSA SHA-256",
        "not_before": NOW - timedelta(days=10),
        "not_after": NOW + timedelta(days=50),
        "is_self_issued": False,
    }
    return Certificate(**{**known, **fields})


def certificates(
    leaf: Certificate, distrust: Distrust | None = None, path: str = "/certs/tls.crt"
) -> CertificateReport:
    """Return a report of one certificate on one port."""
    port = Port("imaps", "127.0.0.1:993", (Presented((leaf,), ("default",), distrust),))
    setup = Setup((Configured(path, "/certs/tls.key", (leaf,), b"key"),))
    return CertificateReport("home", "mail.example.test", NOW, (port,), {"imaps": setup})


@pytest.fixture
def section(target: Target, fared: Any) -> Sections:
    """Makes sections of a host, in which all is well unless it is said otherwise."""
    endpoints = {port: Endpoint("127.0.0.1", number) for port, number in PORTS.items()}

    def make(matrix: Matrix | None = None, **fields: Any) -> Section:
        good = matrix or fared(shipped().values(), **dict.fromkeys(PORTS, fared.good))
        return Section(replace(target, endpoints=endpoints), good, **fields)

    return make


def shown(*sections: Section) -> str:
    """Return the page, checked to be well-formed and without anything that a page may do."""
    text = page(sections, NOW, "1.2.3")
    seen = read(text)
    tags = {tag for tag, _ in seen.elements}
    assert not tags & {"script", "img", "link", "iframe", "object", "embed", "form", "base", "svg", "audio", "video"}
    for _, attributes in seen.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style", "srcset")]
        assert (attributes.get("href") or "#").startswith("#")
    return text


def test_every_client_and_port_is_there(section: Sections) -> None:
    """Each client has a row and details, with source and confidence in both, and each port is a column's head."""
    text = words(shown(section()))
    for one in shipped().values():
        entry = one.entry
        assert f"{one.title} " in text
        assert text.count(f"{entry.confidence}; {entry.source}") >= 1
        assert f"id {one.id} standing {entry.standing}" in text
        assert f"source {entry.source} confidence {entry.confidence}" in text
    assert "Mail client imaps 993, pop3s 995, submissions 465, submission 587, imap 143, pop3 110, smtp 25" in text


def test_the_table_is_one_for_screen_readers(section: Sections, fared: Any) -> None:
    """It has a caption, a head for each column, row and group of rows, and as many cells as these ask for."""
    made = fared(shipped().values(), imaps=fared.good, submission=fared.incident)
    text = shown(section(made))
    table = text[text.index('<table class="matrix">') :]
    seen = read("<!DOCTYPE html>" + table[: table.index("</table>") + len("</table>")])
    scopes = [attributes["scope"] for attributes in seen.all("th")]
    assert (scopes.count("col"), scopes.count("row"), scopes.count("rowgroup")) == (4, len(shipped()), 2)
    assert len(seen.all("td")) == 3 * len(shipped())
    assert len(seen.all("caption")) == 1
    regions = [attributes for attributes in read(text).all("div") if attributes.get("role") == "region"]
    assert [attributes["tabindex"] for attributes in regions] == ["0"]


def test_every_reference_leads_somewhere(section: Sections, fared: Any) -> None:
    """Names are unique, and links and labels name what is there, with several hosts too."""
    incident = section(fared(shipped().values(), imaps=fared.incident), certificates=certificates(certificate()))
    report = Report("home", (Result("login", "imaps", ok=False, seen="no"),))
    seen = read(shown(incident, section(report=report)))
    ids = [attributes["id"] for _, attributes in seen.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for _, attributes in seen.elements:
        for name in ("href", "aria-labelledby"):
            if name in attributes:
                assert (attributes[name] or "").removeprefix("#") in ids


def test_who_is_locked_out(section: Sections, fared: Any) -> None:
    """The verdict says so at the top; reason, cure, and everybody whom it concerns follow."""
    made = fared(shipped().values(), imaps=fared.incident, pop3s=fared.incident)
    text = words(shown(section(made)))
    reason = "speaks TLS 1.2 at most; the certificate's key is ECDSA P-256, and no suite listed is for ECDSA"
    assert "✗ Something is wrong 29 of 35 required mail clients get in, 6 locked out" in text
    assert f"Reason {reason} Cure add ECDHE-ECDSA-AES128-GCM-SHA256 Ports imaps 993, pop3s 995 Mail clients" in text
    assert "None of these is required." not in text
    assert "None of these is required." in words(shown(section()))
    card = text[text.index("Locked out Reason") : text.index("Mail clients by port")]
    for one in made.standing("required"):
        assert (f"{title(one)} {one.entry.confidence}; {one.entry.source}" in card) == (
            made.verdict(one) == "locked out"
        )
    assert text.count("✗ locked out") >= 2 * sum(made.count(one, "locked out") for one in ("required", "legacy"))


def test_who_could_not_be_asked(section: Sections, fared: Any) -> None:
    """It is called not known, with what happened, and is no lockout."""
    text = words(shown(section(fared(shipped().values(), imaps=fared.good, imap="the connection is refused"))))
    assert "? imap 143: the connection is refused (all clients)" in text
    assert text.count("? not known") == len(shipped())
    assert "Locked out" in text  # who is on the other port


def test_the_page_without_a_prediction(section: Sections, fared: Any) -> None:
    """What the server did stands in the place of the reason."""
    text = words(shown(section(Matrix(fared(shipped().values(), imaps=fared.incident).meetings))))
    assert "Reason the server refused the handshake (alert 40, handshake_failure) Cure not known" in text


def test_a_prediction_that_was_wrong(section: Sections, fared: Any) -> None:
    """It is something wrong by itself, with both sides of it."""
    apple = shipped()["apple-mail-16-macos"]
    good, bad = fared((apple,), imaps=fared.good), fared((apple,), imaps=fared.incident)
    text = words(shown(section(Matrix(good.meetings, bad.predictions))))
    assert "✗ Something is wrong 1 of 1 required mail clients get in 1 fared otherwise than the prediction said" in text
    assert "foreseen locked out: speaks TLS 1.2 at most" in text


def test_certificates(section: Sections) -> None:
    """Each port's certificate is in a table, each certificate once in full, and what is wrong comes with its cure."""
    text = words(shown(section(certificates=certificates(certificate()))))
    assert "certificates: nothing is wrong" in text
    assert "imaps 993 ✓ fine abababababababab ECDSA P-256 50 complete same: /certs/tls.crt" in text
    assert f"fingerprint {'ab' * 32} names mail.example.test issuer Test CA, by ECDSA SHA-256" in text
    ending = certificates(certificate(not_after=NOW + timedelta(days=3)), Distrust(20, "unable to get issuer"))
    text = words(shown(section(certificates=ending)))
    assert "✗ Something is wrong" in text
    assert "certificates: 2 errors, no warnings" in text
    assert "✗ error: imaps: the certificate abababababababab (ECDSA P-256) ends in 3 days" in text
    assert "✗ wrong" in text


def test_the_other_probes(section: Sections) -> None:
    """Those that failed are told of with their cause, the others are counted, and what was skipped is not."""
    results = (
        Result("login", "imaps", ok=True, seen="OK"),
        Result("login", "smtp", ok=True, seen="not published", skipped=True),
    )
    assert "✓ All 1 passed" in words(shown(section(report=Report("home", results))))
    failed = Result("delivery", "alice", ok=False, seen="nothing came", cause="Dovecot is down")
    text = words(shown(section(report=Report("home", (*results, failed)))))
    assert "1 of 2 other probes passed" in text
    assert "✗ delivery alice nothing came Dovecot is down" in text
    assert "✗ Something is wrong" in text


def test_several_hosts(section: Sections, fared: Any, target: Target) -> None:
    """Each has a section, and a list at the top says how it fares."""
    gateway = Section(
        replace(target, host="gateway", hostname="mx.example.test", endpoints={"smtp": Endpoint("127.0.0.1", 25)}),
        fared(shipped().values(), smtp=fared.good),
    )
    text = words(shown(section(), gateway))
    assert "mail.example.test: 35 of 35 required" in text
    assert "mx.example.test: no port for mail clients was asked" in text
    assert "mx.example.test (gateway)" in text


def test_when_and_by_whom(section: Sections) -> None:
    """The page says when it was made, in UTC, and by which version."""
    east = NOW.astimezone(timezone(timedelta(hours=5)))
    text = page([section()], east, "1.2.3")
    assert '<time datetime="2026-03-01T12:30:00+00:00">2026-03-01 12:30 UTC</time>, by mailrig 1.2.3' in text


def hostile_client() -> Client:
    """Return a client of an inventory whose every text is an attack."""
    apple = shipped()["apple-mail-16-macos"]
    texts = dict.fromkeys(("name", "source", "confidence", "note", "licence"), HOSTILE)
    entry: Entry = with_(apple.entry, used_by=(HOSTILE,), assumed=(HOSTILE,), **texts)
    return with_(client(apple.id, entry), id=HOSTILE)


def test_hostile_texts_stay_texts(section: Sections, fared: Any) -> None:
    """Whatever clients, servers, certificates and probes say is shown as it is, and becomes no markup."""
    one = hostile_client()
    made = fared((one,), imaps=fared.incident, imap=HOSTILE)
    predictions = {key: fared((one,), imaps=fared.good).predictions[key] for key in [(one.id, "imaps")]}
    fields: dict[str, Any] = dict.fromkeys(("subject", "issuer", "key", "signature"), HOSTILE)
    shown_ = certificates(certificate(names=(HOSTILE,), **fields), Distrust(99, HOSTILE), HOSTILE)
    report = Report(HOSTILE, (Result(HOSTILE, HOSTILE, ok=False, seen=HOSTILE, cause=HOSTILE),))
    evil = section(Matrix(made.meetings, predictions), certificates=shown_, report=report)
    text = shown(replace(evil, target=replace(evil.target, host=HOSTILE, hostname=HOSTILE)), section(made))
    for tag in ("<script", "<img", "alert(1)<"):
        assert tag not in text
    assert "{{ 7*7 }}" in text
    assert text.count("<style>") == text.count("</style>") == text.count("</title>") == 1
    assert not re.search("[\0\u202e\ud800-\udfff]", text)
    assert text.encode()
    assert text.count("&lt;script&gt;alert(1)") > 20


def test_the_policy_allows_its_own_style_and_nothing_else(section: Sections) -> None:
    """The one style is allowed by its digest, and nothing on the page comes from elsewhere."""
    text = shown(section())
    style = text[text.index("<style>") + len("<style>") : text.index("</style>")]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policies = [one["content"] for one in read(text).all("meta") if one.get("http-equiv") == "Content-Security-Policy"]
    assert policies == [f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"]
    assert not re.search(r"https?:|src=|url\(|@import|javascript:", text)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_colours_can_be_read(section: Sections, scheme: str) -> None:
    """All colours of text have a contrast of at least 4.5 with all grounds they stand on (WCAG 2.2, 1.4.3)."""
    first, second = re.findall(r":root \{[^}]*--ground[^}]*\}", shown(section()))[:2]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", first if scheme == "light" else second))
    grounds = {"ground", "raised", "bad-ground", "unsure-ground"}
    assert grounds < colours.keys()
    for ground in grounds:
        for ink in ("ink", "quiet", "link", "good", "bad", "unsure"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2)."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
