"""What Postfix 3.7's settings make of its TLS ports; pure, and asks nobody."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from mailrig.clients import certificate, offered, openssl, openssl_conf
from mailrig.clients.offered import Materials, Offered, Unusable
from mailrig.clients.server import Certificate, Server

Settings = Mapping[str, str]
Getter = Callable[[str], str]

# What a service of master.cf may be called, by the port's name.
_PORTS = {
    "smtp": "smtp",
    "25": "smtp",
    "submission": "submission",
    "587": "submission",
    "submissions": "submissions",
    "smtps": "submissions",
    "465": "submissions",
}

# `postconf -d` of 3.7.11, as far as it decides who gets in.
_DEFAULTS = {
    "smtpd_tls_mandatory_protocols": ">=TLSv1",
    "smtpd_tls_protocols": ">=TLSv1",
    "smtpd_tls_ciphers": "medium",
    "smtpd_tls_mandatory_ciphers": "medium",
    "tls_eecdh_auto_curves": "X25519 X448 prime256v1 secp521r1 secp384r1",
    "tls_export_cipherlist": "aNULL:-aNULL:HIGH:MEDIUM:LOW:EXPORT:+RC4:@STRENGTH",
    "tls_low_cipherlist": "aNULL:-aNULL:HIGH:MEDIUM:LOW:+RC4:@STRENGTH",
    "tls_medium_cipherlist": "aNULL:-aNULL:HIGH:MEDIUM:+RC4:@STRENGTH",
    "tls_high_cipherlist": "aNULL:-aNULL:HIGH:@STRENGTH",
    "tls_null_cipherlist": "eNULL:!aNULL",
    "tls_preempt_cipherlist": "no",
    "smtpd_tls_eckey_file": "$smtpd_tls_eccert_file",
}

_VERSIONS = {"TLSv1": openssl.TLS10, "TLSv1.1": openssl.TLS11, "TLSv1.2": openssl.TLS12, "TLSv1.3": openssl.TLS13}
_OLDER = {"SSLv2": 0x0002, "SSLv3": 0x0300}  # may be named, and are never spoken
_SEPARATORS = re.compile(r"[\s,:]+")
_OF_TLS = re.compile(r"x25519|x448|secp(192|256)r1|ffdhe\d+")  # names of groups that are no names of curves
_REFERENCE = re.compile(r"\$(?:(\w+)|\{(\w+)\}|\((\w+)\))")
_LEVEL = 0  # Postfix sets it: opportunistic TLS is better than none (tls_server.c)
_BUILT_IN_BITS = 8192  # the longest parameters of OpenSSL's own, which picks them by the strength that is needed
_DEEPEST = 10  # references in references


def lists(settings: Settings, _hostname: str = "") -> tuple[str, ...]:
    """Return the lists of suites that the target image's OpenSSL has to expand."""
    return tuple(dict.fromkeys(_list(_getter(settings, service)) for service in _services(settings)))


def paths(settings: Settings, _hostname: str = "") -> tuple[str, ...]:
    """Return the files that ``ports`` needs, keys left out where a setting of their own names them."""
    found = (path for service in _services(settings) for path in _paths(_getter(settings, service)))
    return tuple(dict.fromkeys(found))


def ports(settings: Settings, materials: Materials, _hostname: str = "") -> Offered:
    """Return what each TLS port offers.

    ``settings`` are those that differ from Postfix's defaults, by flat name (``submission/inet/smtpd_tls_ciphers``).
    Certificates for some names only (``tls_server_sni_maps``) are left out.
    """
    getters = {port: _getter(settings, service) for service, port in _services(settings).items()}
    servers = {port: _fault(port, get) or _server(get, materials) for port, get in getters.items()}
    told = "set for some names only, in a table that is not read"
    left_out = {name: told for name in settings if name.split("/")[-1] == "tls_server_sni_maps"}
    return Offered(servers, left_out, chooses_by_name=bool(left_out))


