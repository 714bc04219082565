"""`mailrig-check` in throwaway containers of each image: every error at once, and the effective settings."""

from __future__ import annotations

import datetime as dt
import io
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import docker
import pytest

from mailrig.check.validation import problems
from mailrig.engine.connection import Engine
from mailrig.engine.images import base_image, build, has_image
from mailrig.engine.shell import Shells
from mailrig.errors import Problem
from mailrig.inventory.engine import UnixSocket
from mailrig.inventory.loader import load
from mailrig.inventory.model import Inventory
from mailrig.inventory.state import State
from mailrig.render.host import render
from mailrig.render.images import context, image_name
from mailrig.render.release import File, Service
from mailrig.resources import resource

TMPFS = {
    "dovecot": ["/run", "/tmp"],
    "postfix": ["/run", "/tmp", "/etc/postfix", "/var/lib/postfix"],
    "web": ["/run", "/tmp"],
    "setup": ["/run", "/tmp"],
    "roundcube": ["/run", "/tmp"],
}


@dataclass(frozen=True)
class Judged:
    """What `mailrig-check` said."""

    status: int
    output: str

    def section(self, name: str) -> list[str]:
        """Return the lines below a heading."""
        _, _, below = self.output.partition(f"== {name}\n")
        return below.partition("== ")[0].splitlines()


def demo(directory: Path, extra: str = "") -> Inventory:
    """Return the demo inventory with settings of the user's own."""
    for name in ("site.yaml", "accounts.yaml"):
        (directory / name).write_text((resource("inventory") / "demo" / name).read_text())
    (directory / "extra.yaml").write_text(f"extra:\n{extra}" if extra else "{}\n")
    return load(directory, State(directory / ".state"), dt.datetime.now(dt.UTC))


def rendered(inventory: Inventory, name: str) -> Service:
    """Return a service of the one host."""
    return next(service for service in render(inventory, "home").services if service.name == name)


def packed(files: tuple[File, ...]) -> bytes:
    """Pack a release as `releases/x`, with `current` as a link to it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for folder in ("releases", "releases/x", "releases/x/maps", "releases/x/public"):
            entry = tarfile.TarInfo(folder)
            entry.type, entry.mode = tarfile.DIRTYPE, 0o755
            tar.addfile(entry)
        for file in files:
            entry = tarfile.TarInfo(f"releases/x/{file.path}")
            entry.size, entry.mode, entry.uid, entry.gid = len(file.content), file.mode, file.uid, file.gid
            tar.addfile(entry, io.BytesIO(file.content))
        link = tarfile.TarInfo("current")
        link.type, link.linkname = tarfile.SYMTYPE, "releases/x"
        tar.addfile(link)
    return buffer.getvalue()


@contextmanager
def throwaway(engine: docker.APIClient, service: Service, *options: str) -> Iterator[str]:
    """A container that may do nothing, with the service's files and the command to judge them."""
    host = {
        "NetworkMode": "none",
        "ReadonlyRootfs": True,
        "CapDrop": ["ALL"],
        "SecurityOpt": ["no-new-privileges"],
        "Tmpfs": dict.fromkeys(TMPFS[service.name], ""),
        "Mounts": [{"Type": "volume", "Target": "/etc/mailrig", "VolumeOptions": {"NoCopy": True}}],
    }
    body = {
        "Image": image_name(service.name),
        "Entrypoint": ["mailrig-check", *options, "/etc/mailrig/releases/x"],
        "Cmd": [],
        "HostConfig": host,
    }
    container = str(engine.create_container_from_config(body)["Id"])
    try:
        engine.put_archive(container, "/etc/mailrig", packed(service.files))
        yield container
    finally:
        engine.remove_container(container, force=True, v=True)


@pytest.fixture(scope="module")
def judge(engine: docker.APIClient) -> Callable[..., Judged]:
    """Judges a service's files with the image that belongs to this checkout, which is built when it is missing."""
    ours = Engine(UnixSocket(), engine, Shells(engine))
    for name in TMPFS:
        if not has_image(ours, image_name(name)):
            build(ours, image_name(name), context(name), base_image(ours, print), print)

    def judged(service: Service, *options: str) -> Judged:
        with throwaway(engine, service, *options) as container:
            engine.start(container)
            status = int(engine.wait(container)["StatusCode"])
            return Judged(status, engine.logs(container).decode())

    return judged


def with_file(service: Service, path: str, content: bytes) -> Service:
    """Return the service with another content of one file."""
    files = tuple(replace(file, content=content) if file.path == path else file for file in service.files)
    return replace(service, files=files)


def places(found: list[Problem]) -> list[tuple[str, int]]:
    """Return file and line of each problem in the inventory."""
    return [(one.location.file.name, one.location.line) for one in found if one.location]


