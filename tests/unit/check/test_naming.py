"""Certificates that are not for the name that mail clients are told, and where the inventory speaks of them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from mailrig.check.naming import problems
from mailrig.clients import dovecot, postfix
from mailrig.clients.offered import Materials, Offered
from mailrig.inventory.loader import load
from mailrig.inventory.model import Inventory
from mailrig.inventory.state import State

SITE = """\
site: t
domains: [example.org]
hosts:
  home:
    hostname: mail.example.org
    certificate:
      source: host
      cert: /certs/tls.crt
      key: /certs/tls.key
    ports: {imaps: 993}
"""
WRONG = Offered({}, names={"/var/lib/mailrig/tls/current/tls.crt": ("www.example.org", "example.org")})


def inventory(directory: Path, extra: str = "") -> Inventory:
    """Return an inventory with a certificate on the Docker host, and with that text at its end."""
    (directory / "site.yaml").write_text(SITE + extra)
    return load(directory, State(directory / ".state"), dt.datetime(2026, 1, 1, tzinfo=dt.UTC))


def test_it_says_what_where_and_how_to_mend_it(tmp_path: Path) -> None:
    """The file, its names, the line that names it, and both ways out."""
    [problem] = problems(WRONG, inventory(tmp_path), "home")
    assert (
        problem.message
        == "the certificate /certs/tls.crt is for www.example.org, example.org, not for mail.example.org"
    )
    assert str(problem.location) == f"{tmp_path}/site.yaml:8:7"
    assert problem.what == "hosts.home.certificate.cert"
    assert problem.hint == (
        "clients are told `mail.example.org`: have it issued for that name too, or correct `hostname`"
    )


def test_the_second_one_has_a_place_of_its_own(tmp_path: Path) -> None:
    """Postfix is given another copy of it than Dovecot, and both are the file on the Docker host."""
    more = SITE.replace("    ports:", "      alt_cert: /certs/rsa.crt\n      alt_key: /certs/rsa.key\n    ports:")
    (tmp_path / "site.yaml").write_text(more)
    site = load(tmp_path, State(tmp_path / ".state"), dt.datetime(2026, 1, 1, tzinfo=dt.UTC))
    for copy in ("alt.crt", "alt.pem"):
        [problem] = problems(Offered({}, names={f"/var/lib/mailrig/tls/current/{copy}": ()}), site, "home")
        assert problem.message.startswith("the certificate /certs/rsa.crt ")
        assert problem.what == "hosts.home.certificate.alt_cert"


def test_one_without_names_says_so(tmp_path: Path) -> None:
    """A common name is none for a client of today."""
    [problem] = problems(Offered({}, names={"/certs/tls.crt": ()}), inventory(tmp_path), "home")
    assert "is for no name at all, not for mail.example.org" in problem.message


def test_one_of_its_names_is_enough(tmp_path: Path) -> None:
    """A wildcard is as good as the name."""
    for name in ("mail.example.org", "*.example.org"):
        found = Offered({}, names={"/certs/tls.crt": ("other.example.net", name)})
        assert list(problems(found, inventory(tmp_path), "home")) == []


def test_each_of_two_has_to_be_for_it(tmp_path: Path) -> None:
    """Some clients get the one, and some the other."""
    names = {"/certs/tls.crt": ("mail.example.org",), "/certs/rsa.crt": ("www.example.org",)}
    [problem] = problems(Offered({}, names=names), inventory(tmp_path), "home")
    assert problem.message.startswith("the certificate /certs/rsa.crt ")


@pytest.mark.parametrize(
    ("extra", "place", "what"),
    [
        ("extra:\n  dovecot: |\n    mail_debug = yes\n    ssl_alt_cert = </other.crt\n", "14:1", "extra.dovecot"),
        (
            "extra:\n  postfix:\n    smtpd_tls_chain_files: /other.key, /other.crt\n",
            "13:5",
            "extra.postfix.smtpd_tls_chain_files",
        ),
        (
            "extra:\n  postfix_master:\n    submission/inet/smtpd_tls_cert_file: /other.crt\n",
            "13:5",
            "extra.postfix_master.submission/inet/smtpd_tls_cert_file",
        ),
        ("extra:\n  dovecot: |\n    # </other.crt.old\n", "6:5", "hosts.home.certificate"),
    ],
)
def test_a_setting_of_the_users_own_is_the_place(tmp_path: Path, extra: str, place: str, what: str) -> None:
    """Where `extra` names the file, that line is shown."""
    found = Offered({}, names={"/other.crt": ("www.example.org",)})
    [problem] = problems(found, inventory(tmp_path, extra), "home")
    assert (str(problem.location), problem.what) == (f"{tmp_path}/site.yaml:{place}", what)


@pytest.mark.parametrize(
    ("setting", "is_told"),
    [
        ("tls_server_sni_maps", False),
        ("local_name mail.example.org/ssl_cert", False),
        ("local_name mail.example.org/ssl_alt_cert", False),
        ("local_name mail.example.org/ssl_min_protocol", True),
        ("local 192.0.2.1/ssl_cert", True),
    ],
)
def test_where_the_name_decides_nothing_is_said(tmp_path: Path, setting: str, is_told: bool) -> None:
    """Clients that send the name may get another certificate than the one that is for all the others."""
    daemon = postfix if setting.startswith("tls_") else dovecot
    found = replace(daemon.ports({setting: "/somewhere"}, Materials({}, {}), "mail.example.org"), names=WRONG.names)
    assert bool(list(problems(found, inventory(tmp_path), "home"))) == is_told
