"""What ssh says when it fails, and what we make of it."""

from __future__ import annotations

import pytest

from mailrig.engine import ssh_words
from mailrig.engine.ssh_words import explained
from mailrig.inventory.engine import Ssh

MX = Ssh("mx", "root", 2222)

CHANGED = """\
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @
@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@@
IT IS POSSIBLE THAT SOMEONE IS DOING SOMETHING NASTY!
Someone could be eavesdropping on you right now (man-in-the-middle attack)!
It is also possible that a host key has just been changed.
The fingerprint for the ED25519 key sent by the remote host is
SHA256:xpaN9QN5W9xjDFl2dvBiKKxZ9wMOhwSvoHZ5oGSBero.
Please contact your system administrator.
Add correct host key in /home/anna/.ssh/known_hosts to get rid of this message.
Offending ED25519 key in /home/anna/.ssh/known_hosts:1
  remove with:
  ssh-keygen -f "/home/anna/.ssh/known_hosts" -R "[mx]:2222"
Host key for [mx]:2222 has changed and you have requested strict checking.
Host key verification failed.
"""


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        ("root@mx: Permission denied (publickey).", "permission denied (publickey)", "ssh-copy-id"),
        ("Received disconnect from 192.0.2.1: Too many authentication failures", "too many keys", "IdentityFile"),
        ("ssh: Could not resolve hostname mx: Name or service not known", "no host `mx`", "spelt right"),
        ("ssh: connect to host mx port 2222: Connection refused", "nothing listens there for ssh", "SSH server"),
        ("ssh: connect to host mx port 2222: No route to host", "no way to mx: No route to host", "VPN"),
        ("ssh: connect to host mx port 2222: Connection timed out", "time-out", "firewall"),
        ("Connection timed out during banner exchange", "time-out", "firewall"),
        ("Timeout, server mx not responding.", "time-out", "is it up"),
        ("kex_exchange_identification: read: Connection reset by peer", "closed the connection", "journalctl"),
        ("Connection closed by 192.0.2.1 port 2222", "closed the connection", "journalctl"),
        (
            "/home/anna/.ssh/config: line 3: Bad configuration option: hostnam",
            "ssh refuses its configuration: Bad configuration option: hostnam",
            "ssh -p 2222 root@mx true",
        ),
        (
            "Bad owner or permissions on /home/anna/.ssh/config",
            "Bad owner or permissions on /home/anna/.ssh/config",
            "correct it",
        ),
        ("something new\n", "ssh to mx failed: something new", "ssh -p 2222 root@mx true"),
        ("", "it ended without a word", "ssh -p 2222 root@mx true"),
    ],
)
def test_words_of_ssh_get_a_cause_and_a_cure(said: str, message: str, hint: str) -> None:
    """The engine's address, why nobody answers there, and what helps."""
    problem = explained(MX, said).problems[0]
    assert problem.message.startswith("no Docker engine answers at ssh://root@mx:2222\n")
    assert message in problem.message
    assert hint in (problem.hint or "")


def test_banner_of_a_server_is_no_reason() -> None:
    """What it says to everybody stands before what it says to us."""
    said = "Unauthorised access is forbidden\n\nroot@mx: Permission denied (publickey).\n"
    assert "Unauthorised" not in str(explained(MX, said))


def test_unknown_host_key_comes_with_the_command_that_accepts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the fingerprint that was offered beside it, and how to see the true one."""
    monkeypatch.setattr(ssh_words, "_offered", lambda _: "ssh-ed25519 SHA256:abc")
    problem = explained(MX, "Host key verification failed.\n").problems[0]
    assert "not known here; it offers ssh-ed25519 SHA256:abc" in problem.message
    assert "accept it: ssh -p 2222 root@mx true" in (problem.hint or "")
    assert "ssh-keygen -lf" in (problem.hint or "")


def test_changed_host_key_is_not_to_be_deleted_unseen() -> None:
    """Its own words are shown, without the command that would silence it."""
    problem = explained(MX, CHANGED).problems[0]
    assert "another than the one accepted before" in problem.message
    assert "SHA256:xpaN9QN5W9xjDFl2dvBiKKxZ9wMOhwSvoHZ5oGSBero." in problem.message
    assert "Offending ED25519 key in /home/anna/.ssh/known_hosts:1" in problem.message
    assert "-R" not in str(problem)
    assert "remove" not in str(problem)
    assert "Add correct" not in str(problem)
