"""What of an inventory ends where in a release."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from mailrig.errors import RenderError
from mailrig.inventory.model import Extra, Inventory, Login, Relay
from mailrig.render import File, Release, Rung, render
from mailrig.render.manifest import IDS
from mailrig.resources import resource
from mailrig.secret import Secret

from .conftest import HASH, SITE

Make = Callable[..., Inventory]


def file(release: Release, service: str, path: str) -> File:
    """Find a rendered file."""
    files = next(one.files for one in release.services if one.name == service)
    return next(one for one in files if one.path == path)


def text(release: Release, service: str, path: str) -> str:
    """Return a rendered file's text."""
    return file(release, service, path).content.decode()


def test_services_stand_in_the_order_in_which_they_start(inventory: Make) -> None:
    """Postfix needs Dovecot's sockets."""
    assert [service.name for service in render(inventory(), "home").services] == ["dovecot", "postfix"]


def test_unknown_host_is_refused(inventory: Make) -> None:
    """A host that the inventory does not have is named."""
    with pytest.raises(RenderError, match="no host `nowhere`"):
        render(inventory(), "nowhere")


def test_private_key_is_readable_by_root_alone(inventory: Make) -> None:
    """The key travels with mode 0600."""
    for service in ("dovecot", "postfix"):
        key = file(render(inventory(), "home"), service, "tls.key")
        assert (key.mode, key.uid, key.gid) == (0o600, 0, 0)


def test_password_hashes_are_for_the_auth_process_alone(inventory: Make) -> None:
    """The file of logins belongs to root, dovecot's group may read it, and no other file holds a hash."""
    release = render(inventory(), "home")
    logins = file(release, "dovecot", "logins")
    assert (logins.mode, logins.uid, logins.gid) == (0o640, 0, IDS["dovecot"])
    assert "CRYPT}" not in text(release, "dovecot", "users")


def test_accounts_need_nothing_and_settings_what_they_say(inventory: Make) -> None:
    """What Dovecot looks at by itself is not reloaded for; a file of settings is judged by them."""
    release = render(inventory(), "home")
    assert file(release, "dovecot", "logins").needs is Rung.NOTHING
    assert file(release, "dovecot", "dovecot.conf").needs is Rung.RELOAD_ALL
    assert {one.path for service in release.services for one in service.files if one.judged} == {
        "dovecot.conf",
        "main.settings",
        "master.services",
        "master.settings",
    }


def test_new_account_changes_no_settings(inventory: Make) -> None:
    """An account more changes users and maps, and nothing that would need a reload."""
    before = render(inventory(), "home")
    after = render(inventory(DAVE), "home")
    old = {(service.name, one.path): one for service in before.services for one in service.files}
    changed = {
        (service.name, one.path): one.needs
        for service in after.services
        for one in service.files
        if one.digest != old[service.name, one.path].digest
    }
    assert set(changed.values()) == {Rung.NOTHING}


def test_account_that_is_not_enabled_has_no_login(inventory: Make) -> None:
    """Its mailbox stays, so that its mail is still delivered."""
    release = render(inventory(DAVE), "home")
    assert "dave@" not in text(release, "dovecot", "logins")
    assert "dave@" in text(release, "dovecot", "users")
    assert "dave@" in text(release, "postfix", "maps/virtual_mailboxes")


def test_order_of_accounts_does_not_matter(inventory: Make) -> None:
    """Sorting an inventory's accounts is no change."""
    loaded = inventory()
    turned = replace(loaded, site=replace(loaded.site, accounts=dict(reversed(loaded.site.accounts.items()))))
    assert render(turned, "home").id == render(loaded, "home").id


@pytest.mark.parametrize(("port", "listens"), [("managesieve: 4190", True), ("imap: 143", False)])
def test_only_what_is_published_listens(inventory: Make, port: str, listens: bool) -> None:
    """A protocol that nobody can reach is not there inside either."""
    site = SITE_WITH.format(port=port)
    conf = text(render(inventory(site=site), "home"), "dovecot", "dovecot.conf")
    assert ("port = 4190" in conf) is listens
    assert ("port = 143\n" in conf) is not listens
    assert "port = 2525" not in conf
    assert "smtp/inet" not in text(render(inventory(site=site), "home"), "postfix", "master.services")


