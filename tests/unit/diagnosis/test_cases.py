"""Log lines of real failures, each with what they are explained as: one file a case in cases/."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from mailrig.diagnosis.lines import parsed
from mailrig.diagnosis.report import Diagnosis, diagnose
from mailrig.diagnosis.signatures import signatures
from mailrig.diagnosis.text import text

CASES = {path.stem: path for path in sorted((Path(__file__).parent / "cases").glob("*.yaml"))}

UNSEEN = {
    *("auth-broken", "handshake-internal", "handshake-refused", "key-mismatch", "login-refused", "login-unfinished"),
    *("mailbox-full", "deferred", "no-mailbox", "no-permission", "no-sasl-mechanism", "no-table"),
    *("no-tls-dovecot", "no-tls-postfix", "postfix-key", "sasl-interrupted", "too-many-sessions"),
}
"""Signatures without a case: no client here made them happen, or another line of the connection always says more."""


def load(name: str) -> dict[str, Any]:
    """Read a case."""
    case: dict[str, Any] = yaml.safe_load(CASES[name].read_text())
    return case


def diagnosis_of(case: dict[str, Any]) -> Diagnosis:
    """Diagnose a case's lines."""
    lines = [line for service in ("dovecot", "postfix") for line in parsed(service, case.get(service, "").splitlines())]
    return diagnose(lines, case.get("own", ()))


@pytest.mark.parametrize("name", CASES)
def test_lines_are_explained(name: str) -> None:
    """Each trouble has its address, its door, its user where one is named, and is counted once a connection."""
    case = load(name)
    found = diagnosis_of(case)
    assert [
        {
            "address": caller.address,
            "signature": trouble.signature.name,
            "door": trouble.door,
            "user": trouble.user,
            "times": trouble.times,
        }
        for caller in found.callers
        for trouble in caller.troubles
    ] == case["expect"], case["says"]
    assert found.own == case.get("left_out", 0)
    if "locked_out" in case:
        assert [caller.address for caller in found.callers if caller.is_locked_out] == case["locked_out"]


@pytest.mark.parametrize("name", CASES)
def test_every_line_is_understood(name: str) -> None:
    """No line of the real daemons is passed over because its form is not known."""
    case = load(name)
    for service in ("dovecot", "postfix"):
        lines = case.get(service, "").splitlines()
        expected = [line for line in lines if "Debug: SSL error: SSL_accept() syscall failed" not in line]
        assert [line.raw for line in parsed(service, lines)] == expected


def test_every_signature_has_a_case_or_is_named_as_one_without() -> None:
    """A signature that no line was ever seen with is known as such."""
    used = {entry["signature"] for name in CASES for entry in load(name)["expect"]}
    every = {one.name for service in ("dovecot", "postfix") for one in signatures(service)}
    assert every - used == UNSEEN


def test_the_incident_is_named_in_words() -> None:
    """From its lines alone: who is locked out, why, whom it does not concern, and what would help."""
    words = re.sub(r"\s+", " ", text(diagnosis_of(load("incident")), "in the last 24 hours"))
    assert words.startswith("in the last 24 hours: cannot log in or send: 100.117.186.84 ")
    assert "an ECDSA key, and suites for RSA only" in words
    assert "locks out whoever speaks TLS 1.2 at most" in words
    assert "tls.ciphers: mail-clients" in words
    assert "line 2025-11-04 10:12:33 imap-login: Info: Disconnected (no auth attempts" in words
    assert words.endswith("logged in: 172.20.0.40 (2)")
