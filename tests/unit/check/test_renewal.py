"""Which certificates may be taken in, as a deploy says it and as the containers look it up."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from msgspec.structs import replace

from mailrig.check.renewal import kind, renewable
from mailrig.clients import certificate
from mailrig.clients.catalogue import chosen, shipped
from mailrig.clients.names import GROUPS, SUITES, VERSIONS
from mailrig.clients.openssl import GROUPS_BY_DEFAULT, SUITES13
from mailrig.clients.server import Certificate, Server, Suite
from mailrig.resources import resource

SCRIPT = resource("compose") / "certificates" / "sbin" / "mailrig-certificates"
RSA_ALONE = tuple(Suite(SUITES[name], name, "ECDHE", "RSA") for name in ("ECDHE-RSA-AES128-GCM-SHA256",))
SERVER = Server(
    versions=(VERSIONS["TLSv1.2"], VERSIONS["TLSv1.3"]),
    suites=RSA_ALONE,
    suites13=SUITES13,
    groups=GROUPS_BY_DEFAULT,
    certificates=(Certificate("RSA", 2048, None, 0x0401),),
)
P256 = "EC prime256v1 ecdsa-with-SHA384"

KEYS: dict[str, Callable[[], Any]] = {
    **{f"RSA {bits}": lambda bits=bits: rsa.generate_private_key(65537, bits) for bits in (2048, 3072, 4096)},
    "EC prime256v1": lambda: ec.generate_private_key(ec.SECP256R1()),
    "EC secp384r1": lambda: ec.generate_private_key(ec.SECP384R1()),
    "EC secp521r1": lambda: ec.generate_private_key(ec.SECP521R1()),
    "ED25519": ed25519.Ed25519PrivateKey.generate,
}
SIGNATURES: dict[str, tuple[str, Any, Any]] = {
    "sha256WithRSAEncryption": ("RSA 2048", hashes.SHA256(), None),
    "sha384WithRSAEncryption": ("RSA 2048", hashes.SHA384(), None),
    "sha512WithRSAEncryption": ("RSA 2048", hashes.SHA512(), None),
    "rsassaPss-sha256": ("RSA 2048", hashes.SHA256(), padding.PSS(padding.MGF1(hashes.SHA256()), 32)),
    "ecdsa-with-SHA256": ("EC prime256v1", hashes.SHA256(), None),
    "ecdsa-with-SHA384": ("EC secp384r1", hashes.SHA384(), None),
    "ecdsa-with-SHA512": ("EC secp521r1", hashes.SHA512(), None),
    "ED25519": ("ED25519", None, None),
}


@pytest.fixture(scope="module")
def keys() -> dict[str, Any]:
    """A key of each kind."""
    return {name: make() for name, make in KEYS.items()}


def issued(key: Any, signer: Any, digest: Any, salt: Any, *, signs: bool = True) -> x509.Certificate:
    """Return a certificate for one key, signed by another."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Public Key Algorithm: id-ecPublicKey")])
    now = dt.datetime.now(dt.UTC)
    rest = "content_commitment data_encipherment key_agreement key_cert_sign crl_sign encipher_only decipher_only"
    usage = dict.fromkeys(rest.split(), False)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.KeyUsage(digital_signature=signs, key_encipherment=True, **usage), critical=True)
        .sign(signer, digest, **({"rsa_padding": salt} if salt else {}))
    )