def test_probe_that_is_an_account_is_refused(inventory: Make) -> None:
    """`verify` removes mail: it must not be pointed at somebody's mailbox."""
    probe = Login("Alice@example.org", Secret("x"), Secret("{SHA512-CRYPT}x"))
    with pytest.raises(RenderError, match="is an account of its own"):
        render(replace(inventory(), probe=probe), "home")


def test_hash_with_a_colon_is_refused(inventory: Make) -> None:
    """A colon would end the field of the passwd-file."""
    loaded = inventory()
    accounts = dict(loaded.site.accounts)
    accounts["bob@example.org"] = replace(accounts["bob@example.org"], password=Secret("{SHA512-CRYPT}a:b"))
    with pytest.raises(RenderError, match=r"a colon in the password hash .* bob@example\.org"):
        render(replace(loaded, site=replace(loaded.site, accounts=accounts)), "home")


@pytest.mark.parametrize(
    ("relay", "settings"),
    [
        (Relay(host="smtp.example.com"), ["relayhost = [smtp.example.com]:587", "smtp_tls_security_level = secure"]),
        (Relay(host="smtp.example.com", port=465), ["smtp_tls_wrappermode = yes", "smtp_tls_security_level = secure"]),
        (
            Relay(host="smtp.example.com", port=465, tls="may"),
            ["smtp_tls_wrappermode = yes", "smtp_tls_security_level = encrypt"],
        ),
        (Relay(host="smtp.example.com", tls="none"), ["smtp_tls_security_level = none"]),
    ],
)
def test_relay_host(inventory: Make, relay: Relay, settings: list[str]) -> None:
    """The relay's port and TLS become Postfix's next hop, level and wrapper mode."""
    loaded = inventory()
    main = text(render(replace(loaded, site=replace(loaded.site, relay=relay)), "home"), "postfix", "main.settings")
    assert [line for line in settings if f"{line}\n" not in main] == []


@pytest.mark.parametrize(("user", "password"), [("a:b", "x"), (" a", "x"), ("a", "x "), ("a\nb", "x"), ("a", "x\ny")])
def test_relay_login_that_a_map_cannot_hold_is_refused(inventory: Make, user: str, password: str) -> None:
    """Postfix splits at the first colon, trims blanks, and takes a line for an entry."""
    loaded = inventory()
    relay = Relay(host="smtp.example.com", user=user, password=Secret(password))
    with pytest.raises(RenderError):
        render(replace(loaded, site=replace(loaded.site, relay=relay)), "home")


@pytest.mark.parametrize(
    "extra",
    [
        Extra(postfix={"a b": 1}),
        Extra(postfix={"a": "b\nc"}),
        Extra(postfix_master={"submission": 1}),
        Extra(postfix_master={"submission/inet/a": "b c"}),
    ],
    ids=["name", "line-break", "no-service", "blank"],
)
def test_extra_that_is_no_setting_is_refused(inventory: Make, extra: Extra) -> None:
    """A name that is none, or a value of several lines, ends before it reaches a host."""
    loaded = inventory()
    with pytest.raises(RenderError):
        render(replace(loaded, site=replace(loaded.site, extra=extra)), "home")


@pytest.mark.parametrize("directory", ["/etc", "/", "/etc/ssl", "/var/lib"])
def test_certificate_directory_that_hides_the_containers_own_is_refused(inventory: Make, directory: str) -> None:
    """Mounting the host's /etc over the container's would leave neither daemon its files."""
    site = SITE_WITH.format(port="smtp: 25").replace(
        "{source: demo-ca}", f"{{source: host, cert: {directory}/a.crt, key: {directory}/b.key}}"
    )
    with pytest.raises(RenderError, match="would hide the containers' own"):
        render(inventory(site=site), "home")