@pytest.mark.parametrize(
    ("name", "sections"),
    [
        ("dovecot", ["effective"]),
        ("postfix", ["main", "master", "services"]),
        ("roundcube", ["main"]),
        ("setup", []),
        ("web", []),
    ],
)
def test_good_configuration(judge: Callable[..., Judged], tmp_path: Path, name: str, sections: list[str]) -> None:
    """The demo inventory has no errors, and its effective settings are printed, also on their own."""
    service = rendered(demo(tmp_path), name)

    said = judge(service)
    alone = judge(service, "--effective")

    assert (said.status, said.section("errors")) == (0, []), said.output
    assert alone.status == 0
    assert "== errors" not in alone.output
    for section in sections:
        assert said.section(section), said.output
        assert [line for line in alone.section(section) if line[0] != "#"] == [
            line for line in said.section(section) if line[0] != "#"
        ]


def test_every_error_in_dovecots_settings(judge: Callable[..., Judged], tmp_path: Path) -> None:
    """Dovecot's tool stops at the first error; all of them are found, each at its line of the inventory."""
    extra = """  dovecot: |
    nonsense = yes
    mail_plugins = $mail_plugins
    service imap {
      process_limit = many
    }
    protocols = imap foo
"""
    inventory = demo(tmp_path, extra)
    service = rendered(inventory, "dovecot")

    said = judge(service)

    found = problems(service, said.output, inventory, "home")
    assert said.status == 1
    assert [one.message for one in found] == [
        "dovecot: Unknown setting: nonsense",
        "dovecot: Invalid number many: Not a valid number (`process_limit`)",
        "dovecot: protocols: Unknown protocol: foo",
    ]
    assert places(found) == [("extra.yaml", 3), ("extra.yaml", 6), ("extra.yaml", 8)]
    assert said.section("effective")


def test_every_error_in_postfixs_settings(judge: Callable[..., Judged], tmp_path: Path) -> None:
    """Postfix stops at the first error; all of them are found, each at its line of the inventory."""
    extra = """  postfix:
    smtpd_baner: hello
    smtpd_error_sleep_time: 5parsecs
    smtpd_banner: hello
    disable_vrfy_command: maybe
  postfix_master:
    submission/inet/smtpd_hard_error_limit: many
"""
    inventory = demo(tmp_path, extra)
    service = rendered(inventory, "postfix")

    said = judge(service)

    found = problems(service, said.output, inventory, "home")
    assert said.status == 1
    assert sorted(places(found)) == [("extra.yaml", line) for line in (3, 4, 6, 8)], said.output
    assert "postfix: unknown parameter: smtpd_baner" in [one.message for one in found]
    assert said.section("main")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("ssl_curve_list = X25519:nope", "OpenSSL does not know every curve of `X25519:nope`"),
        ("ssl_cipher_list = NOPE", "OpenSSL knows no TLS 1.2 suite in the list `NOPE`"),
        ("ssl_cert = </nowhere", "cannot read /nowhere: No such file or directory"),
    ],
)
def test_what_fails_only_live(judge: Callable[..., Judged], tmp_path: Path, setting: str, words: str) -> None:
    """Dovecot would start with it, and then fail every connection."""
    inventory = demo(tmp_path, f"  dovecot: |\n    {setting}\n")
    service = rendered(inventory, "dovecot")

    said = judge(service)

    (found,) = problems(service, said.output, inventory, "home")
    assert (said.status, found.message) == (1, f"dovecot: {words} (`{setting.split(maxsplit=1)[0]}`)")
    assert places([found]) == [("extra.yaml", 3)]


def test_cipher_list_without_a_suite_in_postfix(judge: Callable[..., Judged], tmp_path: Path) -> None:
    """Postfix starts with a list that gives nothing, too."""
    inventory = demo(tmp_path, "  postfix:\n    tls_high_cipherlist: NOPE\n")
    service = rendered(inventory, "postfix")

    (found,) = problems(service, judge(service).output, inventory, "home")

    assert found.message == "postfix: OpenSSL knows no TLS 1.2 suite in the list `NOPE` (`tls_high_cipherlist`)"


