"""The addresses of Docker engines, as an inventory writes them."""

from __future__ import annotations

import pytest

from mailrig.errors import AddressError
from mailrig.inventory.engine import LOCAL, EngineAddress, Ssh, Tcp, UnixSocket, parse


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("unix:///var/run/docker.sock", UnixSocket("/var/run/docker.sock")),
        ("unix:///run/user/1000/docker.sock", UnixSocket("/run/user/1000/docker.sock")),
        ("ssh://mx.example.org", Ssh("mx.example.org")),
        ("ssh://mx", Ssh("mx")),
        ("ssh://root@mx.example.org:2222", Ssh("mx.example.org", "root", 2222)),
        ("ssh://root@[2001:db8::1]:22", Ssh("2001:db8::1", "root", 22)),
        ("ssh://[::1]", Ssh("::1")),
        ("ssh://[fe80::1%eth0]", Ssh("fe80::1%eth0")),
        ("ssh://deploy@mx/run/user/1000/docker.sock", Ssh("mx", "deploy", path="/run/user/1000/docker.sock")),
        ("tcp://192.0.2.1:2376", Tcp("192.0.2.1", 2376)),
        ("tcp://[2001:db8::1]:2376", Tcp("2001:db8::1", 2376)),
    ],
)
def test_address_is_read_and_written(text: str, address: EngineAddress) -> None:
    """Each form is read into its parts, and written again as it was."""
    assert parse(text) == address
    assert str(address) == text


@pytest.mark.parametrize("text", ["ssh://mx/", "ssh://mx/var/run/docker.sock"])
def test_usual_socket_need_not_be_named(text: str) -> None:
    """Where the engine listens unless it is told otherwise is no part of its address."""
    assert str(parse(text)) == "ssh://mx"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not the address"),
        ("/var/run/docker.sock", "not the address"),
        ("http://mx:2375", "not the address"),
        ("npipe:////./pipe/docker", "not the address"),
        ("unix://var/run/docker.sock", "names no socket"),
        ("unix:///run/", "names no socket"),
        ("ssh://", "names no host"),
        ("ssh://root@", "names no host"),
        ("ssh://:22", "names no host"),
        ("ssh://@mx", "not a user"),
        ("ssh://-oProxyCommand=x", "not the name of a host"),
        ("ssh://-l", "not the name of a host"),
        ("ssh://-v@mx", "not a user"),
        ("ssh://$(id)@mx", "not a user"),
        ("ssh://a b", "not the address"),
        ("ssh://mx;id", "not the name of a host"),
        ("ssh://mx?socket=1", "not the address"),
        ("ssh://mx:0", "not a port"),
        ("ssh://mx:65536", "not a port"),
        ("ssh://mx:", "not a port"),
        ("ssh://mx:ssh", "not a port"),
        ("ssh://2001:db8::1", "not a host"),
        ("ssh://[mx]", "not an IPv6 address"),
        ("ssh://[192.0.2.1]", "not an IPv6 address"),
        ("ssh://[fe80::1%$(id)]", "not an IPv6 address"),
        ("ssh://mx/run/", "not the path of a socket"),
        ("ssh://mx/run/a:b", "not the path of a socket"),
        ("tcp://mx", "names no port"),
        ("tcp://mx:2376/v1.41", "has a path"),
        ("tcp://root@mx:2376", "holds a user"),
    ],
)
def test_wrong_address_says_what_is_wrong(text: str, message: str) -> None:
    """Each is refused with the reason, and what would be right."""
    with pytest.raises(AddressError, match=message) as refused:
        parse(text)
    assert refused.value.problems[0].hint


def test_password_in_an_address_is_not_shown() -> None:
    """Whoever wrote one there finds no copy of it in a log."""
    with pytest.raises(AddressError, match="holds a password") as refused:
        parse("ssh://root:hunter2@mx")
    assert "hunter2" not in str(refused.value)


def test_address_of_ipv6_without_brackets_is_corrected() -> None:
    """The hint shows how it is written."""
    with pytest.raises(AddressError) as refused:
        parse("ssh://2001:db8::1")
    assert refused.value.problems[0].hint == "an IPv6 address stands in brackets: [2001:db8::1]"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("unix:///var/run/docker.sock", "unix:///run/docker.sock"),
        ("ssh://mx", "ssh://mx:22"),
        ("ssh://root@mx", "ssh://deploy@MX"),
        ("ssh://mx", "ssh://mx/run/user/1000/docker.sock"),
        ("tcp://mx:2376", "tcp://MX:2376/"),
    ],
)
def test_two_spellings_of_one_machine_are_known(one: str, other: str) -> None:
    """Who logs in, and at which of its engines, makes no difference to whose ports they are."""
    assert parse(one).machine == parse(other).machine


@pytest.mark.parametrize(
    ("one", "other"),
    [("ssh://mx", "ssh://mx:2222"), ("ssh://mx", "ssh://home"), ("unix:///a.sock", "unix:///b.sock")],
)
def test_what_may_be_another_machine_is_one(one: str, other: str) -> None:
    """Behind one name's ports there may be several machines."""
    assert parse(one).machine != parse(other).machine


def test_only_the_usual_sockets_are_this_machine() -> None:
    """Whatever else may lead anywhere, loopback included."""
    assert LOCAL.is_this_machine
    assert parse("unix:///run/docker.sock").is_this_machine
    assert not any(parse(one).is_this_machine for one in ("unix:///x.sock", "ssh://127.0.0.1", "tcp://127.0.0.1:1"))


@pytest.mark.parametrize(
    ("text", "is_loopback"),
    [("tcp://127.0.0.2:1", True), ("tcp://[::1]:1", True), ("tcp://localhost:1", True), ("tcp://10.0.0.1:1", False)],
)
def test_loopback_is_told_from_the_network(text: str, is_loopback: bool) -> None:
    """Only what nobody else reaches may go without TLS."""
    address = parse(text)
    assert isinstance(address, Tcp)
    assert address.is_remote is not is_loopback
