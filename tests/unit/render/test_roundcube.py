"""What Roundcube is told: values that cannot break out of their quotes, and databases with and without TLS."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mailrig.inventory.model import Inventory
from mailrig.render import roundcube
from mailrig.render.php import php_literal
from mailrig.secret import Secret

WEB = """\
site: test
domains: [example.org]
hosts:
  home:
    hostname: mail.example.org
    certificate: {source: demo-ca}
    ports: {imaps: 993, submission: 587, https: 443}
"""


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("it's", r"'it\'s'"),
        ("a\\", r"'a\\'"),
        ("$x", "'$x'"),
        (True, "true"),
        (5, "5"),
        (("en", "ja"), "['en', 'ja']"),
    ],
)
def test_php_literals(value: str, literal: str) -> None:
    """No value ends its quotes early."""
    assert php_literal(value) == literal


def test_a_secret_stays_one() -> None:
    """A secret in quotes is still a secret."""
    assert php_literal(Secret("it's")) == Secret(r"'it\'s'")


@pytest.mark.parametrize(
    ("more", "url"),
    [
        ("", "mysql://u:p@db/rc"),
        (
            ", database_tls: verify",
            "mysql://u:p@db/rc?ca=%2Fetc%2Fssl%2Fcerts%2Fca-certificates.crt&verify_server_cert=1",
        ),
    ],
)
def test_a_database_elsewhere(inventory: Callable[..., Inventory], tmp_path: Path, more: str, url: str) -> None:
    """The URL is Roundcube's; TLS is added in the words of its driver."""
    (tmp_path / "database").write_text("mysql://u:p@db/rc")
    read = inventory(f"webmail: {{database: !file ../database{more}}}\n", WEB)
    assert roundcube.values(read, "home")["database"] == Secret(url)


def test_processes_fit_their_memory(inventory: Callable[..., Inventory]) -> None:
    """As many requests are answered at once as there is memory for."""
    small = WEB.replace("    ports:", "    resources: {roundcube: {memory: 256M}}\n    ports:")
    assert roundcube.values(inventory("webmail: {}\n", small), "home")["processes"] == 4