@pytest.mark.parametrize("name", ["dovecot", "postfix"])
def test_key_that_does_not_fit(
    judge: Callable[..., Judged], tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    """A key of another certificate is named, with both paths."""
    service, other = (rendered(demo(tmp_path_factory.mktemp(name)), name) for _ in range(2))
    key = next(file.content for file in other.files if file.path == "tls.key")

    said = judge(with_file(service, "tls.key", key))

    (line,) = said.section("errors")
    assert said.status == 1
    assert line.endswith(
        "the key /etc/mailrig/current/tls.key does not fit the certificate /etc/mailrig/current/tls.crt"
    )


@dataclass(frozen=True)
class Spoilt:
    """A file of a service in which a text is another one, and what is said of its line (`{0}`) and those below."""

    service: str
    file: str
    text: str
    other: str
    errors: tuple[str, ...]


SPOILT = {
    "setup": Spoilt("setup", "site.json", '"hostname": ', '"hostname" ', ("{0}: Expecting ':' delimiter",)),
    "web": Spoilt("web", "Caddyfile", "auto_https", "auto_htps", ("{0}: unrecognized global option: auto_htps",)),
    "roundcube": Spoilt(
        "roundcube",
        "config.inc.php",
        "$config['skin'] = 'elastic';",
        "$config['skin'] = 'elastik';\n$config['des_key'] = 'short';\n$config['skim'] = '';",
        (
            "{0}: there is no skin `elastik`",
            "{1}: des_key must have 24 characters",
            "{2}: unknown setting: skim; did you mean `skin`?",
        ),
    ),
    "roundcube-php": Spoilt(
        "roundcube",
        "config.inc.php",
        "$config['skin'] =",
        "$config['skin'] = =",
        ('{0}: syntax error, unexpected token "="',),
    ),
    "roundcube-fpm": Spoilt(
        "roundcube",
        "php-fpm.conf",
        "pm = ondemand",
        "pm = sometimes",
        ("{0}: unable to parse value for entry 'pm': invalid process manager (static, dynamic or ondemand)",),
    ),
}


@pytest.mark.parametrize("spoilt", SPOILT.values(), ids=SPOILT)
def test_what_serves_browsers_is_judged(judge: Callable[..., Judged], tmp_path: Path, spoilt: Spoilt) -> None:
    """What a program behind the door, or the door, cannot work with is refused, with its place, all at once."""
    service = rendered(demo(tmp_path), spoilt.service)
    content = next(file.content for file in service.files if file.path == spoilt.file).decode()
    before, found, after = content.partition(spoilt.text)
    assert found

    said = judge(with_file(service, spoilt.file, (before + spoilt.other + after).encode()))

    first = before.count("\n") + 1
    form = "{}:0: line {}" if spoilt.service == "setup" else "{}:{}"
    places = [form.format(spoilt.file, first + below) for below in range(3)]
    assert said.status == 1
    assert said.section("errors") == [error.format(*places) for error in spoilt.errors]


@pytest.mark.parametrize(
    ("name", "file"), [("setup", "site.json"), ("web", "Caddyfile"), ("roundcube", "config.inc.php")]
)
def test_file_that_is_not_there(judge: Callable[..., Judged], tmp_path: Path, name: str, file: str) -> None:
    """A release that came without it is refused, by its name."""
    service = rendered(demo(tmp_path), name)
    others = tuple(one for one in service.files if one.path != file)

    said = judge(replace(service, files=others))

    assert said.status == 1
    assert file in "".join(said.section("errors")), said.output


WEB = """\
site: test
domains: [example.test, example.org]
hosts:
  home:
    hostname: mail.example.test
    certificate: {source: demo-ca, names: [localhost, 127.0.0.1, mta-sts.example.test, mta-sts.example.org]}
    listen: [192.0.2.10]
    ports: {imaps: 993, submissions: 465, smtp: 25, https: 8443, http: 80, lmtp: {port: 2525, addresses: [100.64.0.10]}}
"""
GATEWAY = """\
  mx:
    role: mx
    hostname: mx.example.test
    engine: ssh://mx.example.test
    certificate: {source: demo-ca, key_types: [ECDSA, RSA], names: [mta-sts.example.test, mta-sts.example.org]}
    vpn_address: 100.64.0.20
    listen: [192.0.2.25]
    ports: {smtp: 25, https: 443}
"""


@pytest.fixture
def web(tmp_path: Path) -> Callable[..., Service]:
    """Returns what a host with web pages gives Caddy."""

    def of(host: str = "home", *, site: str = WEB, more: str = "") -> Service:
        (tmp_path / "site.yaml").write_text(site + more)
        inventory = load(tmp_path, State(tmp_path / ".state"), dt.datetime.now(dt.UTC))
        return next(service for service in render(inventory, host).services if service.name == "web")

    return of


@pytest.mark.parametrize(
    ("host", "more"),
    [
        ("home", ""),
        ("home", "webmail: {}\nmta_sts: {mode: enforce}\ntls: {min_protocol: TLSv1.3}\n"),
        ("mx", f"{GATEWAY}mta_sts: {{mode: testing}}\nsetup: {{languages: [en]}}\n"),
    ],
    ids=["pages", "everything", "gateway"],
)
def test_caddy_takes_what_is_rendered(
    judge: Callable[..., Judged], web: Callable[..., Service], host: str, more: str
) -> None:
    """A home with and without webmail, and a gateway with two certificates."""
    said = judge(web(host, more=more))
    assert (said.status, said.section("errors")) == (0, []), said.output


def test_key_of_another_certificate_is_named(judge: Callable[..., Judged], web: Callable[..., Service]) -> None:
    """Caddy itself would only say that the two do not fit."""
    service, other = web(), web("mx", more=GATEWAY.replace(", key_types: [ECDSA, RSA]", ""))
    key = next(file.content for file in other.files if file.path == "tls.key")
    said = judge(with_file(service, "tls.key", key))
    (error,) = said.section("errors")
    assert error.startswith("Caddyfile:0: the key /etc/mailrig/releases/x/tls.key does not fit the certificate")
