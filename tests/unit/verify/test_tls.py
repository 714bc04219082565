"""The TLS probes against real handshakes."""

from __future__ import annotations

import ssl
from dataclasses import replace
from typing import Any

import pytest

from mailrig.verify import tls
from mailrig.verify.causes import Causes
from mailrig.verify.evidence import Evidence
from mailrig.verify.report import Result

EC, RSA = "ecdsa", "rsa"


def answers(target: Any, inside: Any = None) -> dict[str, Result]:
    """Ask all TLS probes and return the results by name."""
    explain = Causes(target, Evidence(inside)).explain
    results = [result for lane in tls.lanes(target) for result in lane.results(explain)]
    return {result.name: result for result in results}


def limited(server: ssl.SSLContext, version: ssl.TLSVersion) -> ssl.SSLContext:
    """Return the server's settings with one version only."""
    server.minimum_version = server.maximum_version = version
    return server


def direct(server: ssl.SSLContext) -> Any:
    """Return a handler that shakes hands and waits for the client to leave."""

    def handler(line: Any) -> None:
        line.secure(server)
        line.hear()

    return handler


def test_both_versions_and_the_certificate_pass(world: Any) -> None:
    """A server with both versions and a good certificate passes, and suite, name and days are shown."""
    found = answers(world.at(imaps=direct(world.authority.leaf())))
    assert found["tls-1.2 imaps"].seen.startswith("TLSv1.2 ECDHE-ECDSA-")
    assert found["tls-1.3 imaps"].seen.startswith("TLSv1.3 TLS_")
    assert found["certificate imaps"].seen == "mail.example.test, 29 days left, issued by Test CA"
    assert all(result.ok for result in found.values())


def test_ports_that_are_not_published_are_skipped_with_the_reason(world: Any) -> None:
    """A port that the inventory does not publish is no failure."""
    found = answers(world.at(imaps=direct(world.authority.leaf())))
    assert found["tls-1.2 smtp"].skipped
    assert found["tls-1.2 smtp"].seen == "port smtp is not published"


def test_a_server_of_tls_1_2_alone_fails_the_other(world: Any) -> None:
    """A server that knows no TLS 1.3 fails that probe only."""
    found = answers(world.at(imaps=direct(limited(world.authority.leaf(), ssl.TLSVersion.TLSv1_2))))
    assert found["tls-1.2 imaps"].ok
    assert not found["tls-1.3 imaps"].ok
    assert "alert 70" in found["tls-1.3 imaps"].seen


def test_tls_1_2_must_be_refused_where_the_inventory_says_so(world: Any) -> None:
    """With TLSv1.3 as the lowest protocol the refusal of TLS 1.2 is the pass, and its acceptance the failure."""
    strict = limited(world.authority.leaf(), ssl.TLSVersion.TLSv1_3)
    target = replace(world.at(imaps=direct(strict), pop3s=direct(world.authority.leaf())), min_protocol="TLSv1.3")
    inside = world.inside({"doveconf": (0, "ssl_min_protocol = TLSv1.2\n")})
    found = answers(target, inside)
    assert found["tls-1.2 imaps"].ok
    assert found["tls-1.2 imaps"].seen.startswith("refused, as the inventory asks")
    assert not found["tls-1.2 pop3s"].ok
    assert found["tls-1.2 pop3s"].cause == "ssl_min_protocol is `TLSv1.2`"


def test_the_incident_is_found_and_explained(world: Any) -> None:
    """An ECDSA key under RSA-only suites fails in TLS 1.2 alone, and the cause names both."""
    server = world.authority.leaf(kind=EC)
    server.set_ciphers("ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384")
    listed = "ssl_cipher_list = ECDHE-RSA-AES128-GCM-SHA256:ECDHE-RSA-AES256-GCM-SHA384\n"
    found = answers(world.at(imaps=direct(server)), world.inside({"doveconf": (0, listed)}))
    assert found["tls-1.3 imaps"].ok
    assert not found["tls-1.2 imaps"].ok
    assert found["tls-1.2 imaps"].cause == (
        "TLS 1.3 works, and TLS 1.2 has no suite to agree on: the certificate's key is ECDSA, "
        "none of the 2 suites in ssl_cipher_list is for it"
    )


