"""YAML nodes as the model's values: what is lenient on purpose, and where things are."""

from __future__ import annotations

from pathlib import Path

from mailrig.errors import Location
from mailrig.inventory.model import Published

from .conftest import Load


def test_a_number_is_text_where_text_is_expected(load_site: Load) -> None:
    """YAML's octals and integers do not get in the way: what counts is what was typed."""
    site = load_site(
        """
    auth_socket_mode: 0660
message_size_limit: 1000
accounts:
  alice@example.org: {password: !generated, quota: 500}
"""
    ).site

    assert site.hosts["home"].auth_socket_mode == "0660"
    assert site.message_size_limit == "1000"
    assert site.accounts["alice@example.org"].quota == "500"


def test_a_whole_number_is_a_fraction(load_site: Load) -> None:
    """`cpus: 2` is 2.0."""
    limits = load_site("    resources: {dovecot: {cpus: 2}}\n").site.hosts["home"].resources["dovecot"]

    assert limits.cpus == 2.0
    assert isinstance(limits.cpus, float)


def test_a_key_without_a_value_means_its_default(load_site: Load) -> None:
    """Keys whose content is commented out do no harm."""
    site = load_site("relay:\naliases:\n# none yet\ntls:\n").site

    assert site.relay is None
    assert site.aliases == {}
    assert site.tls.ciphers == "mail-clients"


def test_values_of_several_kinds(load_site: Load) -> None:
    """A port is a number or a mapping, an alias one address or several, a Postfix parameter text, number or truth."""
    site = load_site(
        """
accounts:
  alice@example.org:
    password: !generated
aliases:
  a@example.org: alice@example.org
  b@example.org: [alice@example.org, carol@example.com]
extra:
  postfix: {smtpd_banner: hello, smtpd_hard_error_limit: 5, smtputf8_enable: no, bounce_queue_lifetime: 2d}
"""
    ).site

    assert site.aliases == {
        "a@example.org": "alice@example.org",
        "b@example.org": ("alice@example.org", "carol@example.com"),
    }
    assert site.extra.postfix == {
        "smtpd_banner": "hello",
        "smtpd_hard_error_limit": 5,
        "smtputf8_enable": False,
        "bounce_queue_lifetime": "2d",
    }


def test_a_port_takes_the_hosts_addresses(load_site: Load, tmp_path: Path) -> None:
    """A port without addresses of its own is open on the host's `listen`."""
    import mailrig.inventory.reader
    from mailrig.inventory import document

    (tmp_path / "site.yaml").write_text(
        """
site: tested
domains: [example.org]
hosts:
  home:
    hostname: mail.example.org
    certificate: {source: demo-ca}
    listen: [127.0.0.1, "::1"]
    ports: {imaps: 993, submission: {port: 587}, smtp: {port: 25, addresses: [10.0.0.1]}}
"""
    )
    draft, problems = mailrig.inventory.reader.read(document.read(tmp_path))
    host = draft.site.hosts["home"]

    assert problems == ()
    assert host.published("imaps") == Published(port=993, addresses=("127.0.0.1", "::1"))
    assert host.published("submission") == Published(port=587, addresses=("127.0.0.1", "::1"))
    assert host.published("smtp") == Published(port=25, addresses=("10.0.0.1",))
    assert host.published("pop3") is None


def test_every_key_has_its_place(load_site: Load, tmp_path: Path) -> None:
    """Marks lead from a path of keys, or of a list's item, to its file, line and column."""
    inventory = load_site("relay: {host: smtp.example.com}\n")
    file = tmp_path / "site.yaml"

    assert inventory.at("hosts", "home", "ports", "submission") == Location(file, 7, 25)
    assert inventory.at("domains", 0) == Location(file, 2, 11)
    assert inventory.at("relay", "host") == Location(file, 8, 9)


def test_what_is_not_written_is_at_the_place_of_what_holds_it(load_site: Load, tmp_path: Path) -> None:
    """A default has the place of the innermost key that is there, or none."""
    inventory = load_site()

    assert inventory.at("hosts", "home", "logs", "verbosity") == Location(tmp_path / "site.yaml", 4, 3)
    assert inventory.at("tls", "ciphers") is None
