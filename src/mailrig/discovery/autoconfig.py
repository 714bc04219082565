"""Settings → Mozilla's autoconfig 1.1, which Thunderbird, K-9, Evolution, KMail and FairEmail read; sends nothing.

The format: draft-ietf-mailmaint-autoconfig, and `readFromXML` of Thunderbird.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from mailrig.discovery.settings import Server, Settings

_SOCKETS = {"implicit": "SSL", "starttls": "STARTTLS"}


def autoconfig(settings: Settings) -> bytes:
    """Return `config-v1.1.xml` for a domain: the same for all its addresses, the best server of each kind first."""
    root = ET.Element("clientConfig", version="1.1")
    provider = ET.SubElement(root, "emailProvider", id=settings.domain)
    for tag in ("domain", "displayName", "displayShortName"):
        ET.SubElement(provider, tag).text = settings.domain
    for server in settings.incoming:
        _server(provider, "incomingServer", server)
    for server in settings.outgoing:
        _server(provider, "outgoingServer", server)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _server(provider: ET.Element, tag: str, server: Server) -> None:
    element = ET.SubElement(provider, tag, type=server.protocol)
    for name, value in (
        ("hostname", server.hostname),
        ("port", str(server.port)),
        ("socketType", _SOCKETS[server.tls]),
        ("authentication", "password-cleartext"),  # within TLS
        ("username", "%EMAILADDRESS%"),
    ):
        ET.SubElement(element, name).text = value
