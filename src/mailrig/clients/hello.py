"""Builds a client's ClientHello anew from its facts; asks nobody, and knows no server.

What decides is as the client sends it: the order of everything, the length of the session id, GREASE and padding. What
must be fresh is fresh. What an entry does not tell of an extension's content is filled in by the table below.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from mailrig.clients import names, wire
from mailrig.clients.catalogue import Client
from mailrig.clients.shares import Entropy, share
from mailrig.clients.wire import ClientHello, numbers, vector
from mailrig.errors import HandshakeError

LEFT_OUT = frozenset(
    {
        16,  # application_layer_protocol_negotiation: a capture's names are a browser's (Dovecot 2.4 answers alert 120)
        13172,  # next_protocol_negotiation: the same before RFC 7301
        17513,  # application_settings, in an early draft: speaks about a protocol that ALPN has named
        17613,  # application_settings
        41,  # pre_shared_key: there is no ticket to resume with; a first visit goes without
        42,  # early_data: needs a pre_shared_key
        57,  # quic_transport_parameters: this is no QUIC
        12,  # srp: needs a login name
        14,  # use_srtp: needs a profile, and this is no telephone
    }
)
"""Extensions that are never sent, whatever the entry lists."""

# What is sent in an extension whose content no entry tells. It is valid, and no server's answer hangs on it.
# An extension that stands neither here nor in LEFT_OUT is sent empty.
_CONTENTS: Mapping[int, bytes] = {
    1: b"\x04",  # max_fragment_length: 4096 bytes (RFC 6066 section 4)
    5: b"\x01\0\0\0\0",  # status_request: OCSP, from whomever (RFC 6066 section 8)
    15: b"\x01",  # heartbeat: the peer may send (RFC 6520)
    17: b"\x00\x07\x02\x00\x04\0\0\0\0",  # status_request_v2: OCSP for the whole chain (RFC 6961)
    19: b"\x01\x00",  # client_certificate_type: X.509 (RFC 7250)
    20: b"\x01\x00",  # server_certificate_type: X.509
    24: b"\x00\x0a\x03\x02\x01\x00",  # token_binding: version 0.10, its three kinds of key (RFC 8472)
    27: b"\x02\x00\x01",  # compress_certificate: zlib (RFC 8879)
    28: b"\x40\x01",  # record_size_limit: as long as TLS 1.3 allows (RFC 8449)
    34: b"\x00\x08\x04\x03\x05\x03\x06\x03\x02\x03",  # delegated_credential: what NSS takes (RFC 9345)
    45: b"\x01\x01",  # psk_key_exchange_modes: psk_dhe_ke (RFC 8446 section 4.2.9)
    65281: b"\x00",  # renegotiation_info: a first handshake (RFC 5746)
}
# Empty by their definition: 18 signed_certificate_timestamp, 22 encrypt_then_mac, 23 extended_master_secret,
# 35 session_ticket, 49 post_handshake_auth. 21 padding is filled at the end. 21760 is Windows' own, undocumented.


def hello(client: Client, server_name: str, entropy: Entropy = os.urandom) -> bytes:
    """Return a whole record with the client's ClientHello, ready to be sent; no two are the same.

    ``server_name`` is what the client believes to talk to, an address or a host name.
    """
    making = _Making(client, server_name, entropy, _Grease(entropy(1)[0]))
    made = ClientHello(
        version=min(max(client.versions), names.VERSIONS["TLSv1.2"]),
        random=entropy(32),
        session_id=entropy(client.entry.session_id),
        suites=making.greased(client.suites),
        compression=client.entry.compression,
        extensions=tuple(_extensions(making)),
    )
    return made.padded().record(names.VERSIONS["TLSv1.0"])


def again(first: bytes, group: int | None, cookie: bytes | None, entropy: Entropy = os.urandom) -> bytes:
    """Return the second ClientHello, as an answer to a HelloRetryRequest (RFC 8446 section 4.1.2).

    It is the first one with a share of the ``group`` that the server asks for, and with its ``cookie``. Raise
    HandshakeError when the server asks for what the client has not offered, or for what nobody here can make.
    """
    hello = wire.parsed(first)
    extensions = list(hello.extensions)
    if group is not None:
        _check(hello, group)
        made = share(group, entropy)
        if made is None:
            asked = names.name(group, names.GROUPS)
            raise HandshakeError(f"the server asks for a key share of {asked}, which cannot be made here")
        content = vector(2, _key_share(group, made))
        extensions = [(number, content if number == wire.KEY_SHARE else body) for number, body in extensions]
    if cookie is not None:
        extensions.insert(0, (wire.COOKIE, vector(2, cookie)))
    return replace(hello, extensions=tuple(extensions)).padded().record(names.VERSIONS["TLSv1.2"])


def _check(hello: ClientHello, group: int) -> None:
    offered = wire.Cursor(hello.extension(wire.SUPPORTED_GROUPS) or b"\0\0", "list of groups").inside(
        2, "list of groups"
    )
    if group not in offered.numbers(2):
        raise HandshakeError(
            f"the server asks for a key share of {names.name(group, names.GROUPS)}, which the client does not offer"
        )


@dataclass(frozen=True)
class _Grease:
    """The values that a client sends to be ignored; which they are depends on ``seed`` (RFC 8701)."""

    seed: int

    def value(self, use: int) -> int:
        """Return the value for one use: extensions must differ, other lists need not."""
        return 0x0A0A + 0x1010 * ((self.seed + use) % 16)


@dataclass(frozen=True)
class _Making:
    """What a ClientHello is made of."""

    client: Client
    server_name: str
    entropy: Entropy
    grease: _Grease

    def greased(self, values: tuple[int, ...]) -> tuple[int, ...]:
        """Put a GREASE value first, where the client greases: who does so in extensions does it in all lists."""
        return (self.grease.value(0), *values) if "grease" in self.client.entry.extensions else values


def _extensions(making: _Making) -> Iterator[wire.Extension]:
    greased = 0
    for extension in making.client.entry.extensions:
        if extension == "grease":
            yield making.grease.value(1 + greased), b"\0" if greased else b""
            greased += 1
        elif extension not in LEFT_OUT and (extension != wire.SERVER_NAME or _has_name(making)):
            made = _FROM_FACTS.get(extension)
            yield extension, made(making) if made else _CONTENTS.get(extension, b"")


def _has_name(making: _Making) -> bool:
    """Tell whether a name is sent: an address never is (RFC 6066 section 3)."""
    try:
        ipaddress.ip_address(making.server_name)
    except ValueError:
        return making.client.entry.sni
    return False


def _server_name(making: _Making) -> bytes:
    name = making.server_name.rstrip(".")
    spelled = name.encode() if name.isascii() else name.encode("idna")
    return vector(2, b"\0" + vector(2, spelled))


def _groups(making: _Making) -> bytes:
    return vector(2, numbers(2, making.greased(making.client.groups)))


def _point_formats(making: _Making) -> bytes:
    return vector(1, bytes(making.client.entry.ec_point_formats))


def _signature_algorithms(making: _Making) -> bytes:
    return vector(2, numbers(2, making.client.signature_algorithms))


def _signature_algorithms_cert(making: _Making) -> bytes:
    return vector(2, numbers(2, making.client.signature_algorithms_cert))


def _versions(making: _Making) -> bytes:
    return vector(1, numbers(2, making.greased(making.client.versions)))


def _key_shares(making: _Making) -> bytes:
    """Write the shares; a group that no share can be made for is left to a HelloRetryRequest (section 4.2.8)."""
    made = {group: share(group, making.entropy) for group in making.client.key_shares}
    shares = b"".join(_key_share(group, content) for group, content in made.items() if content is not None)
    greased = making.greased(())
    return vector(2, b"".join(_key_share(group, b"\0") for group in greased) + shares)


def _key_share(group: int, content: bytes) -> bytes:
    return group.to_bytes(2, "big") + vector(2, content)


def _encrypted_hello(making: _Making) -> bytes:
    """Write what looks like an encrypted ClientHello and is none (draft-ietf-tls-esni section 6.2).

    It names HKDF-SHA256 and AES-128-GCM; key and payload are random.
    """
    entropy = making.entropy
    return b"\0" + numbers(2, (1, 1)) + entropy(1) + vector(2, entropy(32)) + vector(2, entropy(128 + 16))


_FROM_FACTS: Mapping[int, Callable[[_Making], bytes]] = {
    wire.SERVER_NAME: _server_name,
    wire.SUPPORTED_GROUPS: _groups,
    wire.POINT_FORMATS: _point_formats,
    wire.SIGNATURE_ALGORITHMS: _signature_algorithms,
    wire.SUPPORTED_VERSIONS: _versions,
    wire.SIGNATURE_ALGORITHMS_CERT: _signature_algorithms_cert,
    wire.KEY_SHARE: _key_shares,
    wire.PADDING: lambda _: b"",
    65037: _encrypted_hello,
}
