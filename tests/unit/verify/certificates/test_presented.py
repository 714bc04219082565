"""Certificates as they are asked for, from servers that really shake hands."""

from __future__ import annotations

import ssl
from dataclasses import replace
from typing import Any

import pytest

from mailrig.verify.certificates.presented import Port, leaves, ports


def asked(world: Any, public: Any, server: ssl.SSLContext, trust: str | None = None) -> Port:
    """Ask an IMAPS port that is served with these settings, by a client that trusts the root."""

    def handler(line: Any) -> None:
        line.secure(server)
        line.hear()

    [port] = ports(replace(world.at(imaps=handler), trust=trust or public.root.pem))
    return port


def shown(port: Port) -> dict[str, tuple[str, ...]]:
    """Return the keys of what a port shows, with the hellos that got them."""
    return {one.leaf.key: one.hellos for one in port.presented}


def test_the_whole_chain_is_read_and_trusted(world: Any, public: Any) -> None:
    """What is sent is told as it is sent, leaf first, and leads to the root."""
    leaf = public.leaf()
    port = asked(world, public, public.server(leaf))
    [presented] = port.presented
    assert [one.fingerprint for one in presented.chain] == [leaf.fingerprint, public.intermediate.fingerprint]
    assert presented.distrust is None
    assert presented.hellos == ("default", "ECDSA")
    assert (port.fault, port.is_whole) == (None, True)


def test_a_missing_intermediate_is_seen(world: Any, public: Any) -> None:
    """A chain that is cut short is not trusted, and the leaf is told all the same."""
    leaf = public.leaf()
    [presented] = asked(world, public, public.server(leaf, chained=False)).presented
    assert [one.fingerprint for one in presented.chain] == [leaf.fingerprint]
    assert presented.distrust is not None
    assert presented.distrust.code == 20


def test_an_intermediate_that_is_trusted_does_not_make_up_for_one_that_is_missing(world: Any, public: Any) -> None:
    """Clients are told of the root; that the operator's file has the intermediate too is of no use to them."""
    both = public.root.pem + public.intermediate.pem
    [presented] = asked(world, public, public.server(public.leaf(), chained=False), trust=both).presented
    assert presented.distrust is not None


def test_both_certificates_are_seen(world: Any, public: Any) -> None:
    """A server with an RSA and an ECDSA certificate shows each to whoever can take no other."""
    server = public.server(public.leaf("RSA"), public.leaf("P-256"))
    found = shown(asked(world, public, server))
    assert set(found) == {"RSA 2048", "ECDSA P-256"}
    assert found["RSA 2048"][-1] == "RSA"
    assert found["ECDSA P-256"][-1] == "ECDSA"


@pytest.mark.parametrize(("kind", "key", "hello"), [("RSA", "RSA 2048", "RSA"), ("Ed25519", "Ed25519", "ECDSA")])
def test_one_certificate_is_seen_once(world: Any, public: Any, kind: str, key: str, hello: str) -> None:
    """Where there is but one, the hellos for the other kind get none, and that is no fault."""
    port = asked(world, public, public.server(public.leaf(kind)))
    assert shown(port) == {key: ("default", hello)}
    assert port.fault is None


def test_who_speaks_tls_1_3_alone_shows_one(world: Any, public: Any) -> None:
    """TLS 1.3 lets nobody choose, so that it is not known whether there is another."""
    server = public.server(public.leaf())
    server.minimum_version = ssl.TLSVersion.TLSv1_3
    port = asked(world, public, server)
    assert shown(port) == {"ECDSA P-256": ("default",)}
    assert not port.is_whole


@pytest.mark.parametrize("days", [-1, 30])
def test_the_host_name_is_not_looked_at(world: Any, public: Any, days: int) -> None:
    """Whether clients are told another name is judged apart; an end is told as such."""
    [presented] = asked(world, public, public.server(public.leaf(names=("other.test",), days=days))).presented
    assert (presented.distrust.code if presented.distrust else None) == (10 if days < 0 else None)


def test_a_port_that_hangs_up_has_a_fault(world: Any, public: Any) -> None:
    """Whatever a server does, it is told of the port."""
    [port] = ports(replace(world.at(imaps=lambda line: line.socket.recv(4096)), trust=public.root.pem))
    assert port.fault == "the server closed the connection without an alert"
    assert port.presented == ()


def test_starttls_is_spoken(world: Any, public: Any) -> None:
    """A port that goes over to TLS is asked as clients do."""
    server = public.server(public.leaf())

    def handler(line: Any) -> None:
        line.say("+OK hello")
        line.hear()
        line.say("+OK go")
        line.secure(server)
        line.hear()

    [port] = ports(replace(world.at(pop3=handler), trust=public.root.pem))
    assert shown(port) == {"ECDSA P-256": ("default", "ECDSA")}


def test_what_speaks_no_tls_is_not_asked(world: Any, public: Any) -> None:
    """LMTP is a published port without certificate."""
    assert ports(replace(world.at(lmtp=world.script([], {})), trust=public.root.pem)) == ()


def certificates_of(world: Any, public: Any, server: ssl.SSLContext) -> tuple[bytes, ...]:
    """Return the certificates that are taken from an IMAPS port."""

    def handler(line: Any) -> None:
        line.secure(server)
        line.hear()

    return leaves(replace(world.at(imaps=handler), trust=public.root.pem), "imaps")


def test_trusted_certificates_are_taken(world: Any, public: Any) -> None:
    """Each that a server has, as it is sent."""
    pair = (public.leaf("RSA"), public.leaf("P-256"))
    assert set(certificates_of(world, public, public.server(*pair))) == {leaf.der for leaf in pair}


def test_certificates_of_others_are_not_taken(world: Any, public: Any) -> None:
    """Neither for another name, nor from an authority that nobody trusts, nor one that has ended."""
    assert certificates_of(world, public, public.server(public.leaf(names=("other.test",)))) == ()
    assert certificates_of(world, public, public.server(public.leaf(), chained=False)) == ()
    assert certificates_of(world, public, public.server(public.leaf(days=-1))) == ()
