"""The files from which the services are to take their certificates, read where they lie; must not judge them.

No private key leaves its container: its public half is made in there.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mailrig.errors import VerifyError
from mailrig.verify.certificates.certificate import Certificate, certificate, public_half
from mailrig.verify.connection import service_of
from mailrig.verify.evidence import last_line
from mailrig.verify.fault import sentence
from mailrig.verify.target import Inside


@dataclass(frozen=True)
class Configured:
    """A certificate with its key as they lie in files now; ``fault`` says why they cannot be read.

    ``key`` is the key's public half (DER); ``modified`` when the certificate's file was written.
    """

    path: str
    key_path: str
    chain: tuple[Certificate, ...] = ()
    key: bytes | None = None
    modified: datetime | None = None
    fault: str | None = None

    @property
    def leaf(self) -> Certificate:
        """Return the certificate itself; only where there is no fault."""
        return self.chain[0]

    @property
    def key_matches(self) -> bool:
        """Tell whether the key belongs to the certificate."""
        return bool(self.chain) and self.key is not None and self.key == self.leaf.public_key


@dataclass(frozen=True)
class Setup:
    """What a port's service is configured with; ``fault`` says why that is not known.

    A service that ``watches`` its files takes them in by itself when they are renewed, or has ``refused`` to, for
    these reasons.
    """

    files: tuple[Configured, ...] = ()
    fault: str | None = None
    watches: bool = False
    refused: tuple[str, ...] = ()


# Prints each file that is named in $paths, one a line: `@ SECONDS PATH`, its certificates, and in the place of each
# private key its public half; a line beginning with ! says what is wrong. awk's own output must not be overtaken.
_FILES = r"""
public='openssl pkey -passin pass: -pubout 2>/dev/null || echo "! holds a private key that cannot be read"'
printf '%s\n' "$paths" | awk 'NF && !seen[$0]++' | while IFS= read -r path; do
    echo "@ $(stat -L -c %Y "$path" 2>/dev/null || echo 0) $path"
    said=$(cat "$path" 2>&1 >/dev/null) || { echo "! cannot be read: ${said##*: }"; continue; }
    awk -v public="$public" '
        /^-----BEGIN ([A-Z]+ )*PRIVATE KEY-----/ { is_secret = 1; fflush() }
        /^-----BEGIN (X509 )?CERTIFICATE-----/ { is_open = 1 }
        is_secret { print | public }
        is_open { print }
        /^-----END ([A-Z]+ )*PRIVATE KEY-----/ { close(public); is_secret = 0 }
        /^-----END (X509 )?CERTIFICATE-----/ { is_open = 0 }
    ' "$path"
done
"""

# Prints the files of which a path is a copy, key first: those that mailrig-certificates watches on the host, and why it
# has refused them (`~ REASON`). Any other file is its own.
_SOURCES = r"""
copies=/var/lib/mailrig/tls
sources() {
    case $1 in
        $copies/current/*) awk -F '\t' -v copy="${1##*/}" '
            copy == $1 ".key" || copy == $1 ".pem" { print $3 }
            copy == $1 ".crt" || copy == $1 ".pem" { print $2 }
        ' /etc/mailrig/current/certificates ;;
        *) printf '%s\n' "$1" ;;
    esac
}
said() {
    case $1 in
        *$copies/current/*) echo '~'; sed 's/^/~ /' $copies/refused 2>/dev/null ;;
    esac
}
"""

# $1 protocol, $2 the name that clients ask for. Prints `= SETTING PATH`; a value that is no path may be a key.
DOVECOT = (
    _SOURCES
    + r"""
paths=
for name in ssl_cert ssl_key ssl_alt_cert ssl_alt_key; do
    value=$(doveconf -P -h -f "protocol=$1" -f "lname=$2" "$name") || exit
    case $value in
        '<'*) path=$(printf '%s' "${value#<}" | sed 's/^ *//'); said "$path"; path=$(sources "$path")
            echo "= $name $path"; paths="$paths
$path" ;;
        ?*) echo "= $name -" ;;
    esac
