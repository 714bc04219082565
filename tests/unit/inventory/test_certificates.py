"""The operator's certificate files: what is checked before anything is deployed with them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from mailrig.errors import InventoryError
from mailrig.inventory import State, authority, load
from mailrig.inventory.model import Inventory, KeyPair

from .conftest import NOW, SITE

OPERATOR = SITE.replace("{source: demo-ca}", "{source: operator, cert: cert.pem, key: key.pem, trust: ca.pem}")


@pytest.fixture
def signer() -> KeyPair:
    """Return a CA."""
    return authority.found("test CA", NOW)


def load_with(directory: Path, signer: KeyPair, cert: str, key: str, site: str = OPERATOR) -> Inventory:
    """Load a site whose operator brings ``cert`` and ``key``."""
    for name, text in {"site.yaml": site, "ca.pem": signer.cert, "cert.pem": cert, "key.pem": key}.items():
        (directory / name).write_text(text)
    return load(directory, State(directory), NOW)


def messages(directory: Path, signer: KeyPair, cert: str, key: str, site: str = OPERATOR) -> list[str]:
    """Return what is wrong with ``cert`` and ``key``."""
    with pytest.raises(InventoryError) as caught:
        load_with(directory, signer, cert, key, site)
    return [problem.message for problem in caught.value.problems]


def test_a_good_pair_travels_with_the_inventory(tmp_path: Path, signer: KeyPair) -> None:
    """Certificate, key and the CA to trust are read from the operator's files."""
    pair = authority.issue(signer, ["mail.example.org"], NOW)
    inventory = load_with(tmp_path, signer, pair.cert + signer.cert, pair.key.reveal())

    assert inventory.certificates["home"] == (KeyPair(pair.cert + signer.cert, pair.key),)
    assert inventory.trust == {"home": signer.cert}


def test_a_wildcard_covers_one_label(tmp_path: Path, signer: KeyPair) -> None:
    """`*.example.org` is good for mail.example.org; `*.org`, and a neighbour's name, are not."""
    right = authority.issue(signer, ["*.example.org"], NOW)
    load_with(tmp_path, signer, right.cert, right.key.reveal())

    for name in ("*.org", "x.example.org"):
        wrong = authority.issue(signer, [name], NOW)
        assert messages(tmp_path, signer, wrong.cert, wrong.key.reveal()) == [
            "the certificate does not cover `mail.example.org`"
        ]


def test_a_key_of_another_certificate(tmp_path: Path, signer: KeyPair) -> None:
    """A key that does not belong to the leaf is found before the daemons would refuse to start."""
    pair, other = (authority.issue(signer, ["mail.example.org"], NOW) for _ in range(2))

    assert messages(tmp_path, signer, pair.cert, other.key.reveal()) == ["`key` does not belong to `cert`"]


def test_a_chain_in_the_wrong_order(tmp_path: Path, signer: KeyPair) -> None:
    """With the CA first, the leaf is neither found nor matched."""
    pair = authority.issue(signer, ["mail.example.org"], NOW)

    assert messages(tmp_path, signer, signer.cert + pair.cert, pair.key.reveal()) == [
        "the certificate does not cover `mail.example.org`",
        "`key` does not belong to `cert`",
    ]


def test_a_certificate_out_of_its_time(tmp_path: Path, signer: KeyPair) -> None:
    """One that has ended or has not begun is named with the date."""
    past = authority.issue(signer, ["mail.example.org"], NOW - timedelta(days=366))
    future = authority.issue(signer, ["mail.example.org"], NOW + timedelta(days=2))

    assert messages(tmp_path, signer, past.cert, past.key.reveal()) == ["the certificate ended on 2025-12-31"]
    assert messages(tmp_path, signer, future.cert, future.key.reveal()) == ["the certificate begins on 2026-01-02"]


def test_a_key_with_a_passphrase(tmp_path: Path, signer: KeyPair) -> None:
    """A key that somebody would have to unlock cannot serve."""
    pair = authority.issue(signer, ["mail.example.org"], NOW)
    key = serialization.load_pem_private_key(pair.key.reveal().encode(), None)
    locked = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"hunter2"),
    )

    assert messages(tmp_path, signer, pair.cert, locked.decode()) == ["`key` is protected by a passphrase"]


BOTH = OPERATOR.replace("key: key.pem", "key: key.pem, alt_cert: alt.pem, alt_key: alt_key.pem")


def test_rsa_and_ecdsa_side_by_side(tmp_path: Path, signer: KeyPair) -> None:
    """Both pairs of the operator's are read; two with the same type of key are of no use, nor is half a pair."""
    first = authority.issue(signer, ["mail.example.org"], NOW)
    second = authority.issue(signer, ["mail.example.org"], NOW, "RSA")
    (tmp_path / "alt.pem").write_text(second.cert)
    (tmp_path / "alt_key.pem").write_text(second.key.reveal())
    inventory = load_with(tmp_path, signer, first.cert, first.key.reveal(), BOTH)
    assert inventory.certificates["home"] == (first, second)

    (tmp_path / "alt.pem").write_text(first.cert)
    (tmp_path / "alt_key.pem").write_text(first.key.reveal())
    assert messages(tmp_path, signer, first.cert, first.key.reveal(), BOTH) == [
        "the keys of `cert` and `alt_cert` are of the same type"
    ]
    half = BOTH.replace(", alt_key: alt_key.pem", "")
    assert messages(tmp_path, signer, first.cert, first.key.reveal(), half) == ["`alt_cert` is given without `alt_key`"]


@pytest.mark.parametrize(
    ("types", "keys"),
    [("", ["EC"]), (", key_types: [RSA]", ["RSA"]), (", key_types: [ECDSA, RSA]", ["EC", "RSA"])],
)
def test_the_demo_ca_signs_either_type_of_key(tmp_path: Path, types: str, keys: list[str]) -> None:
    """It makes a certificate of each type that is asked for, and keeps both."""
    (tmp_path / "site.yaml").write_text(SITE.replace("{source: demo-ca}", f"{{source: demo-ca{types}}}"))
    state = State(tmp_path)
    pairs = load(tmp_path, state, NOW).certificates["home"]
    found = [type(serialization.load_pem_private_key(one.key.reveal().encode(), None)).__name__ for one in pairs]
    assert [name.removesuffix("PrivateKey") for name in found] == keys
    assert load(tmp_path, state, NOW).certificates["home"] == pairs
