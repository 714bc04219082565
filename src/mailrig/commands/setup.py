"""The verb about mail programs: what somebody has to tell theirs, on the screen, as a profile and as a QR code."""

from __future__ import annotations

import difflib
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from mailrig.commands.call import Call
from mailrig.errors import MailrigError

if TYPE_CHECKING:
    from mailrig.discovery import Server, Settings
    from mailrig.inventory.model import Inventory

_NAMES = {"imap": "IMAP", "pop3": "POP3", "smtp": "SMTP", "managesieve": "ManageSieve"}
_TLS = {"implicit": "SSL/TLS", "starttls": "STARTTLS"}


def setup(call: Call, action: tuple[str, ...] = (), qr: bool = False, mobileconfig: str | None = None) -> int:
    """Show what a person's mail programs have to be told: setup show ADDRESS."""
    match action:
        case ("show", address):
            return _show(call, address, is_drawn=qr, file=mobileconfig)
        case ("show", *_) | ():
            raise MailrigError("setup show takes one address", hint="for instance: setup show anna@example.org")
    close = difflib.get_close_matches(action[0], ["show"], n=1)
    hint = f"did you mean `setup {close[0]}`?" if close else "it takes show, and an address"
    raise MailrigError(f"setup does not know how to `{action[0]}`", hint=hint)


def _show(call: Call, address: str, *, is_drawn: bool, file: str | None) -> int:
    from mailrig.advice import of_address

    inventory = call.load()
    settings = of_address(inventory, address)
    links = _links(inventory, address)
    call.console.data(_as_data(settings, address) | links)
    call.console.text(f"{address}: user name {address}, its password, no other way to log in")
    rows = [_row(way, server, address) for way, server in _ways(settings)]
    call.console.table(("", "", "server", "port", "encryption", "user name"), rows)
    for line in _advice(inventory, settings):
        call.console.text(line)
    if links:
        call.console.text(f"All this, as a page for {address}: {links['page']}")
        call.console.text(f"A profile for iPhone, iPad and Mac: {links['profile']}")
    if is_drawn:
        _draw(call, settings, address, links)
    if file:
        _write_profile(call, inventory, settings, address, Path(file))
    return 0


def _as_data(settings: Settings, address: str) -> dict[str, object]:
    """Return the settings, and the documents that mail programs read, as plain data."""
    from mailrig.discovery.autoconfig import autoconfig
    from mailrig.discovery.autodiscover import autodiscover
    from mailrig.discovery.pacc import digest_record, pacc
    from mailrig.discovery.transfer import transfer

    document = pacc(settings)
    return {
        "address": address,
        "user": address,
        "servers": [asdict(server) for server in settings.servers],
        "thunderbird_qr": transfer(settings, address),
        "autoconfig": autoconfig(settings).decode(),
        "autodiscover": autodiscover(settings, address).decode(),
        "pacc": document.decode() if document else None,
        "pacc_record": digest_record(document) if document else None,
    }


def _ways(settings: Settings) -> list[tuple[str, Server]]:
    """Return the servers with what each is for; beside the best of a kind there may be others."""
    reading, sending = settings.incoming, settings.outgoing
    filters = tuple(server for server in settings.servers if server.protocol == "managesieve")
    ways: list[tuple[str, Server]] = []
    for what, servers in (("incoming", reading), ("outgoing", sending), ("filters", filters)):
        ways += [(what if number == 0 else "  or", server) for number, server in enumerate(servers)]
    return ways


def _row(way: str, server: Server, address: str) -> tuple[str, ...]:
    return way, _NAMES[server.protocol], server.hostname, str(server.port), _TLS[server.tls], address


def _advice(inventory: Inventory, settings: Settings) -> list[str]:
    """Say what goes wrong most often."""
    hosts = dict.fromkeys(server.host for server in settings.servers)
    names = " and ".join(dict.fromkeys(server.hostname for server in settings.servers))
    lines = [
        f"The server is {names}, written so: an IP address cannot work, as the certificate is for the name.",
        "Authentication is the normal password (not Kerberos, NTLM or SPA, nor an `encrypted` password).",
    ]
    for host in hosts:
        if host in inventory.trust:
            lines.append(f"`{host}` has a certificate that devices do not know: --mobileconfig brings its CA along.")
        if _is_here_alone(inventory, host):
            lines.append(f"`{host}` is open on its own machine alone: nobody else gets there.")
    return lines


def _is_here_alone(inventory: Inventory, host: str) -> bool:
    from mailrig.dns.reach import is_loopback

    return all(map(is_loopback, inventory.site.hosts[host].listen))


def _links(inventory: Inventory, address: str) -> dict[str, str]:
    """Return where somebody finds the set-up page and the profile: on a host that publishes `https`, if one does."""
    from urllib.parse import urlencode

    from mailrig.inventory.public import origin

    site = inventory.site
    host = next((host for name, host in site.hosts.items() if "setup" in site.services_of(name)), None)
    if host is None:
        return {}
    query = urlencode({"address": address})
    page, profile = f"{origin(host)}/setup?{query}", f"{origin(host)}/setup/profile.mobileconfig?{query}"
    return {"page": page, "profile": profile}


def _draw(call: Call, settings: Settings, address: str, links: dict[str, str]) -> None:
    """Draw the account for Thunderbird on a phone, and the profile's address where it can be fetched."""
    from mailrig.discovery.transfer import transfer

    call.console.text("\nFor Thunderbird on a phone: let it import settings, and scan this. It asks for the password.")
    call.console.text(_code(transfer(settings, address)))
    if links:
        call.console.text("\nFor an iPhone or iPad: point its camera here, and install the profile in Settings.")
        call.console.text(_code(links["profile"]))


def _code(text: str) -> str:
    """Return a QR code in block letters."""
    import io

    import segno

    drawn = io.StringIO()
    segno.make(text, error="m", micro=False).terminal(drawn, compact=True)
    return drawn.getvalue().rstrip("\n")


def _write_profile(call: Call, inventory: Inventory, settings: Settings, address: str, file: Path) -> None:
    from mailrig.discovery.profile import profile, signed

    host = settings.incoming[0].host
    content = profile(settings, address, inventory.trust.get(host))
    signers = inventory.certificates.get(host, ())
    if signers:
        content = signed(content, signers[0].cert, signers[0].key.reveal())
        call.keep_generated()
        call.show_new_passwords()
    try:
        file.write_bytes(content)
    except OSError as error:
        raise MailrigError(
            f"cannot write `{file}`: {error.strerror}", hint="name a file in a directory of yours"
        ) from None
    how = "signed" if signers else "not signed: the key is on the Docker host"
    call.console.step("profile", f"{file} ({how}): send it to the device, open it, install it in Settings")
