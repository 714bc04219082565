"""The door for browsers: what it lets in and what it refuses, and that nobody notices what changes behind it."""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest
from authority import Authority, on_host, pem, replaced
from conftest import site_factory
from sites import Site, eventually, exec_in, free_ports

HOSTNAME = "mail.example.test"
NAMES = (HOSTNAME, "localhost", "mta-sts.example.test")
AUTODISCOVER = "/autodiscover/autodiscover.xml"
PRIVATE = "hunter2"
LONG = b"x" * 10_000_000
TOO_LONG = 413
TOO_MANY = 429


@dataclass(frozen=True)
class Answer:
    """What came back; the names of headers are in lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


class Pages:
    """A site with web pages, and a browser."""

    def __init__(self, site: Site, authority: Authority, directory: Path) -> None:
        self.site = site
        [self.outcome] = site.data("deploy")
        self.authority = authority
        self.directory = directory
        self.context = ssl.create_default_context(cadata=pem(authority.root))

    def connect(self, name: str = HOSTNAME) -> ssl.SSLSocket:
        """Shake hands by a name."""
        line = socket.create_connection(("127.0.0.1", self.site.port("https")), timeout=30)
        return self.context.wrap_socket(line, server_hostname=name)

    def ask(
        self, path: str, *, method: str = "GET", name: str = HOSTNAME, body: object = None, **headers: str
    ) -> Answer:
        """Ask over TLS; `Host` may be another name than the one of the handshake."""
        return self._ask(self.connect(name), path, method, body, {"Host": name, **headers})

    def ask_in_the_clear(self, path: str, *, method: str = "GET", name: str = HOSTNAME) -> Answer:
        """Ask at the port `http`."""
        line = socket.create_connection(("127.0.0.1", self.site.port("http")), timeout=30)
        return self._ask(line, path, method, None, {"Host": name})

    @staticmethod
    def _ask(line: socket.socket, path: str, method: str, body: object, headers: dict[str, str]) -> Answer:
        with closing(line):
            session = http.client.HTTPConnection("localhost", timeout=30)
            session.sock = line
            with suppress(OSError):  # what is too long is not heard to its end
                session.request(method, path, body, headers)  # type: ignore[arg-type]
            answer = session.getresponse()
            found = {key.lower(): value for key, value in answer.getheaders()}
            return Answer(answer.status, found, answer.read(2**20))

    def fingerprint(self) -> bytes:
        """Return the certificate that is shown."""
        with closing(self.connect()) as line:
            return line.getpeercert(binary_form=True) or b""

    def issue(self, *names: str) -> None:
        """Renew the certificate on the Docker host."""
        self.authority.issue(self.directory, "tls", names=names)

    @property
    def origin(self) -> str:
        """How the address of each page begins."""
        return f"https://{HOSTNAME}:{self.site.port('https')}"


@pytest.fixture(scope="module")
def pages(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pages]:
    """A deployed site that the tests of this module share; its certificate is on the Docker host."""
    with site_factory(engine, tmp_path_factory) as make:
        site = make()
        ports = dict(zip(("imaps", "submission", "submissions", "smtp", "https", "http"), free_ports(6), strict=True))
        site.host["ports"] = {**ports, "smtp": {"port": ports["smtp"], "addresses": ["0.0.0.0"]}}
        site.settings["mta_sts"] = {"mode": "testing"}
        authority, directory = Authority(), site.directory.parent / "certificates"
        directory.mkdir()
        (directory.parent / "root.pem").write_text(pem(authority.root))
        site.host["certificate"] = on_host(directory)
        authority.issue(directory, "tls", age=24, names=NAMES)
        site.write()
        yield Pages(site, authority, directory)


def started(engine: docker.APIClient, site: Site) -> list[str]:
    """Return when each container was started; another answer later would mean that one did not stay up."""
    return [engine.inspect_container(site.container(name))["State"]["StartedAt"] for name in ("setup", "web")]


def test_verify_has_asked_for_the_pages(pages: Pages) -> None:
    """A deploy counts only when they were seen from outside, and `certs` knows the door's certificate."""
    results = pages.outcome["verify"]["results"]
    passed = {(one["probe"], one["subject"]) for one in results if one["outcome"] == "passed"}
    wanted = {
        *((name, "https") for name in ("certificate", "tls-1.2", "tls-1.3", "headers", "stranger-name")),
        *(("page", subject) for subject in ("setup", "front", "autoconfig")),
        ("redirect", "http"),
        ("policy", "mta-sts"),
    }
    assert wanted <= passed
    [served] = pages.site.data("certs")
    assert "https" in {one["port"] for one in served["ports"]}


