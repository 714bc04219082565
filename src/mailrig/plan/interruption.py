"""What a service's users will notice of an action, in words and numbers; decides nothing."""

from __future__ import annotations

from mailrig.plan.actions import Verb
from mailrig.plan.observed import Container
from mailrig.render.release import Service

# How long nobody is served, in seconds, rounded up: bench/change.py measures it.
SECONDS = {Verb.RESTART: 1, Verb.RECREATE: 2}

_WITHOUT = {
    "dovecot": "logins",
    "postfix": "submission",
    "setup": "the set-up page",
    "roundcube": "webmail",
    "web": "web pages",
}
_OF_A_GATEWAY = "port 25: who sends tries again"
SMTP = 25
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
    "http": "HTTP",
    "https": "HTTPS",
}
_WORDS = {
    Verb.REFRESH: "no interruption",
    Verb.RELOAD: "no interruption",
    Verb.RELOAD_ALL: "sessions stay, a login in that instant may fail",
    Verb.START: "none: it is down now",
}


def interruption(verb: Verb, service: Service | None, container: Container | None) -> str:
    """Say what to expect while ``verb`` is done to the container of ``service``, None where no release has it."""
    if verb is Verb.REMOVE:
        return f"{_dropped(container)}, stops for good"
    if verb in SECONDS and container is not None:
        if container.state not in ("running", "paused"):
            return _WORDS[Verb.START]
        return f"{_dropped(container)}, about {SECONDS[verb]} s without {_missed(service)}"
    return _WORDS.get(verb, "")


def _missed(service: Service | None) -> str:
    """Name what is not there meanwhile. A gateway is known by its only port."""
    if service is None:
        return "service"
    if {port["target"] for port in service.spec.get("ports", ())} == {SMTP}:
        return _OF_A_GATEWAY
    return _WITHOUT.get(service.name, "service")


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
