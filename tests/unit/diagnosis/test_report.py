"""Who has which trouble: whose it is, whether it is over, and how it reads."""

from __future__ import annotations

import pytest

from mailrig.diagnosis.lines import parsed
from mailrig.diagnosis.report import Diagnosis, diagnose
from mailrig.diagnosis.text import as_dict, text

PROBE = "probe@example.test"


def refused(time: str, address: str, session: str, user: str = "") -> str:
    """Return Dovecot's line of a client without a suite in common, or of a user with a wrong password."""
    start = f"2026-11-24 {time} "
    if user:
        return f"{start}auth: Info: passwd-file({user},{address},<{session}>): Password mismatch"
    return (
        f"{start}imap-login: Info: Disconnected: Connection closed: SSL_accept() failed: error:0A0000C1:SSL routines::"
        f"no shared cipher (no auth attempts in 0 secs): user=<>, rip={address}, lip=10.0.0.2, session=<{session}>"
    )


def login(time: str, address: str, user: str) -> str:
    """Return Dovecot's line of a login."""
    return (
        f"2026-11-24 {time} imap-login: Info: Login: user=<{user}>, method=PLAIN, rip={address}, lip=10.0.0.2, mpid=7, "
        f"TLS, session=<{time}{address}>"
    )


def left(time: str, address: str) -> str:
    """Return Dovecot's line of somebody who only connected."""
    return (
        f"2026-11-24 {time} imap-login: Info: Disconnected: Connection closed (no auth attempts in 0 secs): user=<>, "
        f"rip={address}, lip=10.0.0.2, TLS, session=<{time}{address}>"
    )


def of(*lines: str) -> Diagnosis:
    """Diagnose Dovecot's lines."""
    return diagnose(parsed("dovecot", lines), {PROBE}, {"10.0.0.1": "Docker's gateway"})


def test_whoever_cannot_get_in_comes_first_then_the_newest() -> None:
    """A trouble that is over, and one that may be nothing, come behind one that lasts."""
    found = of(
        refused("10:00:00", "192.0.2.1", "a"),
        refused("10:01:00", "192.0.2.2", "b"),
        refused("10:02:00", "192.0.2.3", "c"),
        login("10:03:00", "192.0.2.3", "alice@example.test"),
        left("10:04:00", "192.0.2.4"),
    )
    assert [caller.address for caller in found.callers] == ["192.0.2.2", "192.0.2.1", "192.0.2.3", "192.0.2.4"]
    assert [caller.is_locked_out for caller in found.callers] == [True, True, False, False]


def test_whoever_tries_doors_does_not_bury_a_person() -> None:
    """Many newer attempts at users that do not exist come behind one who is locked out, and are counted, not listed."""
    guesses = [
        refused(f"11:{number:02}:00", f"192.0.2.{number}", f"g{number}", "root").replace(
            "Password mismatch", "unknown user"
        )
        for number in range(1, 40)
    ]
    found = of(refused("10:00:00", "198.51.100.1", "a"), *guesses)
    assert [caller.address for caller in found.callers][:2] == ["198.51.100.1", "192.0.2.39"]
    words = text(found, "today")
    assert words.startswith("today: cannot log in or send: 198.51.100.1, 192.0.2.39, ")
    assert "… and 20 more addresses: --json has them all" in words


def test_anothers_login_does_not_end_a_users_trouble() -> None:
    """Behind one address several people may be; only where no name is known anybody's login counts."""
    found = of(
        refused("10:00:00", "10.0.0.1", "a", "alice@example.test"),
        refused("10:00:01", "10.0.0.1", "b"),
        login("10:01:00", "10.0.0.1", "bob@example.test"),
    )
    [caller] = found.callers
    assert {trouble.user: trouble.is_lockout for trouble in caller.troubles} == {"alice@example.test": True, "": False}


@pytest.mark.parametrize(
    ("line", "is_own"),
    [
        (refused("10:00:09", "10.0.0.1", "x"), True),
        (refused("10:00:12", "10.0.0.1", "x"), False),
        (refused("10:00:01", "192.0.2.9", "x"), False),
        (refused("10:00:01", "10.0.0.1", "x", "alice@example.test"), False),
        (refused("12:00:00", "10.0.0.1", "x", PROBE), True),
        (left("12:00:00", "127.0.0.1"), True),
        (refused("12:00:00", "127.0.0.1", "x"), False),
    ],
)
def test_own_is_what_has_our_name_or_came_with_it(line: str, *, is_own: bool) -> None:
    """Without a name: from the probe's address, and no later than a probe waits; a health check that fails is told."""
    found = of(login("10:00:00", "10.0.0.1", PROBE), line)
    assert (found.own, len(found.callers)) == ((1, 0) if is_own else (0, 1))
    assert found.logins == {}


def test_text_says_each_meaning_once() -> None:
    """Two addresses with one trouble share its cause and cure; what an address is stands beside it."""
    words = text(of(refused("10:00:00", "10.0.0.1", "a"), refused("10:01:00", "192.0.2.2", "b")), "today")
    assert words.startswith(
        "today: cannot log in or send: 192.0.2.2, 10.0.0.1\n\n192.0.2.2\n  no-shared-cipher   IMAP   once"
    )
    assert words.count("no cipher suite in common") == 1
    assert "\n10.0.0.1 (Docker's gateway)\n" in words
    assert "cause and cure as above" in words


def test_those_who_came_and_went_share_one_entry() -> None:
    """A scanner's many addresses do not bury a person's."""
    words = text(of(*(left(f"10:00:{second:02}", f"192.0.2.{second}") for second in range(12))), "today")
    assert words.startswith(
        "today: nothing went wrong that is known\n\nmay be nothing\n  no-auth-attempts   192.0.2.11 (1), "
    )
    assert "and 4 more, last 2026-11-24 10:00:11" in words
    assert words.count("a port scanner") == 1


def test_what_a_client_wrote_does_not_move_the_terminal() -> None:
    """An escape sequence in a user name is shown as what it is not."""
    words = text(of(refused("10:00:00", "192.0.2.1", "a", "al\x1b[2Jice")), "today")
    assert "al?[2Jice" in words
    assert "\x1b" not in words


def test_nothing_is_said_of_no_lines() -> None:
    """An empty log has one sentence."""
    assert text(of(), "today") == "today: nothing went wrong that is known"


def test_data_holds_what_the_text_says() -> None:
    """Times with their zone, and every field as plain data."""
    [address] = as_dict(of(refused("10:00:00", "10.0.0.1", "a")))["addresses"]  # type: ignore[misc]
    assert (address["address"], address["known_as"], address["locked_out"]) == ("10.0.0.1", "Docker's gateway", True)
    [trouble] = address["troubles"]
    assert trouble["first"] == "2026-11-24T10:00:00+00:00"
    assert (trouble["signature"], trouble["kind"], trouble["times"]) == ("no-shared-cipher", "server", 1)
    assert trouble["line"].startswith("2026-11-24 10:00:00 imap-login: ")
