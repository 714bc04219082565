"""What a session that should carry an engine's socket says when it does not."""

from __future__ import annotations

import pytest

from mailrig.engine.dial import explained_dial
from mailrig.inventory.engine import Ssh

MX = Ssh("mx", "deploy")


@pytest.mark.parametrize(
    ("said", "message", "hint"),
    [
        (
            "failed to open the raw stream connection: dial unix /var/run/docker.sock: connect: permission denied\n",
            "deploy may not open the engine's socket /var/run/docker.sock there",
            "usermod -aG docker deploy",
        ),
        (
            "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock\n",
            "deploy may not open the engine's socket",
            "usermod -aG docker deploy",
        ),
        (
            "dial unix /var/run/docker.sock: connect: no such file or directory\n",
            "no engine listens there at /var/run/docker.sock",
            "systemctl status docker",
        ),
        (
            "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n",
            "no engine listens there at /var/run/docker.sock",
            "ssh://user@host/run/user/1000/docker.sock",
        ),
        ("bash: line 1: docker: command not found\n", "Docker is not installed there", "apt-get install docker.io"),
        ("This account is currently not available.\n", "This account is currently not available", "sshd_config"),
        ("", "it ended without a word", "sshd_config"),
    ],
)
def test_words_get_a_cause_and_a_cure(said: str, message: str, hint: str) -> None:
    """Each says why no engine answers, and what helps."""
    problem = explained_dial(MX, said).problems[0]
    assert problem.message.startswith("no Docker engine answers at ssh://deploy@mx\n")
    assert message in problem.message
    assert hint in (problem.hint or "")
