"""Who gets in on which port, as a terminal shows it."""

from __future__ import annotations

import collections
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from msgspec.structs import replace as with_

from mailrig.clients.answer import Answer
from mailrig.clients.catalogue import Client, chosen, shipped
from mailrig.clients.names import SUITES
from mailrig.clients.offered import broken
from mailrig.console import Console
from mailrig.verify import matrix
from mailrig.verify.clients import Meeting
from mailrig.verify.matrix import Matrix, cell, short

APPLE, MODERN, OLD = (shipped()[id_] for id_ in ("apple-mail-16-macos", "thunderbird-153esr", "java-7u25"))
THREE = (OLD, APPLE, MODERN)
REASON = "speaks TLS 1.2 at most; the certificate's key is ECDSA P-256, and no suite listed is for ECDSA"


def rows(made: Matrix) -> dict[str, Sequence[str]]:
    """Return the cells of the one table by the client's name."""
    (table,) = made.tables()
    return {row[0]: row[1:-1] for row in table.rows}


def test_one_row_a_client_and_those_first_who_must_get_in(fared: Any) -> None:
    """Every client has a row, in three groups: required, legacy, ignored."""
    known = chosen([], ["java-17"], {})
    made = fared(known.values(), imaps=fared.good)
    (table,) = made.tables()
    assert len(table.rows) == len(known)
    standings = [client.entry.standing for client in made.clients]
    assert standings == sorted(standings, key=("required", "legacy", "ignored").index)
    assert table.rows[-1][0] == "Java 17.0.21, ignored"


def test_a_stand_in_is_called_one_and_everybody_has_a_source(fared: Any) -> None:
    """Each row says how sure its facts are and where they are from."""
    (table,) = fared(shipped().values(), imaps=fared.good).tables()
    told = {row[0]: row[-1] for row in table.rows}
    for client in shipped().values():
        name = matrix.title(client)
        assert told[name] == f"{client.confidence}: {client.entry.source}"
        assert ("(stand-in)" in name) == client.is_stand_in


def test_cells(fared: Any) -> None:
    """A cell says version and suite, or that the client is locked out, or that it is not known."""
    made = fared(THREE, imaps=fared.good, imap=fared.incident, pop3s="no answer in time")
    assert rows(made) == {
        "Apple Mail 16.0 (macOS)": ("1.2 ECDHE-ECDSA\nAES128-GCM", "locked out", "?"),
        "Thunderbird 153.7.0esr": ("1.3 AES256-GCM", "1.3 AES256-GCM", "?"),
        "Java 7u25, legacy": ("locked out", "locked out", "?"),
    }
    assert {"locked out", "?"} == matrix.STYLES.keys()


def test_ports_that_are_alike_share_a_column(fared: Any) -> None:
    """Ports share a column when every client fares alike, and one client that does not is enough to part them."""
    made = fared(THREE, imaps=fared.good, submission=fared.incident, pop3s=fared.good, imap="no", pop3="no")
    assert made.columns == (("imaps", "pop3s"), ("submission",), ("imap", "pop3"))
    assert made.tables()[0].columns == ("client", "imaps, pop3s", "submission", "imap, pop3", "known from")
    meetings = {**made.meetings, (OLD.id, "pop3s"): Meeting(OLD, "pop3s", error="no answer in time")}
    assert Matrix(meetings).columns == (("imaps",), ("submission",), ("pop3s",), ("imap", "pop3"))
    suite, version = Answer("hello", 0x0304, 0x1301), Answer("hello", 0x0303, 0x1302)
    for other in (suite, version):
        meetings = {**made.meetings, (MODERN.id, "pop3s"): Meeting(MODERN, "pop3s", other)}
        assert Matrix(meetings).columns[2] == ("pop3s",)


def test_many_columns_are_several_tables(fared: Any) -> None:
    """No column is lost when there are more than one table holds."""
    made = fared(THREE, imaps=fared.good, submission=fared.incident, imap="no", pop3="never")
    meetings = {**made.meetings, (OLD.id, "pop3"): Meeting(OLD, "pop3", Answer("end"))}
    first, second = Matrix(meetings).tables()
    assert (first.columns[1:-1], second.columns[1:-1]) == (("imaps", "submission", "imap"), ("pop3",))
    assert [row[0] for row in first.rows] == [row[0] for row in second.rows]


