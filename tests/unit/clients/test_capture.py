"""Real clients point at us: OpenSSL's s_client, and the mail libraries of Python."""

from __future__ import annotations

import contextlib
import imaplib
import queue
import re
import smtplib
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from mailrig.clients import capture as capturing
from mailrig.clients.capture import Capture, StartTls, capture
from mailrig.clients.catalogue import Entry, client
from mailrig.clients.encounter import meet
from mailrig.clients.heard import heard
from mailrig.errors import MailrigError

NAME = "mail.example.test"


@dataclass
class Listening:
    """A capture under way in a thread of its own."""

    told: queue.Queue[str] = field(default_factory=queue.Queue)
    caught: list[Capture] = field(default_factory=list)
    thread: threading.Thread | None = None
    port: int = 0

    def entry(self) -> Entry:
        """Wait for the end, and return what was caught."""
        assert self.thread
        self.thread.join()
        return self.caught[0].entry


Listen = Callable[[StartTls | None], Listening]


@pytest.fixture
def listen() -> Iterator[Listen]:
    """Begin a capture on a free port; none may be left at the end."""
    begun: list[Listening] = []

    def begin(starttls: StartTls | None) -> Listening:
        listening = Listening()

        def run() -> None:
            listening.caught.append(capture(0, starttls, listening.told.put))

        listening.thread = threading.Thread(target=run, daemon=True)
        listening.thread.start()
        first = listening.told.get()
        place = re.match(r"listening on 127\.0\.0\.1:(\d+), ", first)
        assert place, first
        listening.port = int(place[1])
        begun.append(listening)
        return listening

    yield begin
    for one in begun:
        assert one.thread
        assert not one.thread.is_alive()


def s_client(port: int, *arguments: str) -> str:
    """Run ``openssl s_client``; return what it says."""
    command = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *arguments]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, text=True)
    return done.stdout + done.stderr


def test_what_openssl_is_told_to_send_is_what_is_seen(listen: Listen) -> None:
    """Every option of the client shows in the entry, in its order."""
    listening = listen(None)
    said = s_client(
        listening.port,
        *("-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384:AES128-SHA:@SECLEVEL=0", "-curves", "P-384:X25519"),
        *("-sigalgs", "RSA-PSS+SHA256:ECDSA+SHA384", "-alpn", "imap,pop3", "-noservername"),
    )
    entry = listening.entry()
    assert entry.versions == ("TLSv1.2",)
    assert entry.suites == ("ECDHE-RSA-AES256-GCM-SHA384", "AES128-SHA", "TLS_EMPTY_RENEGOTIATION_INFO_SCSV")
    assert entry.groups == ("secp384r1", "x25519")
    assert entry.signature_algorithms == ("rsa_pss_rsae_sha256", "ecdsa_secp384r1_sha384")
    assert entry.alpn_seen == ("imap", "pop3")
    assert not entry.sni
    assert "alert handshake failure" in said


def test_a_client_of_tls_1_3(listen: Listen) -> None:
    """Versions come from their list, and the key shares are seen."""
    listening = listen(None)
    s_client(listening.port, "-servername", NAME, "-groups", "X448:P-256", "-ciphersuites", "TLS_AES_128_CCM_SHA256")
    entry = listening.entry()
    assert entry.versions[0] == "TLSv1.3"
    assert (entry.groups, entry.key_shares) == (("x448", "secp256r1"), ("x448",))
    assert entry.suites[0] == "0x1304"
    assert entry.sni
    assert entry.session_id == 32


@pytest.mark.parametrize("protocol", ["imap", "smtp"])
def test_openssl_after_starttls(protocol: StartTls, listen: Listen) -> None:
    """A client that upgrades is led to its ClientHello."""
    listening = listen(protocol)
    s_client(listening.port, "-starttls", protocol, "-tls1_2")
    assert listening.entry().versions == ("TLSv1.2",)


def test_imaplib(listen: Listen) -> None:
    """Python's IMAP library, in TLS from the first byte and after STARTTLS, sends one and the same hello."""
    direct, upgraded = listen(None), listen("imap")
    with pytest.raises(ssl.SSLError, match=r"(?i)handshake failure"):
        imaplib.IMAP4_SSL("127.0.0.1", direct.port, ssl_context=_settings())
    session = imaplib.IMAP4("127.0.0.1", upgraded.port)
    with contextlib.closing(session.sock), pytest.raises(ssl.SSLError):
        session.starttls(_settings())
    session.file.close()
    assert direct.entry() == upgraded.entry()


