"""How much one client may ask."""

from __future__ import annotations

import pytest

from mailrig.portal.limits import Buckets, Rate, client_of

RATE = Rate(burst=3, per_second=0.5)


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return what it shows."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """A clock at 0."""
    return Clock()


def test_burst_is_allowed_and_no_more(clock: Clock) -> None:
    """The first three at once; the fourth is told when there will be a token."""
    buckets = Buckets(RATE, clock=clock)
    assert [buckets.take("a") for _ in range(5)] == [0, 0, 0, 2, 2]


def test_tokens_come_back(clock: Clock) -> None:
    """One in two seconds, and never more than the burst."""
    buckets = Buckets(RATE, clock=clock)
    for _ in range(3):
        buckets.take("a")
    clock.now = 1.0
    assert buckets.take("a") == 1.0
    clock.now = 2.0
    assert buckets.take("a") == 0
    clock.now = 1000.0
    assert [buckets.take("a") for _ in range(4)] == [0, 0, 0, 2]


def test_clients_do_not_take_from_each_other(clock: Clock) -> None:
    """One that asks too much, and one that does not."""
    buckets = Buckets(RATE, clock=clock)
    for _ in range(100):
        buckets.take("a")
    assert buckets.take("b") == 0


def test_memory_is_bounded(clock: Clock) -> None:
    """Of more clients than it holds, those who have not come for longest are forgotten; who keeps coming is not."""
    buckets = Buckets(RATE, capacity=10, clock=clock)
    for number in range(1000):
        buckets.take(f"client {number}")
        last = buckets.take("a")
    assert len(buckets) == 10
    assert last > 0


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_networks_of_one_subscriber_are_one_client(address: str, client: str) -> None:
    """In IPv6 everybody has 2^64 addresses."""
    assert client_of(address) == client


@pytest.mark.parametrize("address", ["", "unknown", "203.0.113.5:80", "999.1.1.1", "_hidden"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """Whoever asks decides what that means."""
    with pytest.raises(ValueError, match="does not appear to be"):
        client_of(address)
