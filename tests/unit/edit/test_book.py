"""What an inventory's files say before they are checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailrig.edit.book import Book

HERE = "unix:///var/run/docker.sock"


@pytest.mark.parametrize(
    ("host", "engine"),
    [
        ("{hostname: mail.example.org}", HERE),
        ("{engine: 'ssh://root@mx.example.org'}", "ssh://root@mx.example.org"),
        ("{engine: 'tcp://mx.example.org:2376', engine_tls: {ca: ca.pem}}", None),
        ("{engine: [not, an, address]}", None),
        ("nothing", HERE),
    ],
)
def test_engine_of_a_host_is_known_where_it_is_all_in_one_line(tmp_path: Path, host: str, engine: str | None) -> None:
    """What takes certificates as well, or is no text, is left to whoever reads the inventory as a whole."""
    (tmp_path / "site.yaml").write_text(f"site: here\nhosts:\n  home: {host}\n")
    assert Book.read(tmp_path).engines == {"home": engine}


def test_site_without_hosts_has_no_engines(tmp_path: Path) -> None:
    """What is missing is said by whoever checks the inventory."""
    (tmp_path / "site.yaml").write_text("site: here\n")
    assert Book.read(tmp_path).engines == {}