def printed(function: str, *arguments: str, before: str = "") -> str:
    """Run one function of the containers' script."""
    text = SCRIPT.read_text()
    [body] = re.findall(rf"(?ms)^{function}\(\) {{\n.*?^}}\n", text)
    command = ["bash", "-c", f'set -euo pipefail\n{before}\n{body}\n{function} "$@"', "bash", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("key", KEYS)
def test_containers_and_deploys_name_a_kind_alike(
    keys: dict[str, Any], tmp_path: Path, key: str, signature: str
) -> None:
    """What the shell reads of a certificate is the word under which a deploy has said whom it locks out."""
    signer, digest, salt = SIGNATURES[signature]
    file = tmp_path / "a certificate"
    pem = issued(keys[key], keys[signer], digest, salt).public_bytes(Encoding.PEM)
    file.write_bytes(pem)
    named = printed("kind", str(file))
    assert named == f"{key} {signature}"
    assert kind(certificate.read(pem.decode())) == named
    assert named in {line.split("\t")[0] for line in renewable({"imaps": SERVER}, (), ()).splitlines()}


def test_a_key_that_may_not_sign_is_a_kind_of_its_own(keys: dict[str, Any], tmp_path: Path) -> None:
    """With TLS 1.3, and with ECDHE, a server must sign."""
    made = issued(keys["RSA 2048"], keys["RSA 2048"], hashes.SHA256(), None, signs=False).public_bytes(Encoding.PEM)
    (tmp_path / "one").write_bytes(made)
    named = "RSA 2048 sha256WithRSAEncryption no-signatures"
    assert printed("kind", str(tmp_path / "one")) == named
    assert kind(certificate.read(made.decode())) == named


def locked_out(servers: dict[str, Server], allowed: tuple[str, ...] = (), **choice: list[str]) -> dict[str, set[str]]:
    """Return whom each kind locks out."""
    clients = tuple(chosen(choice.get("require", []), choice.get("ignore", []), {}).values())
    lines = [line.split("\t") for line in renewable(servers, clients, allowed).splitlines()]
    assert len({name for name, *_ in lines}) == len(lines)
    return {name: set(out) for name, *out in lines}


def test_each_kind_has_whom_it_would_lock_out() -> None:
    """Suites for RSA alone lock out who needs TLS 1.2 from ECDSA, whatever is served now."""
    found = locked_out({"imaps": SERVER})
    assert len(found) == len(KEYS) * len(SIGNATURES)
    assert found["RSA 4096 sha256WithRSAEncryption"] == set()
    assert "Android 7.0 native" in found[P256]
    assert len(found[P256]) == 6


def test_who_is_allowed_or_ignored_does_not_count() -> None:
    """A lockout that somebody permits, and a client that nobody has, stop no renewal."""
    assert "Android 7.0 native" not in locked_out({"imaps": SERVER}, allowed=("android-7",))[P256]
    assert "Android 7.0 native" not in locked_out({"imaps": SERVER}, ignore=["android-7"])[P256]
    assert "Android 8.1 native" in locked_out({"imaps": SERVER}, allowed=("android-7",))[P256]


def test_each_port_counts_but_the_one_for_servers() -> None:
    """Whoever one port locks out is locked out; on port 25 other servers go on in the clear."""
    easy = replace(SERVER, suites=(Suite(SUITES["ECDHE-ECDSA-AES128-GCM-SHA256"], "x", "ECDHE", "ECDSA"),))
    assert locked_out({"imaps": easy})[P256] == set()
    assert len(locked_out({"imaps": easy, "pop3s": SERVER})[P256]) == 6
    assert locked_out({"imaps": easy, "smtp": SERVER})[P256] == set()


def test_what_is_served_is_among_them_though_no_ca_issues_it() -> None:
    """A size of key that is not usual is named where it is served now."""
    odd = replace(SERVER, certificates=(Certificate("RSA", 2560, None, 0x0401),))
    assert locked_out({"imaps": odd})["RSA 2560 sha256WithRSAEncryption"] == set()
    assert "RSA 2560 sha256WithRSAEncryption" not in locked_out({"imaps": SERVER})


@pytest.mark.parametrize(
    "unnamed",
    [
        Certificate("RSA", 2048),
        Certificate("RSA", 2048, None, 0x0201),
        Certificate("EC", 224, GROUPS["secp224r1"], 0x0401),
    ],
)
def test_what_has_no_name_has_no_kind(unnamed: Certificate) -> None:
    """A signature or a curve that is not known here is nothing that was reckoned with."""
    assert kind(unnamed) is None


def test_legacy_clients_stop_nothing() -> None:
    """Who is not required is not named."""
    legacy = {one.entry.name for one in shipped().values() if one.entry.standing == "legacy"}
    assert not legacy & set().union(*locked_out({"imaps": SERVER}).values())


def test_why_a_certificate_is_not_trusted_is_always_said(keys: dict[str, Any], tmp_path: Path) -> None:
    """Where OpenSSL cannot even read what it is given, that is no reason to trust it."""
    good = issued(keys["EC prime256v1"], keys["EC prime256v1"], hashes.SHA256(), None).public_bytes(Encoding.PEM)
    file = tmp_path / "tls.crt"
    file.write_bytes(good)
    before = f"release={tmp_path} hostname=mail.example.test"
    assert printed("distrust", str(file), before=before) in {"self-signed certificate", "hostname mismatch"}
    (tmp_path / "trust.pem").write_text("nothing of use\n")
    assert printed("distrust", str(file), before=before)
