"""Whether a configuration profile is as Apple's published schema has it; the schema's facts are in apple.yaml."""

from __future__ import annotations

import datetime as dt
import plistlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from cryptography import x509

SCHEMA: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("apple.yaml").read_text())
TYPES = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "real": float,
    "data": bytes,
    "date": dt.datetime,
    "array": list,
    "dictionary": dict,
}
PLATFORMS = ("ios", "macos")

Payload = Mapping[str, Any]


def faults(content: bytes) -> list[str]:
    """Return what is wrong with a profile that people install by hand on iPhone, iPad and Mac."""
    top = plistlib.loads(content)
    payloads = top.get("PayloadContent") or []
    return [
        *_of_keys(top, SCHEMA["TopLevel"]["keys"]),
        *(fault for payload in payloads for fault in _of_payload(payload)),
        *_repeated([top, *payloads]),
        *([] if payloads else ["nothing is in it"]),
    ]


def _of_payload(payload: Payload) -> Iterator[str]:
    kind = payload.get("PayloadType")
    schema = SCHEMA.get(str(kind))
    if schema is None or not schema["payload"].get("manual"):
        yield f"{kind}: no payload that may be installed by hand"
        return
    if not schema["payload"]["user"]:
        yield f"{kind}: not for a user's own profile"
    yield from _of_keys(payload, SCHEMA["CommonPayloadKeys"]["keys"] | schema["keys"])
    if kind == "com.apple.mail.managed":
        yield from _of_mail(payload)
    if kind == "com.apple.security.root":
        yield from _of_root(payload)


def _of_keys(payload: Payload, keys: Mapping[str, Any]) -> Iterator[str]:
    """Yield the keys that are missing or unknown, and those whose value may not be."""
    for key, fact in keys.items():
        if fact["presence"] == "required" and key not in payload:
            yield f"{key}: missing"
    for key, value in payload.items():
        yield from _of_key(key, value, keys[key]) if key in keys else [f"{key}: unknown"]


def _of_key(key: str, value: object, fact: Mapping[str, Any]) -> Iterator[str]:
    if type(value) is not TYPES[fact["type"]]:
        yield f"{key}: {type(value).__name__} is no {fact['type']}"
    if value not in fact.get("values", [value]):
        yield f"{key}: {value!r} is not among its values"
    for platform in PLATFORMS:
        if fact.get(platform) == "n/a":
            yield f"{key}: unknown to {platform}"
    if "deprecated" in fact or fact.get("supervised"):
        yield f"{key}: not for a device that a person owns"
    if fact.get("encrypted"):
        yield f"{key}: only in an encrypted profile"


def _of_mail(payload: Payload) -> Iterator[str]:
    """Yield what follows from other keys, and what a device would make up without TLS."""
    for way in ("Incoming", "Outgoing"):
        server = f"{way}MailServer"
        if payload.get(f"{server}Authentication") != "EmailAuthNone" and not payload.get(f"{server}Username"):
            yield f"{server}Username: missing where a login is wanted"
        if payload.get(f"{server}PortNumber") not in range(1, 0x10000):
            yield f"{server}PortNumber: no port"
        if payload.get(f"{server}UseSSL") is not True:
            yield f"{server}UseSSL: off"
        if not payload.get(f"{server}HostName"):
            yield f"{server}HostName: empty"


def _of_root(payload: Payload) -> Iterator[str]:
    try:
        root = x509.load_der_x509_certificate(payload["PayloadContent"])
    except (KeyError, TypeError, ValueError) as error:
        yield f"PayloadContent: no certificate: {error}"
        return
    if root.issuer != root.subject:
        yield "PayloadContent: no root"


def _repeated(payloads: list[Payload]) -> Iterator[str]:
    """Yield identifiers that are there twice, and payloads of which there may be but one."""
    for key in ("PayloadIdentifier", "PayloadUUID"):
        for value, count in Counter(payload.get(key) for payload in payloads).items():
            if count > 1:
                yield f"{key}: {value} is there {count} times"
    for kind, count in Counter(payload.get("PayloadType") for payload in payloads[1:]).items():
        if count > 1 and not SCHEMA.get(str(kind), SCHEMA["TopLevel"])["payload"]["multiple"]:
            yield f"{kind}: {count} of which one may be"
