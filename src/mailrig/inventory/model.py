"""The inventory as frozen data; knows nothing of YAML, of positions or of how it is rendered.

Every field's description is what ``invoke schema`` shows and what the annotated example explains.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from mailrig.clients.catalogue import Entry
from mailrig.errors import Location
from mailrig.inventory.engine import FORMS, LOCAL, ClientTls, EngineAddress, Tcp, parse
from mailrig.inventory.web import MtaSts, SetUp, Webmail
from mailrig.secret import Secret


def _form(pattern: str, form: str, example: str) -> Meta:
    """Describe text that has to match ``pattern``; ``form`` says in words what does, for messages as well."""
    return Meta(pattern=pattern, description=form, examples=[example], extra={"form": form, "example": example})


Name = Annotated[str, _form(r"^[a-z0-9][a-z0-9-]{0,39}$", "lower-case letters, digits and dashes", "home")]
DOMAIN_FORM = r"^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
HostName = Annotated[
    str,
    _form(
        DOMAIN_FORM,
        "a host or domain name with a dot in it, in lower case",  # RFC 1123, section 2.1
        "mail.example.org",
    ),
]
Address = Annotated[str, Meta(description="an IPv4 or IPv6 address")]
Port = Annotated[int, Meta(ge=1, le=65535, description="number of a port", extra={"example": "993"})]
Size = Annotated[
    str, _form(r"^[1-9][0-9]*[KMGT]?$", "a number of bytes, or one with K, M, G or T (powers of 1024)", "50M")
]
AbsolutePath = Annotated[str, _form(r"^/.+", "an absolute path", "/etc/letsencrypt")]
Target = Annotated[str, Meta(description="an address, here or elsewhere")]
CipherName = Annotated[str, Meta(description="OpenSSL's name of a TLS 1.2 suite")]
Setting = Annotated[str | int | bool, Meta(description="the value of a parameter")]
Mode = Annotated[str, _form(r"^0[0-7]{3}$", "an octal mode", "0666")]

PortName = Literal[
    "imaps", "pop3s", "submission", "submissions", "smtp", "imap", "pop3", "managesieve", "lmtp", "http", "https"
]
ServiceName = Literal["dovecot", "postfix", "setup", "roundcube", "web"]
Role = Literal["home", "mx"]
Protocol = Literal["TLSv1.2", "TLSv1.3"]
Profile = Literal["mail-clients", "mozilla-intermediate", "mozilla-modern", "internet-nl-good"]
DhGroup = Literal["ffdhe2048", "ffdhe3072", "ffdhe4096", "none"]


class Network(Struct, frozen=True, kw_only=True):
    """The Docker network that a host's containers share."""

    subnet: Annotated[str | None, Meta(description="CIDR; without it Docker chooses, and no address is fixed")] = None
    addresses: Annotated[dict[ServiceName, Address], Meta(description="fixed address of each container")] = field(
        default_factory=dict
    )


class Published(Struct, frozen=True, kw_only=True):
    """A port and the addresses of the Docker host on which it is open."""

    port: Port
    addresses: Annotated[tuple[Address, ...] | None, Meta(description="default: the host's `listen`")] = None


KeyType = Literal["ECDSA", "RSA"]


class Certificate(Struct, frozen=True, kw_only=True):
    """Where the certificate and key come from.

    ``demo-ca``: a CA of the inventory's own, made on first use. ``host``: files on the Docker host,
    where Tailscale or certbot keep them. ``operator``: files beside whoever deploys.
    """

    source: Annotated[
        Literal["demo-ca", "host", "operator"],
        Meta(description="demo-ca: our own; host: files on the Docker host; operator: files beside whoever deploys"),
    ]
    cert: Annotated[str | None, Meta(description="path of the chain, leaf first (PEM)")] = None
    key: Annotated[str | None, Meta(description="path of the private key (PEM)")] = None
    alt_cert: Annotated[
        str | None, Meta(description="a second chain, with another type of key: RSA beside ECDSA, for old clients")
    ] = None
    alt_key: Annotated[str | None, Meta(description="its private key")] = None
    key_types: Annotated[
        tuple[KeyType, ...], Meta(description="`demo-ca` only: the type of key, or both: a certificate of each")
    ] = ()
    mount: Annotated[
        AbsolutePath | None,
        Meta(description="`host` only: the directory to mount, when cert and key are links out of their own"),
    ] = None
    names: Annotated[
        tuple[Annotated[str, Meta(description="a host name or an IP address")], ...],
        Meta(description="`demo-ca` only: names and addresses beside the hostname"),
    ] = ()
    trust: Annotated[
        str | None, Meta(description="path of the CA that `verify` trusts (PEM); default: the system's CAs")
    ] = None


