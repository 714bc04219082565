"""The main job: an inventory becomes a server that takes, delivers and gives back mail."""

from __future__ import annotations

import smtplib
import subprocess

import docker
import pytest
from sites import Site, eventually, exec_in, message


def test_message_goes_all_the_way(site: Site) -> None:
    """What alice submits, bob reads over IMAP, once."""
    with site.submission() as client:
        client.send_message(message("all the way", "alice@example.test", "bob@example.test"))
    subjects = eventually(lambda: site.subjects("bob@example.test"), lambda found: "all the way" in found)
    assert subjects.count("all the way") == 1


def test_alias_reaches_all_its_targets(site: Site) -> None:
    """Mail to an alias with two targets is in both mailboxes."""
    with site.submission() as client:
        client.send_message(message("to the team", "alice@example.test", "team@example.test"))
    for address in ("alice@example.test", "bob@example.test"):
        subjects = eventually(lambda who=address: site.subjects(who), lambda found: "to the team" in found)  # type: ignore[misc]
        assert subjects.count("to the team") == 1


def test_unknown_recipient_is_refused_in_the_dialogue(site: Site) -> None:
    """An address that does not exist is refused at RCPT, not bounced later."""
    with site.submission() as client, pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        client.send_message(message("nobody", "alice@example.test", "nobody@example.test"))
    assert refused.value.recipients["nobody@example.test"][0] == 550


def test_sender_must_be_ones_own(site: Site) -> None:
    """Alice may send as herself and as her alias, and not as bob."""
    with site.submission() as client:
        client.send_message(message("as the team", "team@example.test", "alice@example.test"))
    with site.submission() as client, pytest.raises(smtplib.SMTPException, match="not owned by user"):
        client.send_message(message("as bob", "bob@example.test", "alice@example.test"))


def test_no_relay_from_outside(site: Site) -> None:
    """Without a login, port 25 takes no mail for elsewhere."""
    with smtplib.SMTP("localhost", site.port("smtp"), timeout=30) as client:
        client.ehlo("outside.invalid")
        client.mail("a@outside.invalid")
        code, text = client.rcpt("b@elsewhere.invalid")
    assert code >= 400
    assert b"Relay access denied" in text


def test_mail_from_the_world_is_delivered(site: Site) -> None:
    """Port 25 takes mail for an existing mailbox without a login."""
    with smtplib.SMTP("localhost", site.port("smtp"), timeout=30) as client:
        client.send_message(message("from the world", "a@outside.invalid", "alice@example.test"))
    assert "from the world" in eventually(site.subjects, lambda found: "from the world" in found)


def test_gateway_delivers_over_lmtp(site: Site) -> None:
    """LMTP on 2525 delivers to a mailbox and refuses an unknown one."""
    with smtplib.LMTP("localhost", site.port("lmtp"), timeout=30) as client:
        client.send_message(message("by LMTP", "a@outside.invalid", "alice@example.test"))
        client.ehlo("gateway.invalid")
        client.mail("a@outside.invalid")
        assert client.rcpt("nobody@example.test")[0] == 550
    assert "by LMTP" in site.subjects()


@pytest.mark.parametrize(
    "words",
    [
        ["doveconf", "-c", "/etc/dovecot/custom/dovecot.conf"],
        ["doveconf"],
    ],
)
def test_the_reports_commands_show_the_ciphers(site: Site, words: list[str]) -> None:
    """`doveconf`, with the report's path or without one, shows the eight suites."""
    done = exec_in(site, "dovecot", *words)
    line = next(line for line in done.splitlines() if line.startswith("ssl_cipher_list"))
    assert line.count(":") == 7


def test_the_reports_log_line(site: Site) -> None:
    """A login shows in dovecot-info.log as the report has it."""
    with site.imap():
        pass
    lines = exec_in(site, "dovecot", "tail", "-n", "50", "/var/log/dovecot-info.log").splitlines()
    login = next(line for line in reversed(lines) if "imap-login: Info: Login: user=<alice@example.test>" in line)
    assert "method=PLAIN" in login
    assert "TLS, session=<" in login


def test_queue_id_is_in_the_mail_log(site: Site) -> None:
    """Every line of Postfix is in mail.log and, the same, in what `logs` prints."""
    with site.submission() as client:
        client.mail("alice@example.test")
        client.rcpt("bob@example.test")
        _, answer = client.data(b"Subject: logged\r\n\r\nhello\r\n")
    queue_id = answer.decode().split()[-1]
    eventually(lambda: exec_in(site, "postfix", "cat", "/var/log/mail.log"), lambda log: f"{queue_id}: removed" in log)
    assert queue_id in site.ok("logs", "postfix", "--lines", "200")


def test_verify_passes_and_leaves_nothing(site: Site) -> None:
    """All probes pass, and the probe's own mailbox is empty afterwards."""
    [report] = site.data("verify")
    assert {result["outcome"] for result in report["results"]} <= {"passed", "skipped"}
    listing = exec_in(
        site,
        "dovecot",
        "sh",
        "-c",
        "find /var/mail -path '*mailrig-probe*' -path '*/new/*' -o -path '*mailrig-probe*' -path '*/cur/*'",
    )
    assert listing.strip() == ""


def test_second_deploy_changes_nothing(site: Site, engine: docker.APIClient) -> None:
    """Deploying the same inventory again touches no container and says so."""
    before = {service: engine.inspect_container(site.container(service)) for service in ("dovecot", "postfix")}
    assert "nothing changed" in site.ok("deploy")
    for service, earlier in before.items():
        now = engine.inspect_container(site.container(service))
        assert (now["Id"], now["State"]["StartedAt"]) == (earlier["Id"], earlier["State"]["StartedAt"])


def test_restart_by_hand_serves_again(site: Site) -> None:
    """`docker restart`, as the report does it, ends with a server that passes every probe."""
    subprocess.run(["docker", "restart", site.container("dovecot")], check=True, capture_output=True)
    eventually(lambda: site.run("verify").returncode, lambda code: code == 0)
    assert site.run("verify").returncode == 0


def test_status_is_up_to_date(site: Site) -> None:
    """`status` names both containers as running what the inventory says."""
    rows = site.data("status")
    assert [(row["container"], row["up_to_date"]) for row in rows] == [
        (site.container("dovecot"), True),
        (site.container("postfix"), True),
    ]
