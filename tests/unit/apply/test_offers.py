"""What is found out in the target image of what a service offers."""

from __future__ import annotations

from typing import Any, cast

from mailrig.apply.offers import offered
from mailrig.clients.offered import Offered
from mailrig.engine.workshop import Workshop
from mailrig.plan.effective import settings_of
from mailrig.render.release import Service

from .conftest import DOVECOT, RIGHT, WRONG, Bench

SETTINGS = settings_of(f"== effective\n{DOVECOT}")


def found(name: str = "dovecot", delivered: str | None = None, **how: Any) -> Offered:
    """Return what a service offers by what the tools say."""
    return offered(cast("Workshop", Bench(Service(name, {}, ()), **how)), SETTINGS, delivered)


def test_suites_and_certificate_are_those_of_the_image() -> None:
    """The daemon's own settings say which are asked for."""
    [server] = [found().ports["imaps"]]
    assert not server.fault
    assert [suite.name for suite in server.suites] == ["ECDHE-ECDSA-AES128-GCM-SHA256"]
    assert [certificate.key for certificate in server.certificates] == ["EC"]
    assert found().names == {"/certs/tls.crt": ("mail.example.org",)}


def test_files_of_a_configuration_from_before_are_its_own() -> None:
    """They may be others by now."""
    files = {("/certs/tls.crt", None): RIGHT, ("/certs/tls.crt", "old"): WRONG}
    assert found(files=files, delivered="old").names == {"/certs/tls.crt": ("www.example.org",)}


def test_what_the_image_cannot_read_is_a_fault() -> None:
    """A list of which OpenSSL takes nothing, and a file that is not there."""
    assert "OpenSSL takes no suite from the list `AES128`" in found(lists=()).ports["imaps"].fault
    assert "/certs/tls.crt cannot be read" in found(files={}).ports["imaps"].fault


def test_a_service_that_is_no_mail_server_offers_nothing() -> None:
    """Nothing is known of its settings."""
    assert found("webmail") == Offered({})
