"""What the scripts in the containers print, read as certificates with their keys."""

from __future__ import annotations

from typing import Any

import pytest

from mailrig.verify.certificates.configured import setup, setups


def printed(path: str, *parts: str, at: int = 1772366400) -> str:
    """Return a file as it is printed."""
    return f"@ {at} {path}\n" + "".join(parts)


def pairs(output: str) -> list[tuple[str, str, str, bool]]:
    """Return what was read: both paths, the leaf's key or the fault, and whether the key matches."""
    return [(one.path, one.key_path, one.fault or one.leaf.key, one.key_matches) for one in setup(output).files]


def test_settings_that_each_name_a_file(public: Any) -> None:
    """Dovecot's two pairs are read, each with its own key, and a path may have blanks in it."""
    leaf, rsa = public.leaf(), public.leaf("RSA")
    output = (
        "= ssl_cert /a b/tls.crt\n= ssl_key /a b/tls.key\n= ssl_alt_cert /rsa.crt\n= ssl_alt_key /rsa.key\n"
        + printed("/a b/tls.crt", leaf.pem, public.intermediate.pem)
        + printed("/a b/tls.key", leaf.public)
        + printed("/rsa.crt", rsa.pem)
        + printed("/rsa.key", rsa.public)
    )
    assert pairs(output) == [
        ("/a b/tls.crt", "/a b/tls.key", "ECDSA P-256", True),
        ("/rsa.crt", "/rsa.key", "RSA 2048", True),
    ]
    first = setup(output).files[0]
    assert [one.subject for one in first.chain] == ["mail.example.test", "Test E1"]
    assert first.modified is not None
    assert first.modified.isoformat() == "2026-03-01T12:00:00+00:00"


def test_keys_and_chains_in_turn(public: Any) -> None:
    """Postfix's chain files are a key and its chain, and again, over as many files as there are."""
    leaf, rsa = public.leaf(), public.leaf("RSA")
    output = (
        printed("/tls.key", leaf.public)
        + printed("/tls.crt", leaf.pem, public.intermediate.pem)
        + printed("/both.pem", rsa.public, rsa.pem, public.intermediate.pem)
    )
    assert pairs(output) == [
        ("/tls.crt", "/tls.key", "ECDSA P-256", True),
        ("/both.pem", "/both.pem", "RSA 2048", True),
    ]


def test_one_file_for_both(public: Any) -> None:
    """Where no key is named, it is in the certificate's file, whatever comes first."""
    leaf = public.leaf()
    output = "= smtpd_tls_cert_file /one.pem\n" + printed("/one.pem", leaf.pem, leaf.public)
    assert pairs(output) == [("/one.pem", "/one.pem", "ECDSA P-256", True)]


def test_a_key_of_another(public: Any) -> None:
    """Keys are compared by their public halves."""
    output = "= ssl_cert /a\n= ssl_key /b\n" + printed("/a", public.leaf().pem) + printed("/b", public.leaf().public)
    assert pairs(output) == [("/a", "/b", "ECDSA P-256", False)]


@pytest.mark.parametrize(
    ("output", "fault"),
    [
        ("= ssl_cert /a\n= ssl_key /b\n@ 0 /a\n! cannot be read: Permission denied\n@ 0 /b\n", "/a cannot be read: "),
        ("= ssl_cert /a\n= ssl_key /b\n@ 1 /a\n@ 1 /b\n", "/a holds no certificate (PEM)"),
        ("= ssl_cert -\n= ssl_key /b\n@ 1 /b\n", "`ssl_cert` and `ssl_key` do not both name a file"),
        ("@ 0 /a\n! cannot be read: No such file or directory\n", "/a cannot be read: No such file"),
        ("@ 1 /a\n", "/a holds no private key (PEM)"),
    ],
)
def test_faults(output: str, fault: str) -> None:
    """What cannot be read says which file it is, and why."""
    [found] = setup(output).files
    assert found.fault is not None
    assert found.fault.startswith(fault)
    assert not found.key_matches


@pytest.mark.parametrize("content", ["bm9uc2Vuc2U=", "bm9", "%%%"])
def test_damaged_certificate(content: str) -> None:
    """A block that holds no certificate is a fault of its file."""
    pem = f"-----BEGIN CERTIFICATE-----\n{content}\n-----END CERTIFICATE-----\n"
    key = "-----BEGIN PUBLIC KEY-----\nbm9uc2Vuc2U=\n-----END PUBLIC KEY-----\n"
    [found] = setup("= ssl_cert /a\n= ssl_key /b\n" + printed("/a", pem) + printed("/b", key)).files
    assert "/a: the certificate cannot be read" in str(found.fault)


def test_no_certificate_is_wanted() -> None:
    """Postfix without any certificate has no files."""
    assert setup("= smtpd_tls_cert_file none\n").files == ()


def test_a_container_that_does_not_run(world: Any) -> None:
    """Its state is why nothing is known, and the other service is asked all the same."""
    inside = world.inside({"sh -c": (0, "= ssl_cert none\n")}, {"dovecot": "exited (89): no disk"})
    found = setups(inside, "mail.example.test", ["imaps", "smtp"])
    assert found["imaps"].fault == "dovecot is not running: exited (89): no disk"
    assert found["smtp"].fault is None


def test_a_tool_that_fails(world: Any) -> None:
    """What it said last is told."""
    inside = world.inside({"sh -c": (89, "noise\ndoveconf: Fatal: no such thing\n")})
    assert setups(inside, "mail.example.test", ["imaps"])["imaps"].fault == "doveconf: Fatal: no such thing"


def test_a_service_that_watches_says_so() -> None:
    """Copies are read of the files that they are of; each reason for which these were refused is there once."""
    reasons = "~\n~ the key /b does not fit the certificate /a\n"
    found = setup(f"{reasons}= ssl_cert /a\n{reasons}= ssl_key /b\n" + printed("/a") + printed("/b"))
    assert found.watches
    assert found.refused == ("the key /b does not fit the certificate /a",)
    assert not setup("= ssl_cert /a\n= ssl_key /b\n" + printed("/a") + printed("/b")).watches
    of_postfix = setup(f"{reasons}" + printed("/b") + printed("/a"))
    assert (of_postfix.watches, of_postfix.refused) == (True, found.refused)
    assert setup("~\n" + printed("/b") + printed("/a")).refused == ()