class Logs(Struct, frozen=True, kw_only=True):
    """Where log files are kept, and how much is logged."""

    dovecot: Annotated[str, Meta(description="`volume`, or an absolute directory on the Docker host")] = "volume"
    postfix: Annotated[str, Meta(description="`volume`, or an absolute directory on the Docker host")] = "volume"
    verbosity: Annotated[
        Literal["quiet", "normal", "debug"],
        Meta(description="quiet: no auth_debug; normal: the incident report's settings; debug: mail_debug too"),
    ] = "normal"


class Resources(Struct, frozen=True, kw_only=True):
    """Upper limits of one container."""

    memory: Size = "512M"
    cpus: Annotated[float, Meta(gt=0, description="processors, as a fraction")] = 2.0
    pids: Annotated[int, Meta(ge=50, description="processes and threads")] = 500


class EngineTls(Struct, frozen=True, kw_only=True):
    """How an engine on a port and whoever deploys know each other; paths start at the inventory's directory."""

    ca: Annotated[str | None, Meta(description="path of the CA that issued the engine's certificate (PEM)")] = None
    cert: Annotated[str | None, Meta(description="path of our certificate, which the engine asks for (PEM)")] = None
    key: Annotated[str | None, Meta(description="path of its private key (PEM)")] = None


ORDER = ("home", "mx")
"""The roles in the order in which their hosts are changed: who hands mail over comes after who takes it."""


class PostfixExtra(Struct, frozen=True, kw_only=True):
    """Settings of Postfix's own, added after ours, so that they win."""

    postfix: Annotated[dict[str, Setting], Meta(description="parameters of main.cf")] = field(default_factory=dict)
    postfix_master: Annotated[
        dict[str, Setting],
        Meta(description="parameters of master.cf as `postconf -P` names them: submission/inet/…"),
    ] = field(default_factory=dict)


class Extra(PostfixExtra, frozen=True, kw_only=True):
    """Settings of the daemons' own, and of Roundcube's."""

    dovecot: Annotated[str, Meta(description="lines of dovecot.conf", extra={"lines": True})] = ""
    roundcube: Annotated[
        str, Meta(description="lines of config.inc.php, which is PHP: $config['NAME'] = VALUE;", extra={"lines": True})
    ] = ""


class Host(Struct, frozen=True, kw_only=True):
    """One Docker engine and what runs on it."""

    hostname: Annotated[HostName, Meta(description="the name that mail clients use; the certificate must hold it")]
    certificate: Annotated[Certificate, Meta(description="where certificate and key come from")]
    role: Annotated[
        Role,
        Meta(description="home: mailboxes, IMAP, POP3, submission; mx: takes mail from the world for a home"),
    ] = "home"
    home: Annotated[Name | None, Meta(description="`mx` only: the host with the mailboxes; default: the only one")] = (
        None
    )
    vpn_address: Annotated[
        Address | None, Meta(description="`mx` only: its own address in the VPN, from which it hands mail over")
    ] = None
    engine: Annotated[
        str, _form(r"^(unix|ssh|tcp)://.+", f"the address of a Docker engine: {FORMS}", "ssh://root@mx.example.org")
    ] = str(LOCAL)
    engine_tls: Annotated[EngineTls, Meta(description="tcp:// only: the certificates of the engine and of ours")] = (
        field(default_factory=EngineTls)
    )
    network: Annotated[Network, Meta(description="the Docker network that the containers share")] = field(
        default_factory=Network
    )
    listen: Annotated[tuple[Address, ...], Meta(description="addresses on which ports are published")] = ("127.0.0.1",)
    ports: Annotated[
        dict[PortName, Port | Published], Meta(description="what is published; a port that is not named is not open")
    ] = field(default_factory=dict)
    auth_socket_mode: Annotated[Mode, Meta(description="of /var/spool/postfix/private/auth")] = "0666"
    logs: Annotated[Logs, Meta(description="where log files are kept, and how much is logged")] = field(
        default_factory=Logs
    )
    resources: Annotated[dict[ServiceName, Resources], Meta(description="upper limits of each container")] = field(
        default_factory=dict
    )
    extra: Annotated[
        PostfixExtra,
        Meta(description="`mx` only: settings of its daemon's own; those of a home are the site's `extra`"),
    ] = field(default_factory=PostfixExtra)

    @property
    def rank(self) -> int:
        """When its turn comes: hosts of the same rank are changed at once, those of a higher one after them."""
        return ORDER.index(self.role)

    def published(self, name: PortName) -> Published | None:
        """Return the port ``name`` with the addresses it is open on, or None when it is closed."""
        value = self.ports.get(name)
        if value is None:
            return None
        if isinstance(value, int):
            return Published(port=value, addresses=self.listen)
        return value if value.addresses is not None else Published(port=value.port, addresses=self.listen)