def test_http_leads_to_https(pages: Pages) -> None:
    """With path and query to the host, and from names and addresses that are not its own to the right one."""
    answer = pages.ask_in_the_clear("/setup?lang=ja")
    assert (answer.status, answer.headers["location"]) == (308, f"{pages.origin}/setup?lang=ja")
    for name in ("127.0.0.1", "stranger.example"):
        answer = pages.ask_in_the_clear("/a", name=name)
        assert (answer.status, answer.headers["location"]) == (302, f"{pages.origin}/")
        assert pages.ask_in_the_clear("/a", method="POST", name=name).status == 421
    answer = pages.ask_in_the_clear("x:.evil.example")  # a URI without a path, which would go on after our name
    assert (answer.status, answer.headers["location"]) == (302, f"{pages.origin}/")


def test_programs_are_answered_by_the_names_that_they_go_by(pages: Pages) -> None:
    """Thunderbird asks in the clear where the certificate does not hold the name, and Outlook looks for a redirect."""
    answer = pages.ask_in_the_clear("/mail/config-v1.1.xml", name="autoconfig.example.test")
    assert answer.status == 200
    assert b"<hostname>mail.example.test</hostname>" in answer.body
    answer = pages.ask_in_the_clear(AUTODISCOVER, name="autodiscover.example.test")
    assert (answer.status, answer.headers["location"]) == (302, f"{pages.origin}{AUTODISCOVER}")


def test_policy_is_served_by_its_own_name_alone(pages: Pages) -> None:
    """At mta-sts.DOMAIN, as text, and with the mail servers that the DNS names."""
    answer = pages.ask("/.well-known/mta-sts.txt", name="mta-sts.example.test")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.body == b"version: STSv1\nmode: testing\nmx: mail.example.test\nmax_age: 604800\n"
    assert pages.ask("/.well-known/mta-sts.txt").status == 404


@pytest.mark.parametrize(
    "path",
    [
        "/.well-known/../../etc/passwd",
        "/.well-known/%2e%2e/%2e%2e/etc/passwd",
        "/.well-known/autoconfig/../../../../etc/mailrig/current/tls.key",
        "/.well-known/autoconfig/mail/..%2f..%2f..%2fetc%2fpasswd",
        "/setup/static/..%2f..%2f..%2fetc%2fpasswd",
        "/setup/static//etc/passwd",
        "/setup/..;/limit",
        "/limit",
        "/health",
        "/.git/config",
        "/index.php",
        "/%00",
    ],
)
def test_nothing_is_found_by_tricks(pages: Pages, path: str) -> None:
    """No file but those that are meant to be seen, and nothing that only `web` may ask."""
    answer = pages.ask(path)
    assert answer.status in (400, 404)
    assert not any(word in answer.body for word in (b"root:", b"PRIVATE KEY", b"Traceback", b"Caddy"))


@pytest.mark.parametrize("host", ["stranger.example", "127.0.0.1", "a b", "mail.example.test.evil.example"])
def test_other_hosts_are_led_to_the_right_one_or_refused(pages: Pages, host: str) -> None:
    """Nobody can show the site's pages under a name of his own."""
    answer = pages.ask("/setup", Host=host)
    assert answer.status in (302, 400)
    assert answer.headers.get("location", f"{pages.origin}/") == f"{pages.origin}/"
    assert pages.ask("/setup", method="POST", Host=host).status in (400, 421)


