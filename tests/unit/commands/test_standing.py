"""How services are shown to stand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mailrig.commands.call import Call
from mailrig.commands.standing import show_standing, standing
from mailrig.console import Console
from mailrig.plan.observed import Container
from mailrig.render.release import Service

SERVICE = Service("dovecot", {"container_name": "mail-dovecot"}, ())
FINE = Container(
    id="1",
    name="mail-dovecot",
    service="dovecot",
    state="running",
    status="Up 1 hour (healthy)",
    image="i",
    spec_hash="s",
    loaded="abc",
)
REASON = "the key /srv/tls.key does not fit the certificate /srv/tls.crt"


def test_a_refused_renewal_is_not_fine() -> None:
    """A container that runs, and will serve a certificate until it ends, is a failure."""
    assert standing(SERVICE, FINE)["is_fine"]
    refusing = standing(SERVICE, replace(FINE, refused=(REASON,)))
    assert not refusing["is_fine"]
    assert refusing["certificate_refused"] == [REASON]
    assert not standing(SERVICE, replace(FINE, state="exited"))["is_fine"]


def test_a_missing_container_has_its_name() -> None:
    """What is not there is named as it would be."""
    missing = standing(SERVICE, None)
    assert (missing["container"], missing["state"], missing["is_fine"]) == ("mail-dovecot", "missing", False)


def test_each_reason_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """Below the table stands why a renewal is not served, for each certificate, and what helps."""
    refusing = standing(SERVICE, replace(FINE, refused=(REASON, "another")))
    show_standing(Call(Console()), [{"host": "home", **refusing, "up_to_date": True}])
    said = capsys.readouterr()
    assert "mail-dovecot" in said.out
    wanted = "home: dovecot does not serve the renewed certificate, but the one before: "
    assert [line.removeprefix("error: ") for line in said.err.splitlines() if wanted in line] == [
        wanted + REASON,
        wanted + "another",
    ]
    assert "`certs` has more" in said.err
