"""A report, as a person sees it."""

from __future__ import annotations

from mailrig.verify import Report, Result
from mailrig.verify.summary import problems, rows

DEAD = "Dovecot is not running: exited (89)"


def test_one_row_a_probe() -> None:
    """Answers of one probe share a row with the first of them; whatever failed has a row of its own."""
    report = Report(
        "home",
        (
            Result("tls-1.2", "pop3", ok=True, seen="not published", skipped=True),
            Result("tls-1.2", "imaps", ok=True, seen="TLSv1.2 A"),
            Result("tls-1.2", "pop3s", ok=True, seen="TLSv1.2 B"),
            Result("tls-1.2", "submission", ok=False, seen="closed"),
            Result("login", "pop3", ok=True, seen="not published", skipped=True),
        ),
    )
    assert rows(report) == [
        ("passed", "tls-1.2", "imaps, pop3s", "TLSv1.2 A"),
        ("failed", "tls-1.2", "submission", "closed"),
        ("skipped", "tls-1.2, login", "pop3", "not published"),
    ]


def test_one_problem_a_cause() -> None:
    """What failed of one cause is one problem, which names all of it."""
    report = Report(
        "home",
        (
            Result("login", "imaps", ok=False, seen="refused\n  twice", cause=DEAD),
            Result("login", "pop3s", ok=False, seen="refused", cause=DEAD),
            Result("vrfy", "smtp", ok=False, seen="250"),
        ),
    )
    first, second = problems(report)
    assert first.message == "login imaps failed: refused twice\n  and with it: login pop3s"
    assert first.hint == DEAD
    assert second.message == "vrfy smtp failed: 250"


def test_no_problem_without_a_failure() -> None:
    """A report that passed has none."""
    assert not problems(Report("home", (Result("login", "imaps", ok=True, seen="fine"),)))
