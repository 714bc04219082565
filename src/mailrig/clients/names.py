"""Names for the numbers of TLS: OpenSSL's for suites, the IANA registry's for groups and signature algorithms; pure.

Source: https://www.iana.org/assignments/tls-parameters, and `openssl ciphers -V` of OpenSSL 1.0.2 to 3.5.
"""

from __future__ import annotations

from collections.abc import Mapping

SUITES: dict[str, int] = {
    "RC4-MD5": 0x0004,
    "RC4-SHA": 0x0005,
    "DES-CBC-SHA": 0x0009,
    "DES-CBC3-SHA": 0x000A,
    "DHE-DSS-DES-CBC3-SHA": 0x0013,
    "DHE-RSA-DES-CBC3-SHA": 0x0016,
    "AES128-SHA": 0x002F,
    "DHE-DSS-AES128-SHA": 0x0032,
    "DHE-RSA-AES128-SHA": 0x0033,
    "AES256-SHA": 0x0035,
    "DHE-DSS-AES256-SHA": 0x0038,
    "DHE-RSA-AES256-SHA": 0x0039,
    "AES128-SHA256": 0x003C,
    "AES256-SHA256": 0x003D,
    "DHE-DSS-AES128-SHA256": 0x0040,
    "CAMELLIA128-SHA": 0x0041,
    "DHE-DSS-CAMELLIA128-SHA": 0x0044,
    "DHE-RSA-CAMELLIA128-SHA": 0x0045,
    "DHE-RSA-AES128-SHA256": 0x0067,
    "DHE-DSS-AES256-SHA256": 0x006A,
    "DHE-RSA-AES256-SHA256": 0x006B,
    "CAMELLIA256-SHA": 0x0084,
    "DHE-DSS-CAMELLIA256-SHA": 0x0087,
    "DHE-RSA-CAMELLIA256-SHA": 0x0088,
    "AES128-GCM-SHA256": 0x009C,
    "AES256-GCM-SHA384": 0x009D,
    "DHE-RSA-AES128-GCM-SHA256": 0x009E,
    "DHE-RSA-AES256-GCM-SHA384": 0x009F,
    "DHE-DSS-AES128-GCM-SHA256": 0x00A2,
    "DHE-DSS-AES256-GCM-SHA384": 0x00A3,
    "CAMELLIA128-SHA256": 0x00BA,
    "DHE-DSS-CAMELLIA128-SHA256": 0x00BD,
    "DHE-RSA-CAMELLIA128-SHA256": 0x00BE,
    "CAMELLIA256-SHA256": 0x00C0,
    "DHE-DSS-CAMELLIA256-SHA256": 0x00C3,
    "DHE-RSA-CAMELLIA256-SHA256": 0x00C4,
    "TLS_EMPTY_RENEGOTIATION_INFO_SCSV": 0x00FF,
    "TLS_AES_128_GCM_SHA256": 0x1301,
    "TLS_AES_256_GCM_SHA384": 0x1302,
    "TLS_CHACHA20_POLY1305_SHA256": 0x1303,
    "ECDH-ECDSA-DES-CBC3-SHA": 0xC003,
    "ECDH-ECDSA-AES128-SHA": 0xC004,
    "ECDH-ECDSA-AES256-SHA": 0xC005,
    "ECDHE-ECDSA-RC4-SHA": 0xC007,
    "ECDHE-ECDSA-DES-CBC3-SHA": 0xC008,
    "ECDHE-ECDSA-AES128-SHA": 0xC009,
    "ECDHE-ECDSA-AES256-SHA": 0xC00A,
    "ECDH-RSA-DES-CBC3-SHA": 0xC00D,
    "ECDH-RSA-AES128-SHA": 0xC00E,
    "ECDH-RSA-AES256-SHA": 0xC00F,
    "ECDHE-RSA-RC4-SHA": 0xC011,
    "ECDHE-RSA-DES-CBC3-SHA": 0xC012,
    "ECDHE-RSA-AES128-SHA": 0xC013,
    "ECDHE-RSA-AES256-SHA": 0xC014,
    "ECDHE-ECDSA-AES128-SHA256": 0xC023,
    "ECDHE-ECDSA-AES256-SHA384": 0xC024,
    "ECDH-ECDSA-AES128-SHA256": 0xC025,
    "ECDH-ECDSA-AES256-SHA384": 0xC026,
    "ECDHE-RSA-AES128-SHA256": 0xC027,
    "ECDHE-RSA-AES256-SHA384": 0xC028,
    "ECDH-RSA-AES128-SHA256": 0xC029,
    "ECDH-RSA-AES256-SHA384": 0xC02A,
    "ECDHE-ECDSA-AES128-GCM-SHA256": 0xC02B,
    "ECDHE-ECDSA-AES256-GCM-SHA384": 0xC02C,
    "ECDH-ECDSA-AES128-GCM-SHA256": 0xC02D,
    "ECDH-ECDSA-AES256-GCM-SHA384": 0xC02E,
    "ECDHE-RSA-AES128-GCM-SHA256": 0xC02F,
    "ECDHE-RSA-AES256-GCM-SHA384": 0xC030,
    "ECDH-RSA-AES128-GCM-SHA256": 0xC031,
    "ECDH-RSA-AES256-GCM-SHA384": 0xC032,
    "ARIA128-GCM-SHA256": 0xC050,
    "ARIA256-GCM-SHA384": 0xC051,
    "DHE-RSA-ARIA128-GCM-SHA256": 0xC052,
    "DHE-RSA-ARIA256-GCM-SHA384": 0xC053,
    "DHE-DSS-ARIA128-GCM-SHA256": 0xC056,
    "DHE-DSS-ARIA256-GCM-SHA384": 0xC057,
    "ECDHE-ECDSA-ARIA128-GCM-SHA256": 0xC05C,
    "ECDHE-ECDSA-ARIA256-GCM-SHA384": 0xC05D,
    "ECDHE-ARIA128-GCM-SHA256": 0xC060,
    "ECDHE-ARIA256-GCM-SHA384": 0xC061,
    "ECDHE-ECDSA-CAMELLIA128-SHA256": 0xC072,
    "ECDHE-ECDSA-CAMELLIA256-SHA384": 0xC073,
    "ECDHE-RSA-CAMELLIA128-SHA256": 0xC076,
    "ECDHE-RSA-CAMELLIA256-SHA384": 0xC077,
    "AES128-CCM": 0xC09C,
    "AES256-CCM": 0xC09D,
    "DHE-RSA-AES128-CCM": 0xC09E,
    "DHE-RSA-AES256-CCM": 0xC09F,
    "AES128-CCM8": 0xC0A0,
    "AES256-CCM8": 0xC0A1,
    "DHE-RSA-AES128-CCM8": 0xC0A2,
    "DHE-RSA-AES256-CCM8": 0xC0A3,
    "ECDHE-ECDSA-AES128-CCM": 0xC0AC,
    "ECDHE-ECDSA-AES256-CCM": 0xC0AD,
    "ECDHE-ECDSA-AES128-CCM8": 0xC0AE,
    "ECDHE-ECDSA-AES256-CCM8": 0xC0AF,
    "ECDHE-RSA-CHACHA20-POLY1305": 0xCCA8,
    "ECDHE-ECDSA-CHACHA20-POLY1305": 0xCCA9,
    "DHE-RSA-CHACHA20-POLY1305": 0xCCAA,
}

