"""Wanted records and the world's answers → findings; asks through ``ask`` alone, and changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

from mailrig.dns.answer import Answer, Ask, Question, target
from mailrig.dns.finding import Finding, Sort
from mailrig.dns.policies import policies_of, policies_of_hosts
from mailrig.dns.record import Record, Wanted
from mailrig.dns.records import SERVICES
from mailrig.dns.servers import servers_of

_DOMAINS_AT_ONCE = 8


def compare(wanted: Wanted, ask: Ask) -> tuple[Finding, ...]:
    """Return what differs between what a site needs and what is answered, and what is worth knowing."""
    ask([(domain, "SOA") for domain in wanted.domains[:1]])  # a dead resolver is told once, and soon
    ask(list(_questions(wanted)))
    with ThreadPoolExecutor(_DOMAINS_AT_ONCE) as pool:
        of_domains = pool.map(lambda domain: list(_domain(wanted, domain, ask)), wanted.domains)
        found = [finding for findings in of_domains for finding in findings]
    of_hosts = (*_hosts(wanted, ask), *policies_of_hosts(wanted, ask), *servers_of(wanted, ask))
    return tuple(dict.fromkeys([*found, *_aliases(wanted, ask), *of_hosts]))


def _questions(wanted: Wanted) -> Iterator[Question]:
    """Yield what will be asked in any case, so that all of it is under way at once."""
    yield from ((record.name, record.type) for record in wanted.records)
    for domain in wanted.domains:
        yield domain, "MX"
        yield from ((f"{service}._tcp.{domain}", "SRV") for service, _ in SERVICES.values())
    for name in (*wanted.mail_servers, *wanted.senders):
        yield from ((name, kind) for kind in ("A", "AAAA"))


def _domain(wanted: Wanted, domain: str, ask: Ask) -> Iterator[Finding]:
    yield from _mail(wanted, domain, ask)
    for service, _ in SERVICES.values():
        yield from _service(wanted, f"{service}._tcp.{domain}", ask)
    yield from policies_of(wanted, domain, ask)


def _mail(wanted: Wanted, domain: str, ask: Ask) -> Iterator[Finding]:
    (answer,) = ask([(domain, "MX")])
    records = wanted.of(domain, "MX")
    if not records and not any(map(target, answer.values)) and not answer.failure:  # RFC 7505: `0 .` takes no mail
        yield Finding("missing", domain, "MX", "nobody can send mail to the domain; its MX is not in the inventory")
    if not records:
        return
    yield from _differences(answer, tuple(record.data for record in records), _in_order)


def _in_order(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of MX records, the first choice first: which numbers say so makes no difference."""
    numbered = sorted((int(number), name.lower()) for number, name in (value.split(" ", 1) for value in values))
    return tuple(name for _, name in numbered)


def _service(wanted: Wanted, name: str, ask: Ask) -> Iterator[Finding]:
    (answer,) = ask([(name, "SRV")])
    if records := wanted.of(name, "SRV"):
        yield from _differences(answer, tuple(record.data for record in records), _ports)
        return
    offered = tuple(value for value in answer.values if target(value))  # "." says: not offered (RFC 2782)
    if offered:
        yield Finding("superfluous", name, "SRV", "no such port is published for others", seen=offered)


def _ports(values: tuple[str, ...]) -> tuple[str, ...]:
    """Return port and name of SRV records: with one of them, priority and weight make no difference."""
    return tuple(sorted(" ".join(value.lower().split(" ")[2:]) for value in values))


def _aliases(wanted: Wanted, ask: Ask) -> Iterator[Finding]:
    """Yield the names that do not lead to a host; how they do, as a CNAME or by the same addresses, is no matter."""
    for record in wanted.records:
        if record.type != "CNAME":
            continue
        (answer,) = ask([(record.name, "CNAME")])
        if answer.failure:
            yield Finding("no answer", record.name, "CNAME", f"the resolver says {answer.failure}")
        elif target(record.data) not in map(target, answer.values) and not _is_same(record.name, record.data, ask):
            yield _astray(record, answer)


def _astray(record: Record, answer: Answer) -> Finding:
    if record.is_optional and not answer.values:
        return Finding("note", record.name, "CNAME", f"worth having: {record.why}", wanted=(record.data,))
    sort: Sort = "different" if answer.values else "missing"
    return Finding(sort, record.name, "CNAME", record.why, wanted=(record.data,), seen=answer.values)


def _is_same(name: str, other: str, ask: Ask) -> bool:
    """Whether two names have the same addresses, one at least."""
    kinds = ("A", "AAAA")
    one, two = (
        {value for answer in ask([(asked, kind) for kind in kinds]) for value in answer.values}
        for asked in (name, target(other))
    )
    return bool(one) and one == two


def _hosts(wanted: Wanted, ask: Ask) -> Iterator[Finding]:
    """Yield the addresses that are not what the inventory says; where it says none, any will do."""
    for name in dict.fromkeys(record.name for record in wanted.records if record.type in ("A", "AAAA")):
        for answer in ask([(name, "A"), (name, "AAAA")]):
            records = wanted.of(name, answer.question[1])
            yield from _differences(answer, tuple(record.data for record in records), _sorted)


def _sorted(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(values))


def _differences(
    answer: Answer, wanted: tuple[str, ...], essence: Callable[[tuple[str, ...]], tuple[str, ...]]
) -> Iterator[Finding]:
    """Yield how an answer differs from what is wanted, by what of the data matters."""
    name, kind = answer.question
    if answer.failure:
        yield Finding("no answer", name, kind, f"the resolver says {answer.failure}")
        return
    has, needs = set(essence(answer.values)), set(essence(wanted))
    if essence(answer.values) == essence(wanted):
        return
    if not has:
        yield Finding("missing", name, kind, wanted=wanted)
    elif needs < has:
        extra = tuple(value for value in answer.values if not set(essence((value,))) <= needs)
        yield Finding("superfluous", name, kind, seen=extra)
    else:
        yield Finding("different", name, kind, wanted=wanted, seen=answer.values)
