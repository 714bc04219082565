"""Engines on a port: with which certificates, and what went wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from urllib3.exceptions import MaxRetryError, SSLError

from mailrig.engine.tls import refused, tls
from mailrig.errors import EngineError
from mailrig.inventory.engine import ClientTls, Tcp

MX = Tcp("mx", 2376)


def raised(text: str) -> Exception:
    """Return what requests raises, wrapped as it wraps it."""
    return requests.exceptions.SSLError(MaxRetryError(None, "/version", SSLError(OSError(text))))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: self-signed certificate (_ssl.c:1000)",
            "its certificate is not to be trusted: self-signed certificate",
            "engine_tls.ca",
        ),
        (
            "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: IP address mismatch. (_ssl.c:1006)",
            "not to be trusted: IP address mismatch",
            "must stand in it",
        ),
        ("[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert", "does not accept our certificate", "--tlscacert"),
        ("[SSL: WRONG_VERSION_NUMBER] wrong version number", "it speaks no TLS", "--tlsverify"),
        ("Client sent an HTTP request to an HTTPS server.", "it speaks TLS alone", "engine_tls: {"),
        ("Connection refused", "Connection refused", "does its dockerd listen there"),
    ],
)
def test_failure_gets_a_cause_and_a_cure(text: str, message: str, hint: str) -> None:
    """Each says whose certificate it is about."""
    problem = refused(MX, raised(text)).problems[0]
    assert problem.message.startswith("no Docker engine answers at tcp://mx:2376\n")
    assert message in problem.message
    assert hint in (problem.hint or "")


def test_only_loopback_goes_without_certificates() -> None:
    """Whoever reaches an engine without TLS is root on its host."""
    assert tls(Tcp("127.0.0.1", 2375)) is False
    with pytest.raises(EngineError, match="without certificates"):
        tls(MX)


def test_missing_files_are_named(tmp_path: Path) -> None:
    """All three, where the inventory was loaded and they went since."""
    files = ClientTls(tmp_path / "ca.pem", tmp_path / "cert.pem", tmp_path / "key.pem")
    with pytest.raises(EngineError, match=r"cannot read the certificates for tcp://mx:2376: .*ca\.pem, .*cert\.pem"):
        tls(Tcp("mx", 2376, files))
