"""What a service's users will notice of an action, in words and numbers; decides nothing."""

from __future__ import annotations

from mailrig.plan.actions import Verb
from mailrig.plan.observed import Container

# How long nobody is served, in seconds, rounded up: bench/change.py measures it.
SECONDS = {Verb.RESTART: 1, Verb.RECREATE: 2}

_WITHOUT = {"dovecot": "logins", "postfix": "submission"}
_PROTOCOLS = {
    "imap": "IMAP",
    "imaps": "IMAP",
    "pop3": "POP3",
    "pop3s": "POP3",
    "submission": "SMTP",
    "submissions": "SMTP",
    "smtp": "SMTP",
    "managesieve": "ManageSieve",
    "lmtp": "LMTP",
}
_WORDS = {
    Verb.REFRESH: "no interruption",
    Verb.RELOAD: "no interruption",
    Verb.RELOAD_ALL: "sessions stay, a login in that instant may fail",
    Verb.START: "none: it is down now",
}


def interruption(verb: Verb, service: str, container: Container | None) -> str:
    """Say what to expect while ``verb`` is done to the container of ``service``."""
    if verb is Verb.REMOVE:
        return f"{_dropped(container)}, stops for good"
    if verb in SECONDS and container is not None:
        if container.state not in ("running", "paused"):
            return _WORDS[Verb.START]
        return f"{_dropped(container)}, about {SECONDS[verb]} s without {_WITHOUT.get(service, 'service')}"
    return _WORDS.get(verb, "")


def _dropped(container: Container | None) -> str:
    counts: dict[str, int] = {}
    for port, number in sorted(container.sessions.items()) if container else ():
        protocol = _PROTOCOLS.get(port, port)
        counts[protocol] = counts.get(protocol, 0) + number
    *most, last = [f"{number} {protocol}" for protocol, number in counts.items() if number] or [""]
    if not last:
        return "drops no session"
    named = " and ".join([*([", ".join(most)] if most else []), last])
    return f"drops {named} session{'' if sum(counts.values()) == 1 else 's'}"
