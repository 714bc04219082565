"""The whole of verify: nothing escapes it, and its report is plain data."""

from __future__ import annotations

import imaplib
import json
import socket
import ssl
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mailrig.errors import VerifyError
from mailrig.verify import Endpoint, Result
from mailrig.verify import evidence as evidence_module
from mailrig.verify.evidence import Evidence
from mailrig.verify.fault import sentence
from mailrig.verify.probe import Lane, Probe, Skip
from mailrig.verify.survey import verify

ALL = ("imaps", "pop3s", "submission", "submissions", "smtp", "imap", "pop3", "managesieve", "lmtp")


class BrokenInside:
    """An `Inside` whose engine is gone."""

    def run(self, _service: str, _argv: Sequence[str]) -> tuple[int, str]:
        """Fail."""
        raise RuntimeError("the engine is gone")

    def state(self, _service: str) -> str:
        """Fail too."""
        raise RuntimeError("the engine is gone")


def test_a_site_without_ports_is_skipped_throughout(world: Any) -> None:
    """Nothing is published, so nothing can fail."""
    report = verify(world.target)
    assert report.ok
    assert {result.outcome for result in report.results} == {"skipped"}


def test_a_dead_host_fails_everywhere_and_raises_nothing(world: Any) -> None:
    """Refused connections and a broken engine become results, each with a sentence."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    target = replace(world.target, endpoints=dict.fromkeys(ALL, Endpoint("127.0.0.1", port)))
    report = verify(target, BrokenInside())
    assert not report.ok
    seen = {result.name: result.seen for result in report.failed}
    assert seen["login imaps"] == "the connection is refused"
    assert seen["setting mynetworks"] == "RuntimeError: the engine is gone"
    assert {result.cause for result in report.failed if result.name == "login imaps"} == {
        f"nothing listens on 127.0.0.1:{port}: is the port published on this address?"
    }


def test_names_are_stable_and_never_twice_the_same(world: Any) -> None:
    """Two reports can be compared by name."""
    first, second = verify(world.target), verify(world.target)
    names = [result.name for result in first.results]
    assert names == [result.name for result in second.results]
    assert len(set(names)) == len(names)
    assert {"tls-1.2 imaps", "once submission", "relay inside-25", "setting mynetworks"} <= set(names)


def test_progress_sees_each_result_once(world: Any) -> None:
    """What progress was told is what the report holds."""
    told: list[Result] = []
    report = verify(world.target, progress=told.append)
    assert sorted(told, key=lambda result: result.name) == sorted(report.results, key=lambda result: result.name)


def test_the_report_is_json(world: Any) -> None:
    """The report goes to stdout as it is."""
    data = json.loads(json.dumps(verify(world.target).as_dict()))
    assert data["host"] == "home"
    assert data["ok"] is True
    assert set(data["results"][0]) == {"probe", "subject", "outcome", "seen", "cause", "seconds"}


def test_a_lane_waits_for_the_lanes_that_it_follows() -> None:
    """What follows is asked afterwards, even when the lane before breaks down."""
    order: list[str] = []

    def broken() -> None:
        order.append("first")
        raise RuntimeError

    first = Lane(prepare=broken)
    second = Lane([Probe("a", "b", "dovecot", lambda: order.append("second") or "")]).follow([first])
    with pytest.raises(RuntimeError):
        list(first.results(lambda *_: None))
    list(second.results(lambda *_: None))
    assert order == ["first", "second"]


def raising(error: Exception) -> Result:
    """Answer a probe that raises."""

    def ask() -> str:
        raise error

    return Probe("a", "b", "dovecot", ask).answer(lambda _probe, seen: f"because of {seen}")


def test_a_probe_that_raises_gives_a_sentence_and_a_cause() -> None:
    """An exception becomes a failed result."""
    result = raising(VerifyError("this is wrong"))
    assert (result.outcome, result.seen, result.cause) == ("failed", "this is wrong", "because of this is wrong")


def test_a_probe_that_does_not_apply_is_skipped() -> None:
    """Skip becomes a skipped result with the reason."""
    result = raising(Skip("not published"))
    assert (result.outcome, result.ok, result.seen, result.cause) == ("skipped", True, "not published", None)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectionRefusedError(111, "Connection refused"), "the connection is refused"),
        (ConnectionResetError(104, "reset"), "the server closed the connection"),
        (EOFError(), "the server closed the connection"),
        (TimeoutError("timed out"), "no answer in time"),
        (imaplib.IMAP4.abort("socket error: EOF"), "the server closed the connection"),
        (imaplib.IMAP4.error(b"[UNAVAILABLE]  Later."), "[UNAVAILABLE] Later."),
        (OSError(101, "Network is unreachable"), "network is unreachable"),
        (ssl.SSLError(1, "x"), "the server closed the connection without an alert"),
        (ValueError("odd"), "ValueError: odd"),
    ],
)
def test_every_error_becomes_a_sentence(error: Exception, expected: str) -> None:
    """No class name and no traceback where a sentence is possible."""
    assert sentence(error) == expected


class ShellInside:
    """Runs the log commands on this machine."""

    def run(self, _service: str, argv: Sequence[str]) -> tuple[int, str]:
        """Run a command."""
        done = subprocess.run(list(argv), capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def state(self, _service: str) -> str:
        """Say that all is well."""
        return "running"


@pytest.fixture
def login_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A log file that has a line already."""
    path = tmp_path / "info.log"
    path.write_text("Login: user=<probe>, TLS, session=<old>\n")
    monkeypatch.setattr(evidence_module, "LOGS", {"dovecot": (str(path),)})
    return path


def test_only_lines_since_the_mark_count(login_log: Path) -> None:
    """A login of yesterday does not prove today's."""
    evidence = Evidence(ShellInside())
    evidence.mark("dovecot")
    with login_log.open("a") as file:
        file.write("Login: user=<probe>, TLS, session=<new>\n")
    found = evidence.await_line(str(login_log), "user=<probe>", "TLS")
    assert found == "Login: user=<probe>, TLS, session=<new>"
    assert evidence.lines("dovecot", "session") == [found]


def test_a_log_that_was_rotated_is_read_from_its_beginning(login_log: Path) -> None:
    """A file that is shorter than at the mark is a new one."""
    evidence = Evidence(ShellInside())
    evidence.mark("dovecot")
    login_log.write_text("TLS user=<probe>\n")
    assert evidence.await_line(str(login_log), "user=<probe>", "TLS") == "TLS user=<probe>"