def test_certificate_and_key_in_two_directories_are_mounted_by_their_parent(inventory: Make) -> None:
    """One mount, at the same path, holds both."""
    site = SITE_WITH.format(port="smtp: 25").replace(
        "{source: demo-ca}", "{source: host, cert: /srv/tls/certs/a.crt, key: /srv/tls/private/a.key}"
    )
    release = render(inventory(site=site), "home")
    mounts = [mount for mount in release.model["services"]["dovecot"]["volumes"] if mount["type"] == "bind"]
    assert [(mount["source"], mount["target"], mount["read_only"]) for mount in mounts] == [
        ("/srv/tls", "/srv/tls", True)
    ]


def watching() -> str:
    """Return a site whose certificate is on the Docker host."""
    pair = "{source: host, cert: /srv/my tls/a.crt, key: /srv/my tls/a.key}"
    return SITE_WITH.format(port="smtp: 25").replace("{source: demo-ca}", pair)


@pytest.mark.parametrize("service", ["dovecot", "postfix"])
def test_certificate_on_the_host_is_named_for_those_who_copy_it(inventory: Make, service: str) -> None:
    """Each container is told which files to copy, for which name, and for whom; it serves the copies."""
    release = render(inventory(site=watching()), "home")
    assert text(release, service, "certificates").splitlines()[1:] == [
        "hostname\tmail.example.org",
        "tls\t/srv/my tls/a.crt\t/srv/my tls/a.key",
    ]
    assert "android-7 Android 7.0 native" in text(release, service, "required-clients").splitlines()
    found = next(one for one in release.services if one.name == service)
    assert found.watches_certificates
    assert not {"tls.crt", "tls.key"} & {one.path for one in found.files}
    mounts = {mount["target"]: mount for mount in release.model["services"][service]["volumes"]}
    assert mounts["/var/lib/mailrig"]["source"] == f"{service}_certificates"
    copies = {"dovecot": ("dovecot.conf", "ssl_cert = </var/lib/mailrig/tls/current/tls.crt")}
    path, line = copies.get(service, ("main.settings", "smtpd_tls_chain_files = /var/lib/mailrig/tls/current/tls.pem"))
    assert line in text(release, service, path).splitlines()


def test_required_clients_are_those_of_the_inventory(inventory: Make) -> None:
    """Who is ignored is not among them, and who is required beside the catalogue's own is; a change needs nothing."""
    site = watching() + "clients: {ignore: [android-7], require: [java-7u25]}\n"
    found = file(render(inventory(site=site), "home"), "dovecot", "required-clients")
    names = [line.partition(" ")[0] for line in found.content.decode().splitlines()[1:]]
    assert "android-7" not in names
    assert "java-7u25" in names
    assert found.needs is Rung.NOTHING


@pytest.mark.parametrize("service", ["dovecot", "postfix"])
def test_certificate_in_the_release_is_copied_by_nobody(inventory: Make, service: str) -> None:
    """Where the pair travels with the release, there is nothing to watch, and no volume for it."""
    release = render(inventory(), "home")
    found = next(one for one in release.services if one.name == service)
    assert not found.watches_certificates
    assert not {"certificates", "required-clients", "trust.pem"} & {one.path for one in found.files}
    assert "/var/lib/mailrig" not in {mount["target"] for mount in release.model["services"][service]["volumes"]}


@pytest.mark.parametrize("service", ["dovecot", "postfix"])
def test_roots_that_clients_trust_travel_with_what_is_watched(inventory: Make, service: str) -> None:
    """A renewal is compared with them in the containers; without any, the system's count."""
    loaded = inventory(site=watching())
    trusting = render(replace(loaded, trust={"home": "the root\n"}), "home")
    assert text(trusting, service, "trust.pem") == "the root\n"
    files = next(one.files for one in render(loaded, "home").services if one.name == service)
    assert "trust.pem" not in {one.path for one in files}


@pytest.mark.parametrize("service", ["dovecot", "postfix", "web"])
def test_image_gives_users_the_numbers_that_files_are_owned_by(service: str) -> None:
    """Each Dockerfile and the renderer agree on every number."""
    dockerfile = Path(resource("compose") / service / "Dockerfile").read_text()
    groups = {name: int(number) for number, name in re.findall(r"groupadd --gid (\d+) (\w+)", dockerfile)}
    users = {name: int(number) for number, name in re.findall(r"useradd --uid (\d+) --gid (\w+)", dockerfile)}
    assert users
    assert {**groups, **users}.items() <= IDS.items()


