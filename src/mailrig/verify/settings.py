"""The incident report's checklist, held against the settings that the daemons really use; must not ask the network."""

from __future__ import annotations

import functools
import ipaddress
import re
import ssl
from collections.abc import Callable, Iterable

from mailrig.errors import VerifyError
from mailrig.verify.evidence import AUTH_SOCKET, Evidence, last_line
from mailrig.verify.probe import Lane, Probe
from mailrig.verify.target import Target

FAMILIES = {
    "ECDSA": lambda suite: "-ECDSA-" in suite,
    "RSA": lambda suite: "-RSA-" in suite,
    "ChaCha20": lambda suite: "CHACHA20" in suite,
}
"""What the report's checklist wants to see among the suites, and how each is told by an OpenSSL name."""

MAPPED_LOOPBACK = 96 + 8
"""Prefix length of 127.0.0.0/8 as IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2)."""

ENOUGH = 8
"""Suites that the report's checklist asks for."""


def lanes(target: Target, evidence: Evidence) -> list[Lane]:
    """Read the effective settings of each service of the host, each once."""
    wanted = _CHECKS if target.home is None else _OF_A_GATEWAY
    return [
        Lane([_probe(service, subject, check, target, evidence) for subject, check in checks.items()])
        for service, checks in wanted.items()
    ]


def _probe(service: str, subject: str, check: Check, target: Target, evidence: Evidence) -> Probe:
    return Probe("setting", subject, service, functools.partial(check, target, evidence))


def suites(cipher_list: str) -> tuple[str, ...]:
    """Return the suites of an OpenSSL cipher list; one that is no plain list of names is expanded by our OpenSSL."""
    names = tuple(name for name in re.split(r"[:, ]+", cipher_list) if name)
    if all(re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)+", name) for name in names):
        return names
    expanding = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        expanding.set_ciphers(cipher_list)
    except ssl.SSLError:
        raise VerifyError(f"`{cipher_list}` holds no suite that OpenSSL knows") from None
    return tuple(suite["name"] for suite in expanding.get_ciphers() if not suite["name"].startswith("TLS_"))


def missing_families(found: Iterable[str]) -> list[str]:
    """Return which of ECDSA, RSA and ChaCha20 no suite is for."""
    listed = tuple(found)
    return [family for family, is_of in FAMILIES.items() if not any(map(is_of, listed))]


def _ssl_cipher_list(target: Target, evidence: Evidence) -> str:
    """Ask for the checklist's eight, or for what the inventory chose instead."""
    found = suites(evidence.settings("dovecot").get("ssl_cipher_list", ""))
    missing = missing_families(found)
    if len(found) >= ENOUGH and not missing:
        return f"{len(found)} suites, with {', '.join(FAMILIES)}"
    if target.min_protocol == "TLSv1.3" and not target.ciphers:
        return "TLS 1.3 only, as the inventory asks: the list governs nothing"
    short = f"{len(found)} suites{', none for ' + ' or '.join(missing) if missing else ''}"
    if target.ciphers and set(found) == set(target.ciphers):
        return f"{short}, as the inventory asks; the report's checklist wants {ENOUGH} with {', '.join(FAMILIES)}"
    raise VerifyError(f"{short}, and the inventory asks for {len(target.ciphers)}: {':'.join(found)}")


def _ssl_prefer_server_ciphers(target: Target, evidence: Evidence) -> str:
    return _expect(evidence, "dovecot", "ssl_prefer_server_ciphers", "yes" if target.prefer_server_ciphers else "no")


def _ssl_min_protocol(target: Target, evidence: Evidence) -> str:
    return _expect(evidence, "dovecot", "ssl_min_protocol", target.min_protocol)


def _auth_verbose(_target: Target, evidence: Evidence) -> str:
    return _expect(evidence, "dovecot", "auth_verbose", "yes")


def _verbose_ssl(_target: Target, evidence: Evidence) -> str:
    return _expect(evidence, "dovecot", "verbose_ssl", "yes")


def _log_files(_target: Target, evidence: Evidence) -> str:
    """Look where the report's commands do: /var/log/dovecot*.log."""
    settings = evidence.settings("dovecot")
    paths = [settings.get(name, "") for name in ("log_path", "info_log_path", "debug_log_path")]
    paths[2:] = [path for path in paths[2:] if path]  # an empty one goes where info_log_path says
    if strayed := [path for path in paths if not re.fullmatch(r"/var/log/dovecot[^/]*\.log", path)]:
        raise VerifyError(f"Dovecot logs to {strayed[0] or 'syslog'} and not to /var/log/dovecot*.log")
    code, output = evidence.run("dovecot", "ls", *paths)
    if code != 0:
        raise VerifyError(f"a log file is missing: {last_line(output)}")
    return ", ".join(paths)