class Tls(Struct, frozen=True, kw_only=True):
    """What is negotiated on every TLS port."""

    min_protocol: Annotated[Protocol, Meta(description="TLSv1.3 locks out older clients")] = "TLSv1.2"
    ciphers: Annotated[
        Profile | tuple[CipherName, ...],
        Meta(description="a profile, or OpenSSL names in order of preference (TLS 1.2)"),
    ] = "mail-clients"
    prefer_server_ciphers: Annotated[bool, Meta(description="whether the order is ours or the client's")] = True
    dh: Annotated[DhGroup, Meta(description="RFC 7919 group for the DHE suites; none: no DHE suite is offered")] = (
        "ffdhe3072"
    )


class Account(Struct, frozen=True, kw_only=True):
    """A mailbox and the login to it."""

    password: Annotated[
        Secret,
        Meta(
            description="a Dovecot hash: {ARGON2ID}…, {BLF-CRYPT}…, {SHA512-CRYPT}…; or !generated",
            extra={"generated": True, "hash": True},
        ),
    ]
    quota: Annotated[Size | None, Meta(description="largest mailbox: bytes, or with K, M, G, T; default: none")] = None
    enabled: Annotated[bool, Meta(description="false: no login, but mail is still delivered")] = True


class Relay(Struct, frozen=True, kw_only=True):
    """The smart host that takes all mail for elsewhere."""

    host: HostName
    port: Port = 587
    user: Annotated[str | None, Meta(description="with `password`: the login at the relay")] = None
    password: Annotated[Secret | None, Meta(description="!env, !file or !command")] = None
    tls: Annotated[
        Literal["secure", "encrypt", "may", "none"],
        Meta(description="secure: encrypted and the certificate holds the relay's name"),
    ] = "secure"


class Probe(Struct, frozen=True, kw_only=True):
    """The account with which `verify` logs in; nobody else's mail is in it."""

    address: Annotated[str | None, Meta(description="default: mailrig-probe@ the first domain")] = None
    password: Annotated[
        Secret | None,
        Meta(description="!env, !file, !command; default: !generated", extra={"generated": True}),
    ] = None


ClientId = Annotated[
    str, _form(r"^[a-z0-9][a-z0-9._-]{0,59}$", "lower-case letters, digits, dots and dashes", "thunderbird-91")
]


class Clients(Struct, frozen=True, kw_only=True):
    """Which mail clients a deploy must not lock out, beside and in the place of what the catalogue says."""

    require: Annotated[tuple[ClientId, ...], Meta(description="legacy clients that must get in all the same")] = ()
    ignore: Annotated[tuple[ClientId, ...], Meta(description="clients that nobody here uses")] = ()
    add: Annotated[
        dict[ClientId, Entry], Meta(description="clients of your own, by id; `clients capture` writes such an entry")
    ] = field(default_factory=dict)