GROUPS: dict[str, int] = {
    "secp192r1": 0x0013,
    "secp224r1": 0x0015,
    "secp256k1": 0x0016,
    "secp256r1": 0x0017,
    "secp384r1": 0x0018,
    "secp521r1": 0x0019,
    "brainpoolP256r1": 0x001A,
    "brainpoolP384r1": 0x001B,
    "brainpoolP512r1": 0x001C,
    "x25519": 0x001D,
    "x448": 0x001E,
    "ffdhe2048": 0x0100,
    "ffdhe3072": 0x0101,
    "ffdhe4096": 0x0102,
    "ffdhe6144": 0x0103,
    "ffdhe8192": 0x0104,
    "X25519MLKEM768": 0x11EC,
}

SIGNATURE_ALGORITHMS: dict[str, int] = {
    "rsa_pkcs1_sha1": 0x0201,
    "dsa_sha1": 0x0202,
    "ecdsa_sha1": 0x0203,
    "rsa_pkcs1_sha224": 0x0301,
    "dsa_sha224": 0x0302,
    "ecdsa_sha224": 0x0303,
    "rsa_pkcs1_sha256": 0x0401,
    "dsa_sha256": 0x0402,
    "ecdsa_secp256r1_sha256": 0x0403,
    "rsa_pkcs1_sha384": 0x0501,
    "dsa_sha384": 0x0502,
    "ecdsa_secp384r1_sha384": 0x0503,
    "rsa_pkcs1_sha512": 0x0601,
    "dsa_sha512": 0x0602,
    "ecdsa_secp521r1_sha512": 0x0603,
    "rsa_pss_rsae_sha256": 0x0804,
    "rsa_pss_rsae_sha384": 0x0805,
    "rsa_pss_rsae_sha512": 0x0806,
    "ed25519": 0x0807,
    "ed448": 0x0808,
    "rsa_pss_pss_sha256": 0x0809,
    "rsa_pss_pss_sha384": 0x080A,
    "rsa_pss_pss_sha512": 0x080B,
    "ecdsa_brainpoolP256r1tls13_sha256": 0x081A,
    "ecdsa_brainpoolP384r1tls13_sha384": 0x081B,
    "ecdsa_brainpoolP512r1tls13_sha512": 0x081C,
    "mldsa44": 0x0904,
    "mldsa65": 0x0905,
    "mldsa87": 0x0906,
}

VERSIONS: dict[str, int] = {"TLSv1.0": 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303, "TLSv1.3": 0x0304}

GREASE = frozenset(0x0A0A + 0x1010 * step for step in range(16))  # RFC 8701: sent to be ignored

SCSV = frozenset({0x00FF, 0x5600})  # signalling values in the list of suites (RFC 5746, RFC 7507)


def number(name: str, of: Mapping[str, int]) -> int:
    """Return what a name stands for; what has none is written as its number (``0x1304``). Raise ValueError else."""
    if name in of:
        return of[name]
    if name.startswith("0x"):
        return int(name, 16)
    raise ValueError(name)


def name(number: int, of: Mapping[str, int]) -> str:
    """Return the name of a number, or the number as it is written in the catalogue."""
    return next((name for name, value in of.items() if value == number), f"0x{number:04x}")
