"""Kinds of change to a site, and how a client sees from outside that one is in force; knows nothing of figures."""

from __future__ import annotations

import imaplib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass

import docker.errors

from lab import DOMAIN, HASHES, SERVICES, Lab, free_ports
from traffic import PASSWORD, READER, SENDER, TROUBLE

Question = Callable[[], bool]
AES256_FIRST = [
    f"ECDHE-{key}-{rest}" for rest in ("AES256-GCM-SHA384", "CHACHA20-POLY1305") for key in ("ECDSA", "RSA")
]
CHANGING = f"changing@{DOMAIN}"


@dataclass(frozen=True)
class Kind:
    """A kind of change: what it does to the inventory the n-th time, and how to see that it is in force.

    One that is ``on_host`` is to files there, and nobody deploys it.
    """

    name: str
    goal: str  # which of the goals is its own: reload, accounts, container, nothing or renewal
    change: Callable[[Lab, int], Question]
    on_host: bool = False


def ciphers(lab: Lab, turn: int) -> Question:
    """From the profile to a list without AES-128, and back: another suite is chosen for a TLS 1.2 client."""
    lab.settings["tls"] = {"ciphers": "mail-clients" if turn % 2 else AES256_FIRST}
    wanted = "AES128-GCM" if turn % 2 else "AES256-GCM"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    return on_each(lambda port: wanted in handshake(port, context)[0], lab.ports["imaps"], lab.ports["submissions"])


def certificate(lab: Lab, turn: int) -> Question:
    """Another name in the demo CA's certificate: a new one is presented."""
    ports, server = (lab.ports["imaps"], lab.ports["submissions"]), lab.server
    before = {port: handshake(port, server.trusting)[1] for port in ports}
    lab.host["certificate"]["names"] = ["localhost", f"imap-{turn}.{DOMAIN}"]
    return on_each(lambda port: handshake(port, server.trusting)[1] != before[port], *ports)


def renewal(lab: Lab, _: int) -> Question:
    """Another certificate on the Docker host, which nobody deploys: each TLS port presents it."""
    wanted, server = lab.renew(), lab.server

    def presents(port: int) -> bool:
        speaks = upgraded if port in (lab.ports["submission"], lab.ports["smtp"]) else handshake
        return speaks(port, server.trusting)[1] == wanted

    return on_each(presents, *(lab.ports[name] for name in ("imaps", "pop3s", "submissions", "submission", "smtp")))


def verbosity(lab: Lab, turn: int) -> Question:
    """More in the logs, and less. No client can see that: ask the container what it has taken in."""
    before = release_taken_in(lab)
    lab.host["logs"] = {"verbosity": "normal" if turn % 2 else "debug"}
    return lambda: release_taken_in(lab) not in {before, ""}


def accounts(lab: Lab, turn: int) -> Question:
    """Add an account, which both daemons take mail for."""
    lab.accounts[f"new-{turn}@{DOMAIN}"] = {"password": HASHES["one"]}
    return on_each(lambda port: takes(lab, port, f"new-{turn}@{DOMAIN}"), lab.ports["lmtp"], lab.ports["smtp"])


def password(lab: Lab, turn: int) -> Question:
    """Another password: the old one is tried until it is refused, since each refusal costs two seconds."""
    old, new = ("two", "one") if turn % 2 else ("one", "two")
    lab.accounts[CHANGING] = {"password": HASHES[new]}
    return lambda: not logs_in(lab, CHANGING, old)


def aliases(lab: Lab, turn: int) -> Question:
    """Add an alias, which Postfix takes mail for."""
    lab.aliases[f"alias-{turn}@{DOMAIN}"] = READER
    return lambda: takes(lab, lab.ports["smtp"], f"alias-{turn}@{DOMAIN}")


def quota(lab: Lab, turn: int) -> Question:
    """Another quota, as a client is told it."""
    lab.accounts[SENDER] = {"password": HASHES["one"], "quota": f"{100 + turn}M"}
    return lambda: limit_of(lab, SENDER) == (100 + turn) * 1024


def memory(lab: Lab, turn: int) -> Question:
    """Another memory limit: a container that has it greets."""
    lab.host["resources"] = {"dovecot": {"memory": f"{400 + turn}M"}}

    def is_in_force() -> bool:
        return bool(lab.inspect("dovecot")["HostConfig"]["Memory"] == (400 + turn) * 2**20) and greets(lab, "imaps")

    return is_in_force


