"""What a stranger gets out of the SMTP ports, from outside and from the inner network: no relaying and no addresses."""

from __future__ import annotations

import functools
import re
import smtplib
from collections.abc import Callable, Sequence

from mailrig.errors import VerifyError
from mailrig.verify import session
from mailrig.verify.connection import ME, endpoint, service_of
from mailrig.verify.evidence import Evidence
from mailrig.verify.fault import text
from mailrig.verify.probe import Lane, Probe
from mailrig.verify.submission import demand_unknown, refused, unknown_address
from mailrig.verify.target import Target

FOREIGN = "example.org"
"""Where nobody here receives mail (RFC 2606 section 3). It resolves, so that no look-up failure hides an open relay."""

PUBLIC = 25
INNER_PORTS = {PUBLIC: "smtp", 587: "submission"}
NOBODY_LISTENS = 9  # exit code of the dialogue

# Talks SMTP (or LMTP) to host $1, port $2: says each further argument after the reply to the one before.
DIALOGUE = r"""
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
    return [
        *public(target),
        Lane([_probe(target, "relay", "submission", _outside), _probe(target, "vrfy", "submission", _vrfy)]),
        Lane([_probe(target, "relay", "submissions", _outside)]),
        *(Lane([Probe("relay", f"inside-{port}", "postfix", functools.partial(_inside, target, evidence, port))])
          for port in INNER_PORTS),
    ]  # fmt: skip


def public(target: Target) -> list[Lane]:
    """Try it on port 25 alone, from outside."""
    unknown = _probe(target, "unknown-recipient", "smtp", _unknown_recipient)
    return [Lane([_probe(target, "relay", "smtp", _outside), unknown]), Lane([_probe(target, "vrfy", "smtp", _vrfy)])]


def _probe(target: Target, name: str, port: str, ask: Callable[[Target, str], str]) -> Probe:
    return Probe(name, port, service_of(port), functools.partial(ask, target, port))


def paths(target: Target) -> list[str]:
    """Return the forms of a foreign recipient by which relays were opened over the years."""
    found = [
        f"victim@{FOREIGN}",
        f"@{target.hostname}:victim@{FOREIGN}",  # source route (RFC 5321 appendix C)
        f"@a.invalid,@b.invalid:victim@{FOREIGN}",
        f'"victim@{FOREIGN}"',  # quoted local part: resolved twice by some
        "victim@[127.0.0.1]",  # address literal of the server itself
    ]
    if target.domain is not None:  # a catch-all takes every local part: that would be delivery, not relaying
        found += [f'"victim@{FOREIGN}"@{target.domain}', f"victim%{FOREIGN}@{target.domain}"]
        found += [f"{FOREIGN}!victim@{target.domain}"]  # bang path
    return found


def commands(target: Target, recipients: Sequence[str]) -> list[str]:
    """Return the dialogue of a relay attempt, which never gets as far as DATA.

    The null sender comes first: no rule about senders can refuse it in the recipient's place. There are fewer
    than ten refusals in it, at which Postfix begins to take its time (smtpd_soft_error_limit).
    """
    tried = [f"RCPT TO:<{path}>" for path in recipients]
    ours = (f"MAIL FROM:<{target.login}>", f"RCPT TO:<victim@{FOREIGN}>")
    return ["MAIL FROM:<>", *tried, "RSET", *ours, "RSET"]


def _outside(target: Target, port: str) -> str:
    with session.smtp(target, port) as smtp:
        dialogue = [(command, _say(smtp, command)) for command in commands(target, paths(target))]
    return _judge(dialogue)


def _say(smtp: smtplib.SMTP, command: str) -> str:
    code, words = smtp.docmd(command)
    return f"{code} {text(words)}"


def _inside(target: Target, evidence: Evidence, port: int) -> str:
    """From Dovecot's container: ``mynetworks`` may trust the bridge's subnet without anybody outside noticing."""
    recipients = paths(target) if port == PUBLIC else paths(target)[:1]  # all are told to STARTTLS first
    said = [f"EHLO {ME}", *commands(target, recipients), "QUIT"]
    argv = ("timeout", "30", "bash", "-c", DIALOGUE, "relay", "postfix", str(port), *said)
    code, output = evidence.run("dovecot", *argv)
    if code == NOBODY_LISTENS and INNER_PORTS[port] not in target.endpoints:
        return f"nothing listens on port {port} in there"
    dialogue = transcript(output)
    if code != 0 and not any(reply.startswith("2") for command, reply in dialogue if command.startswith("RCPT")):
        raise VerifyError(f"the dialogue with postfix:{port} broke off: {text(output)[-200:] or f'exit code {code}'}")
    return _judge(dialogue)


def transcript(output: str) -> list[tuple[str, str]]:
    """Read what the dialogue printed: each command with the last line of its reply."""
    pairs: list[tuple[str, str]] = []
    for line in output.splitlines():
        if line.startswith("> "):
            pairs.append((line[2:], ""))
        elif pairs:
            pairs[-1] = (pairs[-1][0], line)
    return pairs


def _judge(dialogue: Sequence[tuple[str, str]]) -> str:
    tried = [(command, reply) for command, reply in dialogue if command.startswith("RCPT")]
    taken = [(command, reply) for command, reply in tried if reply.startswith("2")]
    if taken:
        raise VerifyError(f"relays for a stranger: {taken[0][0]} is answered with {taken[0][1]}")
    return f"{len(tried)} forms refused: {tried[0][1]}"


def _unknown_recipient(target: Target, port: str) -> str:
    endpoint(target, port)
    demand_unknown(target)
    address = unknown_address(target)
    with session.smtp(target, port) as smtp:
        return refused(smtp, "", address, f"{address} is accepted")


def _vrfy(target: Target, port: str) -> str:
    """Ask for a known and for an unknown address, which must look the same (RFC 5321 section 7.3)."""
    with session.smtp(target, port) as smtp:
        known, unknown = (_say(smtp, f"VRFY {who}") for who in (target.login, unknown_address(target)))
    if re.match("25[01]", known) or known[:3] != unknown[:3]:
        raise VerifyError(f"VRFY tells addresses apart: {known} / {unknown}")
    return known
