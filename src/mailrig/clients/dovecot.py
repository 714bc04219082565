"""What Dovecot 2.3's settings make of its TLS ports; pure, and asks nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec.structs import replace

from mailrig.clients import certificate, dovecot_blocks, offered, openssl, rules
from mailrig.clients.dovecot_blocks import Settings
from mailrig.clients.offered import Materials, Offered, Unusable
from mailrig.clients.server import Certificate, Server

Getter = Callable[[str], str]

# By the port's name: its protocol, and the names that Dovecot's own service and listener have.
_PORTS = {
    "imaps": ("imap", "imap-login", "imaps"),
    "imap": ("imap", "imap-login", "imap"),
    "pop3s": ("pop3", "pop3-login", "pop3s"),
    "pop3": ("pop3", "pop3-login", "pop3"),
    "managesieve": ("sieve", "managesieve-login", "sieve"),
}

_DIRECT = ("imaps", "pop3s")

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
_LEVEL = 2  # Debian's default
_HIDDEN_BITS = 2048  # of parameters that nobody has shown: the least that this level takes


def lists(settings: Settings, hostname: str = "") -> tuple[str, ...]:
    """Return the lists of suites that the target image's OpenSSL has to expand."""
    return tuple(dict.fromkeys(get("ssl_cipher_list") for get in _getters(settings, hostname)))


def paths(settings: Settings, hostname: str = "") -> tuple[str, ...]:
    """Return the files that ``ports`` needs: certificates, and Diffie-Hellman parameters."""
    names = ("ssl_cert", "ssl_alt_cert", "ssl_dh")
    found = (get(name) for get in _getters(settings, hostname) for name in names)
    return tuple(dict.fromkeys(value.removeprefix("<") for value in found if value.startswith("<")))


def ports(settings: Settings, materials: Materials, hostname: str = "") -> Offered:
    """Return what each TLS port offers.

    ``settings`` are those that differ from Dovecot's defaults, by flat name (``protocol imap/ssl_cert``). ``hostname``
    is what mail clients are told, and name as they connect (SNI): there may be blocks for it (``local_name …``). What
    is set for other names, or for addresses, is left out: who comes from where, nobody knows.
    """
    spoken = _ports(settings)
    servers = {port: _served(settings, port, protocol, materials, hostname) for port, protocol in spoken.items()}
    return Offered(
        servers,
        dict(dovecot_blocks.left_out(settings, spoken.values(), hostname)),
        chooses_by_name=dovecot_blocks.has_certificates_for_names(settings),
    )


def _served(settings: Settings, port: str, protocol: str, materials: Materials, hostname: str) -> Server:
    """Return what a port offers to who names the host, and, where that is something else, to who names none."""
    get = _getter(settings, protocol)
    plain = _fault(settings, port, get) or _server(get, materials)
    if plain.fault or not all(rules.is_strong_enough(plain, one) for one in plain.certificates):
        return plain  # its TLS is not even set up: nobody comes so far as to name a host
    if not dovecot_blocks.has_blocks(settings, protocol, hostname):
        return plain
    named = _named(settings, protocol, materials, hostname, plain)
    return plain if named == plain else replace(named, without_name=plain)


def _named(settings: Settings, protocol: str, materials: Materials, hostname: str, plain: Server) -> Server:
    """Return what is offered to who names the host.

    Dovecot has begun by then, and goes over to another of OpenSSL's contexts (SSL_set_SSL_CTX(3)). What OpenSSL has
    used already, or copied into the connection, stays as it was: versions, the suites of TLS 1.3, groups, whose order
    counts.
    """
    if clash := dovecot_blocks.conflict(settings, protocol, hostname):
        told = f"`{clash}` is set in `local_name` and in `protocol` as well, which Dovecot cannot reconcile"
        return offered.broken(f"Dovecot refuses who asks for {hostname}: {told}")
    named = _server(_getter(settings, protocol, hostname), materials)
    if named.fault:
        return named
    return replace(
        named,
        versions=plain.versions,
        suites13=plain.suites13,
        groups=plain.groups,
        prefers_own_order=plain.prefers_own_order,
    )


def _fault(settings: Settings, port: str, get: Getter) -> Server | None:
    """Return a port that is listened on and has no TLS for clients; None where it has."""
    _, service, listener = _PORTS[port]
    if get("ssl") == "no":
        return offered.broken("Dovecot's `ssl` is `no`: it offers no TLS")
    begins_with_tls = settings.get(f"service {service}/inet_listener {listener}/ssl")
    if port in _DIRECT and begins_with_tls == "no":
        return offered.broken("its listener's `ssl` is `no`: it does not begin with TLS")
    if port not in _DIRECT and begins_with_tls == "yes":
        return offered.broken("its listener's `ssl` is `yes`: it begins with TLS, where clients begin in the clear")
    if get("auth_ssl_require_client_cert") == "yes":
        told = "`auth_ssl_require_client_cert` is `yes`: who has no certificate cannot log in"
        return offered.broken(told, refuses_late=True)
    return None


def _ports(settings: Settings) -> dict[str, str]:
    """Return the ports that Dovecot listens on, each with its protocol."""
    spoken = settings.get("protocols", _DEFAULTS["protocols"]).split()
    return {
        port: protocol
        for port, (protocol, service, listener) in _PORTS.items()
        if protocol in spoken and settings.get(f"service {service}/inet_listener {listener}/port") != "0"
    }


def _getters(settings: Settings, hostname: str) -> Iterator[Getter]:
    """Yield a getter for each kind of connection that there may be."""
    for protocol in dict.fromkeys(_ports(settings).values()):
        yield _getter(settings, protocol)
        yield _getter(settings, protocol, hostname)


def _getter(settings: Settings, protocol: str, hostname: str = "") -> Getter:
    """Return a function that looks a setting up as a connection with this protocol does; see dovecot_blocks."""
    asked = [*dovecot_blocks.layers(settings, protocol, hostname), settings, _DEFAULTS]
    return lambda name: next((layer[name] for layer in asked if name in layer), "")


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