def test_smtplib(listen: Listen) -> None:
    """Python's SMTP library is led through EHLO and STARTTLS, and told no before that."""
    listening = listen("smtp")
    with smtplib.SMTP("127.0.0.1", listening.port) as session:
        assert session.docmd("MAIL FROM:<a@example.test>")[0] == 530
        assert session.noop()[0] == 250
        with pytest.raises(ssl.SSLError):
            session.starttls(context=_settings())
    assert listening.entry().versions[0] == "TLSv1.3"


def _settings() -> ssl.SSLContext:
    settings = ssl.create_default_context()
    settings.check_hostname = False
    return settings


def test_what_was_caught_can_be_sent(
    listen: Listen, generous: int, connect: Callable[[int], contextlib.AbstractContextManager[socket.socket]]
) -> None:
    """A captured client is one that can be sent to a server."""
    listening = listen(None)
    s_client(listening.port, "-servername", NAME)
    entry = listening.entry()
    with connect(generous) as line:
        assert meet(line, client("mine", entry), NAME).is_let_in
    assert heard(listening.caught[0].data) == entry
    assert listening.caught[0].peer.startswith("127.0.0.1:")


def _imap(port: int, *commands: str) -> list[str]:
    with socket.create_connection(("127.0.0.1", port)) as line, line.makefile("rw", newline="\r\n") as file:
        said = [file.readline()]
        for command in commands:
            file.write(f"{command}\n")
            file.flush()
            while True:
                said.append(file.readline())
                if not said[-1].startswith("* "):
                    break
        return [one.rstrip("\r\n") for one in said]


def test_imap_before_starttls(listen: Listen) -> None:
    """A client may ask what there is, but cannot log in; whoever leaves is told of, and does not end the capture."""
    listening = listen("imap")
    said = _imap(listening.port, "a CAPABILITY", 'b ID ("name" "x")', "c LOGIN me {6}", "d NOOP", "e logout")
    assert said == [
        "* OK [CAPABILITY IMAP4rev1 ID STARTTLS LOGINDISABLED] waiting for STARTTLS",
        "* CAPABILITY IMAP4rev1 ID STARTTLS LOGINDISABLED",
        "a OK done",
        "* ID NIL",
        "b OK done",
        "c NO [PRIVACYREQUIRED] STARTTLS comes first",
        "d OK done",
        "* BYE come again",
        "e OK done",
    ]
    assert "hung up without a ClientHello" in listening.told.get()
    s_client(listening.port, "-starttls", "imap")
    assert listening.entry()


def test_others_do_not_end_it(listen: Listen) -> None:
    """What is no ClientHello is told of, and the next client is heard."""
    listening = listen(None)
    with socket.create_connection(("127.0.0.1", listening.port)) as line:
        line.sendall(b"EHLO me\r\n")
        assert "does not begin with a ClientHello of TLS, but with b'EHLO '" in listening.told.get()
    s_client(listening.port)
    assert listening.entry()


def test_a_silent_client_is_told_of(listen: Listen, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that waits for a greeting may want STARTTLS; another one is heard meanwhile."""
    monkeypatch.setattr(capturing, "PATIENCE", 0.05)
    listening = listen(None)
    with socket.create_connection(("127.0.0.1", listening.port)):
        assert "it may wait for a greeting, and want STARTTLS" in listening.told.get()
    monkeypatch.undo()
    s_client(listening.port)
    assert listening.entry()


def test_clients_are_heard_side_by_side(listen: Listen) -> None:
    """A client that opens a line and says nothing does not keep the others out."""
    listening = listen(None)
    with socket.create_connection(("127.0.0.1", listening.port)):
        s_client(listening.port)
        assert listening.entry()
    assert listening.told.empty()  # nobody was waited for, and given up


def test_the_port_is_free_again(listen: Listen) -> None:
    """Nobody listens any more once something was caught."""
    listening = listen(None)
    s_client(listening.port)
    listening.entry()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", listening.port))


def test_a_port_that_cannot_be_had() -> None:
    """A port that is taken is an error that names it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(MailrigError, match=rf"cannot listen on 127\.0\.0\.1:{port}: address already in use"):
            capture(port, None, print)