def _fault(port: str, get: Getter) -> Server | None:
    """Return a port whose settings turn mail clients away; None where they do not.

    Where TLS is optional, ``smtpd_tls_req_ccert`` is ignored with a warning (postconf(5)).
    """
    begins_with_tls = get("smtpd_tls_wrappermode") == "yes"
    if port == "submissions" and not begins_with_tls:
        return offered.broken("`smtpd_tls_wrappermode` is not `yes`: it does not begin with TLS")
    if port != "submissions" and begins_with_tls:
        told = "`smtpd_tls_wrappermode` is `yes`: it begins with TLS, where clients begin in the clear"
        return offered.broken(told)
    if port != "smtp" and get("smtpd_tls_req_ccert") == "yes" and _is_mandatory(get):
        told = "`smtpd_tls_req_ccert` is `yes`: who has no certificate is turned away"
        return offered.broken(told, refuses_late=True)
    return None


def _services(settings: Settings) -> dict[str, str]:
    """Return the services that offer TLS on a port we know, each with the port's name."""
    found = {}
    for flat, entry in settings.items():
        name, _, rest = flat.partition("/")
        port = _PORTS.get(name.rpartition(":")[2])
        # postscreen hands the clients that pass to the smtpd of the service `smtpd` (postscreen(8)).
        behind = "smtpd/pass" if entry.endswith("postscreen") else flat
        is_served = settings.get(behind, "").endswith("smtpd")
        if rest == "inet" and port and is_served and _has_tls(_getter(settings, behind)):
            found[behind] = port
    return found


def _getter(settings: Settings, service: str) -> Getter:
    """Return a function that looks a setting up as a service does, references filled in."""

    def written(name: str) -> str:
        return settings.get(f"{service}/{name}", settings.get(name, _DEFAULTS.get(name, "")))

    def get(name: str) -> str:
        value = written(name)
        for _ in range(_DEEPEST):
            value, count = _REFERENCE.subn(lambda found: written(found[found.lastindex or 0]), value)
            if not count:
                break
        return value

    return get


def _has_tls(get: Getter) -> bool:
    level = get("smtpd_tls_security_level")
    old = "yes" in (get("smtpd_use_tls"), get("smtpd_enforce_tls"))
    return level in ("may", "encrypt") or (not level and old) or get("smtpd_tls_wrappermode") == "yes"


def _is_mandatory(get: Getter) -> bool:
    """Whether clients must use TLS, which has settings of its own; from the start of a connection they always must."""
    level = get("smtpd_tls_security_level")
    is_asked = level == "encrypt" or (not level and get("smtpd_enforce_tls") == "yes")
    return is_asked or get("smtpd_tls_wrappermode") == "yes"


def _words(text: str) -> list[str]:
    return [word for word in _SEPARATORS.split(text) if word]


def _list(get: Getter) -> str:
    """Return the list of suites that Postfix hands to OpenSSL, with the security level that it has set before."""
    grade = get("smtpd_tls_mandatory_ciphers" if _is_mandatory(get) else "smtpd_tls_ciphers")
    excluded = _words(get("smtpd_tls_exclude_ciphers"))
    if _is_mandatory(get):
        excluded += _words(get("smtpd_tls_mandatory_exclude_ciphers"))
    if "yes" in (get("smtpd_tls_ask_ccert"), get("smtpd_tls_req_ccert")):
        excluded.append("aNULL")
    list_ = ":".join([get(f"tls_{grade}_cipherlist"), *(f"!{name}" for name in excluded)])
    return list_ if "@SECLEVEL=" in list_ else f"{list_}:@SECLEVEL={_LEVEL}"


def _paths(get: Getter) -> list[str]:
    named = _words(get("smtpd_tls_chain_files")) or [get("smtpd_tls_cert_file"), get("smtpd_tls_eccert_file")]
    other = (get("smtpd_tls_dh1024_param_file"), get("tls_config_file"))
    return [path for path in (*named, *other) if path.startswith("/")]


