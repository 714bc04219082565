"""Settings → what Thunderbird on a phone reads from a QR code; must not know how one is drawn.

The format: "Export for Mobile" QR code format, version 1 (2025-02-06): thunderbird-android,
feature/migration/qrcode/qr-code-format.md.
"""

from __future__ import annotations

import json

from mailrig.discovery.settings import Server, Settings

_FORMAT = 1
_FIRST_OF_ONE = (1, 1)
_INCOMING = {"imap": 0, "pop3": 1}
_SMTP = 0
_SECURITY = {"implicit": 3, "starttls": 2}
_PASSWORD_CLEARTEXT = 1  # within TLS


def transfer(settings: Settings, address: str) -> str:
    """Return the account as JSON, without its password: the phone asks for it. Nobody's name is known: the local part.

    A code holds one server for reading and one for sending: the best of each.
    """
    incoming, outgoing = settings.incoming[0], settings.outgoing[0]
    reading = [_INCOMING[incoming.protocol], *_server(incoming, address)]
    sending = [_SMTP, *_server(outgoing, address)]
    identity = [address, address.rpartition("@")[0]]
    content = [_FORMAT, _FIRST_OF_ONE, reading, [[sending, identity]]]
    return json.dumps(content, separators=(",", ":"))


def _server(server: Server, address: str) -> tuple[str, int, int, int, str]:
    return server.hostname, server.port, _SECURITY[server.tls], _PASSWORD_CLEARTEXT, address
