"""Settings → the JSON of PACC, which Apple's and other programs are to read; must not know who serves it.

The format: draft-ietf-mailmaint-pacc-03, sections on the configuration and on its digest in the DNS.
"""

from __future__ import annotations

import base64
import hashlib
import json

from mailrig.discovery.settings import PortName, Settings

# PACC names a host and no port: TLS from the start, on the protocol's own.
_PROTOCOLS: dict[PortName, tuple[str, int]] = {
    "imaps": ("imap", 993),
    "pop3s": ("pop3", 995),
    "submissions": ("submit", 465),
}
# How many characters a provider's two names may have.
_LONGEST_NAME, _LONGEST_SHORT_NAME = 60, 20


def pacc(settings: Settings) -> bytes | None:
    """Return a domain's document, the same bytes each time; None where mail cannot be read and sent by its rules."""
    protocols: dict[str, dict[str, str]] = {}
    for server in settings.servers:
        name, port = _PROTOCOLS.get(server.name, ("", 0))
        if server.port == port:
            protocols.setdefault(name, {"host": server.hostname})
    if "submit" not in protocols or not {"imap", "pop3"} & set(protocols):
        return None
    document = {
        "protocols": protocols,
        "authentication": {"password": True},
        "info": {"provider": _provider(settings.domain)},
    }
    return json.dumps(document, indent=2, sort_keys=True).encode() + b"\n"


def _provider(domain: str) -> dict[str, str]:
    short = {"shortName": domain} if len(domain) <= _LONGEST_SHORT_NAME else {}
    return {"name": domain[:_LONGEST_NAME], **short}


def digest_record(document: bytes) -> str:
    """Return the TXT record at ``_ua-auto-config.DOMAIN`` without which nobody believes the document."""
    return f"v=UAAC1; a=sha256; d={base64.b64encode(hashlib.sha256(document).digest()).decode()}"
