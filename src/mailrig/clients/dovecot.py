"""What Dovecot 2.3's settings make of its TLS ports; pure, and asks nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from mailrig.clients import certificate, offered, openssl
from mailrig.clients.offered import Materials, Offered, Unusable
from mailrig.clients.server import Certificate, Server

Settings = Mapping[str, str]
Getter = Callable[[str], str]

# By the port's name: its protocol, and the names that Dovecot's own service and listener have.
_PORTS = {
    "imaps": ("imap", "imap-login", "imaps"),
    "imap": ("imap", "imap-login", "imap"),
    "pop3s": ("pop3", "pop3-login", "pop3s"),
    "pop3": ("pop3", "pop3-login", "pop3"),
    "managesieve": ("sieve", "managesieve-login", "sieve"),
}

# `doveconf -d` of 2.3.19, as far as it decides who gets in.
_DEFAULTS = {
    "protocols": "imap pop3 lmtp",
    "ssl": "yes",
    "ssl_cipher_list": "ALL:!kRSA:!SRP:!kDHd:!DSS:!aNULL:!eNULL:!EXPORT:!DES:!3DES:!MD5:!PSK:!RC4:!ADH:!LOW@STRENGTH",
    "ssl_min_protocol": "TLSv1.2",
    "ssl_prefer_server_ciphers": "no",
}

_OLDEST = {
    "ANY": openssl.TLS10,
    "SSLv3": openssl.TLS10,
    "TLSv1": openssl.TLS10,
    "TLSv1.1": openssl.TLS11,
    "TLSv1.2": openssl.TLS12,
    "TLSv1.3": openssl.TLS13,
    "LATEST": openssl.TLS13,
}
_ONLY_FOR_SOME = ("local ", "local_name ", "remote ")
_LEVEL = 2  # Debian's default
_HIDDEN_BITS = 2048  # of parameters that nobody has shown: the least that this level takes


def lists(settings: Settings) -> tuple[str, ...]:
    """Return the lists of suites that the target image's OpenSSL has to expand."""
    return tuple(
        dict.fromkeys(_getter(settings, protocol)("ssl_cipher_list") for protocol in _ports(settings).values())
    )


def paths(settings: Settings) -> tuple[str, ...]:
    """Return the files that ``ports`` needs: certificates, and Diffie-Hellman parameters."""
    names = ("ssl_cert", "ssl_alt_cert", "ssl_dh")
    found = (_getter(settings, protocol)(name) for protocol in _ports(settings).values() for name in names)
    return tuple(dict.fromkeys(value.removeprefix("<") for value in found if value.startswith("<")))


def ports(settings: Settings, materials: Materials) -> Offered:
    """Return what each TLS port offers.

    ``settings`` are those that differ from Dovecot's defaults, by flat name (``protocol imap/ssl_cert``). What is set
    for some addresses or names only (``local_name …``) is left out.
    """
    servers = {
        port: _server(_getter(settings, protocol), materials)
        for port, protocol in _ports(settings).items()
        if _getter(settings, protocol)("ssl") != "no"
    }
    left_out = (name for name in settings if name.startswith(_ONLY_FOR_SOME) and name.split("/")[-1].startswith("ssl"))
    return Offered(servers, tuple(left_out))


def _ports(settings: Settings) -> dict[str, str]:
    """Return the ports that Dovecot listens on, each with its protocol."""
    spoken = settings.get("protocols", _DEFAULTS["protocols"]).split()
    return {
        port: protocol
        for port, (protocol, service, listener) in _PORTS.items()
        if protocol in spoken and settings.get(f"service {service}/inet_listener {listener}/port") != "0"
    }


def _getter(settings: Settings, protocol: str) -> Getter:
    """Return a function that looks a setting up as a connection with this protocol does."""
    own = dict(_own(settings, protocol))
    return lambda name: own.get(name, settings.get(name, _DEFAULTS.get(name, "")))


def _own(settings: Settings, protocol: str) -> Iterator[tuple[str, str]]:
    for flat, value in settings.items():
        block, _, name = flat.partition("/")
        kind, _, wanted = block.partition(" ")
        if kind == "protocol" and "/" not in name:
            words = wanted.split()
            if protocol in words or any(word[0] == "!" and word[1:] != protocol for word in words):
                yield name, value


def _server(get: Getter, materials: Materials) -> Server:
    try:
        return Server(
            versions=_versions(get("ssl_min_protocol")),
            suites=offered.listed(materials, get("ssl_cipher_list")),
            suites13=offered.suites13(get("ssl_cipher_suites")),
            groups=offered.groups(get("ssl_curve_list")),
            certificates=certificate.by_key(_certificates(get, materials)),
            dh_bits=_dh_bits(get("ssl_dh"), materials),
            promises_dhe=True,
            prefers_own_order=get("ssl_prefer_server_ciphers") == "yes",
            security_level=offered.security_level(get("ssl_cipher_list"), _LEVEL),
        )
    except Unusable as refusal:
        return offered.broken(f"Dovecot refuses every connection: {refusal}")


def _versions(oldest: str) -> tuple[int, ...]:
    if oldest not in _OLDEST:
        raise Unusable(f"it does not know the TLS version `{oldest}`")
    return tuple(version for version in openssl.VERSIONS if version >= _OLDEST[oldest])


def _certificates(get: Getter, materials: Materials) -> Iterator[Certificate]:
    for name in ("ssl_cert", "ssl_alt_cert"):
        if get(name):
            yield offered.certificate_in(materials, get(name).removeprefix("<"))


def _dh_bits(value: str, materials: Materials) -> int | None:
    """Return the size of the parameters; `doveconf -n` hides where they are, and tells only that there are some."""
    if value.startswith("<") or not value:
        return offered.parameter_bits(materials, value.removeprefix("<"))
    return offered.parameter_bits(materials, "ssl_dh") if "ssl_dh" in materials.files else _HIDDEN_BITS