done
"""
    + _FILES
)

# $1 the service in master.cf, whose own settings win over main.cf's. Behind postscreen stands the service `smtpd`.
POSTFIX = (
    _SOURCES
    + r"""
value() {
    service=$1/inet
    case $(postconf -hF "$service/command" 2>/dev/null) in postscreen*) service=smtpd/pass ;; esac
    own=$(postconf -Px "$service/$2" 2>/dev/null)
    if [ -n "$own" ]; then printf '%s\n' "${own#*= }"; else postconf -hx "$2"; fi
}
chain=$(value "$1" smtpd_tls_chain_files | tr -s ', ' '\n\n')
paths=
if [ -n "$chain" ]; then
    said "$chain"
    paths=$(printf '%s\n' "$chain" | while IFS= read -r path; do sources "$path"; done)
else
    for name in smtpd_tls_cert_file smtpd_tls_key_file smtpd_tls_eccert_file smtpd_tls_eckey_file; do
        path=$(value "$1" $name)
        [ -n "$path" ] || continue
        echo "= $name $path"
        paths="$paths
$path"
    done
fi
"""
    + _FILES
)

# Caddy's are where its release, or what is copied from the host, has them (compose/web/lib/caddy.sh).
WEB = (
    _SOURCES
    + r"""
release=/etc/mailrig/current
paths=
for name in tls alt; do
    if [ -f "$release/certificates" ]; then
        pair=$copies/current/$name.pem
        said "$pair"
        found=$(sources "$pair")
    elif [ -f "$release/$name.crt" ]; then
        found=$(printf '%s\n' "$release/$name.key" "$release/$name.crt")
    else
        continue
    fi
    paths="$paths
$found"
done
"""
    + _FILES
)

_SCRIPTS = {"dovecot": DOVECOT, "postfix": POSTFIX, "web": WEB}
_PROTOCOLS = {"imaps": "imap", "imap": "imap", "pop3s": "pop3", "pop3": "pop3", "managesieve": "sieve"}
_PAIRS = {
    "ssl_cert": "ssl_key",
    "ssl_alt_cert": "ssl_alt_key",
    "smtpd_tls_cert_file": "smtpd_tls_key_file",
    "smtpd_tls_eccert_file": "smtpd_tls_eckey_file",
}
_SAID = re.compile(r"(?m)^~ ?(.*)$")
_IS_SET = re.compile(r"(?m)^= (\w+) (.*)$")
_FILE = re.compile(r"(?ms)^@ (\d+) ([^\n]*)\n(.*?)(?=^@ |\Z)")
_BLOCK = re.compile(r"-----BEGIN (?:X509 )?(CERTIFICATE|PUBLIC KEY)-----.*?-----END (?:X509 )?\1-----", re.DOTALL)


def setups(inside: Inside, hostname: str, ports: Sequence[str]) -> Mapping[str, Setup]:
    """Return what each port is configured with, asking its service once for all ports that share a configuration."""
    asked: dict[str, Setup] = {}
    found = {}
    for port in ports:
        what = _PROTOCOLS.get(port, port)
        if what not in asked:
            asked[what] = _asked(inside, service_of(port), what, hostname)
        found[port] = asked[what]
    return found


def _asked(inside: Inside, service: str, what: str, hostname: str) -> Setup:
    if (state := inside.state(service)) != "running":
        return Setup(fault=f"{service} is not running: {state}")
    code, output = inside.run(service, ("sh", "-c", _SCRIPTS[service], "sh", what, hostname))
    if code != 0:
        return Setup(fault=last_line(output))
    return setup(output)


def setup(output: str) -> Setup:
    """Read what the scripts above print."""
    named = dict(_IS_SET.findall(output))
    said = _SAID.findall(output)
    refused = tuple(dict.fromkeys(reason for reason in said if reason))
    files = {path: _File(path, int(modified), text) for modified, path, text in _FILE.findall(output)}
    if named:
        return Setup(tuple(_pairs(named, files)), watches=bool(said), refused=refused)
    return Setup(tuple(_in_turn(list(files.values()))), watches=bool(said), refused=refused)


@dataclass(frozen=True)
class _File:
    """A file as it was printed: certificates and public halves of keys, in their order."""

    path: str
    modified: int
    text: str

    @property
    def fault(self) -> str | None:
        found = re.search(r"(?m)^! (.*)$", self.text)
        return f"{self.path} {found[1]}" if found else None

    @property
    def written(self) -> datetime:
        return datetime.fromtimestamp(self.modified, UTC)

    def blocks(self) -> Iterator[tuple[str, str]]:
        """Yield each block's kind and its PEM."""
        return ((found[1], found[0]) for found in _BLOCK.finditer(self.text))


