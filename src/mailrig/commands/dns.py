"""The verb about names: which records the inventory needs in the DNS, and whether the world has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from mailrig.commands.call import Call
from mailrig.errors import MailrigError

if TYPE_CHECKING:
    from mailrig.dns.finding import Finding
    from mailrig.dns.record import Wanted
    from mailrig.dns.records import Shown
    from mailrig.inventory.model import Inventory

DIFFERENT = 2


def dns(call: Call, action: tuple[str, ...] = (), zone: bool = False, resolver: str | None = None) -> int:
    """Show the DNS records that the inventory needs (show), or compare them with the world's (check)."""
    match action or ("show",):
        case ("show", *domains):
            return _show(call, domains, is_zone=zone)
        case ("check", *domains):
            return _check(call, domains, resolver)
    raise MailrigError(f"dns does not know how to `{action[0]}`", hint="it takes show or check, and domains")


def _show(call: Call, domains: Sequence[str], *, is_zone: bool) -> int:
    from mailrig.dns.zone import listing, zone_file

    wanted = _wanted(call, domains)
    call.console.data(asdict(wanted))
    if is_zone:
        call.console.text("\n".join(zone_file(wanted, zone, _serial()) for zone in wanted.zones).rstrip("\n"))
    else:
        call.console.text(listing(wanted))
    return 0


def _serial() -> int:
    """Return today's first serial number (RFC 1912 section 2.2)."""
    from datetime import UTC, datetime

    return int(f"{datetime.now(UTC):%Y%m%d}01")


def _check(call: Call, domains: Sequence[str], resolver: str | None) -> int:
    from mailrig.dns.comparison import compare
    from mailrig.dns.world import where, world

    place = where(resolver)
    wanted = _wanted(call, domains)
    with world(place) as there:
        findings = compare(wanted, there.ask)
    wrong = [finding for finding in findings if not finding.is_note]
    call.console.data({"resolver": str(place), "findings": [finding.as_dict() for finding in findings]})
    for finding in sorted(findings, key=lambda finding: finding.is_note):
        call.console.text(str(finding), _style(finding))
    call.console.text(_summary(wanted, wrong, str(place)))
    return DIFFERENT if wrong else 0


def _style(finding: Finding) -> str:
    return "dim" if finding.is_note else "yellow"


def _summary(wanted: Wanted, wrong: Sequence[Finding], place: str) -> str:
    of = f"{', '.join(wanted.domains)}, as {place} answers"
    return f"{of}: {len(wrong)} to put right" if wrong else f"{of}: as it should be"


def _wanted(call: Call, domains: Sequence[str]) -> Wanted:
    """Return what the inventory needs, or as much of it as belongs to ``domains``."""
    from mailrig.dns.records import wanted

    inventory = call.load()
    everything = wanted(inventory, _served(call, inventory))
    call.keep_generated()
    call.show_new_passwords()
    unknown = [domain for domain in domains if domain not in everything.domains]
    if unknown:
        hint = f"the domains are: {', '.join(everything.domains)}"
        raise MailrigError(f"`{unknown[0]}` is none of the inventory's domains", hint=hint)
    return everything.only(tuple(domains)) if domains else everything


def _served(call: Call, inventory: Inventory) -> Mapping[str, Sequence[Shown]]:
    """Return the certificates of the hosts in our zones: the inventory's, else, with `source: host`, those served."""
    from cryptography import x509

    from mailrig.dns.record import is_within
    from mailrig.dns.records import shown

    served: dict[str, Sequence[Shown]] = {}
    for name, host in inventory.site.hosts.items():
        if not any(is_within(host.hostname, domain) for domain in inventory.site.domains):
            continue
        if host.certificate.source == "host":
            call.console.step(name, f"asking {host.hostname} for its certificate")
            served[name] = [shown(x509.load_der_x509_certificate(der)) for der in _asked(inventory, name)]
        else:
            pems = [pair.cert.encode() for pair in inventory.certificates[name]]
            served[name] = [shown(x509.load_pem_x509_certificate(pem)) for pem in pems]
    return served


def _asked(inventory: Inventory, host: str) -> Sequence[bytes]:
    """Return the certificates that a host shows to whoever sends it mail, or to mail programs where nobody does."""
    from mailrig.targets import target_of
    from mailrig.verify.certificates.presented import leaves

    target = target_of(inventory, host)
    name = next((name for name in ("smtp", *target.endpoints) if name in target.endpoints and name != "lmtp"), None)
    return leaves(target, name) if name else ()