def test_what_is_too_long_or_unusual_is_refused(engine: docker.APIClient, pages: Pages) -> None:
    """10 MB to a form or a program's question, announced or in chunks; long headers; other methods; broken XML."""
    before = started(engine, pages.site)
    for path in (AUTODISCOVER, "/setup"):
        assert pages.ask(path, method="POST", body=LONG).status == TOO_LONG
        assert pages.ask(path, method="POST", body=iter([LONG[:200_000]])).status == TOO_LONG
    assert pages.ask("/setup", **{"X-Long": "x" * 100_000}).status == 431
    for method in ("TRACE", "PUT", "DELETE", "CONNECT", "PROPFIND"):
        assert pages.ask("/setup", method=method).status in (400, 405)
    entities = b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><Autodiscover>&b;</Autodiscover>'
    answer = pages.ask(AUTODISCOVER, method="POST", body=entities)
    assert 400 <= answer.status < 500
    assert b"root:" not in answer.body
    assert started(engine, pages.site) == before
    assert pages.ask("/setup").status == 200


def test_body_may_wait_until_it_is_asked_for(pages: Pages) -> None:
    """As curl and .NET do it (RFC 9110 section 10.1.1): nobody behind the door waits for it in the meantime."""
    body = b"<Autodiscover/>"
    head = f"POST {AUTODISCOVER} HTTP/1.1\r\nHost: {HOSTNAME}\r\nContent-Length: {len(body)}\r\nExpect: 100-continue"
    with closing(pages.connect()) as line, line.makefile("rb") as heard:
        line.sendall(f"{head}\r\nConnection: close\r\n\r\n".encode())
        assert heard.readline() == b"HTTP/1.1 100 Continue\r\n"
        line.sendall(body)
        assert b"HTTP/1.1 400 Bad Request\r\n" in heard.read()


def test_log_holds_nothing_that_was_said(pages: Pages) -> None:
    """Neither a query nor a header: addresses and passwords may be in both."""
    path = f"/nowhere-{time.time_ns()}"
    said = {"Cookie": PRIVATE, "Authorization": f"Basic {PRIVATE}", "Referer": PRIVATE}
    pages.ask(f"{path}?address={PRIVATE}@example.test", **said)
    logged = eventually(lambda: pages.site.ok("logs", "web"), lambda text: path in text, seconds=10)
    assert path in logged
    assert PRIVATE not in logged


def test_changed_domains_reach_caddy_by_a_reload(pages: Pages) -> None:
    """What is under way is brought to its end, and whoever comes meanwhile is served."""
    failures: list[object] = []
    over = threading.Event()

    def visit() -> None:
        while not over.wait(0.2):
            try:
                if (status := pages.ask("/.well-known/mta-sts.txt", name="mta-sts.example.test").status) != 200:
                    failures.append(status)
            except OSError as error:
                failures.append(error)

    visitor = threading.Thread(target=visit)
    visitor.start()
    body = b"<Autodiscover/>"
    with closing(pages.connect()) as line:
        head = f"POST {AUTODISCOVER} HTTP/1.1\r\nHost: {HOSTNAME}\r\nContent-Length: {len(body)}\r\nConnection: close"
        line.sendall(f"{head}\r\n\r\n".encode() + body[:5])
        pages.site.settings["domains"] = ["example.test", "second.test"]
        pages.issue(*NAMES, "mta-sts.second.test")
        pages.site.write()
        [outcome] = pages.site.data("deploy")
        line.sendall(body[5:])
        answered = line.recv(4096)
    over.set()
    visitor.join()
    assert {one["service"]: one["action"] for one in outcome["plan"]["actions"]}["web"] == "reload"
    assert answered.startswith(b"HTTP/1.1 ")
    assert not answered.startswith(b"HTTP/1.1 5")
    assert failures == []


def signer(pages: Pages) -> bytes:
    """Return the certificate with which a profile is signed, once its signature and its chain were verified."""
    content = pages.ask("/setup/profile.mobileconfig?address=alice@example.test").body
    root, found = (str(pages.directory.parent / name) for name in ("root.pem", "signer.pem"))
    command = ["openssl", "cms", "-verify", "-binary", "-inform", "DER", "-purpose", "any", "-CAfile", root]
    done = subprocess.run([*command, "-signer", found], input=content, capture_output=True, check=False)
    assert done.stdout.startswith(b"<?xml"), (done.stderr, content[:100])
    return ssl.PEM_cert_to_DER_cert(Path(found).read_text())