class Site(Struct, frozen=True, kw_only=True):
    """Everything that the inventory says."""

    site: Annotated[Name, Meta(description="name of the site: the Compose project is mailrig-<site>")]
    domains: Annotated[tuple[HostName, ...], Meta(min_length=1, description="domains that mail is accepted for")]
    hosts: Annotated[dict[Name, Host], Meta(min_length=1, description="Docker engines by name, and what runs on each")]
    container_prefix: Annotated[Name, Meta(description="containers are <prefix>-dovecot, <prefix>-postfix, …")] = (
        "mailserver"
    )
    tls: Annotated[Tls, Meta(description="what is negotiated on every TLS port")] = field(default_factory=Tls)
    message_size_limit: Annotated[Size, Meta(description="largest message, encoded: bytes, or with K, M, G, T")] = "50M"
    accounts: Annotated[dict[str, Account], Meta(description="by address")] = field(default_factory=dict)
    aliases: Annotated[
        dict[str, Annotated[Target | tuple[Target, ...], Meta(description="one address, or a list of several")]],
        Meta(description="address, or @domain for a catch-all, to its targets"),
    ] = field(default_factory=dict)
    relay: Annotated[Relay | None, Meta(description="the smart host that takes all mail for elsewhere")] = None
    probe: Annotated[Probe, Meta(description="the account with which `verify` logs in")] = field(default_factory=Probe)
    clients: Annotated[Clients, Meta(description="which mail clients a deploy must not lock out")] = field(
        default_factory=Clients
    )
    webmail: Annotated[
        Webmail | None, Meta(description="Roundcube on each home that publishes `https`; `{}` will do")
    ] = None
    setup: Annotated[
        SetUp | None, Meta(description="the page that says how to set up a mail program; it comes with `https`")
    ] = None
    mta_sts: Annotated[
        MtaSts | None, Meta(description="tell those who send mail to insist on TLS (RFC 8461); needs `https`")
    ] = None
    extra: Annotated[
        Extra, Meta(description="settings of the daemons' own, added after ours, on each host with mailboxes")
    ] = field(default_factory=Extra)

    def services_of(self, host: str) -> tuple[ServiceName, ...]:
        """Return what runs on the host of this name, in the order in which it starts."""
        is_home, has_web = self.hosts[host].role == "home", "https" in self.hosts[host].ports
        runs: dict[ServiceName, bool] = {
            "dovecot": is_home,
            "postfix": True,
            "setup": has_web,
            "roundcube": has_web and is_home and self.webmail is not None,
            "web": has_web,  # the door comes last, when there is something behind it
        }
        return tuple(service for service, is_there in runs.items() if is_there)

    def home_of(self, gateway: str) -> str:
        """Return the host with mailboxes that the gateway of this name hands over to."""
        return self.hosts[gateway].home or next(name for name, host in self.hosts.items() if host.role == "home")

    def gateways_of(self, home: str) -> tuple[str, ...]:
        """Return the gateways that hand over to the host ``home``, by name."""
        return tuple(name for name, host in self.hosts.items() if host.role == "mx" and self.home_of(name) == home)


class KeyPair(Struct, frozen=True):
    """A certificate chain (PEM, leaf first) and its private key, when they travel with the release."""

    cert: str
    key: Secret


class Login(Struct, frozen=True):
    """An address with its password, and the hash of it that the server stores."""

    address: str
    password: Secret
    hash: Secret


class Inventory(Struct, frozen=True, kw_only=True):
    """A loaded inventory: what it says, where it says it, and what was generated for it.

    ``certificates`` holds one or two key pairs for every host whose certificate does not lie on the Docker host itself;
    ``trust`` the PEM of the CA that clients of a host are told to trust, where it is not the system's.
    ``session_keys`` holds the key of the sessions of each host with webmail, ``database_trust`` the PEM of the CA of
    its database. ``marks`` maps a path of keys, such as ("hosts", "home", "ports"), to its place.
    """

    name: str
    directory: Path
    site: Site
    marks: dict[tuple[str | int, ...], Location]
    certificates: dict[str, tuple[KeyPair, ...]]
    trust: dict[str, str]
    session_keys: dict[str, Secret]
    database_trust: str | None
    probe: Login

    def engine(self, host: str) -> EngineAddress:
        """Return where the engine of a host is."""
        settings = self.site.hosts[host]
        return address_of(settings.engine, settings.engine_tls, self.directory)

    def extra_on(self, host: str) -> tuple[tuple[str, ...], Extra]:
        """Return the daemons' own settings that hold on a host, and the path at which they are written.

        What is written for the daemons of a home would break a gateway, or mean something else there.
        """
        if self.site.hosts[host].role == "mx":
            own = self.site.hosts[host].extra
            return ("hosts", host, "extra"), Extra(postfix=own.postfix, postfix_master=own.postfix_master)
        return ("extra",), self.site.extra

    def at(self, *path: str | int) -> Location | None:
        """Return the place of the innermost key of ``path`` that is written in a file."""
        return innermost(self.marks, path)


def address_of(engine: str, files: EngineTls, directory: Path) -> EngineAddress:
    """Return the address ``engine`` with its certificates; raise AddressError when it is none."""
    address = parse(engine)
    if isinstance(address, Tcp) and files.ca and files.cert and files.key:
        return replace(address, tls=ClientTls(directory / files.ca, directory / files.cert, directory / files.key))
    return address


def innermost(marks: Mapping[tuple[str | int, ...], Location], path: tuple[str | int, ...]) -> Location | None:
    """Return the place of the longest beginning of ``path`` that has one."""
    beginnings = (path[:length] for length in range(len(path), 0, -1))
    return next((marks[beginning] for beginning in beginnings if beginning in marks), None)


_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30, "T": 2**40}


def size_in_bytes(size: Size) -> int:
    """Turn ``50M`` into 52428800."""
    match = re.fullmatch(r"([0-9]+)([KMGT]?)", size)
    if match is None:
        raise ValueError(f"not a size: {size}")
    return int(match[1]) * _UNITS[match[2]]
