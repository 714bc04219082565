"""The demo CA: what strict clients ask of it."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from mailrig.inventory import authority
from mailrig.inventory.model import KeyPair

NAMES = ("mail.example.org", "localhost", "127.0.0.1", "::1")


@pytest.fixture(scope="module")
def signer() -> KeyPair:
    """Return a CA."""
    return authority.found("test CA", datetime.now(UTC))


@pytest.fixture(scope="module")
def leaf(signer: KeyPair) -> KeyPair:
    """Return a certificate for NAMES."""
    return authority.issue(signer, NAMES, datetime.now(UTC))


@pytest.mark.parametrize("name", NAMES)
def test_a_strict_client_accepts_it(name: str, signer: KeyPair, leaf: KeyPair, tmp_path: Path) -> None:
    """A handshake with RFC 5280 checked strictly, as Python 3.13 does by default, succeeds for every name."""
    file = tmp_path / "leaf.pem"
    file.write_text(leaf.cert + leaf.key.reveal())
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    client = ssl.create_default_context(cadata=signer.cert)
    client.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN

    _handshake(server, client, name)


def test_a_client_refuses_another_name(signer: KeyPair, leaf: KeyPair, tmp_path: Path) -> None:
    """The certificate is good for no name but its own."""
    file = tmp_path / "leaf.pem"
    file.write_text(leaf.cert + leaf.key.reveal())
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)

    with pytest.raises(ssl.SSLCertVerificationError, match="mismatch"):
        _handshake(server, ssl.create_default_context(cadata=signer.cert), "other.example.org")


def test_what_apple_asks_of_a_server_certificate(leaf: KeyPair) -> None:
    """It lasts at most 398 days, names its use, and is signed with SHA-256 over P-256."""
    certificate = x509.load_pem_x509_certificate(leaf.cert.encode())
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value

    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc < timedelta(days=398)
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert certificate.signature_hash_algorithm is not None
    assert certificate.signature_hash_algorithm.name == "sha256"


def test_a_certificate_of_another_ca_is_not_current(signer: KeyPair, leaf: KeyPair) -> None:
    """A CA does not take another's certificate for its own, not even that of a CA with the same name."""
    now = datetime.now(UTC)

    assert authority.is_current(leaf, signer, NAMES, now)
    assert not authority.is_current(leaf, authority.found("test CA", now), NAMES, now)


def _handshake(server: ssl.SSLContext, client: ssl.SSLContext, name: str) -> None:
    near, far = socket.socketpair()
    accepting = threading.Thread(target=_accept, args=(server, far))
    accepting.start()
    try:
        with client.wrap_socket(near, server_hostname=name):
            pass
    finally:
        near.close()
        accepting.join()


def _accept(server: ssl.SSLContext, connection: socket.socket) -> None:
    try:
        server.wrap_socket(connection, server_side=True).close()
    except OSError:
        connection.close()  # the client did not like what it saw
