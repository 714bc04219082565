"""What is served to browsers: the ports, the sections that need them, and the names in the certificate; serves none."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from cryptography import x509

from mailrig.clients.certificate import covers, names
from mailrig.errors import Problem
from mailrig.inventory.draft import Draft
from mailrig.inventory.model import Host, ServiceName
from mailrig.inventory.public import MTA_STS, mail_servers, web_host
from mailrig.inventory.rules.pem import PemFile

_PUBLISH = "publish `https: 443` on the host"
_FORM = "write `mysql://USER:PASSWORD@HOST/NAME` or `pgsql://USER:PASSWORD@HOST/NAME`"
_SCHEMES = ("mysql", "pgsql")


def check(draft: Draft) -> Iterator[Problem]:
    """Yield what is wrong with web ports, with `webmail`, `setup` and `mta_sts`, and with what is said of services."""
    for name, host in draft.site.hosts.items():
        if draft.is_sound("hosts", name):
            yield from _ports(draft, name, host)
            yield from _services(draft, name, host)
    yield from _languages(draft)
    yield from _database(draft)
    yield from _database_tls(draft)
    if draft.is_sound("hosts"):
        yield from _sections(draft)
        yield from _mta_sts(draft)


def _ports(draft: Draft, name: str, host: Host) -> Iterator[Problem]:
    if "http" in host.ports and "https" not in host.ports:
        hint = "add `https: 443`: in the clear there is nothing but the way there"
        yield draft.problem(
            f"host `{name}` publishes `http` without `https`", "hosts", name, "ports", "http", hint=hint
        )


def _services(draft: Draft, name: str, host: Host) -> Iterator[Problem]:
    """Yield what is set for a service that does not run on the host; of Dovecot on a gateway another rule tells."""
    running = draft.site.services_of(name)
    hints: dict[ServiceName, str] = {
        "web": _PUBLISH,
        "setup": _PUBLISH,
        "roundcube": "it needs the section `webmail`, and a home that publishes `https`",
    }
    for path, services in ((("resources",), host.resources), (("network", "addresses"), host.network.addresses)):
        for service in services:
            if service in hints and service not in running:
                what = ".".join((*path, service))
                message = f"`{what}` has no meaning on host `{name}`: `{service}` does not run there"
                yield draft.problem(
                    message, "hosts", name, *path, service, hint=f"remove the key, or: {hints[service]}"
                )


def _languages(draft: Draft) -> Iterator[Problem]:
    for section, said in (("webmail", draft.site.webmail), ("setup", draft.site.setup)):
        path = (section, "languages")
        if said is None or not draft.is_sound(*path):
            continue
        if not said.languages:
            yield draft.problem(
                f"`{section}.languages` names no language", *path, hint="write `[en]`, or remove the key"
            )
        for index, language in enumerate(said.languages):
            if language in said.languages[:index]:
                yield draft.problem(f"language `{language}` is listed twice", *path, index, hint="once will do")


def _database(draft: Draft) -> Iterator[Problem]:
    path = ("webmail", "database")
    webmail = draft.site.webmail
    if webmail is None or webmail.database is None or not draft.is_sound(*path):
        return
    if fault := _fault(webmail.database.reveal()):  # never what it says: there is a password in it
        yield draft.problem(f"`webmail.database` {fault}", *path, hint=_FORM)


def _database_tls(draft: Draft) -> Iterator[Problem]:
    webmail = draft.site.webmail
    if webmail is None or not draft.is_sound("webmail"):
        return
    if webmail.database_tls == "verify" and webmail.database is None:
        hint = "name the server in `database`, or remove the key: SQLite is a file beside Roundcube"
        yield draft.problem("`webmail.database_tls` has no server to verify", "webmail", "database_tls", hint=hint)
    if webmail.database_trust is None:
        return
    path = ("webmail", "database_trust")
    if webmail.database_tls == "none":
        hint = "add `database_tls: verify`, or remove the key"
        yield draft.problem("`webmail.database_trust` has no meaning without TLS", *path, hint=hint)
    authority = PemFile(draft, path, webmail.database_trust).certificate()
    if isinstance(authority, Problem):
        yield authority


def _fault(url: str) -> str | None:
    """Say what a database's URL lacks; None for one that is whole."""
    try:
        parts: SplitResult | None = urlsplit(url)
        port = parts.port if parts else None
    except ValueError:
        parts, port = None, None
    if parts is None or port == 0:
        return "is no URL"
    if parts.scheme not in _SCHEMES:
        return "is of no database that Roundcube works with here"
    lacking = [what for what, there in (("user", parts.username), ("host", parts.hostname)) if not there]
    if not parts.path.strip("/") or "/" in parts.path.strip("/"):
        lacking.append("database")
    return f"names no {' and no '.join(lacking)}" if lacking else None


def _sections(draft: Draft) -> Iterator[Problem]:
    """Yield the sections for which there is no port."""
    homes = [name for name, host in draft.site.hosts.items() if host.role == "home"]
    serving = [name for name, host in draft.site.hosts.items() if "https" in host.ports]
    if draft.site.webmail is not None and not any(name in serving for name in homes):
        hint = "publish `https: 443` on a host with mailboxes, or remove `webmail`"
        yield draft.problem("webmail has no port: no home publishes `https`", "webmail", hint=hint)
    for section, said in (("setup", draft.site.setup), ("mta_sts", draft.site.mta_sts)):
        if said is not None and not serving:
            hint = f"publish `https: 443` on a host, or remove `{section}`"
            yield draft.problem(f"`{section}` has no port: no host publishes `https`", section, hint=hint)


def _mta_sts(draft: Draft) -> Iterator[Problem]:
    """Yield why nobody could follow the policy: no MX of ours, or no certificate for the names that it is asked by."""
    serving = web_host(draft.site)
    if draft.site.mta_sts is None or serving is None:
        return
    if not mail_servers(draft.site):
        hint = "publish `smtp` where others can reach it, or remove `mta_sts`: whoever takes the mail has the policy"
        yield draft.problem(
            "`mta_sts` is for mail servers, and no host takes mail from the world", "mta_sts", hint=hint
        )
    host = draft.site.hosts[serving]
    held = _names(draft, serving, host)
    if held is None:
        return  # on the Docker host; `verify` asks what it holds
    is_ours = host.certificate.source == "demo-ca"
    for domain in draft.site.domains:
        asked = f"{MTA_STS}.{domain}"
        if not any(covers(one, asked) for one in held):
            yield draft.problem(
                f"the certificate is not for `{asked}`, where others look for the policy of `mta_sts`",
                *("hosts", serving, "certificate", "names" if is_ours else "cert"),
                hint="add it to the certificate's `names`" if is_ours else "have it issued for this name too",
            )


def _names(draft: Draft, name: str, host: Host) -> tuple[str, ...] | None:
    """Return the names that a host's certificate is for; None where that is not known here."""
    certificate = host.certificate
    if certificate.source == "demo-ca":
        return (host.hostname, *certificate.names)
    if certificate.source == "host" or certificate.cert is None:
        return None
    found = PemFile(draft, ("hosts", name, "certificate", "cert"), certificate.cert).certificate()
    return names(found) if isinstance(found, x509.Certificate) else None