def test_a_close_without_an_alert_is_a_failure(world: Any) -> None:
    """Dovecot 2.3 hangs up on a failed handshake without a word."""
    found = answers(world.at(imaps=lambda line: line.socket.recv(4096)))
    assert found["tls-1.2 imaps"].seen == "the server closed the connection without an alert"


def test_a_port_that_speaks_first_is_named(world: Any) -> None:
    """A STARTTLS port published as a TLS port is recognised."""
    found = answers(world.at(imaps=world.script(["* OK hello, who is there?"], {})))
    assert found["tls-1.3 imaps"].seen == "the answer is not TLS"
    assert found["tls-1.3 imaps"].cause == "the port speaks in the clear first: is it the STARTTLS port?"


def test_a_certificate_for_another_name_is_explained(world: Any) -> None:
    """The cause says which name the certificate has."""
    found = answers(world.at(imaps=direct(world.authority.leaf(name="other.example.test"))))
    assert found["tls-1.2 imaps"].ok
    assert not found["certificate imaps"].ok
    assert found["certificate imaps"].cause == ("the certificate is for other.example.test, not for mail.example.test")


def test_a_wildcard_covers_one_label(world: Any) -> None:
    """A wildcard certificate for the domain passes."""
    assert answers(world.at(imaps=direct(world.authority.leaf(name="*.example.test"))))["certificate imaps"].ok


def test_a_certificate_of_an_unknown_ca_is_explained(world: Any, tmp_path: Any) -> None:
    """The cause names the issuer."""
    found = answers(world.at(imaps=direct(world.evil(tmp_path, "Other CA").leaf())))
    assert found["certificate imaps"].cause == (
        "the certificate is issued by Other CA, which clients of this site do not trust"
    )


def test_an_expired_certificate_is_said_to_be_expired(world: Any) -> None:
    """An expired certificate fails as such."""
    found = answers(world.at(imaps=direct(world.authority.leaf(days=-3))))
    assert found["certificate imaps"].seen == "the certificate is not accepted: certificate has expired"


@pytest.mark.parametrize(
    ("port", "dialogue"),
    [
        ("submission", (["220 hello"], {"EHLO": ["250-hello", "250 STARTTLS"], "STARTTLS": ["220 go"]})),
        ("imap", (["* OK hello"], {"a STARTTLS": ["a OK go"]})),
        ("pop3", (["+OK hello"], {"STLS": ["+OK go"]})),
        ("managesieve", (['"STARTTLS"', "OK hello"], {"STARTTLS": ["OK go"]})),
    ],
)
def test_each_protocol_goes_over_to_tls_in_its_own_words(world: Any, port: str, dialogue: Any) -> None:
    """STARTTLS is asked for as SMTP, IMAP, POP3 and ManageSieve want it."""
    server = world.authority.leaf()
    greeting, answers_ = dialogue

    def handler(line: Any) -> None:
        line.say(*greeting)
        while heard := line.hear():
            start = next(start for start in answers_ if heard.startswith(start))
            line.say(*answers_[start])
            if "go" in answers_[start][0]:
                line.secure(server)
                line.hear()
                return

    found = answers(world.at(**{port: handler}))
    assert [found[f"{probe} {port}"].outcome for probe in ("tls-1.2", "tls-1.3", "certificate")] == ["passed"] * 3


def test_a_refused_starttls_is_quoted(world: Any) -> None:
    """A server that will not go over to TLS fails with its own words."""
    found = answers(world.at(pop3=world.script(["+OK hello"], {"STLS": ["-ERR not today"]})))
    assert found["tls-1.2 pop3"].seen == "STARTTLS is refused: -ERR not today"


@pytest.mark.parametrize(("kind", "expected"), [(EC, "ECDSA"), (RSA, "RSA")])
def test_the_key_type_is_read_from_the_leaf(world: Any, kind: str, expected: str) -> None:
    """What counts is the leaf's key, not the algorithm that signed it."""
    assert tls.key_type(tls.leaf(world.at(imaps=direct(world.authority.leaf(kind=kind))), "imaps")) == expected
