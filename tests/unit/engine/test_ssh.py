"""The command line of OpenSSH's client."""

from __future__ import annotations

import subprocess

import pytest

from mailrig.engine import ssh
from mailrig.inventory.engine import Ssh


def understood(address: Ssh, *options: str) -> dict[str, str]:
    """Return what ssh makes of a command line, without anybody's own configuration."""
    argv = ssh.command(address, ["-F", "none", "-G", *options])
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return dict(line.partition(" ")[::2] for line in done.stdout.splitlines())


def test_words_for_the_remote_shell_are_quoted() -> None:
    """It splits them where they were split here."""
    argv = ssh.command(Ssh("mx", "root", 2222), remote=["sh", "-c", "echo a b"])
    assert argv[-2:] == ["mx", "sh -c 'echo a b'"]
    assert argv[argv.index("--") + 1] == "mx"


def test_ssh_never_asks_and_notices_a_cut() -> None:
    """Nobody may be there to answer, and a dead connection must not hold up a deploy for hours."""
    seen = understood(Ssh("mx"))
    assert seen["batchmode"] == "yes"
    assert seen["connecttimeout"] == str(ssh.CONNECT_SECONDS)
    assert int(seen["serveraliveinterval"]) * int(seen["serveralivecountmax"]) == ssh.CUT_SECONDS


def test_host_keys_are_checked_as_ssh_does() -> None:
    """Nothing of ours makes that weaker: with BatchMode, what it would ask about it refuses."""
    argv = " ".join(ssh.command(Ssh("mx"))).lower()
    assert not any(word in argv for word in ("hostkey", "knownhosts", "checkhostip"))
    assert understood(Ssh("mx"))["stricthostkeychecking"] == "ask"


@pytest.mark.parametrize("host", ["mx.example.org", "192.0.2.1", "2001:db8::1", "fe80::1%lo"])
def test_host_user_and_port_are_what_was_written(host: str) -> None:
    """IPv6 addresses too."""
    seen = understood(Ssh(host, "deploy", 2222))
    assert (seen["hostname"], seen["user"], seen["port"]) == (host, "deploy", "2222")


def test_host_is_never_an_option() -> None:
    """Not even one that came past the check of addresses."""
    argv = ssh.command(Ssh("-oProxyCommand=touch /tmp/x"))
    assert argv.index("--") == len(argv) - 2


def test_options_of_the_caller_win() -> None:
    """The first that is said of an option counts."""
    assert understood(Ssh("mx"), "-o", "ConnectTimeout=3")["connecttimeout"] == "3"
