"""Webmail: a real Roundcube behind `web`, used by requests and by a real browser, and what it keeps through changes."""

from __future__ import annotations

import imaplib
import ipaddress
import json
import os
import re
import secrets
import socket
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import pytest
from conftest import site_factory
from databases import MARIADB, POSTGRESQL, Kind, running_database
from neighbour import neighbour
from playwright.sync_api import Browser, Page
from sites import Site, eventually, exec_in, free_ports, message
from visitor import HOST, Visitor

IMAGES = Path(__file__).parents[2] / "docs" / "images"
ALICE, BOB = "alice@example.test", "bob@example.test"
# Failures slow down who comes from their address, which is not so by default: Docker may show all clients as one.
PENALTY = "service anvil {\n  unix_listener anvil-auth-penalty {\n    mode = 0600\n  }\n}\n"
DATA = "/var/lib/mailrig/roundcube/data"


@pytest.fixture(scope="module")
def site(engine: docker.APIClient, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A deployed site with webmail, shared by all tests here; each leaves it serving."""
    with site_factory(engine, tmp_path_factory) as make:
        made = make()
        made.host["ports"]["https"] = free_ports(1)[0]
        made.host["network"] = a_network()
        made.settings["webmail"] = {"name": "Example Mail"}
        made.settings["extra"] = {"dovecot": PENALTY}
        made.write()
        made.ok("deploy")
        yield made


def a_network() -> dict[str, Any]:
    """Return one in which Roundcube and its door have addresses of their own, so that browsers' addresses are known."""
    start = f"10.214.{secrets.randbelow(256)}"
    return {"subnet": f"{start}.0/24", "addresses": {"roundcube": f"{start}.50", "web": f"{start}.60"}}


@pytest.fixture
def alice(site: Site) -> Visitor:
    """Alice, logged in."""
    return logged_in(site, ALICE)


def logged_in(site: Site, address: str) -> Visitor:
    """Return somebody who has logged in."""
    visitor = Visitor(site)
    page = visitor.log_in(address)
    assert page.status == 302, page.text
    return visitor


def is_logged_in(visitor: Visitor) -> bool:
    """Whether Roundcube shows Alice her mail."""
    return f"{ALICE}<" in visitor.get("/?_task=mail").text


def add_contact(visitor: Visitor, name: str) -> None:
    """Put somebody into the address book."""
    form = visitor.get("/?_task=addressbook&_action=add&_source=0&_framed=1").form("editform")
    fields = {"_name": name, "_firstname": name, "_email[]": f"{name.lower()}@example.org"}
    said = visitor.post("/?_task=addressbook&_action=save&_framed=1", form | fields)
    assert "confirmation" in said.text, said.text


def contacts(visitor: Visitor) -> str:
    """Return the address book as Roundcube sends it to its scripts."""
    return visitor.get("/?_task=addressbook&_action=list&_source=0&_remote=1").text


def in_database(site: Site, query: str) -> str:
    """Ask the SQLite file, as the user that it belongs to."""
    return exec_in(site, "roundcube", "mailrig-as-roundcube", "sqlite3", f"{DATA}/roundcube.db", query).strip()


def log_of(site: Site) -> str:
    """Return all that Roundcube's container has logged."""
    done = subprocess.run(["docker", "logs", site.container("roundcube")], capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def test_who_knows_the_password_gets_in(site: Site) -> None:
    """A wrong password is refused, a right one let in, and the log says who came from where."""
    refused = Visitor(site).log_in(ALICE, "a wrong one")
    assert refused.status == 401
    assert "Login failed" in refused.text
    assert is_logged_in(logged_in(site, ALICE))
    assert f"Failed login for {ALICE} from" in log_of(site)
    assert f"Successful login for {ALICE}" in log_of(site)


@pytest.fixture
def elsewhere(site: Site, engine: docker.APIClient) -> Iterator[str]:
    """Another address than that of the tests' own requests; web, Dovecot and php-fpm are reached there."""
    with neighbour(engine, site, "web:8443", "dovecot:993", "roundcube:9000") as address:
        yield address


def last_login(site: Site, expected: str) -> str:
    """Return the address from which, as Dovecot has it, somebody logged in or tried to; its log may be behind."""

    def told() -> str:
        log = exec_in(site, "dovecot", "cat", "/var/log/dovecot-info.log")
        return str(re.findall(r" imap-login: .*user=<[^>]+>.*?, rip=([\d.]+)", log)[-1])

    return eventually(told, lambda address: address == expected, seconds=10)


def gateway(site: Site) -> str:
    """Return the address that requests to a published port have."""
    return str(ipaddress.ip_network(site.host["network"]["subnet"])[1])


def test_dovecot_knows_the_browsers_address(site: Site, elsewhere: str) -> None:
    """Whoever comes by webmail, and gets in or not, is in Dovecot's log with an address of his own."""
    assert Visitor(site, way=(elsewhere, 8443)).log_in(ALICE).status == 302
    assert last_login(site, elsewhere) == elsewhere
    logged_in(site, ALICE)
    assert last_login(site, gateway(site)) == gateway(site)
    assert Visitor(site, way=(elsewhere, 8443)).log_in(ALICE, "a wrong one").status == 401
    assert last_login(site, elsewhere) == elsewhere


def test_nobody_else_can_pretend_an_address(site: Site, elsewhere: str) -> None:
    """Neither who comes to Dovecot from outside or from another container, nor who asks Roundcube in web's place."""
    for way, own in (((elsewhere, 993), elsewhere), (("localhost", site.port("imaps")), gateway(site))):
        context = site.trusting()
        context.check_hostname = False
        with imaplib.IMAP4_SSL(*way, ssl_context=context, timeout=30) as client:
            assert client.xatom("ID", '("x-originating-ip" "192.0.2.7")')[0] == "OK"
            client.login(ALICE, site.password(ALICE))
        assert last_login(site, own) == own
    with socket.create_connection((elsewhere, 9000), timeout=30) as asked:
        asked.sendall(b"\x01\x09\x00\x00\x00\x00\x00\x00")  # FCGI_GET_VALUES, which php-fpm answers
        assert asked.recv(8) == b""


def test_failures_count_for_the_browser_that_fails(site: Site, elsewhere: str) -> None:
    """Where Dovecot slows down who comes from an address with failures, one browser does not slow down the others."""
    assert Visitor(site, way=(elsewhere, 8443)).log_in(ALICE, "a wrong one").status == 401
    slowed = exec_in(site, "dovecot", "doveadm", "penalty")
    assert elsewhere in slowed
    assert site.host["network"]["addresses"]["roundcube"] not in slowed


@pytest.mark.parametrize(
    ("path", "cookie"),
    [("/", {}), ("/?_task=mail", {}), ("/?_task=mail&.task=login", {}), ("/?_task=mail", {"_task": "login"})],
    ids=["body", "another-task", "another-name", "cookie"],
)
def test_an_attempt_that_hides_is_refused(site: Site, elsewhere: str, path: str, cookie: dict[str, str]) -> None:
    """A log-in whose address does not say what it is would not be counted as one: the right password is of no use."""
    visitor = Visitor(site, way=(elsewhere, 8443))
    fields = visitor.get("/").form("login-form") | {"_user": ALICE, "_pass": site.password(ALICE), "_action": "login"}
    visitor.cookies |= cookie
    said = visitor.post(path, fields)
    assert said.status == 401
    assert "Invalid request" in said.text
    assert not is_logged_in(visitor)


def test_the_page_tells_no_version(site: Site) -> None:
    """The log-in page has the site's name for itself and says nothing of versions; its cookie is for HTTPS alone."""
    visitor = Visitor(site)
    page = visitor.get("/")
    assert "Example Mail" in page.text
    assert "1.6." not in page.text
    assert not {"x-powered-by", "server"} & page.headers.keys()
    cookie = page.headers["set-cookie"].lower()
    assert all(word in cookie for word in ("secure", "httponly", "samesite=lax")), cookie


def test_no_source_is_served(site: Site) -> None:
    """Scripts and styles are fetched; programs, templates, settings and the database are not."""
    visitor = Visitor(site)
    assert visitor.get("/program/js/app.min.js").status == 200
    assert visitor.get("/skins/elastic/styles/styles.min.css").status == 200
    for path in ("/config/config.inc.php", "/program/include/iniset.php", "/skins/elastic/templates/login.html",
                 "/plugins/managesieve/managesieve.php", "/plugins/managesieve/config.inc.php.dist", "/installer/",
                 "/SQL/sqlite.initial.sql", "/data/roundcube.db", "/composer.json", "/.new/index.php",
                 "/index.php/more", "/program/js/%00", f"/{'long' * 1000}"):  # fmt: skip
        assert visitor.get(path).status == 404, path


@pytest.mark.parametrize("request_line", ["GET / HTTP/1.1", "POST /?_task=mail HTTP/1.1"], ids=["get", "post"])
def test_who_sends_slowly_keeps_nobody_waiting(site: Site, request_line: str) -> None:
    """More bodies than there are processes come byte by byte, and the log-in page is shown to others all the same."""
    head = f"{request_line}\r\nHost: {HOST}\r\nContent-Length: 1000\r\n\r\n_user="
    with ExitStack() as held:
        for _ in range(processes_of(site) + 1):
            line = held.enter_context(Visitor(site).connect())
            line.sendall(head.encode())
        assert Visitor(site).get("/").form("login-form")


def processes_of(site: Site) -> int:
    """Return how many requests Roundcube answers at once."""
    [found] = re.findall(
        r"max_children = (\d+)", exec_in(site, "roundcube", "cat", "/etc/mailrig/current/php-fpm.conf")
    )
    return int(found)


@pytest.mark.parametrize(("method", "status"), [("POST", 411), ("GET", 400)])
def test_a_body_of_unknown_length_is_refused(site: Site, method: str, status: int) -> None:
    """php-fpm would wait for its end in vain."""
    with Visitor(site).connect() as line, line.makefile("rb") as heard:
        line.sendall(f"{method} /?_task=mail HTTP/1.1\r\nHost: {HOST}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        line.sendall(b"5\r\n_user\r\n0\r\n\r\n")
        assert heard.readline().startswith(f"HTTP/1.1 {status} ".encode())


def test_a_long_body_comes_whole(site: Site) -> None:
    """What is longer than what the door waits for reaches Roundcube to its end, where the password stands."""
    visitor = Visitor(site)
    fields = visitor.get("/").form("login-form") | {"_long": "x" * 500_000}
    assert visitor.post("/?_task=login", fields | {"_user": ALICE, "_pass": site.password(ALICE)}).status == 302


def test_mail_goes_through(site: Site, alice: Visitor) -> None:
    """Alice writes to Bob as one of her own addresses, through submission, and Bob reads it."""
    compose = alice.get("/?_task=mail&_action=compose")
    assert "team@example.test" in compose.text
    form = compose.form("form") | {"_to": BOB, "_subject": "By hand", "_message": "Hello Bob, how is it?"}
    said = alice.post("/?_task=mail&_action=send", form)
    assert "sent_successfully" in said.text, said.text
    bob = logged_in(site, BOB)
    listed = eventually(
        lambda: bob.get("/?_task=mail&_action=list&_mbox=INBOX&_remote=1").text, lambda t: "By hand" in t
    )
    uid = json.loads(listed)["exec"].split("add_message_row(")[1].split(",")[0]
    assert "Hello Bob, how is it?" in bob.get(f"/?_task=mail&_mbox=INBOX&_uid={uid}&_action=show").text
    with site.imap(BOB) as client:
        client.select("INBOX")
        _, found = client.fetch(uid, "(BODY.PEEK[HEADER])")
    header = found[0][1].decode()
    assert f"(Authenticated sender: {ALICE})" in header or "with ESMTPSA" in header
    assert "User-Agent: Example Mail\r\n" in header


def test_a_filter_acts(site: Site) -> None:
    """Bob makes a filter, and what comes then is where he wants it."""
    bob = logged_in(site, BOB)
    form = bob.get("/?_task=settings&_action=plugin.managesieve-action&_framed=1&_nav=hide").form("filterform")
    rule = {"_name": "Invoices", "_rule_target[0]": "invoice", "_action_mailbox[0]": "Archive"}
    said = bob.post("/?_task=settings&_action=plugin.managesieve-save", form | rule)
    assert "confirmation" in said.text, said.text
    with site.submission(ALICE) as client:
        client.send_message(message("Your invoice", ALICE, BOB))
    assert eventually(lambda: subjects_in(site, "Archive"), bool) == ["Your invoice"]


def subjects_in(site: Site, folder: str) -> list[str]:
    """Return the subjects in a folder of Bob's."""
    with site.imap(BOB) as client:
        client.select(folder, readonly=True)
        _, numbers = client.search(None, "ALL")
        found = [client.fetch(number, "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1] for number in numbers[0].split()]
    return [parts[0][1].decode().partition(":")[2].strip() for parts in found]


def test_identities_follow_the_inventory(site: Site, alice: Visitor) -> None:
    """At each log-in a person has the addresses that Postfix lets him send as, and no others."""
    query = "SELECT email FROM identities JOIN users USING (user_id) WHERE del = 0 AND username = '{}' ORDER BY email"
    assert in_database(site, query.format(ALICE)).split() == [ALICE, "team@example.test"]
    in_database(site, "UPDATE identities SET email = 'chief@example.test' WHERE email = 'team@example.test'")
    logged_in(site, ALICE)
    assert in_database(site, query.format(ALICE)).split() == [ALICE, "team@example.test"]


def test_sessions_outlive_a_reload_and_a_rollback(site: Site, alice: Visitor) -> None:
    """A setting of the inventory is taken in by a reload; who is logged in stays so, then and when it is taken back."""
    site.settings["webmail"]["name"] = "Another Mail"
    site.write()
    assert planned(site) == {"roundcube": "reload"}
    site.ok("deploy")
    assert "Another Mail" in alice.get("/?_task=mail").text
    assert is_logged_in(alice)
    site.ok("rollback")
    assert "Example Mail" in alice.get("/?_task=mail").text
    assert is_logged_in(alice)
    site.settings["webmail"]["name"] = "Example Mail"
    site.write()


def planned(site: Site) -> dict[str, str]:
    """Return what a deploy would do, by service."""
    actions = json.loads(site.run("plan", "--json").stdout)["hosts"]["home"]["actions"]
    return {one["service"]: one["action"] for one in actions if one["action"] != "unchanged"}


def test_data_outlives_the_container(site: Site, alice: Visitor) -> None:
    """A new container has the contacts, settings and sessions of the old one."""
    add_contact(alice, "Carol")
    site.host["resources"] = {"roundcube": {"memory": "400M"}}
    site.write()
    site.ok("deploy")
    assert "Carol" in contacts(alice)
    assert "Carol" in contacts(logged_in(site, ALICE))


def test_an_older_database_is_brought_up_to_date(site: Site, alice: Visitor) -> None:
    """What an older Roundcube left is brought up to date, keeps what is in it, and stays as a copy, too."""
    add_contact(alice, "Dave")
    make_older(site)
    restart(site)
    assert "updated from 2020020101 to" in log_of(site)
    tables = in_database(site, ".tables").split()
    assert {"responses", "collected_addresses"} <= set(tables)
    assert "Dave" in contacts(alice)
    copy = exec_in(site, "roundcube", "mailrig-as-roundcube", "sqlite3", f"{DATA}/roundcube-2020020101.db", ".tables")
    assert "contacts" in copy
    assert "responses" not in copy


def make_older(site: Site) -> None:
    """Put what is in the database into tables as Roundcube 1.4 had them: fewer of them, and none refers to another."""
    tables = exec_in(site, "roundcube", "cat", "/usr/share/roundcube/SQL/sqlite.initial.sql")
    tables = re.sub(r"\s+REFERENCES \w+ ?\(\w+\)( ON \w+ CASCADE)*", "", tables)
    made_less = "DROP TABLE responses; DROP TABLE collected_addresses; UPDATE system SET value = '2020020101';"
    kept = [f"INSERT INTO {one} SELECT * FROM now.{one};" for one in ("users", "identities", "contacts", "session")]  # noqa: S608
    script = "\n".join([tables, made_less, f"ATTACH '{DATA}/roundcube.db' AS now;", *kept])
    older = ["mailrig-as-roundcube", "sqlite3", "-bail", f"{DATA}/older.db"]
    command = ["docker", "exec", "-i", site.container("roundcube"), *older]
    subprocess.run(command, input=script, text=True, check=True, capture_output=True)
    exec_in(site, "roundcube", "mailrig-as-roundcube", "mv", f"{DATA}/older.db", f"{DATA}/roundcube.db")


def test_a_newer_database_is_left_as_it_is(site: Site, alice: Visitor) -> None:
    """After the way back to an older image, its Roundcube works with the tables of the newer, and loses nothing."""
    add_contact(alice, "Erin")
    version = in_database(site, "SELECT value FROM system WHERE name = 'roundcube-version'")
    set_version = "UPDATE system SET value = '{}' WHERE name = 'roundcube-version'"
    in_database(site, f"ALTER TABLE contacts ADD COLUMN pronoun TEXT; {set_version.format('2099010100')}")
    restart(site)
    assert "of a newer Roundcube (2099010100), and is used as it is" in log_of(site)
    assert "Erin" in contacts(alice)
    assert in_database(site, "SELECT value FROM system WHERE name = 'roundcube-version'") == "2099010100"
    in_database(site, set_version.format(version))


def restart(site: Site) -> None:
    """Start the container again, and wait until it serves."""
    subprocess.run(["docker", "restart", site.container("roundcube")], capture_output=True, check=True)
    eventually(lambda: health(site), lambda said: said == "")


def health(site: Site, service: str = "roundcube") -> str:
    """Return what the health check says; nothing where all is well."""
    done = tried(site, service, "mailrig-health")
    return (done.stdout or "it does not say") if done.returncode else ""


def tried(site: Site, service: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a container, which may fail."""
    command = ["docker", "exec", site.container(service), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_wrong_setting_is_refused(site: Site) -> None:
    """All that is wrong in `extra.roundcube` is told at once, each at its line, before anything is touched."""
    lines = ["$config['skin'] = 'elastik';", "$config['refresh_intervall'] = 60;", "$config['a'] = [1,,];", "$b = c();"]
    before = site.settings["extra"]
    site.settings["extra"] = {"roundcube": "\n".join(lines)}
    site.write()
    head, _, _ = (site.directory / "site.yaml").read_text().partition("extra:")
    block = "".join(f"    {line}\n" for line in lines)
    (site.directory / "site.yaml").write_text(f"{head}extra:\n  roundcube: |\n{block}")
    try:
        done = site.run("deploy")
        assert done.returncode == 1
        first = head.count("\n") + 3
        for number, said in enumerate(("there is no skin `elastik`", "did you mean `refresh_interval`?",
                                       "empty array elements", "undefined function c()")):  # fmt: skip
            assert said in done.stderr, done.stderr
            assert f"site.yaml:{first + number}:1" in done.stderr, done.stderr
    finally:
        site.settings["extra"] = before
        site.write()
    assert "roundcube" not in planned(site)


@contextmanager
def delivered(site: Site, service: str, file: str, text: str) -> Iterator[None]:
    """Have a release in force in which a file is nothing but a text, and then the one of before again."""
    done = subprocess.run(["docker", "inspect", site.container(service)], capture_output=True, check=True)
    mount = f"mailrig-{site.name}_{service}_config:/c"
    helper = ["docker", "run", "--rm", "--network=none", f"--volume={mount}", "--workdir=/c", "--entrypoint=sh"]
    helper += [json.loads(done.stdout)[0]["Config"]["Image"], "-ec"]
    switch = "ln -s $to next; mv -T next current"
    before = exec_in(site, service, "readlink", "/etc/mailrig/current").strip()
    broken = f"cp -a {before} releases/broken; echo '{text}' >releases/broken/{file}; to=releases/broken; {switch}"
    subprocess.run([*helper, broken], check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run([*helper, f"to={before}; {switch}; rm -r releases/broken"], check=True, capture_output=True)


@pytest.mark.parametrize(
    ("service", "file", "text", "reason"),
    [
        ("setup", "site.json", "{", "site.json: line 2: "),
        ("web", "Caddyfile", "nonsense {", "Caddyfile:1"),
        ("roundcube", "php-fpm.conf", "pm = sometimes", "php-fpm.conf:1"),
        ("roundcube", "config.inc.php", "<?php $config = [;", "config.inc.php on line 1"),
    ],
)
def test_what_is_broken_is_not_taken_in(site: Site, service: str, file: str, text: str, reason: str) -> None:
    """Should a broken release get as far as a service, it says why it refuses, goes on, and takes in the next one."""
    release = exec_in(site, service, "cat", "/run/mailrig/release")
    with delivered(site, service, file, text):
        done = tried(site, service, "mailrig-apply", "reload")
        assert done.returncode != 0
        assert reason in done.stderr, done
        assert tried(site, service, "cat", "/run/mailrig/release").stdout in ("", release)
        assert health(site, service) == ""
        assert Visitor(site).get("/setup").status == 200
    assert tried(site, service, "mailrig-apply", "reload").stderr == ""
    assert exec_in(site, service, "cat", "/run/mailrig/release") == release
    assert Visitor(site).get("/").status == 200


REASONS = {
    "setup": "no answer on port 8080",
    "web": "no answer over TLS on port 8443",
    "roundcube": "php-fpm does not answer on port 9000",
}


def test_who_hangs_is_not_healthy(site: Site) -> None:
    """A program that runs and does not answer is told apart from one that serves, with the reason."""

    def signal(service: str, name: str) -> None:
        as_owner = ["mailrig-as-roundcube"] if service == "roundcube" else []  # whom root may not signal there
        exec_in(site, service, "rm", "-f", "/run/mailrig/serves")
        exec_in(site, service, *as_owner, "sh", "-c", f"kill -{name} -1", check=False)  # all but PID 1
        subprocess.run(["docker", "kill", f"--signal={name}", site.container(service)], check=True, capture_output=True)

    try:
        for service in REASONS:
            signal(service, "STOP")
        with ThreadPoolExecutor() as threads:
            said = dict(zip(REASONS, threads.map(lambda service: health(site, service).strip(), REASONS), strict=True))
    finally:
        for service in REASONS:
            signal(service, "CONT")
    assert said == REASONS
    assert {health(site, service) for service in REASONS} == {""}


@pytest.mark.parametrize("kind", [MARIADB, POSTGRESQL], ids=lambda kind: kind.name)
def test_a_database_elsewhere(site: Site, engine: docker.APIClient, kind: Kind) -> None:
    """By a user for one database, over verified TLS; one that cannot be verified is not switched to."""
    add_contact(logged_in(site, ALICE), "Grace")
    files = {"database": kind.url, "database-ca.crt": ""}
    with running_database(engine, site, kind) as database:
        before = site.settings["webmail"]
        wanted = {"database": "!file database", "database_tls": "verify", "database_trust": "database-ca.crt"}
        site.settings["webmail"] = {**before, **wanted}
        site.write()
        ours = (site.directory / ".state" / "ca.crt").read_text()
        for name, text in (files | {"database-ca.crt": ours}).items():
            (site.directory / name).write_text(text)
        done = site.run("deploy")
        assert done.returncode == 3
        assert "Roundcube has no database" in done.stderr, done.stderr
        assert "it%27s" not in done.stdout + done.stderr
        assert is_logged_in(logged_in(site, ALICE))
        assert database.tables() == 0

        (site.directory / "database-ca.crt").write_text(database.authority)
        site.ok("deploy")
        visitor = logged_in(site, ALICE)
        add_contact(visitor, "Frank")
        assert database.ask("SELECT username FROM users") == ALICE
        assert database.ask("SELECT name FROM contacts") == "Frank"

        database.ask(kind.lock)
        exec_in(site, "roundcube", "rm", "/run/mailrig/serves")
        said = health(site)
        assert "Roundcube has no database" in said, said
        assert kind.refusal in said, said
        database.ask(kind.unlock)
        assert health(site) == ""
        site.settings["webmail"] = before
        site.write()
        site.ok("deploy")
    assert "Grace" in contacts(logged_in(site, ALICE))


@dataclass
class Screen:
    """A page of Roundcube's in the browser, and what the browser complains of."""

    page: Page
    complaints: list[str]

    def wait(self, condition: str = "true") -> None:
        """Wait until Roundcube's script is idle and ``condition`` holds."""
        idle = "document.readyState === 'complete' && window.rcmail && rcmail.commands && !rcmail.busy"
        self.page.wait_for_function(f"{idle} && ({condition})")

    def picture(self, name: str) -> None:
        """Take the picture for the documentation, when that is asked for."""
        if os.environ.get("MAILRIG_SCREENSHOTS"):
            self.page.screenshot(path=IMAGES / f"webmail-{name}.png")


def seen_by(browser: Browser, site: Site, address: str, **options: Any) -> Screen:
    """Log in with a browser of one's own."""
    page = browser.new_context(ignore_https_errors=True, **options).new_page()
    screen = Screen(page, [])
    page.on("console", lambda said: screen.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: screen.complaints.append(str(error)))
    page.goto(f"https://{HOST}:{site.port('https')}/")
    screen.wait()
    page.fill("#rcmloginuser", address)
    page.fill("#rcmloginpwd", site.password(address))
    page.click("#rcmloginsubmit")
    screen.wait("rcmail.message_list")
    return screen


def test_in_a_browser(site: Site, browser: Browser) -> None:
    """Alice writes; Bob, who reads Japanese in the dark, finds it and makes a filter that acts; nothing is blocked."""
    alice = seen_by(browser, site, ALICE)
    alice.page.click("a.compose")
    alice.wait("rcmail.env.action === 'compose'")
    alice.page.locator(".recipient-input input").first.fill(f"{BOB},")
    alice.page.fill("#compose-subject", "Lunch on Friday?")
    alice.page.fill("#composebody", "There is a new place beside the river.\n\nAlice")
    alice.picture("compose")
    alice.page.click("button.send")
    alice.wait("rcmail.message_list")

    bob = seen_by(browser, site, BOB, color_scheme="dark", locale="ja-JP")
    eventually(lambda: subjects_in(site, "INBOX"), lambda found: "Lunch on Friday?" in found)
    bob.page.evaluate("rcmail.command('list')")
    bob.page.get_by_text("Lunch on Friday?").first.click()
    bob.page.frame_locator("#messagecontframe").get_by_text("beside the river").wait_for()
    bob.picture("dark-japanese")

    bob.page.goto(f"https://{HOST}:{site.port('https')}/?_task=settings&_action=plugin.managesieve")
    bob.wait()
    bob.page.click("a.create")
    form = bob.page.frame_locator("iframe[name=contentframe], iframe#filter-box")
    form.locator("input[name=_name]").fill("Newsletters")
    form.locator("input[type=text]:visible:not([name=_name])").first.fill("newsletter")
    form.locator("select[name='_action_mailbox[0]']").select_option("Junk")
    form.locator("button.submit").click()
    bob.page.get_by_text("Newsletters").first.wait_for()
    bob.picture("filter")
    with site.submission(ALICE) as client:
        client.send_message(message("The newsletter of this week", ALICE, BOB))
    assert eventually(lambda: subjects_in(site, "Junk"), bool) == ["The newsletter of this week"]

    alice.page.reload()
    alice.wait("rcmail.message_list")
    alice.page.evaluate("rcmail.command('list', 'Sent')")
    alice.page.get_by_text("Lunch on Friday?").first.click()
    alice.page.frame_locator("#messagecontframe").get_by_text("beside the river").wait_for()
    alice.picture("light")
    assert alice.complaints == []
    assert bob.complaints == []