def test_renewed_certificate_is_served_by_itself(engine: docker.APIClient, pages: Pages) -> None:
    """Within a minute, profiles are signed with it as well, and nothing is started anew for it."""
    before, shown = started(engine, pages.site), pages.fingerprint()
    assert signer(pages) == shown
    pages.issue(*NAMES, "mta-sts.second.test")
    assert eventually(pages.fingerprint, lambda now: now != shown) != shown
    assert eventually(lambda: signer(pages), lambda now: now != shown) == pages.fingerprint()
    told = eventually(lambda: pages.site.ok("logs", "web"), lambda text: "serves the renewed certificate" in text, 10)
    assert "serves the renewed certificate" in told
    assert started(engine, pages.site) == before


def half_renewed(pages: Pages) -> None:
    """Put a new key beside the certificate of before."""
    aside = pages.directory.parent / "aside"
    aside.mkdir()
    pages.authority.issue(aside, "tls")
    replaced(pages.directory / "tls.key", (aside / "tls.key").read_text())


def complaints(pages: Pages, verb: str, *words: str) -> str:
    """Return what `docker VERB`, of the container `setup`, has on stderr."""
    command = ["docker", verb, pages.site.container("setup"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=True).stderr


UNUSABLE: dict[str, Callable[[Pages], object]] = {
    "tls.key is not the key of ": half_renewed,
    "tls.crt holds no certificate (PEM)": lambda pages: replaced(pages.directory / "tls.crt", "none"),
    "tls.crt has expired": lambda pages: pages.authority.issue(pages.directory, "tls", names=NAMES, age=48, days=-1),
    "cannot read ": lambda pages: (pages.directory / "tls.crt").unlink(),
}


@pytest.mark.parametrize("why", UNUSABLE)
def test_profiles_stay_signed_with_the_certificate_before(pages: Pages, why: str) -> None:
    """What a device would not take is not signed with, nor is half a renewal; the log says why."""
    before = {file: file.read_text() for file in pages.directory.glob("tls.*")}
    shown = signer(pages)
    try:
        UNUSABLE[why](pages)
        said = complaints(pages, "exec", "mailrig-apply", "renew") + complaints(pages, "logs")
        assert signer(pages) == shown
        assert "profiles are signed with the certificate of before: " in said
        assert why in said
    finally:
        for file, text in before.items():
            replaced(file, text)


def test_who_does_not_answer_behind_the_door_is_not_shown_in_full(pages: Pages) -> None:
    """A browser gets a line of text, after a while in which a restart would have passed."""
    subprocess.run(["docker", "stop", "--time", "1", pages.site.container("setup")], check=True, capture_output=True)
    try:
        answer = pages.ask("/setup")
    finally:
        pages.site.ok("restart", "setup")
    assert (answer.status, answer.body) == (502, b"502 Bad Gateway\n")
    assert pages.ask("/setup").status == 200


def test_flood_from_one_address_is_held_off(engine: docker.APIClient, pages: Pages) -> None:
    """Who asks a thousand times a second is told to wait, and for how long; then he is served again."""
    before = started(engine, pages.site)

    def flood(_number: int) -> list[Answer]:
        with closing(http.client.HTTPSConnection("localhost", pages.site.port("https"), context=pages.context)) as line:
            answers = []
            for _ in range(50):
                line.request("POST", AUTODISCOVER, b"<Autodiscover/>", {"Host": HOSTNAME})
                answer = line.getresponse()
                found = {key.lower(): value for key, value in answer.getheaders()}
                answers.append(Answer(answer.status, found, answer.read()))
            return answers

    with ThreadPoolExecutor(20) as threads:
        answers = [answer for answers in threads.map(flood, range(20)) for answer in answers]
    statuses = Counter(answer.status for answer in answers)
    assert statuses.keys() == {400, TOO_MANY}
    assert statuses[TOO_MANY] > statuses[400]
    assert all(int(one.headers["retry-after"]) > 0 for one in answers if one.status == TOO_MANY)
    assert eventually(lambda: pages.ask("/setup").status, lambda status: status == 200, seconds=30) == 200
    assert started(engine, pages.site) == before
    assert exec_in(pages.site, "web", "mailrig-health") == ""
