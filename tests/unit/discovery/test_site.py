"""A site's description, on its way to the container."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from mailrig.discovery import Server
from mailrig.discovery.site import Site, SiteError, dump, parse

SITE = Site(
    hostname="mail.example.org",
    origin="https://mail.example.org",
    domains=("example.org",),
    servers=(Server("imaps", "imap", "mail.example.org", 993, "implicit", "home"),),
)


@pytest.mark.parametrize("site", [SITE, replace(SITE, authorities="PEM\n", webmail="https://x/", languages=("ja",))])
def test_comes_back_as_it_was(site: Site) -> None:
    """Whatever is written can be read."""
    assert parse(dump(site)) == site


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"domains": []}, "there must be a domain and a language"),
        ({"servers": [{"name": "imaps"}]}, "missing 5 required positional arguments"),
        (
            {"servers": [{**json.loads(dump(SITE))["servers"][0], "name": "x"}]},
            "no port for mail programs is called `x`",
        ),
        ({"colour": "blue"}, "unexpected keyword argument 'colour'"),
    ],
)
def test_what_is_wrong_is_said(change: dict[str, object], message: str) -> None:
    """In words, whatever it is."""
    with pytest.raises(SiteError, match=message):
        parse(json.dumps({**json.loads(dump(SITE)), **change}))


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "line 1: Expecting value"), ("{}", "'domains' is missing"), ("[]", "object is not a mapping")],
)
def test_what_is_no_description_is_refused(text: str, message: str) -> None:
    """An empty file, one without anything in it, and something else."""
    with pytest.raises(SiteError, match=message):
        parse(text)