def _smtpd_relay_restrictions(_target: Target, evidence: Evidence) -> str:
    value = evidence.settings("postfix").get("smtpd_relay_restrictions", "")
    words = re.split(r"[,\s]+", value)
    ends = {"reject_unauth_destination", "defer_unauth_destination", "reject", "defer"}
    end = next((number for number, word in enumerate(words) if word in ends), None)
    if end is None or "permit" in words[:end]:
        raise VerifyError(f"smtpd_relay_restrictions lets strangers relay: {value or 'empty'}")
    return value


def _smtpd_sasl(_target: Target, evidence: Evidence) -> str:
    kind = _expect(evidence, "postfix", "smtpd_sasl_type", "dovecot")
    return f"{kind}, {_expect(evidence, 'postfix', 'smtpd_sasl_path', 'private/auth')}"


def _auth_socket(_target: Target, evidence: Evidence) -> str:
    """Look for the socket itself: processes of Postfix that are connected already do not miss it yet."""
    if not evidence.has_auth_socket():
        raise VerifyError(f"{AUTH_SOCKET} is no socket, or missing")
    return AUTH_SOCKET


def _mynetworks(_target: Target, evidence: Evidence) -> str:
    """Nothing but loopback: behind Docker's NAT the whole world may come from the bridge's gateway."""
    value = evidence.settings("postfix").get("mynetworks", "")
    if beyond := networks_beyond_loopback(value):
        raise VerifyError(f"mynetworks trusts {', '.join(beyond)}")
    return value or "empty"


def networks_beyond_loopback(mynetworks: str) -> list[str]:
    """Return the entries of Postfix's ``mynetworks`` that reach further than this machine itself."""
    entries = [entry for entry in re.split(r"[,\s]+", mynetworks) if entry and not entry.startswith("!")]
    return [entry for entry in entries if not _is_loopback(entry)]


def _is_loopback(entry: str) -> bool:
    try:
        network = ipaddress.ip_network(re.sub(r"[\[\]]", "", entry), strict=False)
    except ValueError:
        return False  # a table or a file: what is in it is not ours to vouch for
    mapped = getattr(network.network_address, "ipv4_mapped", None)  # [::ffff:127.0.0.0]/104, as Postfix writes it
    return network.is_loopback or (mapped is not None and mapped.is_loopback and network.prefixlen >= MAPPED_LOOPBACK)


def _smtpd_forbid_bare_newline(_target: Target, evidence: Evidence) -> str:
    value = evidence.settings("postfix").get("smtpd_forbid_bare_newline", "")
    if value not in ("yes", "normalize", "reject", "note"):
        raise VerifyError(f"smtpd_forbid_bare_newline is `{value or 'not set'}`: mail can be smuggled (CVE-2023-51764)")
    return value


def _disable_vrfy_command(_target: Target, evidence: Evidence) -> str:
    return _expect(evidence, "postfix", "disable_vrfy_command", "yes")


def _postscreen_greet_action(_target: Target, evidence: Evidence) -> str:
    """Who speaks before the greeting is hung up on, and not only logged."""
    value = evidence.settings("postfix").get("postscreen_greet_action", "")
    if value not in ("enforce", "drop"):
        raise VerifyError(f"postscreen_greet_action is `{value or 'not set'}`: who speaks before the greeting gets in")
    return value


def _expect(evidence: Evidence, service: str, name: str, expected: str) -> str:
    value = evidence.settings(service).get(name, "")
    if value != expected:
        raise VerifyError(f"{name} is `{value or 'not set'}`, not `{expected}`")
    return value


Check = Callable[[Target, Evidence], str]

_CHECKS: dict[str, dict[str, Check]] = {
    "dovecot": {
        "ssl_cipher_list": _ssl_cipher_list,
        "ssl_prefer_server_ciphers": _ssl_prefer_server_ciphers,
        "ssl_min_protocol": _ssl_min_protocol,
        "auth_verbose": _auth_verbose,
        "verbose_ssl": _verbose_ssl,
        "log-files": _log_files,
    },
    "postfix": {
        "smtpd_relay_restrictions": _smtpd_relay_restrictions,
        "smtpd_sasl": _smtpd_sasl,
        "auth-socket": _auth_socket,
        "mynetworks": _mynetworks,
        "smtpd_forbid_bare_newline": _smtpd_forbid_bare_newline,
        "disable_vrfy_command": _disable_vrfy_command,
    },
}

_OF_A_GATEWAY: dict[str, dict[str, Check]] = {
    "postfix": {
        **{name: check for name, check in _CHECKS["postfix"].items() if name not in ("smtpd_sasl", "auth-socket")},
        "postscreen_greet_action": _postscreen_greet_action,
    },
}
