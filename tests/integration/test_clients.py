"""Every mail client's own ClientHello, sent to real servers."""

from __future__ import annotations

from sites import PORTS, Site

from mailrig.clients.catalogue import shipped
from mailrig.secret import Secret
from mailrig.verify import Endpoint, Target
from mailrig.verify.clients import Meetings, ask_all

TLS_PORTS = [port for port in PORTS if port != "lmtp"]


def met(site: Site) -> Meetings:
    """Ask for all clients on all ports."""
    endpoints = {port: Endpoint("127.0.0.1", site.port(port)) for port in TLS_PORTS}
    nobody = Target("home", "mail.example.test", endpoints, "", Secret(""), None, None, (), True, "TLSv1.2")  # noqa: FBT003
    return ask_all(nobody, shipped().values())


def test_everybody_who_is_required_is_let_in(site: Site) -> None:
    """With the eight suites and an ECDSA certificate, two old clients stay outside, on every port alike."""
    meetings = met(site)
    assert len(meetings) == len(shipped()) * len(TLS_PORTS)
    assert {meeting.verdict for meeting in meetings.values()} == {"let in", "locked out"}
    out = {(client, port) for (client, port), meeting in meetings.items() if meeting.verdict == "locked out"}
    assert out == {(client, port) for client in ("apple-macos-10.9", "java-7u25") for port in TLS_PORTS}
