"""What counts as wrong with a certificate, from data alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mailrig.verify.certificates.certificate import Certificate
from mailrig.verify.certificates.configured import Configured, Setup
from mailrig.verify.certificates.presented import Distrust, Port, Presented
from mailrig.verify.certificates.report import Report
from mailrig.verify.certificates.rules import Finding, findings

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOSTNAME = "mail.example.test"
INCOMPLETE = Distrust(20, "unable to get local issuer certificate")

LEAF = Certificate(
    fingerprint="a1" * 32,
    subject=HOSTNAME,
    issuer="Test E1",
    names=(HOSTNAME,),
    kind="ECDSA",
    key="ECDSA P-256",
    public_key=b"one",
    signature="ECDSA SHA-384",
    not_before=NOW - timedelta(days=30),
    not_after=NOW + timedelta(days=60),
    is_self_issued=False,
)
INTERMEDIATE = replace(
    LEAF, fingerprint="e1" * 32, subject="Test E1", issuer="Test Root", not_after=NOW + timedelta(days=900)
)
RSA = replace(LEAF, fingerprint="b2" * 32, kind="RSA", key="RSA 2048", public_key=b"two")
RENEWED = replace(LEAF, fingerprint="c3" * 32, public_key=b"three", not_before=NOW - timedelta(days=1))


def shown(leaf: Certificate = LEAF, *behind: Certificate, distrust: Distrust | None = None) -> Presented:
    """Return what a port shows, with the intermediate unless another chain is given."""
    return Presented((leaf, *(behind or (INTERMEDIATE,))), ("default",), distrust)


def file(leaf: Certificate = LEAF, name: str = "tls") -> Configured:
    """Return a file with a certificate and its key."""
    return Configured(f"/tls/{name}.crt", f"/tls/{name}.key", (leaf, INTERMEDIATE), leaf.public_key, NOW)


def port(*presented: Presented, name: str = "imaps") -> Port:
    """Return a port that shows these."""
    return Port(name, "127.0.0.1:993", presented, is_whole=True)


def found(presented: Port | Presented, *files: Configured, fault: str | None = None) -> list[Finding]:
    """Judge a port with these files."""
    asked = presented if isinstance(presented, Port) else port(presented)
    return list(findings(asked, Setup(files, fault), HOSTNAME, NOW))


def only(presented: Port | Presented, *files: Configured) -> Finding:
    """Judge a port of which one thing is wrong."""
    [finding] = found(presented, *files)
    return finding


def ending(days: float) -> Certificate:
    """Return a certificate that ends in so many days."""
    return replace(LEAF, not_after=NOW + timedelta(days=days))


def test_a_good_certificate_that_is_in_the_file_is_fine() -> None:
    """Nothing is found where nothing is wrong."""
    assert found(shown(), file()) == []


@pytest.mark.parametrize(
    ("days", "level", "message"),
    [
        (22, None, ""),
        (21, None, ""),
        (20.9, "warning", "ends in 20 days, on 2026-03-22"),
        (20, "warning", "ends in 20 days, on 2026-03-21"),
        (7, "warning", "ends in 7 days, on 2026-03-08"),
        (6.9, "error", "ends in 6 days, on 2026-03-08"),
        (1, "error", "ends in 1 day, on 2026-03-02"),
        (0.1, "error", "ends in 0 days, on 2026-03-01"),
        (0, "error", "ended on 2026-03-01"),
        (-3, "error", "ended on 2026-02-26"),
    ],
)
def test_the_days_that_are_left(days: float, level: str | None, message: str) -> None:
    """A certificate is a warning below 21 days, an error below 7, and one that has ended says so."""
    leaf = ending(days)
    seen = [(finding.level, finding.message) for finding in found(shown(leaf), file(leaf))]
    assert seen == ([] if level is None else [(level, f"the certificate a1a1a1a1a1a1a1a1 (ECDSA P-256) {message}")])


def test_one_that_ended_is_said_once() -> None:
    """That clients do not trust what has ended is no second problem."""
    leaf = ending(-3)
    assert only(shown(leaf, distrust=Distrust(10, "certificate has expired")), file(leaf)).message.endswith("02-26")


def test_one_that_has_not_begun() -> None:
    """A certificate of tomorrow is an error."""
    leaf = replace(LEAF, not_before=NOW + timedelta(days=1))
    assert "begins 2026-03-02 12:00 UTC only" in only(shown(leaf), file(leaf)).message


@pytest.mark.parametrize(
    ("names", "is_fine"),
    [
        (("mail.example.test",), True),
        (("other.example.test", "MAIL.example.test"), True),
        (("*.example.test",), True),
        (("*.test",), False),
        (("example.test",), False),
        (("*.mail.example.test",), False),
        (("*",), False),
        ((), False),
    ],
)
def test_the_name_that_clients_are_told_is_covered(names: tuple[str, ...], is_fine: bool) -> None:
    """A name counts when clients would accept it: a wildcard stands for exactly one label."""
    leaf = replace(LEAF, names=names)
    seen = found(shown(leaf), file(leaf))
    assert [finding.level for finding in seen] == ([] if is_fine else ["error"])
    if seen:
        assert f"is for {', '.join(names) or 'no name at all'}, not for mail.example.test" in seen[0].message


def test_a_chain_without_its_intermediate() -> None:
    """It is said where the chain ends, who is missing, and in which file."""
    alone = Presented((LEAF,), ("default",), INCOMPLETE)
    finding = only(alone, replace(file(), chain=(LEAF,)))
    assert finding.level == "error"
    assert "is not complete: it ends at `mail.example.test`, whose issuer `Test E1` is neither sent" in finding.message
    assert "in /tls/tls.crt" in finding.hint


def test_a_chain_that_was_mended_in_the_file_alone() -> None:
    """When the file has more of the chain than is sent, a restart is the cure."""
    assert "`restart dovecot` serves it" in only(Presented((LEAF,), ("default",), INCOMPLETE), file()).hint


def test_a_root_that_clients_do_not_trust() -> None:
    """A self-signed certificate names itself, and how to make clients of the site trust it."""
    alone = Presented((replace(LEAF, is_self_issued=True),), ("default",), Distrust(18, "self-signed certificate"))
    finding = only(alone, file())
    assert "leads to `mail.example.test`, a root that clients of this site do not trust" in finding.message
    assert "`certificate.trust`" in finding.hint


def test_an_intermediate_that_ended() -> None:
    """When the leaf is good, but its chain is not trusted any more, the intermediate is to blame."""
    ended = replace(INTERMEDIATE, not_after=NOW - timedelta(days=1))
    finding = only(shown(LEAF, ended, distrust=Distrust(10, "certificate has expired")), file())
    assert "in its chain, a certificate has ended" in finding.message


def test_an_intermediate_that_ended_and_is_not_needed() -> None:
    """An old cross-signature that is still sent does no harm: clients trust the chain."""
    ended = replace(INTERMEDIATE, subject="Old Cross", not_after=NOW - timedelta(days=1))
    assert found(shown(LEAF, INTERMEDIATE, ended), file()) == []


def test_an_intermediate_that_will_end() -> None:
    """An intermediate is warned of as the certificate itself is."""
    short = replace(INTERMEDIATE, not_after=NOW + timedelta(days=20))
    assert only(shown(LEAF, short), file()).message.startswith("the intermediate certificate `Test E1` ends in 20 days")


@pytest.mark.parametrize(
    ("begin", "words", "cure"),
    [
        (1, "is newer than what is served", "`restart dovecot` serves it"),
        (90, "is older than what is served", "put the other one back"),
        (30, "is another than the one served", "`restart dovecot` serves it"),
    ],
)
def test_another_certificate_in_the_file(begin: int, words: str, cure: str) -> None:
    """A file that differs is older or newer by when its certificate begins."""
    other = replace(RENEWED, not_before=NOW - timedelta(days=begin))
    finding = only(shown(), file(other))
    assert finding.level == "error"
    assert finding.message == (
        f"/tls/tls.crt {words}: c3c3c3c3c3c3c3c3 (ECDSA P-256) in the file, a1a1a1a1a1a1a1a1 (ECDSA P-256) served"
    )
    assert cure in finding.hint


def test_a_renewal_of_another_kind_is_compared_with_what_it_replaces() -> None:
    """RSA that turns into ECDSA is a difference, not a certificate that nobody gets."""
    assert "is another than the one served" in only(shown(RSA), file()).message


def test_a_renewed_file_is_judged_before_it_is_served() -> None:
    """What the next restart would serve is looked at now: its names and its end."""
    wrong = replace(RENEWED, names=("other.example.test",))
    messages = [finding.message for finding in found(shown(), file(wrong))]
    assert any("the certificate in /tls/tls.crt, c3c3c3c3c3c3c3c3" in message for message in messages)
    assert any("is for other.example.test, not for" in message for message in messages)


def test_a_key_of_another_certificate() -> None:
    """A key that does not belong to its certificate is an error although the old pair is still served."""
    finding = only(shown(), replace(file(), key=b"another"))
    assert finding.level == "error"
    assert finding.message == "the key /tls/tls.key does not belong to the certificate /tls/tls.crt"


def test_a_file_that_cannot_be_read() -> None:
    """Its fault is said in its own words."""
    broken = Configured("/tls/tls.crt", "/tls/tls.key", fault="/tls/tls.crt cannot be read: No such file or directory")
    assert only(shown(), broken).message == "/tls/tls.crt cannot be read: No such file or directory"


def watched(presented: Presented, *files: Configured, refused: tuple[str, ...] = ()) -> list[Finding]:
    """Judge a port of a service that takes in its files by itself."""
    return list(findings(port(presented), Setup(files, watches=True, refused=refused), HOSTNAME, NOW))


def test_a_file_that_is_watched_is_served_soon() -> None:
    """Where nobody has to restart anything, a newer file is a warning, and the hint says to wait."""
    [finding] = watched(shown(), file(RENEWED))
    assert finding.level == "warning"
    assert finding.message.startswith("/tls/tls.crt is newer than what is served")
    assert finding.hint == "it is served within a minute"


def test_a_chain_that_was_mended_in_a_watched_file() -> None:
    """No restart is asked for where one does nothing."""
    [finding] = watched(Presented((LEAF,), ("default",), INCOMPLETE), file())
    assert "it is served within a minute" in finding.hint


def test_a_renewal_that_is_refused_is_said_by_its_reason_alone() -> None:
    """What is wrong with the file is said once, and nobody is told to wait for it."""
    [finding] = watched(shown(), replace(file(RENEWED), key=b"another"), refused=("it does not fit",))
    assert finding.level == "error"
    assert finding.message == "the renewed certificate is not served, but the one before: it does not fit"
    assert "mend the files" in finding.hint


def test_each_refusal_is_an_error() -> None:
    """Of two certificates both may be refused, each for its own reason."""
    assert [one.message.rpartition(": ")[2] for one in watched(shown(), file(), refused=("one", "two"))] == [
        "one",
        "two",
    ]


@pytest.mark.parametrize("broken", [replace(file(), key=b"another"), replace(file(), fault="it cannot be read")])
def test_a_watched_file_that_cannot_be_served_keeps_the_one_before(broken: Configured) -> None:
    """Before the containers have looked, `certs` may have: the hint does not threaten with a restart."""
    [finding] = watched(shown(), broken)
    assert finding.level == "error"
    assert finding.hint.endswith("until then, what was there before is served")


def test_two_certificates_each_have_their_file() -> None:
    """RSA and ECDSA are compared with their own file each, whatever the order."""
    both = port(shown(), shown(RSA))
    assert found(both, file(RSA, "rsa"), file()) == []


def test_of_two_certificates_the_renewed_one_is_named() -> None:
    """Only the file that differs is found, and its own finding tells which certificate it is of."""
    renewed = replace(RENEWED, kind="RSA", key="RSA 3072")
    finding = only(port(shown(), shown(RSA)), file(), file(renewed, "rsa"))
    assert finding.message.startswith("/tls/rsa.crt is newer")
    assert finding.fingerprint == RSA.fingerprint


def test_two_renewed_files_are_each_compared_with_their_kind() -> None:
    """When both were renewed, RSA is compared with RSA, whatever the order of the files."""
    renewed = replace(RSA, fingerprint="d4" * 32, not_before=RENEWED.not_before)
    seen = found(port(shown(), shown(RSA)), file(renewed, "rsa"), file(RENEWED))
    assert [(finding.message.partition(" ")[0], finding.fingerprint) for finding in seen] == [
        ("/tls/tls.crt", LEAF.fingerprint),
        ("/tls/rsa.crt", RSA.fingerprint),
    ]


def test_a_certificate_that_no_client_gets() -> None:
    """Where TLS 1.2 lets a client ask for each kind, a second certificate that is never shown is a warning."""
    finding = only(port(shown()), file(), file(RSA, "rsa"))
    assert (finding.level, "no client gets the certificate in /tls/rsa.crt" in finding.message) == ("warning", True)
    assert found(replace(port(shown()), is_whole=False), file(), file(RSA, "rsa")) == []


def test_a_port_that_does_not_answer() -> None:
    """With its container down that is one problem, and its cause is in it."""
    silent = Port("imaps", "127.0.0.1:993", fault="the connection is refused")
    [finding] = found(silent, fault="dovecot is not running: missing")
    assert finding.message == "the connection is refused: dovecot is not running: missing"
    assert [one.message for one in found(silent, file())] == ["the connection is refused"]


def test_somebody_else_on_the_port() -> None:
    """What answers while our container is down is not what we are configured with."""
    [finding] = found(shown(), fault="dovecot is not running: missing")
    assert "cannot be compared with its file: dovecot is not running" in finding.message


def reported(*ports: Port, leaf: Certificate = LEAF) -> Report:
    """Return a report of these ports, each configured with one file."""
    return Report("home", HOSTNAME, NOW, ports, {one.name: Setup((file(leaf),)) for one in ports})


def test_one_problem_of_many_ports_is_shown_once() -> None:
    """The ports stand together before what is wrong with all of them."""
    leaf = ending(3)
    report = reported(port(shown(leaf)), port(shown(leaf), name="pop3s"), leaf=leaf)
    [problem] = report.problems("error")
    assert problem.message.startswith("imaps, pop3s: the certificate a1a1a1a1a1a1a1a1")
    assert not report.ok
    assert report.problems("warning") == []


def test_a_warning_is_no_failure() -> None:
    """With twenty days left all is still well."""
    leaf = ending(20)
    report = reported(port(shown(leaf)), leaf=leaf)
    assert report.ok
    assert [row[0] for row in report.rows()] == ["warning"]


def test_a_row_shows_its_own_certificate_alone() -> None:
    """Of two certificates only the one that is wrong is marked."""
    old = replace(RSA, not_after=NOW - timedelta(days=1))
    both = port(shown(), shown(old))
    report = Report("home", HOSTNAME, NOW, (both,), {"imaps": Setup((file(), file(old, "rsa")))})
    assert report.rows() == [
        ("fine", "imaps 993", "a1" * 8, "ECDSA P-256", "60", "complete", "same: /tls/tls.crt"),
        ("wrong", "imaps 993", "b2" * 8, "RSA 2048", "-1", "complete", "same: /tls/rsa.crt"),
    ]


def test_a_row_shows_its_own_port_alone() -> None:
    """A port that does not answer leaves the row of another one as it is."""
    silent = Port("smtp", "127.0.0.1:25", fault="the connection is refused")
    rows = reported(port(shown()), silent).rows()
    assert [(row[0], row[1]) for row in rows] == [("fine", "imaps 993"), ("wrong", "smtp 25")]
    assert rows[1][-1] == "the connection is refused"


@pytest.mark.parametrize(
    ("chain", "shown_as"),
    [
        ((LEAF, INTERMEDIATE), "mail.example.test → Test E1 → Test Root"),
        (
            (LEAF, replace(INTERMEDIATE, issuer="Test E1", is_self_issued=True)),
            "mail.example.test → Test E1",
        ),
    ],
)
def test_each_certificate_is_told_once_in_full(chain: tuple[Certificate, ...], shown_as: str) -> None:
    """Below the table stands what several ports share, with the chain up to its root."""
    presented = Presented(chain, ("default",), None)
    lines = list(reported(port(presented), port(presented, name="pop3s")).details())
    assert lines[0] == "a1" * 32
    assert lines[-1] == f"  chain    {shown_as}"
    assert len(lines) == 6


def test_what_is_served_is_told_in_full_as_data() -> None:
    """JSON has what each port shows, its chain, its file, and every finding with its ports."""
    data = reported(port(Presented((LEAF,), ("default", "ECDSA"), INCOMPLETE))).as_dict()
    [served] = data["ports"][0]["served"]
    assert served["fingerprint"] == "a1" * 32
    assert (served["days_left"], served["chain_complete"], served["file_is"]) == (60, False, "same")
    assert data["ports"][0]["configured"][0]["key_matches"]
    assert data["findings"][0]["ports"] == ("imaps",)
    assert data["ok"] is False
