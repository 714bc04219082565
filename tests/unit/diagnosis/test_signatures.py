"""Lines that no case has, as the sources and other people's logs have them, and what they are known for."""

from __future__ import annotations

import re
from collections import Counter
from importlib import resources

import pytest

from mailrig.diagnosis.lines import parsed
from mailrig.diagnosis.signatures import Kind, signature_of, signatures


@pytest.mark.parametrize(
    ("service", "text", "name"),
    [
        # ERR_error_string(3): where OpenSSL has no text at hand, its numbers are all there is.
        ("dovecot", "SSL_accept() failed: error:1417A0C1:lib(20):func(378):reason(193)", "no-shared-cipher"),
        ("dovecot", "SSL_accept() failed: error:0A0000C1:lib(20)::reason(193)", "no-shared-cipher"),
        # https://github.com/docker-mailserver/docker-mailserver/issues/862
        (
            "dovecot",
            "SSL_accept() failed: error:1417D18C:SSL routines: tls_process_client_hello:version too low",
            "version",
        ),
        # https://michael-prokop.at/blog/2023/09/25/postfix-failing-with-no-shared-cipher
        (
            "postfix",
            "TLS library problem: error:1417A0C1:SSL routines:tls_post_process_client_hello:no shared cipher:..:2283:",
            "no-shared-cipher",
        ),
        # https://github.com/docker-mailserver/docker-mailserver/issues/862
        (
            "dovecot",
            "Disconnected: Auth process broken (disconnected before auth was ready, waited 92 secs)",
            "auth-broken",
        ),
        # https://github.com/mailcow/mailcow-dockerized/issues/2111
        (
            "dovecot",
            "Info: Aborted login (no auth attempts in 0 secs): user=<>, rip=172.22.1.5, TLS",
            "no-auth-attempts",
        ),
        # https://support.plesk.com/hc/en-us/articles/115001437949
        (
            "postfix",
            "warning: Wrapper-mode request dropped from a[192.0.2.1] for service x. TLS context initialization failed.",
            "no-tls-postfix",
        ),
        ("postfix", 'warning: Invalid TLS protocol list "TLSv1 TLSv1.1": disabling TLS support', "no-tls-postfix"),
        (
            "dovecot",
            "Maximum number of connections from user+IP exceeded (mail_max_userip_connections=10)",
            "too-many-sessions",
        ),
        ("dovecot", "Info: Connect from local", None),
        ("postfix", "4jYp9l374qzCHwy: removed", None),
    ],
)
def test_a_line_is_known(service: str, text: str, name: str | None) -> None:
    """Each by its own words, in whatever version of OpenSSL."""
    found = signature_of(service, text)
    assert (found and found.name) == name


@pytest.mark.parametrize("service", ["dovecot", "postfix"])
def test_every_signature_has_words_for_a_person(service: str) -> None:
    """A cause and a cure without a full stop at the end, and harmless ones say where to look all the same."""
    for signature in signatures(service):
        entry = signature.entry
        assert entry.cause.strip(), signature.name
        assert entry.cure.strip(), signature.name
        assert not (entry.cause + entry.cure).endswith("."), signature.name
        if signature.kind is Kind.HARMLESS:
            assert "unless a person at that address cannot" in entry.cure


@pytest.mark.parametrize(
    ("text", "address", "user", "queue"),
    [
        (
            "warning: unknown[192.0.2.7]: SASL PLAIN authentication failed: x, sasl_username=a@b.test",
            *("192.0.2.7", "a@b.test", ""),
        ),
        (
            "4jYp9l374qzCHwy: client=a.test[2001:db8::7], sasl_method=PLAIN, sasl_username=a@b.test",
            *("2001:db8::7", "a@b.test", "4jYp9l374qzCHwy"),
        ),
        ("4F1B2CD3E4: to=<x@y.test>, relay=z.test[192.0.2.9]:25, status=deferred (x)", "", "", "4F1B2CD3E4"),
        ("warning: process /usr/lib/postfix/sbin/smtpd pid 404 exit status 1", "", "", ""),
    ],
)
def test_a_postfix_line_tells_whose_it_is(text: str, address: str, user: str, queue: str) -> None:
    """Address, user and message, also where the line of the connection's beginning was rotated away."""
    [line] = parsed("postfix", [f"2026-11-24T10:00:00.5+01:00 mail postfix/submission/smtpd[7]: {text}"])
    assert (line.address, line.user, line.queue, line.door) == (address, user, queue, "submission (587)")
    assert line.time.isoformat() == "2026-11-24T09:00:00.500000+00:00"


def test_each_name_is_given_once() -> None:
    """Of two entries with one name, YAML would take the second and say nothing."""
    text = resources.files("mailrig.diagnosis").joinpath("signatures.yaml").read_text()
    assert [name for name, times in Counter(re.findall(r"(?m)^([\w-]+):", text)).items() if times > 1] == []