@pytest.mark.parametrize("width", [100, 160])
def test_it_is_readable_on_a_terminal(
    fared: Any, width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No line is wider than the terminal, and no cell of a port is cut off or broken within a name."""
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    ports = dict.fromkeys(("imaps", "pop3s", "imap", "pop3", "managesieve", "submission", "submissions"), fared.good)
    made = fared(shipped().values(), **ports, smtp=fared.incident)
    let_in = Meeting(OLD, "submission", Answer("hello", 0x0302, SUITES["ECDHE-ECDSA-AES256-SHA"]))
    made = Matrix(
        {**made.meetings, (OLD.id, "submission"): let_in, (OLD.id, "submissions"): Meeting(OLD, "submissions")}
    )
    assert [len(table.columns) for table in made.tables()] == [5, 3]
    for table in made.tables():
        Console().table(table.columns, table.rows, matrix.STYLES)
    printed = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    assert max(map(len, printed.splitlines())) <= width
    words = collections.Counter(printed.split())
    cells = [cell(made.outcome(client, column[0])) for client in made.clients for column in made.columns]
    for word, number in collections.Counter(word for one in cells for word in one.split()).items():
        assert words[word] >= number, word


@pytest.mark.parametrize(
    ("suite", "shown"),
    [
        ("TLS_AES_256_GCM_SHA384", "AES256-GCM"),
        ("TLS_CHACHA20_POLY1305_SHA256", "CHACHA20"),
        ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM"),
        ("ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-CHACHA20"),
        ("ECDHE-RSA-AES256-SHA384", "ECDHE-RSA-AES256-SHA384"),
        ("AES128-SHA", "AES128-SHA"),
        ("0x1304", "0x1304"),
    ],
)
def test_short_names(suite: str, shown: str) -> None:
    """What goes without saying is left out."""
    assert short(suite) == shown


def test_no_two_suites_have_one_short_name() -> None:
    """Two suites of one version are still told apart."""
    of_13 = [name for name in SUITES if name.startswith("TLS_")]
    older = [name for name in SUITES if name not in of_13]
    for names in (of_13, older):
        assert len({short(name) for name in names}) == len(names)


def test_the_summary_counts(fared: Any) -> None:
    """It counts by standing who gets in on every port for mail clients."""
    assert fared(THREE, imaps=fared.good).summary == (
        "2 of 2 required mail clients get in; 0 of 1 legacy mail clients get in, 1 locked out"
    )
    assert fared((APPLE, MODERN), imaps=fared.good, imap=fared.incident).summary == (
        "1 of 2 required mail clients get in, 1 locked out"
    )
    assert fared(THREE[1:], imaps=fared.good, imap="no answer in time").summary == (
        "0 of 2 required mail clients get in, 2 not known"
    )


def test_a_port_for_servers_locks_nobody_out(fared: Any) -> None:
    """Who is refused on port 25 counts as let in, and the reasons say why."""
    made = fared((APPLE,), imaps=fared.good, smtp=fared.incident)
    assert (made.verdict(APPLE), made.summary) == ("let in", "1 of 1 required mail clients get in")
    assert "  smtp is for mail servers, which go on in the clear when TLS fails: it locks nobody out" in made.reasons()
    assert fared((APPLE,), smtp=fared.incident).summary == "no port for mail clients was asked"


def test_the_reasons(fared: Any) -> None:
    """Clients with one reason on the same ports are told of together, each with what it is known from."""
    lines = list(fared((APPLE, shipped()["android-7"]), imaps=fared.incident, imap=fared.incident).reasons())
    assert lines[0] == f"locked out on imaps, imap: {REASON}"
    assert lines[1].startswith("  cure: add ECDHE-ECDSA-")
    assert [line.split(": ")[0] for line in lines[2:]] == ["  apple-mail-16-macos", "  android-7"]
    assert APPLE.entry.source in lines[2]
    assert APPLE.entry.confidence in lines[2]


def test_without_a_prediction_the_reason_is_what_was_seen(fared: Any) -> None:
    """What the server did is told where nobody has foreseen anything."""
    made = Matrix(fared((APPLE,), imaps=fared.incident).meetings)
    first, second = made.reasons()
    assert first == "locked out on imaps: the server refused the handshake (alert 40, handshake_failure)"
    assert second.startswith("  apple-mail-16-macos: ")


def test_servers_that_refuse_in_different_ways_for_one_reason(fared: Any) -> None:
    """Dovecot hangs up and Postfix sends an alert: with one reason they are told of together, in the ports' order."""
    made = fared((APPLE,), imaps=fared.incident, submission=fared.incident, imap=fared.incident)
    meetings = {**made.meetings, (APPLE.id, "submission"): Meeting(APPLE, "submission", Answer("end"))}
    (outcome,) = Matrix(meetings, made.predictions).locked_out
    assert outcome.ports == ("imaps", "submission", "imap")
    assert len(Matrix(meetings, made.predictions).outcomes(APPLE)) == 2


def test_who_could_not_be_asked(fared: Any) -> None:
    """A port that does not answer is told of once, with everybody of whom it says nothing."""
    made = fared((APPLE, MODERN), imaps="no answer in time", imap=fared.good)
    assert list(made.reasons()) == ["? on imaps: no answer in time", "  all clients"]
    meetings = {**made.meetings, (APPLE.id, "imaps"): Meeting(APPLE, "imaps", Answer("end"))}
    assert list(Matrix(meetings).reasons())[-1] == "  thunderbird-153esr"


def test_what_came_otherwise_than_foreseen(fared: Any) -> None:
    """Another verdict, version or suite is a prediction that was wrong; a port that did not answer is not."""
    made = fared((APPLE, MODERN), imaps=fared.good)
    assert made.unforeseen == ()
    assert Matrix(fared((APPLE, MODERN), imaps="no answer in time").meetings, made.predictions).unforeseen == ()
    locked = {**made.meetings, (APPLE.id, "imaps"): Meeting(APPLE, "imaps", Answer("end"))}
    (outcome,) = Matrix(locked, made.predictions).unforeseen
    assert (outcome.foreseen, outcome.reason) == ("let in, TLSv1.2 ECDHE-ECDSA-AES128-GCM-SHA256", "")
    assert outcome.why == "the server closed the connection without an alert"
    got = made.meetings[MODERN.id, "imaps"]
    assert got.answer
    other = {**made.meetings, (MODERN.id, "imaps"): replace(got, answer=replace(got.answer, suite=0x1301))}
    assert [one.clients for one in Matrix(other, made.predictions).unforeseen] == [(MODERN,)]
    let_in = Matrix(fared((APPLE,), imaps=fared.good).meetings, fared((APPLE,), imaps=fared.incident).predictions)
    assert let_in.unforeseen[0].foreseen == f"locked out: {REASON}"


def test_what_comes_after_the_handshake_is_not_unforeseen(fared: Any) -> None:
    """Who is turned away after the handshake is answered as if it were let in."""
    late = fared((APPLE,), imaps=broken("it asks for a certificate", refuses_late=True)).predictions
    assert Matrix(fared((APPLE,), imaps=fared.good).meetings, late).unforeseen == ()
    at_once = fared((APPLE,), imaps=broken("it is no TLS port")).predictions
    assert Matrix(fared((APPLE,), imaps=fared.good).meetings, at_once).unforeseen


def test_nobody(fared: Any) -> None:
    """Without clients or ports there is nothing to show."""
    made = fared(())
    assert (made.tables(), made.clients, list(made.reasons())) == ([], (), [])


def test_standings_of_the_inventory(fared: Any) -> None:
    """A legacy client that is required counts as such."""
    required: Client = with_(OLD, entry=with_(OLD.entry, standing="required"))
    assert fared((required,), imaps=fared.good).summary == "0 of 1 required mail clients get in, 1 locked out"
