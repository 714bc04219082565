"""The application as a whole: what it answers to whom, and what no request gets from it."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from werkzeug.test import Client

from mailrig.discovery.site import dump
from mailrig.inventory.model import Inventory
from mailrig.portal.app import portal
from mailrig.portal.door import Door

from .conftest import SITE

Ask = Callable[..., Client]
Read = Callable[..., Inventory]


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/setup/../../etc/passwd",
        "/setup/static/../app.py",
        "/setup/static/..%2fapp.py",
        "/setup/static/%2e%2e/app.py",
        "/setup/static/",
        "/setup/static/portal.css/x",
        "//setup",
        "/.well-known/",
        "/.well-known/../setup",
        "/.well-known/autoconfig/../../etc/passwd",
        "/.well-known/autoconfig/mail/config-v1.1.xml/..",
        "/setup\x00",
        "/setup/\udcff",
        "/SETUP",
    ],
)
def test_other_paths_are_nothing(client: Client, path: str) -> None:
    """Whatever they try to lead to."""
    answer = client.get(path.encode("utf-8", "surrogateescape").decode("latin-1"))
    assert answer.status_code == 404
    assert "There is nothing here" in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    """And which are not is said."""
    answer = client.open("/setup", method=method)
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


@pytest.mark.parametrize(
    "path", ["/setup", "/setup?address=anna@example.org", "/nowhere", "/health", "/mail/config-v1.1.xml"]
)
def test_every_answer_forbids_what_is_not_needed(client: Client, path: str) -> None:
    """No script or style in a page, nothing from elsewhere, no frame around it, no guess at what it is."""
    headers = client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_files_of_the_page_may_be_kept(client: Client) -> None:
    """By the address that the page names, which changes with them."""
    page = client.get("/setup").text
    for name, kind in (("portal.css", "text/css"), ("portal.js", "javascript"), ("icon.svg", "image/svg+xml")):
        start = page.index(f"/setup/static/{name}?v=")
        answer = client.get(page[start : page.index('"', start)])
        assert answer.status_code == 200
        assert kind in answer.mimetype
        assert "immutable" in answer.headers["Cache-Control"]


def test_what_breaks_is_told_to_the_log_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever asks sees no trace of it."""

    class Broken(Door):
        def wait(self, *_: object) -> int:
            raise RuntimeError("a secret")

    file = tmp_path / "site.json"
    file.write_text(dump(SITE))
    answer = Client(portal(file, door=Broken())).get("/limit")
    assert answer.status_code == 500
    assert "Something is broken here" in answer.text
    assert "secret" not in answer.text
    assert "a secret" in caplog.text


def test_another_description_is_in_force_at_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """As it comes: a link that is made to point elsewhere. What cannot be read leaves the one before."""
    caplog.set_level(logging.INFO)
    for name, text in (("1", dump(SITE)), ("2", dump(replace(SITE, hostname="other.example.org"))), ("3", "{")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "site.json").write_text(text)
    current = tmp_path / "current"
    current.symlink_to("1")
    client = Client(portal(current / "site.json"))
    said = []
    for name in "123":
        (tmp_path / "next").symlink_to(name)
        (tmp_path / "next").rename(current)
        said.append(client.get("/health").text)
    assert said == ["serves mail.example.org\n", "serves other.example.org\n", "serves other.example.org\n"]
    assert "stays with the description of before" in caplog.text


def test_profile_is_signed_with_what_lies_there(ask: Ask, read: Read, tmp_path: Path) -> None:
    """By the site's certificate, renewed or not; and not at all where there is none, or it is of no use."""
    inventory = read()
    pair = inventory.certificates["home"][0]
    signer = tmp_path / "signer"
    client = ask(signer, authorities=inventory.trust["home"])
    query = {"address": "anna@example.org"}
    plain = client.get("/setup/profile.mobileconfig", query_string=query).data
    assert plain.startswith(b"<?xml")
    signer.write_text(f"{pair.key.reveal()}\n{pair.cert}")
    (tmp_path / "profile").write_bytes(client.get("/setup/profile.mobileconfig", query_string=query).data)
    (tmp_path / "ca.crt").write_bytes(client.get("/setup/authority.crt").data)
    verify = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", "profile", "-CAfile", "ca.crt"]
    extra = ["-purpose", "any", "-attime", "1767312000"]
    assert subprocess.run([*verify, *extra], cwd=tmp_path, check=True, capture_output=True).stdout == plain
    for broken in (
        pair.cert,
        pair.key.reveal(),
        "none",
        f"{pair.cert}-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
    ):
        signer.write_text(broken)
        assert client.get("/setup/profile.mobileconfig", query_string=query).data == plain


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (dump(SITE), ""),
        ("{", "line 1: Expecting property name enclosed in double quotes"),
        (
            dump(replace(SITE, authorities="-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")),
            "500 INTERNAL SERVER ERROR",
        ),
    ],
)
def test_description_is_judged_by_its_use(text: str, said: str, tmp_path: Path) -> None:
    """As the program in the container does before a release comes into force: by what a page makes of it."""
    file = tmp_path / "site.json"
    file.write_text(text)
    command = [sys.executable, "-m", "mailrig.portal", str(file), "--check"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (bool(said), said, "")
