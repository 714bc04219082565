"""Known log lines of Dovecot and Postfix with their cause and cure; the one table, and it judges no deployment.

Sources: the daemons' own sources (Dovecot 2.3 `lib-ssl-iostream`, `login-common`; Postfix 3.7 `smtpd`, `tls`,
`xsasl`) and OpenSSL's reasons (`sslerr.h`), whose words 1.1 and 3 share while the numbers before them differ.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass
from functools import cached_property

DOVECOT = ("dovecot",)
POSTFIX = ("postfix",)
BOTH = ("dovecot", "postfix")


class Kind(enum.StrEnum):
    """Where the cure lies, or that there may be nothing to cure."""

    SERVER = "server"
    """With the server's settings or files."""

    CLIENT = "client"
    """With the client: its age, its settings, what it trusts, its password."""

    DELIVERY = "delivery"
    """With mail that was accepted and does not get on."""

    HARMLESS = "harmless"
    """Taken alone it is no failure."""


@dataclass(frozen=True)
class Signature:
    """A pattern of log lines; ``pattern`` is searched for in the line's text.

    ``is_vague``: the line only says that something failed, and another line of the same connection may say what.
    """

    name: str
    services: tuple[str, ...]
    kind: Kind
    pattern: str
    cause: str
    cure: str
    is_vague: bool = False

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The compiled pattern."""
        return re.compile(self.pattern)

    def fits(self, text: str) -> bool:
        """Whether a line has this signature."""
        return self.expression.search(text) is not None


SIGNATURES: tuple[Signature, ...] = (
    # --- Postfix: login at submission, tables, delivery ---
    Signature(
        "no-sasl-socket",
        POSTFIX,
        Kind.SERVER,
        r"SASL: Connect to .*failed: No such file",
        "Postfix cannot reach Dovecot's auth socket, which is missing (private/auth in its spool): nobody can log in to"
        " send",
        "mostly Dovecot is down: look at `status`, and restart it; else its `service auth` does not listen there",
    ),
    Signature(
        "dead-sasl-socket",
        POSTFIX,
        Kind.SERVER,
        r"SASL: Connect to .*failed",
        "Postfix cannot reach Dovecot's auth socket, where nobody answers: nobody can log in to send",
        "Dovecot is down, or its auth process is: look at `status`, and restart it",
    ),
    Signature(
        "no-sasl-mechanism",
        POSTFIX,
        Kind.SERVER,
        r"no SASL authentication mechanisms",
        "Postfix found no login mechanism at Dovecot's auth socket: smtpd ends, and nobody can log in to send",
        "mostly Dovecot is down: look at `status`, and restart it; else see its `auth_mechanisms`",
    ),
    Signature(
        "sasl-interrupted",
        POSTFIX,
        Kind.SERVER,
        r"SASL \S+ authentication failed: (Connection lost to authentication server|.*[Tt]emporary)",
        "Dovecot's auth process went away, or failed, in the middle of a login",
        "look for errors of `auth` in Dovecot's log; when it was only restarted, the client's next try succeeds",
    ),
    Signature(
        "name-service",
        POSTFIX,
        Kind.DELIVERY,
        r"Name service error|Host or domain name not found",
        "a name cannot be looked up from where Postfix runs: it does not exist, or resolver or chroot fail",
        "see whether the name resolves in the container (`docker exec … getent hosts NAME`): is it spelt right, is the"
        " resolver reachable? Where Postfix's services are chrooted, the spool needs etc/resolv.conf",
    ),
    Signature(
        "no-lmtp",
        POSTFIX,
        Kind.DELIVERY,
        r"lmtp.*: (No such file|Connection refused)",
        "Dovecot's LMTP socket is missing or dead: mail waits in the queue",
        "mostly Dovecot is down: look at `status`, and restart it; the queue empties by itself afterwards",
    ),
    Signature(
        "postfix-key",
        POSTFIX,
        Kind.SERVER,
        r"cannot (load|get) .*([Cc]ertificate|private key)|No server certs available",
        "Postfix cannot load its certificate or key: there is no TLS on its ports",
        "see that the files of `certificate` in the inventory exist and belong together, then deploy again",
    ),
    Signature(
        "no-tls-postfix",
        POSTFIX,
        Kind.SERVER,
        r"TLS (context|library) initialization failed|TLS is configured|not initialized.*TLS|disabling TLS support",
        "Postfix has no TLS: its certificate, key or TLS settings cannot be used",
        "the lines before it in mail.log name the file or the setting; correct it, and deploy again",
        is_vague=True,
    ),
    Signature(
        "no-quota-status",
        POSTFIX,
        Kind.SERVER,
        r"(connect to|problem talking to server) private/quota-status",
        "Dovecot does not tell Postfix whether a mailbox is full; the mail is taken all the same",
        "mostly Dovecot is down: look at `status`, and restart it",
    ),
    Signature(
        "no-table",
        POSTFIX,
        Kind.SERVER,
        r"open database .*: No such file",
        "a lookup table of Postfix is missing",
        "deploy again: tables are made at each start and reload",
    ),
    # --- Dovecot: TLS that cannot be set up at all ---
    Signature(
        "curve-list",
        DOVECOT,
        Kind.SERVER,
        r"Can't set (ECDH )?curve list",
        "Dovecot's OpenSSL does not know the curve list: every handshake fails, although Dovecot has started",
        "take the unknown group out of `ssl_curve_list`, or the whole setting: the default is sound",
    ),
    Signature(
        "cipher-list",
        DOVECOT,
        Kind.SERVER,
        r"Can't set cipher(suites| list)",
        "Dovecot's OpenSSL knows no suite of the cipher list: every handshake fails, although Dovecot has started",
        "take a profile (`tls.ciphers: mail-clients`), or names as `openssl ciphers` has them",
    ),
    Signature(
        "key-mismatch",
        BOTH,
        Kind.SERVER,
        r"key values mismatch|key type mismatch",
        "the certificate does not belong to the private key",
        "give `certificate` in the inventory the key with which the certificate was requested",
    ),
    Signature(
        "dovecot-key",
        DOVECOT,
        Kind.SERVER,
        r"(Can't load|Couldn't parse) .*(ssl|SSL|cert|key|DH)",
        "Dovecot cannot load its certificate or key, or its DH parameters: every handshake fails",
        "see that the files of `certificate` in the inventory exist and belong together, then deploy again",
    ),
    Signature(
        "no-dh",
        DOVECOT,
        Kind.SERVER,
        r"no DH parameters provided",
        "the client and Dovecot agreed on a DHE suite, and Dovecot has no DH parameters for it (`ssl_dh`)",
        "set `tls.dh` in the inventory to a group such as ffdhe2048, or take the DHE suites out of the list",
    ),
    Signature(
        "no-tls-dovecot",
        DOVECOT,
        Kind.SERVER,
        r"TLS initialization failed|Failed to initialize SSL",
        "Dovecot could not set up TLS for this connection: no client gets in while that lasts",
        "the line `Failed to initialize SSL server context` in dovecot.log names the setting",
        is_vague=True,
    ),
    # --- Handshakes that fail between the two ---
    Signature(
        "no-shared-cipher",
        BOTH,
        Kind.SERVER,
        r"no shared cipher|error:(1408A0C1|1417A0C1|0A0000C1)\b",
        "no cipher suite in common with the client. Mostly the list has no suite for the kind of key in the certificate"
        " (an ECDSA key, and suites for RSA only, or the reverse): that locks out whoever speaks TLS 1.2 at most, while"
        " TLS 1.3 does not ask the list and still works",
        "offer suites for both kinds of keys (`tls.ciphers: mail-clients`), deploy, and see what `verify` says of"
        " tls-1.2; an extra list of DHE suites needs `tls.dh`",
    ),
    Signature(
        "no-shared-signature",
        BOTH,
        Kind.SERVER,
        r"no suitable signature algorithm|no shared signature algorithms",
        "the client accepts no signature that the server's key can make, or the key is not the certificate's: when"
        " nobody gets in any more, it is the latter",
        "see what `verify` says of tls-1.3; serve a certificate with its own key (RSA 2048 and ECDSA P-256 are the"
        " kinds that all clients know)",
    ),
    Signature(
        "no-shared-group",
        BOTH,
        Kind.SERVER,
        r"no suitable key share|no shared groups?",
        "no group for the key exchange in common with the client",
        "take `ssl_curve_list` (Dovecot) or `tls_eecdh_auto_curves` (Postfix) out of `extra`: the defaults have the"
        " groups that clients offer",
    ),
    Signature(
        "version",
        BOTH,
        Kind.CLIENT,
        r"unsupported protocol|version too low|alert protocol version|unknown protocol",
        "the client's newest TLS version is older than the oldest that the server takes, or the reverse",
        "update the client; where that cannot be, `tls.min_protocol` is what keeps it out",
    ),
    Signature(
        "not-tls",
        BOTH,
        Kind.CLIENT,
        r"wrong version number|http request|packet length too long|https proxy request|bad record type",
        "what came was not TLS: a client set to another encryption than the port has (no encryption or STARTTLS where"
        " TLS is from the first byte), or a scanner",
        "set the client to SSL/TLS on 993, 995 and 465, and to STARTTLS on 143, 110, 587 and 4190",
    ),
    Signature(
        "unknown-ca",
        BOTH,
        Kind.CLIENT,
        r"alert unknown ca\b",
        "the client does not trust whoever issued the certificate, or the server leaves out an intermediate one",
        "see what `verify` says of certificate; serve the whole chain, and install a CA of one's own on the device",
    ),
    Signature(
        "certificate-refused",
        BOTH,
        Kind.CLIENT,
        r"alert (bad certificate|certificate unknown|certificate expired|unsupported certificate|access denied)",
        "the client refuses the certificate: it is expired, for another host name, from an issuer unknown to it, or its"
        " user has declined it (which of these, only its own message says)",
        "use the host name in the certificate, not an address; see what `verify` says of certificate; on iOS, remove"
        " the account and add it again when the certificate's issuer has changed",
    ),
    Signature(
        "handshake-refused",
        BOTH,
        Kind.CLIENT,
        r"alert (handshake failure|illegal parameter|insufficient security|decrypt error|internal error)",
        "the client broke off the handshake: what the server chose does not suit it",
        "see what `verify` says of tls-1.2 and tls-1.3; the client's own message says more",
    ),
    Signature(
        "handshake-internal",
        BOTH,
        Kind.SERVER,
        r"SSL routines:[^:]*:internal error",
        "the handshake failed within the server",
        "an error in the same second of dovecot.log or mail.log says why",
        is_vague=True,
    ),
    Signature(
        "handshake-broken",
        BOTH,
        Kind.HARMLESS,
        r"TLS handshaking: (SSL_accept\(\) (failed|syscall failed)|Disconnected|Connection closed|Inactivity)"
        r"|SSL_accept error from|SSL_accept:? ?\S* ?error|unexpected eof",
        "the connection ended in the middle of the handshake, without a word why: a scanner, a bad network, or a client"
        " that does not take the certificate and hangs up silently",
        "nothing, unless a person at that address cannot log in: then look at the client's own message",
        is_vague=True,
    ),
    # --- Logins ---
    Signature(
        "no-mailbox",
        DOVECOT,
        Kind.SERVER,
        r"user not found from userdb",
        "the account has a password but no mailbox (userdb)",
        "deploy again; where `extra.dovecot` adds a passdb, it needs a userdb too",
    ),
    Signature(
        "too-many-sessions",
        DOVECOT,
        Kind.SERVER,
        r"mail_max_userip_connections",
        "too many sessions of this account from one address are open",
        "raise `mail_max_userip_connections` in `extra.dovecot`: behind Docker or NAT many devices share one address",
    ),
    Signature(
        "no-permission",
        DOVECOT,
        Kind.SERVER,
        r"Permission denied|Not owned by",
        "Dovecot may not write where the mail is kept",
        "the mail volume's files belong to user 505 (vmail): give back what something else has taken over",
    ),
    Signature(
        "limit",
        DOVECOT,
        Kind.SERVER,
        r"(process_limit|client_limit) .*reached|client connections are being dropped",
        "a limit on processes is reached: Dovecot turns clients away",
        "raise `resources.dovecot.pids` of the host, after a look at who is connected (`docker exec … doveadm who`)",
    ),
    Signature(
        "auth-broken",
        DOVECOT,
        Kind.SERVER,
        r"Internal auth failure|auth.*: (Fatal|Panic)|Auth process broken|[Tt]imeout waiting for handshake from auth",
        "Dovecot's auth process fails: nobody can log in",
        "the error of `auth` before it in dovecot.log says why",
    ),
    Signature(
        "unknown-user",
        DOVECOT,
        Kind.CLIENT,
        r"[Uu]nknown user",
        "there is no such account, or it may not log in: the user name is a typing error, or somebody guesses",
        "the user name is the whole address, as in `accounts` of the inventory",
    ),
    Signature(
        "wrong-password",
        DOVECOT,
        Kind.CLIENT,
        r"[Pp]assword mismatch",
        "the password is wrong",
        "enter the account's password on the device anew; a device with an old one goes on trying",
    ),
    Signature(
        "clear-login",
        DOVECOT,
        Kind.CLIENT,
        r"[Pp]laintext authentication dis(abled|allowed)|SSL required for authentication"
        r"|tried to use (disabled|disallowed) \S+ auth",
        "the client tried to send its password unencrypted, which is not allowed",
        "set the client to SSL/TLS (993, 995) or STARTTLS (143, 110, 4190)",
    ),
    Signature(
        "mechanism",
        DOVECOT,
        Kind.CLIENT,
        r"[Uu]nsupported auth(entication)? mechanism",
        "the client wants to log in by a mechanism that is not offered",
        "set the client to `normal password` (PLAIN)",
    ),
    Signature(
        "login-refused",
        BOTH,
        Kind.CLIENT,
        r"\(auth failed, \d+ attempts|SASL \S+ authentication failed",
        "the login was refused: the user name or the password is wrong",
        "enter user name (the whole address) and password on the device anew",
        is_vague=True,
    ),
    Signature(
        "login-unfinished",
        DOVECOT,
        Kind.CLIENT,
        r"client didn't finish \S+ auth|client sent an invalid|Too many invalid commands",
        "the client began to log in, and did not end it",
        "nothing, unless it comes again: then look at the client's own message",
    ),
    Signature(
        "not-logged-in",
        POSTFIX,
        Kind.CLIENT,
        r"NOQUEUE: reject: .*Client host rejected: Access denied",
        "a client tried to send on a submission port without having logged in",
        "switch on authentication for the outgoing server in the client (the same user name and password)",
    ),
    Signature(
        "no-starttls",
        POSTFIX,
        Kind.CLIENT,
        r"Must issue a STARTTLS command first",
        "a client tried to send on a submission port without encryption",
        "set the outgoing server in the client to STARTTLS (587), or to SSL/TLS on 465",
    ),
    Signature(
        "foreign-sender",
        POSTFIX,
        Kind.CLIENT,
        r"Sender address rejected: not owned by user",
        "the account sends under an address that is not its own",
        "set the sender's address in the client, or give the account the address as an alias",
    ),
    # --- Mail that does not get on ---
    Signature(
        "mailbox-full",
        BOTH,
        Kind.DELIVERY,
        r"[Qq]uota exceeded|Mailbox is full",
        "the mailbox is full",
        "let its owner remove mail, or raise `quota` of the account",
    ),
    Signature(
        "deferred",
        POSTFIX,
        Kind.DELIVERY,
        r"status=deferred",
        "a message waits in the queue: the next server cannot be reached, or puts it off",
        "the reason stands in the line's brackets; Postfix tries again by itself for five days",
        is_vague=True,
    ),
    # --- Nothing, taken alone ---
    Signature(
        "no-auth-attempts",
        DOVECOT,
        Kind.HARMLESS,
        r"\(no auth attempts|\(disconnected before auth was ready|Aborted login",
        "somebody connected, and left without logging in. Alone that is no failure: a port scanner, a monitor, or a"
        " client that gave up after the handshake, such as one whose user declines the certificate",
        "nothing, unless a person at that address cannot log in: then look at the client's own message",
        is_vague=True,
    ),
    Signature(
        "left-early",
        POSTFIX,
        Kind.HARMLESS,
        r"(lost connection|timeout) after (CONNECT|UNKNOWN|EHLO|HELO|STARTTLS|AUTH)\b",
        "somebody connected, and left before sending anything. Alone that is no failure: a port scanner, a monitor, or"
        " a client that gave up after the handshake",
        "nothing, unless a person at that address cannot send: then look at the client's own message",
        is_vague=True,
    ),
)
"""The first that fits is a line's; those that say most come first."""


def signature_of(service: str, text: str) -> Signature | None:
    """Return the signature of a line of ``service``, None when it is none that we know."""
    return next((one for one in SIGNATURES if service in one.services and one.fits(text)), None)
