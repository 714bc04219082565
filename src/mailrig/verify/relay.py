"""What a stranger gets out of the SMTP ports, from outside and from the inner network: no relaying and no addresses."""

from __future__ import annotations

import functools
import re
import smtplib
from collections.abc import Callable, Sequence

from mailrig.errors import VerifyError
from mailrig.verify import session
from mailrig.verify.connection import ME, service_of
from mailrig.verify.evidence import Evidence
from mailrig.verify.fault import text
from mailrig.verify.probe import Lane, Probe, Skip
from mailrig.verify.submission import UNKNOWN, refused
from mailrig.verify.target import Target

FOREIGN = "example.org"
"""Where nobody here receives mail (RFC 2606 section 3). It resolves, so that no look-up failure hides an open relay."""

PUBLIC = 25

# Talks SMTP to host $1, port $2: says each further argument after the reply to the one before.
_DIALOGUE = r"""
exec 3<>"/dev/tcp/$1/$2" || exit 9
shift 2
reply() {
    while IFS= read -r -t 10 line <&3; do
        line=${line%$'\r'}
        printf '%s\n' "$line"
        [[ $line == ???\ * || $line == ??? ]] && return
    done
    exit 8
}
reply
for command in "$@"; do
    printf '> %s\n' "$command"
    printf '%s\r\n' "$command" >&3 || exit 8
    reply
done
"""


def lanes(target: Target, evidence: Evidence) -> list[Lane]:
    """Try to relay on every SMTP port, and to learn addresses."""

    def probe(name: str, port: str, ask: Callable[[Target, str, Evidence], str]) -> Probe:
        return Probe(name, port, service_of(port), functools.partial(ask, target, port, evidence))

    return [
        Lane([probe("relay", "smtp", _outside), probe("unknown-recipient", "smtp", _unknown_recipient)]),
        Lane([probe("vrfy", "smtp", _vrfy)]),
        Lane([probe("relay", "submission", _outside), probe("vrfy", "submission", _vrfy)]),
        Lane([probe("relay", "submissions", _outside)]),
        *(Lane([Probe("relay", f"inside-{port}", "postfix", functools.partial(_inside, target, evidence, port))])
          for port in (PUBLIC, 587)),
    ]  # fmt: skip


def paths(domain: str) -> list[str]:
    """Return the forms of a foreign recipient by which relays were opened over the years."""
    return [
        f"victim@{FOREIGN}",
        f"@{domain}:victim@{FOREIGN}",  # source route (RFC 5321 appendix C)
        f"@a.invalid,@b.invalid:victim@{FOREIGN}",
        f'"victim@{FOREIGN}"',
        f'"victim@{FOREIGN}"@{domain}',  # quoted local part: resolved twice by some
        f"victim%{FOREIGN}@{domain}",  # the %-hack
        f"{FOREIGN}!victim@{domain}",  # bang path
        "victim@[127.0.0.1]",  # address literal of the server itself
    ]


def commands(target: Target, recipients: Sequence[str]) -> list[str]:
    """Return the dialogue of a relay attempt, which never gets as far as DATA.

    The null sender comes first: no rule about senders can refuse it in the recipient's place. There are fewer
    than ten refusals in it, at which Postfix begins to take its time (smtpd_soft_error_limit).
    """
    tried = [f"RCPT TO:<{path}>" for path in recipients]
    ours = (f"MAIL FROM:<{target.login}>", f"RCPT TO:<victim@{FOREIGN}>")
    return ["MAIL FROM:<>", *tried, "RSET", *ours, "RSET"]


def _outside(target: Target, port: str, evidence: Evidence) -> str:
    with session.smtp(target, port) as smtp:
        dialogue = [(command, _say(smtp, command)) for command in commands(target, paths(target.domain))]
    return _judge(target, evidence, dialogue)


def _say(smtp: smtplib.SMTP, command: str) -> str:
    code, words = smtp.docmd(command)
    return f"{code} {text(words)}"


def _inside(target: Target, evidence: Evidence, port: int) -> str:
    """From Dovecot's container: ``mynetworks`` may trust the bridge's subnet without anybody outside noticing."""
    recipients = paths(target.domain) if port == PUBLIC else paths(target.domain)[:1]  # all are told to STARTTLS first
    said = [f"EHLO {ME}", *commands(target, recipients), "QUIT"]
    argv = ("timeout", "30", "bash", "-c", _DIALOGUE, "relay", "postfix", str(port), *said)
    code, output = evidence.run("dovecot", *argv)
    dialogue = transcript(output)
    if code != 0 and not any(reply.startswith("2") for command, reply in dialogue if command.startswith("RCPT")):
        raise VerifyError(f"the dialogue with postfix:{port} broke off: {text(output)[-200:] or f'exit code {code}'}")
    return _judge(target, evidence, dialogue)


def transcript(output: str) -> list[tuple[str, str]]:
    """Read what the dialogue printed: each command with the last line of its reply."""
    pairs: list[tuple[str, str]] = []
    for line in output.splitlines():
        if line.startswith("> "):
            pairs.append((line[2:], ""))
        elif pairs:
            pairs[-1] = (pairs[-1][0], line)
    return pairs


def _judge(target: Target, evidence: Evidence, dialogue: Sequence[tuple[str, str]]) -> str:
    tried = [(command, reply) for command, reply in dialogue if command.startswith("RCPT")]
    taken = [(command, reply) for command, reply in tried if reply.startswith("2")]
    is_local = all(command.endswith(f"@{target.domain}>") for command, _ in taken)
    if taken and is_local and evidence.has_catch_all(target.domain):
        taken = []  # a catch-all takes every local part, "victim%example.org" too: delivery, not relaying
    if taken:
        raise VerifyError(f"relays for a stranger: {taken[0][0]} is answered with {taken[0][1]}")
    return f"{len(tried)} forms refused: {tried[0][1]}"


def _unknown_recipient(target: Target, port: str, evidence: Evidence) -> str:
    address = f"{UNKNOWN}@{target.domain}"
    with session.smtp(target, port) as smtp:
        try:
            return refused(smtp, "", address, f"{address} is accepted")
        except VerifyError:
            if evidence.has_catch_all(target.domain):
                raise Skip(f"{target.domain} has a catch-all: no address in it is unknown") from None
            raise


def _vrfy(target: Target, port: str, _evidence: Evidence) -> str:
    """Ask for a known and for an unknown address, which must look the same (RFC 5321 section 7.3)."""
    with session.smtp(target, port) as smtp:
        known, unknown = (_say(smtp, f"VRFY {who}") for who in (target.login, f"{UNKNOWN}@{target.domain}"))
    if re.match("25[01]", known) or known[:3] != unknown[:3]:
        raise VerifyError(f"VRFY tells addresses apart: {known} / {unknown}")
    return known
