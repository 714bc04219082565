"""The names to which a domain's records lead: their addresses, reverse names and DANE; asks through ``ask`` alone."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from mailrig.dns.answer import Answer, Ask, Question, Signed, target
from mailrig.dns.finding import Finding
from mailrig.dns.reach import is_public
from mailrig.dns.record import Wanted
from mailrig.dns.records import SERVICES

_PROVEN = (Signed.PROVEN, Signed.OWN)
_VPN_HINT = "where only a VPN's resolver knows the name, ask that one with --resolver"


def servers_of(wanted: Wanted, ask: Ask) -> Iterator[Finding]:
    """Yield what is wrong with the names in MX and SRV records, and with those by which hosts greet others."""
    led_to = list(_led_to(wanted, ask))
    ask([(name, kind) for name, _ in led_to for kind in ("A", "AAAA", "CNAME")])
    for name, kind in led_to:
        yield from _name(name, kind, ask)
    for name in dict.fromkeys((*wanted.mail_servers, *wanted.senders)):
        yield from _reverse(name, ask)
    for name in wanted.mail_servers:
        yield from _dane(wanted, name, ask)


def _led_to(wanted: Wanted, ask: Ask) -> Iterator[Question]:
    """Yield each name once, with the type of a record that leads there, as the world has it."""
    questions: list[Question] = [(domain, "MX") for domain in wanted.domains]
    questions += [(f"{service}._tcp.{domain}", "SRV") for domain in wanted.domains for service, _ in SERVICES.values()]
    found = {target(value): answer.question[1] for answer in reversed(ask(questions)) for value in answer.values}
    return ((name, kind) for name, kind in found.items() if name)


def _name(name: str, kind: str, ask: Ask) -> Iterator[Finding]:
    addresses = ask([(name, "A"), (name, "AAAA")])
    if alias := next((answer.alias for answer in addresses if answer.alias), None):
        rule = "RFC 5321 section 5.1" if kind == "MX" else "RFC 2782"
        yield Finding(
            "alias", name, "CNAME", f"an {kind} record must lead to a name with an address ({rule})", (), (alias,)
        )
    if failed := next((answer.failure for answer in addresses if answer.failure), None):
        yield Finding("no answer", name, "A", f"the resolver says {failed}")
    elif all(answer.is_void for answer in addresses):
        yield Finding("no address", name, "A", f"an {kind} record leads there; {_VPN_HINT}")


def _reverse(name: str, ask: Ask) -> Iterator[Finding]:
    """Yield the public addresses of a host whose names are not its own (RFC 1912 section 2.1)."""
    addresses = [one for answer in ask([(name, "A"), (name, "AAAA")]) for one in answer.values if is_public(one)]
    pointers = [ipaddress.ip_address(address).reverse_pointer for address in addresses]
    for address, answer in zip(addresses, ask([(pointer, "PTR") for pointer in pointers]), strict=True):
        yield from _reverse_of(name, address, answer, ask)


def _reverse_of(name: str, address: str, answer: Answer, ask: Ask) -> Iterator[Finding]:
    names = [target(value) for value in answer.values]
    wanted = (f"{name}.",)
    if answer.failure:
        yield Finding("no answer", answer.question[0], "PTR", f"the resolver says {answer.failure}")
    elif not names:
        text = f"{address} of {name} has no name: many refuse mail from it; whoever gave you the address sets it"
        yield Finding("reverse", answer.question[0], "PTR", text, wanted)
    elif name not in names:
        found = ask([(other, kind) for other in names for kind in ("A", "AAAA")])
        leads_back = any(address in other.values for other in found)
        rest = "which leads back to it" if leads_back else "and none of these leads back to it"
        text = f"{address} of {name} has another name, {rest}: it greets others as {name}"
        yield Finding("reverse", answer.question[0], "PTR", text, wanted, answer.values)


def _dane(wanted: Wanted, name: str, ask: Ask) -> Iterator[Finding]:
    question = (f"_25._tcp.{name}", "TLSA")
    answer, address = ask([question, (name, "A")])
    needed = tuple(record.data for record in wanted.of(*question))
    if answer.failure:
        yield Finding("no answer", *question, f"the resolver says {answer.failure}")
    elif answer.values:
        yield from _shown(wanted, answer, needed, ask)
    elif needed and address.signed in _PROVEN:
        text = "the zone is signed, so that DANE would work: others could not be led astray"
        yield Finding("missing", *question, text, needed)
    elif needed:
        yield Finding("note", *question, "worth having once the zone is signed (DNSSEC)", needed)


def _shown(wanted: Wanted, answer: Answer, needed: tuple[str, ...], ask: Ask) -> Iterator[Finding]:
    """Yield what makes TLSA records useless, or turns senders away."""
    question = answer.question
    lacking = tuple(data for data in needed if data not in answer.values)
    if lacking and all(value.startswith("3 1 1 ") for value in answer.values):
        text = "they do not fit the certificate: whoever goes by DANE delivers nothing"
        yield Finding("different", *question, text, needed, answer.values)
    elif lacking:
        yield Finding("note", *question, "not compared: only `3 1 1` is known here", needed, answer.values)
    mail = ask([(domain, "MX") for domain in wanted.domains])
    yield from (finding for one in (answer, *mail) if one.values for finding in _unproven(one))


def _unproven(answer: Answer) -> Iterator[Finding]:
    match answer.signed:
        case Signed.NO:
            yield Finding("unsigned", *answer.question, "without DNSSEC nobody goes by DANE: have the zone signed")
        case Signed.UNPROVEN:
            text = "it is signed, but nobody has proven it: ask a resolver that validates, with --resolver"
            yield Finding("unsigned", *answer.question, text)
        case Signed.OWN:
            text = (
                "signed; who vouches for the zone's keys, its own server does not show: ask a resolver that validates"
            )
            yield Finding("note", *answer.question, text)
        case Signed.PROVEN:
            return
