"""The Internet of the test world is what tests take it for: names, and a server that sends and takes mail."""

from __future__ import annotations

from testworld import Lab


def test_names(lab: Lab) -> None:
    """Whoever asks in a container on a host learns who takes mail for the site and for foreign.test."""
    for name, server in (("example.test", lab.hosts["mx"].internet), ("foreign.test", lab.world.address)):
        mx = lab.world.inside("dig", "+short", f"@{lab.internet}.53", "MX", name).split()[1]
        assert lab.world.inside("dig", "+short", f"@{lab.internet}.53", mx).strip() == server
        assert lab.world.inside("dig", "+short", f"@{lab.internet}.53", "-x", server).strip() == mx


def test_other_names(lab: Lab) -> None:
    """A test may add a name, and no name of test. but those in its zones exists."""
    ask = ("dig", f"@{lab.internet}.53", "other.test")
    assert "NXDOMAIN" in lab.world.inside(*ask)
    lab.dns.add("other.test. 60 A 192.0.2.9")
    assert "192.0.2.9" in lab.world.inside(*ask)
    lab.dns.remove("other.test.")


def test_mail_to_a_stranger(lab: Lab) -> None:
    """The foreign server finds a server by the DNS, and takes what is sent to anybody in its domain."""
    lab.world.send(["one", "two"], "anybody@foreign.test", sender="alice@example.test")
    lab.world.talk("--server", "mail.foreign.test", "--to", "somebody@foreign.test", "--header", "Subject: three")
    lab.world.await_empty_queue()
    subjects = [message["Subject"] for message in lab.world.received]  # of other tests' mail, too
    assert sorted(subject for subject in subjects if subject in {"one", "two", "three"}) == ["one", "three", "two"]


def test_mail_nobody_takes(lab: Lab) -> None:
    """While nobody answers, mail waits at the foreign server, which tries again."""
    lab.world.send(["waits"], "alice@example.test")
    [waiting] = lab.world.queue
    assert waiting["recipients"][0]["address"] == "alice@example.test"
    lab.world.inside("postsuper", "-d", "ALL")
