"""Settings → the response of Microsoft's Autodiscover in plain XML (POX), which Outlook reads; reads no request.

The elements: [MS-OXDSCLI] section 2.2.4.1.1.2.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from mailrig.discovery.settings import Server, Settings

ENVELOPE = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006"
RESPONSE = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"

# The codes of a refusal ([MS-OXDSCLI] section 2.2.4.1.1.3.1).
NO_SUCH_ADDRESS = 500
INVALID_REQUEST = 600
UNKNOWN_SCHEMA = 601

_TYPES = {"imap": "IMAP", "pop3": "POP3", "smtp": "SMTP"}
_ENCRYPTION = {"implicit": "SSL", "starttls": "TLS"}


def autodiscover(settings: Settings, address: str) -> bytes:
    """Return the response for an address, whether there is such an account or not: nothing is said about that."""
    # A namespace of each element's own, as Outlook expects: it does not understand prefixes.
    root = ET.Element("Autodiscover", xmlns=ENVELOPE)
    account = ET.SubElement(ET.SubElement(root, "Response", xmlns=RESPONSE), "Account")
    ET.SubElement(account, "AccountType").text = "email"
    ET.SubElement(account, "Action").text = "settings"
    for server in _one_of_each(settings):
        _protocol(account, server, address)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def refusal(code: int, message: str) -> bytes:
    """Return an error in the protocol's own form ([MS-OXDSCLI] section 2.2.4.1.1.3), which says the same each time."""
    root = ET.Element("Autodiscover", xmlns=ENVELOPE)
    error = ET.SubElement(ET.SubElement(root, "Response"), "Error", Time="00:00:00.0000000", Id="0")
    for name, text in (("ErrorCode", str(code)), ("Message", message), ("DebugData", "")):
        ET.SubElement(error, name).text = text
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _one_of_each(settings: Settings) -> tuple[Server, ...]:
    """Return the best server for each protocol: Outlook takes one of a type."""
    best = {server.protocol: server for server in reversed((*settings.incoming, *settings.outgoing))}
    return tuple(best[protocol] for protocol in _TYPES if protocol in best)


def _protocol(account: ET.Element, server: Server, address: str) -> None:
    element = ET.SubElement(account, "Protocol")
    for name, value in (
        ("Type", _TYPES[server.protocol]),
        ("Server", server.hostname),
        ("Port", str(server.port)),
        ("DomainRequired", "off"),
        ("LoginName", address),
        ("SPA", "off"),  # Secure Password Authentication is NTLM; where the element is missing it counts as on
        ("SSL", "on"),
        ("Encryption", _ENCRYPTION[server.tls]),  # wins over SSL, and tells STARTTLS apart
        ("AuthRequired", "on"),
    ):
        ET.SubElement(element, name).text = value
    if server.protocol == "smtp":
        ET.SubElement(element, "UsePOPAuth").text = "on"  # the same login as for reading
        ET.SubElement(element, "SMTPLast").text = "off"
