"""Settings → Apple's configuration profile (`.mobileconfig`) for one person; must not know where it is put.

The keys: Apple's published schema, github.com/apple/device-management, mdm/profiles: TopLevel, CommonPayloadKeys,
com.apple.mail.managed and com.apple.security.root.
"""

from __future__ import annotations

import plistlib
import re
import uuid
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from mailrig.discovery.settings import Server, Settings
from mailrig.discovery.site import Language

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

# Ours alone, so that the same address always gets the same identifiers, and no other profile has them.
_NAMESPACE = uuid.UUID("6f6d4a3e-5a0e-5b1c-9f55-2f1d0c7b9a41")

_PEM = re.compile("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)

_TYPES = {"imap": "EmailTypeIMAP", "pop3": "EmailTypePOP"}

# What a device shows before it installs the profile: its name, and what it does.
_TEXTS: dict[Language, tuple[str, str]] = {
    "en": ("Mail of {address}", "Sets up {address} in Mail."),
    "ja": ("{address} のメール", "「メール」アプリで {address} を使えるように設定します。"),
}


def profile(settings: Settings, address: str, authorities: str | None = None, language: Language = "en") -> bytes:
    """Return the profile for ``address``; ``authorities`` is the PEM of roots that its devices do not know yet.

    Identifier and UUIDs follow from the address, so that a second one takes the place of the first. No password is in
    it: the device asks. A profile knows one server for reading and one for sending: the best of each.
    """
    name, description = (text.format(address=address) for text in _TEXTS[language])
    identifier = f"{'.'.join(reversed(settings.domain.split('.')))}.mail.{address}"
    payloads = [
        _mail(f"{identifier}.account", settings, address),
        *_roots(identifier, authorities),
    ]
    content = {
        **_common(identifier, "Configuration", name),
        "PayloadDescription": description,
        "PayloadOrganization": settings.domain,
        "PayloadContent": payloads,
    }
    return plistlib.dumps(content)


def signed(content: bytes, chain: str, key: str) -> bytes:
    """Return a profile signed (CMS, RFC 5652), which devices show as verified; ``chain`` and ``key`` are PEM."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.serialization import pkcs7

    leaf, *above = certificates(chain)
    private: Any = serialization.load_pem_private_key(key.encode(), None)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(content).add_signer(leaf, private, hashes.SHA256())
    for certificate in above:
        builder = builder.add_certificate(certificate)
    return builder.sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])


def certificates(pem: str) -> list[Certificate]:
    """Return every certificate in a PEM text, in order: Debian's cryptography 38 reads but one at a time."""
    from cryptography import x509

    return [x509.load_pem_x509_certificate(block.encode()) for block in _PEM.findall(pem)]


def _mail(identifier: str, settings: Settings, address: str) -> dict[str, Any]:
    incoming, outgoing = settings.incoming[0], settings.outgoing[0]
    return {
        **_common(identifier, "com.apple.mail.managed", address),
        "EmailAccountDescription": address,
        "EmailAccountType": _TYPES[incoming.protocol],
        "EmailAddress": address,
        **_way("Incoming", incoming, address),
        **_way("Outgoing", outgoing, address),
        "OutgoingPasswordSameAsIncomingPassword": True,
    }


def _way(direction: str, server: Server, address: str) -> dict[str, Any]:
    """Return the keys of one server; left out, a port is guessed and TLS is off."""
    return {
        f"{direction}MailServerAuthentication": "EmailAuthPassword",
        f"{direction}MailServerHostName": server.hostname,
        f"{direction}MailServerPortNumber": server.port,
        f"{direction}MailServerUseSSL": True,  # STARTTLS too: which of the two, devices tell by the port
        f"{direction}MailServerUsername": address,
    }


def _roots(identifier: str, authorities: str | None) -> Iterator[dict[str, Any]]:
    from cryptography.hazmat.primitives.serialization import Encoding

    for number, root in enumerate(certificates(authorities or ""), 1):
        yield {
            **_common(f"{identifier}.authority{number}", "com.apple.security.root", root.subject.rfc4514_string()),
            "PayloadCertificateFileName": f"authority{number}.cer",
            "PayloadContent": root.public_bytes(Encoding.DER),
        }


def _common(identifier: str, kind: str, name: str) -> dict[str, Any]:
    return {
        "PayloadIdentifier": identifier,
        "PayloadUUID": str(uuid.uuid5(_NAMESPACE, identifier)).upper(),
        "PayloadType": kind,
        "PayloadVersion": 1,
        "PayloadDisplayName": name,
    }
