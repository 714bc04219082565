"""What one service expects of another: the sockets that Postfix asks for must be those that Dovecot opens."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from mailrig.errors import Problem
from mailrig.render.release import Release, Service

SPOOL = "/var/spool/postfix"


def loose_ends(release: Release) -> Iterable[Problem]:
    """Yield each socket that Postfix's settings name and Dovecot's configuration does not open in the shared spool."""
    services = {service.name: service for service in release.services}
    if not {"dovecot", "postfix"} <= services.keys():
        return
    opened = _listeners(_text(services["dovecot"], "dovecot.conf"))
    for setting, path in _asked_for(_settings(_text(services["postfix"], "main.settings"))):
        if f"{SPOOL}/{path}" not in opened:
            yield Problem(
                f"Postfix's {setting} names the socket {path}, which Dovecot does not open",
                hint=f"Dovecot opens: {', '.join(sorted(opened)) or 'none'}; does a setting in `extra` say otherwise?",
            )


def _text(service: Service, path: str) -> str:
    return next(file.content.decode() for file in service.files if file.path == path)


def _settings(text: str) -> Mapping[str, str]:
    """Return `name = value` lines; of a name that is set twice, the last counts, as postconf has it."""
    pairs = (line.partition("=") for line in text.splitlines() if "=" in line and not line.startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _listeners(dovecot_conf: str) -> set[str]:
    return set(re.findall(rf"unix_listener\s+({re.escape(SPOOL)}/\S+)", dovecot_conf))


def _asked_for(settings: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Yield each setting that names a Dovecot socket, with the socket's path below the spool."""
    if settings.get("smtpd_sasl_type") == "dovecot" and not settings["smtpd_sasl_path"].startswith("inet:"):
        yield "smtpd_sasl_path", settings["smtpd_sasl_path"]
    transport = settings.get("virtual_transport", "")
    if transport.startswith("lmtp:unix:"):
        yield "virtual_transport", transport.removeprefix("lmtp:unix:")