def _pairs(named: Mapping[str, str], files: Mapping[str, _File]) -> Iterator[Configured]:
    """Yield what certificate and key in settings of their own come to; without the second, both are in one file."""
    for cert, key in _PAIRS.items():
        path = named.get(cert)
        if path is None or path == "none":  # smtpd_tls_cert_file = none: no certificate is wanted
            continue
        key_path = named.get(key, path)
        if path not in files or key_path not in files:
            yield Configured(path, key_path, fault=f"`{cert}` and `{key}` do not both name a file")
            continue
        chain = [pem for kind, pem in files[path].blocks() if kind == "CERTIFICATE"]
        keys = [pem for kind, pem in files[key_path].blocks() if kind == "PUBLIC KEY"]
        yield _configured(files[path], files[key_path], chain, keys)


def _in_turn(files: Sequence[_File]) -> Iterator[Configured]:
    """Yield what keys, each with its chain behind it, come to (Postfix's smtpd_tls_chain_files)."""
    if faulty := next((file for file in files if file.fault), None):
        yield Configured(faulty.path, faulty.path, fault=faulty.fault)
        return
    blocks = [(file, kind, pem) for file in files for kind, pem in file.blocks()]
    starts = [number for number, (_, kind, _) in enumerate(blocks) if kind == "PUBLIC KEY"]
    for start, end in zip(starts, [*starts, len(blocks)][1:], strict=True):
        key_file, _, key = blocks[start]
        chain = blocks[start + 1 : end]
        yield _configured(chain[0][0] if chain else key_file, key_file, [pem for _, _, pem in chain], [key])
    if files and not starts:
        yield Configured(files[-1].path, files[0].path, fault=f"{files[0].path} holds no private key (PEM)")


def _configured(file: _File, key_file: _File, chain: Sequence[str], keys: Sequence[str]) -> Configured:
    made = Configured(file.path, key_file.path, modified=file.written)
    if fault := file.fault or key_file.fault:
        return replace(made, fault=fault)
    if not chain:
        return replace(made, fault=f"{file.path} holds no certificate (PEM)")
    if not keys:
        return replace(made, fault=f"{key_file.path} holds no private key (PEM)")
    try:
        return replace(made, chain=tuple(map(_certificate, chain)), key=_public(keys[0]))
    except VerifyError as error:
        return replace(made, fault=f"{file.path}: {sentence(error)}")


def _certificate(pem: str) -> Certificate:
    try:
        der = ssl.PEM_cert_to_DER_cert(pem.replace("X509 CERTIFICATE", "CERTIFICATE"))
    except ValueError:
        raise VerifyError("the certificate cannot be read: it is damaged, or something else") from None
    return certificate(der)


def _public(pem: str) -> bytes:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        return public_half(load_pem_public_key(pem.encode()))
    except (ValueError, UnsupportedAlgorithm):
        raise VerifyError("the key is of a kind that is not known here") from None