DAVE = """\
  dave@example.org:
    password: '{BLF-CRYPT}$2y$05$2wNPBZlxDyPBbUbaOiUTgei57zjHMn6RABvLZ4V.D7UwNDv8AH5bW'
    enabled: false
"""

SITE_WITH = """\
site: test
domains: [example.org]
hosts:
  home:
    hostname: mail.example.org
    certificate: {{source: demo-ca}}
    ports: {{imaps: 993, {port}}}
"""


ALIASES = """\
aliases:
  info@example.org: [alice+info@example.org, someone@example.com]
  "@example.net": carol@example.net
"""
PAIR = SITE.replace("smtp: 25}", "lmtp: {port: 2525, addresses: [100.64.0.10]}}").replace(
    "accounts:\n",
    """\
  mx:
    role: mx
    hostname: mx.example.org
    engine: ssh://mx.example.org
    certificate: {source: demo-ca}
    vpn_address: 100.64.0.20
    listen: [192.0.2.25]
    ports: {smtp: 25}
accounts:
""",
)
ANOTHER = """\
  mx2:
    role: mx
    hostname: mx2.example.org
    engine: ssh://mx2.example.org
    certificate: {source: demo-ca}
    vpn_address: 100.64.0.21
    listen: [192.0.2.26]
    ports: {smtp: 25}
accounts:
"""


def test_gateway_and_home_have_the_same_recipients(inventory: Make) -> None:
    """What is accepted at the gateway is what is known at home, to the byte."""
    pair = inventory(ALIASES, site=PAIR)
    home, gateway = render(pair, "home"), render(pair, "mx")
    for name in ("virtual_aliases", "virtual_domains", "virtual_mailboxes"):
        assert text(gateway, "postfix", f"maps/{name}") == text(home, "postfix", f"maps/{name}") != ""


def test_gateway_holds_no_hash_and_no_login(inventory: Make) -> None:
    """Whoever breaks into the host in front learns no password."""
    (postfix,) = render(inventory(site=PAIR), "mx").services
    assert "maps/sender_logins" not in {one.path for one in postfix.files}
    assert not any(HASH.encode() in one.content for one in postfix.files)


@pytest.mark.parametrize(
    ("more", "known"), [("accounts:\n", "100[.]64[.]0[.]20"), (ANOTHER, "100[.]64[.]0[.]20|100[.]64[.]0[.]21")]
)
def test_home_knows_its_gateways_alone(inventory: Make, more: str, known: str) -> None:
    """Others look for mailboxes in a file that does not exist."""
    release = render(inventory(site=PAIR.replace("accounts:\n", more)), "home")
    conf = text(release, "dovecot", "dovecot.conf")
    assert f"/etc/mailrig/current/users%{{if;%{{rip}};~;^({known})?$;;-of-nobody}}" in conf
    assert "users-of-nobody" not in {one.path for service in release.services for one in service.files}


def test_home_without_gateway_serves_whoever_reaches_its_lmtp(inventory: Make) -> None:
    """A gateway that was set up by hand has no address in the inventory."""
    site = SITE.replace("smtp: 25}", "lmtp: {port: 2525, addresses: [100.64.0.10]}}")
    assert "%{rip}" not in text(render(inventory(site=site), "home"), "dovecot", "dovecot.conf")


def test_extra_holds_on_the_hosts_that_it_is_written_for(inventory: Make) -> None:
    """The site's own settings are for homes, a gateway's for itself."""
    own = PAIR.replace(
        "    ports: {smtp: 25}\n", "    ports: {smtp: 25}\n    extra: {postfix: {smtpd_banner: front}}\n"
    )
    pair = inventory("extra: {postfix: {smtpd_banner: back}}\n", site=own)
    banners = [
        re.findall("smtpd_banner = (.*)", text(render(pair, one), "postfix", "main.settings")) for one in ("home", "mx")
    ]
    assert banners == [["back"], ["front"]]