def _server(get: Getter, materials: Materials) -> Server:
    protocols = get("smtpd_tls_mandatory_protocols" if _is_mandatory(get) else "smtpd_tls_protocols")
    list_ = _list(get)
    try:
        return Server(
            versions=_versions(protocols),
            suites=offered.listed(materials, list_),
            suites13=_suites13(get, materials),
            groups=_groups(get),
            certificates=certificate.by_key(_certificates(get, materials)),
            dh_bits=_dh_bits(get, materials),
            promises_dhe=True,
            prefers_own_order=get("tls_preempt_cipherlist") == "yes",
            security_level=offered.security_level(list_, _LEVEL),
            judges_late=True,
        )
    except Unusable as refusal:
        return offered.broken(f"Postfix's TLS does not work: {refusal}")


def _versions(text: str) -> tuple[int, ...]:
    """Read ``>=TLSv1.2``, ``!SSLv3, !TLSv1``, ``TLSv1.2 TLSv1.3`` (postconf(5), smtpd_tls_protocols)."""
    lowest, highest, named, excluded = 0, 0xFFFF, set[int](), set[int]()
    for word in _words(text):
        match re.fullmatch(r"(>=|<=|!|)(.+)", word):
            case None:
                continue
            case found:
                sign, version = found[1], _version(found[2])
        if sign == ">=":
            lowest = version
        elif sign == "<=":
            highest = version
        else:
            (excluded if sign else named).add(version)
    wanted = named or set(openssl.VERSIONS)
    return tuple(v for v in openssl.VERSIONS if v in wanted - excluded and lowest <= v <= highest)


def _version(name: str) -> int:
    known = {**_OLDER, **_VERSIONS}
    if name in known:
        return known[name]
    try:
        return int(name, 16)
    except ValueError:
        raise Unusable(f"it does not know the TLS version `{name}`") from None


def _suites13(get: Getter, materials: Materials) -> tuple[int, ...]:
    """Return the suites of TLS 1.3, for which 3.7 has no setting: OpenSSL's own, or those of its configuration file.

    Names that OpenSSL does not know are passed over; with none that it knows, the file changes nothing.
    """
    path = get("tls_config_file")
    if not path.startswith("/"):
        return openssl.SUITES13
    if path not in materials.files:
        raise Unusable(f"the file {path} (tls_config_file) cannot be read")
    try:
        return offered.suites13(openssl_conf.ciphersuites(materials.files[path], get("tls_config_name")))
    except Unusable:
        return openssl.SUITES13


def _groups(get: Getter) -> tuple[int, ...]:
    """Return the groups; a curve that OpenSSL does not know is passed over.

    ``smtpd_tls_eecdh_grade`` changes nothing, whatever postconf(5) says: 3.7 with OpenSSL 3.0 takes the same curves
    with `none`, `strong` and `ultra`.
    """
    names = (name for name in _words(get("tls_eecdh_auto_curves")) if not _OF_TLS.fullmatch(name))
    found = [number for number in map(offered.group, names) if number is not None]
    return tuple(dict.fromkeys(found)) or openssl.GROUPS_BY_DEFAULT


def _certificates(get: Getter, materials: Materials) -> list[Certificate]:
    chain = _words(get("smtpd_tls_chain_files"))
    if chain:
        return offered.chained(materials, chain)
    files = [get(name) for name in ("smtpd_tls_cert_file", "smtpd_tls_eccert_file")]
    return [offered.certificate_in(materials, path) for path in files if path not in ("", "none")]


def _dh_bits(get: Getter, materials: Materials) -> int:
    """Return the size of the parameters; Postfix has its own where there is no file, or none that can be read."""
    path = get("smtpd_tls_dh1024_param_file")
    try:
        return offered.parameter_bits(materials, path) or _BUILT_IN_BITS
    except Unusable:
        return _BUILT_IN_BITS