def port(lab: Lab, _: int) -> Question:
    """Another published port: it greets."""
    [lab.ports["pop3s"]] = free_ports(1)
    return lambda: greets(lab, "pop3s")


def nothing(_: Lab, __: int) -> Question:
    """No change: in force from the start."""
    return lambda: True


ALL = (
    Kind("cipher list", "reload", ciphers),
    Kind("log verbosity", "reload", verbosity),
    Kind("certificate", "reload", certificate),
    Kind("account", "accounts", accounts),
    Kind("password", "accounts", password),
    Kind("alias", "accounts", aliases),
    Kind("quota", "accounts", quota),
    Kind("memory limit", "container", memory),
    Kind("published port", "container", port),
    Kind("no-op", "nothing", nothing),
    Kind("renewal", "renewal", renewal, on_host=True),
)


def on_each(ask: Callable[[int], bool], *ports: int) -> Question:
    """Return a question that is answered with yes once each port has answered so; such a port is not asked again."""
    left = list(ports)

    def is_everywhere() -> bool:
        while left and ask(left[0]):
            left.pop(0)
        return not left

    return is_everywhere


def is_seen(question: Question) -> bool:
    """Ask, and take a server that is away for a no."""
    try:
        return question()
    except (*TROUBLE, docker.errors.APIError):
        return False


def handshake(port_number: int, context: ssl.SSLContext) -> tuple[str, bytes]:
    """Return the suite chosen and the certificate presented on a port with TLS from the start."""
    with (
        socket.create_connection(("localhost", port_number), timeout=2) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as client,
    ):
        suite = client.cipher()
        return suite[0] if suite else "", client.getpeercert(binary_form=True) or b""


def upgraded(port_number: int, context: ssl.SSLContext) -> tuple[str, bytes]:
    """Return the suite chosen and the certificate presented after STARTTLS (RFC 3207)."""
    with closing(smtplib.SMTP("localhost", port_number, timeout=2)) as client:
        client.starttls(context=context)
        secured = client.sock
        if not isinstance(secured, ssl.SSLSocket):
            return "", b""
        suite = secured.cipher()
        return suite[0] if suite else "", secured.getpeercert(binary_form=True) or b""


def greets(lab: Lab, name: str) -> bool:
    """Whether a port with TLS from the start greets."""
    with (
        socket.create_connection(("localhost", lab.ports[name]), timeout=2) as plain,
        lab.server.trusting.wrap_socket(plain, server_hostname="localhost") as client,
    ):
        return client.recv(1) != b""


def takes(lab: Lab, port_number: int, address: str) -> bool:
    """Whether RCPT is answered with 250: by LMTP (RFC 2033) or by SMTP."""
    speaks = smtplib.LMTP if port_number == lab.ports["lmtp"] else smtplib.SMTP
    with closing(speaks("localhost", port_number, timeout=2)) as client:
        client.ehlo("bench.example")
        client.mail(f"stranger@{DOMAIN}" if speaks is smtplib.LMTP else "stranger@elsewhere.example")
        return client.rcpt(address)[0] == 250  # noqa: PLR2004  # RFC 5321, 4.2.3


def logs_in(lab: Lab, address: str, word: str) -> bool:
    """Whether a password opens a mailbox; an error is a server that is away."""
    with imap(lab) as client:
        try:
            client.login(address, word)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            return False
        return True


def limit_of(lab: Lab, address: str) -> int:
    """Return a mailbox's quota in KiB, as IMAP tells it (RFC 9208); 0 where there is none."""
    with imap(lab) as client:
        client.login(address, PASSWORD)
        _, (_, told) = client.getquotaroot("INBOX")
        found = re.search(rb"STORAGE \d+ (\d+)", b" ".join(part for part in told if isinstance(part, bytes)))
        return int(found[1]) if found else 0


@contextmanager
def imap(lab: Lab) -> Iterator[imaplib.IMAP4_SSL]:
    """Connect over IMAPS, and close without another round trip."""
    client = imaplib.IMAP4_SSL("localhost", lab.ports["imaps"], ssl_context=lab.server.trusting, timeout=10)
    try:
        yield client
    finally:
        with suppress(OSError):
            client.shutdown()


def release_taken_in(lab: Lab) -> str:
    """Return the releases that both containers say they work with."""
    return " ".join(lab.inside(service, "cat", "/run/mailrig/release").strip() for service in SERVICES)
